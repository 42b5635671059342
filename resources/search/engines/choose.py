"""Which engine serves which database: the one place to name a third."""

from search.backends.base import Engine
from search.backends.postgres import PostgresEngine
from search.backends.sqlite import SqliteEngine

ENGINES = {"sqlite": SqliteEngine, "postgresql": PostgresEngine}


def engine_for(vendor: str) -> Engine:
    """Return the engine of a database, by Django's word for it (`connection.vendor`)."""
    return ENGINES[vendor]()
