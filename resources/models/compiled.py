"""Querysets that Django compiles once: to write their SQL takes longer than to run it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Expression, Field, QuerySet
from django.db.models.query import get_related_populators

from search.backends import prepared


class Parameter(Expression):
    """A value in a queryset's conditions that is given when the compiled query runs."""

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Return a placeholder, with this parameter in the place of its value."""
        return "%s", (self,)


class CompiledQuery:
    """A queryset with conditions, compiled at its first use on each database.

    `build` makes it, with a Parameter for each value to come.
    """

    def __init__(self, build: Callable[[], QuerySet]) -> None:
        self._build = build
        self._compiled = lru_cache(self._compile)

    def _compile(self, alias: str) -> "Compiled":
        return Compiled(self._build(), alias)

    def rows(
        self, *, among: Sequence[int] | None = None, limit: int = 0, offset: int = 0, **values: Any
    ) -> list[tuple]:
        """Return the rows as the database gives them; `among`, of the rows with these primary keys."""
        compiled = self._compiled(connection.alias)
        sql, params = compiled.sql, compiled.params(values)
        if among is not None:
            sql += f" AND {prepared.in_list(compiled.key)}"
            params.append(prepared.list_param(among))
        sql += compiled.order
        if limit:
            sql += " LIMIT %s OFFSET %s"
            params += [limit, offset]
        return list(prepared.rows(sql, params))

    def instances(self, rows: Iterable[Sequence[Any]]) -> Iterator[Any]:
        """Yield a model instance for each row, with those that it refers to."""
        return self._compiled(connection.alias).instances(rows)

    def all(self, **values: Any) -> list[Any]:
        """Return the model instances."""
        return list(self.instances(self.rows(**values)))

    def first(self, **values: Any) -> Any | None:
        """Return the first model instance, or None."""
        return next(self.instances(self.rows(**values)), None)

    def column(self, name: str) -> int:
        """Return the place in a row of a column of the queryset's own model."""
        return self._compiled(connection.alias).names.index(name)


class Compiled:
    """The compiled SQL of a queryset for one database, and the conversion of its rows to models."""

    def __init__(self, queryset: QuerySet, alias: str) -> None:
        compiler = queryset.query.get_compiler(alias)
        sql, self._params = compiler.as_sql()
        head, order, tail = sql.rpartition(" ORDER BY ")
        self.sql: str = head if order else sql
        self.order: str = order + tail if order else ""
        meta = queryset.model._meta
        self.key = compiler.compile(meta.pk.get_col(meta.db_table))[0]
        self._alias, self._compiler, self._model = alias, compiler, queryset.model
        self.names: list[str] = []
        if compiler.klass_info:
            fields = compiler.klass_info["select_fields"]
            self._own = slice(fields[0], fields[-1] + 1)
            self.names = [column.target.attname for column, *_ in compiler.select[self._own]]
            self._related = get_related_populators(compiler.klass_info, compiler.select, alias)  # type: ignore[call-arg]  # the stubs are of Django 6
            self._converters = compiler.get_converters([column for column, *_ in compiler.select])

    def params(self, values: dict[str, Any]) -> list[Any]:
        """Return the parameters of the statement, each Parameter replaced by its value as the database takes it."""
        return [
            param.output_field.get_db_prep_value(values[param.name], connection)
            if isinstance(param, Parameter)
            else param
            for param in self._params
        ]

    def instances(self, rows: Iterable[Sequence[Any]]) -> Iterator[Any]:
        """Yield a model instance for each row."""
        for row in self._compiler.apply_converters(rows, self._converters):
            instance = self._model.from_db(self._alias, self.names, row[self._own])
            for populator in self._related:
                populator.populate(row, instance)
            yield instance
