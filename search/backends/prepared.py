"""Prepared statements: the same SQL with other parameters, planned once for each connection.

To plan how the cards of results are read takes PostgreSQL longer than to read them. Django's own cursors write the parameters
into a statement, and each is a new one; here they are sent apart, and psycopg prepares what it has sent as often as
`prepare_threshold` says (see DATABASES). SQLite's driver keeps by itself what it has compiled.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from django.db import connection
from django.db.backends.utils import CursorWrapper

from search.backends.base import get_backend
from search.backends.schema import ListParameters


def rows(sql: str, params: Sequence[Any]) -> Iterator[tuple]:
    """Run a statement that is always written the same, and yield its rows one after another: they may be long."""
    with _cursor() as cursor:
        cursor.execute(sql, params)
        yield from cursor


def _cursor() -> CursorWrapper:
    """Return a cursor of Django's, over psycopg's own where that is the driver; whatever else is asked keeps the usual one."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.ensure_connection()
    session = connection.connection
    driver = cast(Any, connection).Database  # psycopg; SQLite's processes do without its memory
    usual, session.cursor_factory = session.cursor_factory, driver.Cursor
    try:
        return connection.cursor()
    finally:
        session.cursor_factory = usual


def in_list(column: str) -> str:
    """Return the condition that a column has one of the values of a list, its parameter (see `listed`)."""
    return _lists().one_of.format(column)


def list_param(values: Iterable[Any]) -> Any:
    """Return numbers or texts as the parameter that `one_of` takes."""
    return _lists().parameter(list(values))


def pairs(one: str, other: str) -> str:
    """Return a FROM table of two columns; its parameter is the JSON of a list of pairs of numbers."""
    return _lists().pairs.format(one, other)


def _lists() -> ListParameters:
    return get_backend(connection.vendor).lists
