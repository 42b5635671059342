"""Which engine serves which database: the one place to name a third."""

from resources.search.engines import Engine
from resources.search.engines.postgres import PostgresEngine
from resources.search.engines.sqlite import SqliteEngine

ENGINES = {"sqlite": SqliteEngine, "postgresql": PostgresEngine}


def engine_for(vendor: str) -> Engine:
    """Return the engine of a database, by Django's word for it (`connection.vendor`)."""
    return ENGINES[vendor]()
