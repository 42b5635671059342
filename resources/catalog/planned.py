"""Statements of which only the parameters differ, so that a database plans each once for every connection.

To plan how the cards of results are read takes PostgreSQL longer than to read them. Django's own cursors write the parameters
into a statement, and each is a new one; here they are sent apart, and psycopg prepares what it has sent as often as
`prepare_threshold` says (see DATABASES). SQLite's driver keeps by itself what it has compiled.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor


@dataclass(frozen=True)
class _Forms:
    """How a database takes a list as one parameter."""

    one_of: str
    listed: Callable[[Sequence[Any]], Any]
    pairs: str


_FORMS = {
    "sqlite": _Forms(
        "{} IN (SELECT value FROM json_each(%s))",
        json.dumps,
        "(SELECT json_extract(value, '$[0]') AS {}, json_extract(value, '$[1]') AS {} FROM json_each(%s))",
    ),
    "postgresql": _Forms(
        "{} = ANY(%s)",
        list,
        "(SELECT (value ->> 0)::bigint AS {}, (value ->> 1)::bigint AS {} FROM jsonb_array_elements(%s::jsonb))",
    ),
}
"""Django's word for a database (`connection.vendor`) → its forms; a third has its own here."""


def rows(sql: str, params: Sequence[Any]) -> Iterator[tuple]:
    """Run a statement that is always written the same, and yield its rows one after another: they may be long."""
    with _cursor() as cursor:
        cursor.execute(sql, params)
        yield from cursor


def _cursor() -> CursorWrapper:
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.ensure_connection()
    session = connection.connection
    usual, session.cursor_factory = session.cursor_factory, Cursor
    try:
        return connection.cursor()
    finally:
        session.cursor_factory = usual


def one_of(column: str) -> str:
    """Return the condition that a column has one of the values of a list, its parameter (see `listed`)."""
    return _FORMS[connection.vendor].one_of.format(column)


def listed(values: Iterable[Any]) -> Any:
    """Return numbers or texts as the parameter that `one_of` takes."""
    return _FORMS[connection.vendor].listed(list(values))


def pairs(one: str, other: str) -> str:
    """Return a table of two columns so called, for FROM; its parameter is the JSON of a list of pairs of numbers."""
    return _FORMS[connection.vendor].pairs.format(one, other)
