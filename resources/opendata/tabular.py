"""The catalogue as tables: the public one, one row a file (CSV, XLSX), and the editors' list, one row a resource."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import xlsxwriter
from django.db import models

from resources.csv_guard import csv_line
from resources.kinds.legislation.description import ForceLabel
from resources.models import Resource, ResourceQuerySet
from resources.models.kind_spec import KindSpec, all_kinds
from resources.opendata import cells
from resources.opendata.fields import (
    FILE_FIELDS,
    ISSUED,
    ISSUER,
    KEY,
    KIND,
    SECTION,
    STATUS,
    TAGS,
    TITLE,
    Field,
    Value,
    resource_fields,
)
from resources.opendata.record import FileRecord, PublisherRef, ResourceRecord, TermRef
from resources.text import yes_or_no

Cell = str | int | None
BOM = "\ufeff"  # without it Excel takes UTF-8 for something else
LONGEST_CELL = 32_767  # characters, Excel's limit

TOLD = ("vigencia", "publicado_desde", "archivos")
"""Columns of the editors' list that an import does not read."""
FAULTS = "errores"
"""The column that the list of faulty lines adds, so that they can be mended and sent again."""


def columns() -> tuple[Field[Any], ...]:
    """Return the columns of the public table."""
    every: tuple[Field[Any], ...] = (*resource_fields(), *FILE_FIELDS)
    return tuple(field for field in every if field.table)


def rows(resources: Iterable[ResourceRecord]) -> Iterator[list[Cell]]:
    """Return one row for each file, and one for a resource without files."""
    shared = [field for field in resource_fields() if field.table]
    of_file = [field for field in FILE_FIELDS if field.table]
    for facts in resources:
        first = [_cell(field.read(facts)) for field in shared]
        for file in facts.files or (None,):
            yield first + [_cell(field.read(file)) if file else None for field in of_file]


def _cell(value: Value) -> Cell:
    """Return a value of a field as a cell."""
    match value:
        case bool():
            return yes_or_no(value)
        case KindSpec() | ForceLabel():
            return value.label
        case TermRef():
            return value.title
        case PublisherRef():
            return value.name
        case FileRecord():
            return value.file_name
        case tuple():
            return "; ".join(str(_cell(inner)) for inner in value)
        case _:
            return value


def as_csv(resources: Iterable[ResourceRecord]) -> Iterator[str]:
    """Write the table as CSV (RFC 4180), a row at a time.

    A text that a spreadsheet would run as a formula is kept from it by an apostrophe.
    """
    yield BOM + csv_line(column.table for column in columns())
    yield from map(csv_line, rows(resources))


def write_xlsx(
    resources: Iterable[ResourceRecord], target: BinaryIO, title: str, author: str, now: dt.datetime
) -> None:
    """Write the table as a workbook, a row at a time: `constant_memory` keeps one row."""
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": title, "author": author, "created": now.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet("Catálogo")
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns()):
            sheet.set_column(place, place, column.width)
        sheet.write_row(0, 0, [column.table for column in columns()], bold)
        count = 0
        for count, row in enumerate(rows(resources), 1):
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(count, place, cell)
                elif cell:
                    sheet.write_string(count, place, cell[:LONGEST_CELL])
        sheet.autofilter(0, 0, count, len(columns()) - 1)


def leading() -> tuple[str, ...]:
    """Return the headings of the editors' list whose cells are read in a way of their own."""
    return tuple(f.desk for f in resource_fields() if f.desk and not (f.column or f.own))


def plain_columns() -> tuple[Field[ResourceRecord], ...]:
    """Return the columns of the editors' list that hold one model field each."""
    return tuple(f for f in resource_fields() if f.desk and (f.column or f.own))


def headings() -> tuple[str, ...]:
    """Return the headings of the editors' list."""
    return (*leading(), *(column.desk for column in plain_columns()), *TOLD)


def model_field(column: Field[ResourceRecord], resource: Resource) -> models.Field | None:
    """Return the model field that a plain column holds for this child; None where its kind has none."""
    name = column.own.get(resource.spec) if column.own else column.column
    return resource.spec.model_field(name) if name else None


def label(column: Field[ResourceRecord]) -> str:
    """Return the name of a plain column on the forms."""
    for spec, name in column.own.items():
        return str(spec.model_field(name).verbose_name)
    return str(all_kinds()[0].model_field(column.column).verbose_name)


def editable_cells(resource: Resource) -> dict[str, str]:
    """Return the cells of a child that an import reads."""
    return leading_cells(resource) | plain_cells(resource)


def plain_cells(resource: Resource) -> dict[str, str]:
    """Return the cells of a child that hold one model field each."""
    found = ((column, model_field(column, resource)) for column in plain_columns())
    return {
        column.desk: cells.written(field, getattr(resource, field.name)) if field else ""
        for column, field in found
    }


def rows_of(resources: ResourceQuerySet) -> Iterator[list[str]]:
    """Return the headings, then the row of each resource: a fixed number of queries for each thousand."""
    names = headings()
    yield list(names)
    found = (
        resources.with_kind().select_related("section", "issuer").prefetch_related("tags", "files")
    )
    for resource in found.iterator(chunk_size=1000):
        values = leading_cells(resource) | told_cells(resource) | plain_cells(resource.specific)
        yield [values[name] for name in names]


def leading_cells(resource: Resource) -> dict[str, str]:
    """Return the cells that hold more than one field, or a name instead of a number."""
    return {
        KEY: resource.slug,
        KIND: resource.kind_slug if resource.kind else "",
        TITLE: resource.title,
        SECTION: resource.section.title if resource.section_id else "",
        STATUS: resource.get_status_display(),
        TAGS: ", ".join(tag.name for tag in resource.tags.all()) if resource.pk else "",
        ISSUER: resource.issuer.name if resource.issuer else "",
        ISSUED: cells.written_issue(resource),
    }


def told_cells(resource: Resource) -> dict[str, str]:
    """Return the cells that an import does not read."""
    field = Resource._meta.get_field("published_at")
    return {
        "vigencia": resource.get_force_display(),
        "publicado_desde": cells.written(field, resource.published_at),
        "archivos": ", ".join(sorted(file.file_name for file in resource.files.all())),
    }


def unknown_headings(names: Iterable[str]) -> list[str]:
    """Return the headings that no column has."""
    return [name for name in names if name and name not in (*headings(), FAULTS)]
