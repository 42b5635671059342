"""The cards of results, by a query that is compiled once: Django takes longer to write it than a database to answer it."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models.query import get_related_populators

from resources.models import Resource
from search.backends import prepared


def cards(ids: Sequence[int]) -> list[Resource]:
    """Return these resources in this order, those that a visitor may see, with what a card shows (see `with_card`)."""
    if not ids:
        return []
    query = _compiled(connection.alias)
    rows = prepared.rows(
        f"{query.sql} WHERE {prepared.in_list(query.key)}", [prepared.list_param(ids)]
    )
    found = {resource.pk: resource for resource in query.resources(rows)}
    return [found[pk] for pk in ids if pk in found and found[pk].is_public]


class _Compiled:
    """The query for the cards of all resources, and how its rows become models: what `ModelIterable` makes anew each time."""

    def __init__(self, alias: str) -> None:
        compiler = Resource.objects.with_card().order_by().query.get_compiler(alias)
        self.sql, _ = compiler.as_sql()  # it has no condition, so no parameters
        self.key = compiler.compile(Resource._meta.pk.get_col(Resource._meta.db_table))[0]
        self._alias, self._compiler = alias, compiler
        fields = compiler.klass_info["select_fields"]
        self._own = slice(fields[0], fields[-1] + 1)
        self._names = [column.target.attname for column, *_ in compiler.select[self._own]]
        self._related = get_related_populators(compiler.klass_info, compiler.select, alias)  # type: ignore[call-arg]  # the stubs are of Django 6
        self._converters = compiler.get_converters([column for column, *_ in compiler.select])

    def resources(self, rows: Iterable[Sequence[Any]]) -> Iterator[Resource]:
        """Yield a resource for each row, with those that it refers to."""
        for row in self._compiler.apply_converters(rows, self._converters):
            resource = Resource.from_db(self._alias, self._names, row[self._own])
            for populator in self._related:
                populator.populate(row, resource)
            yield resource


@lru_cache
def _compiled(alias: str) -> _Compiled:
    return _Compiled(alias)
