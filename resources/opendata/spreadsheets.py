"""Write CSV and XLSX without formulas, and read those of any program."""

import io
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import xlsxwriter
from django.core.exceptions import ValidationError

from inspection import Limits, Table
from resources.csv_guard import csv_line, unescape_formula
from resources.opendata.tabular import LONGEST_CELL
from resources.text import composed, printable

MOST_ROWS = Limits.max_rows  # in one import
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Line(NamedTuple):
    """One row of a list: its number in the file as a spreadsheet shows it, and heading → text."""

    number: int
    cells: dict[str, str]


def write_csv(rows: Iterable[list[str]]) -> Iterator[bytes]:
    """Yield the lines of a CSV in UTF-8 with a byte order mark."""
    yield b"\xef\xbb\xbf"
    for row in rows:
        yield csv_line(row).encode()


def write_xlsx(rows: Iterable[list[str]]) -> bytes:
    """Return a workbook of one sheet; every cell is text, none is a formula."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet("Catálogo")
        sheet.freeze_panes(1, 3)
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(place, column, text[:LONGEST_CELL])
    return stream.getvalue()


def read_list(table: Table) -> list[Line]:
    """Return the lines of a table below its headings. Raises ValidationError where it is no list."""
    headings: list[str] = []
    lines: list[Line] = []
    clean = _csv_text if table.extension == "csv" else _plain_text
    for number, row in table.rows:
        texts = [clean(cell) for cell in row]
        if not headings:
            headings = _headings(texts)
        else:
            lines.append(Line(number, _cells(number, headings, texts)))
    if not lines:
        raise ValidationError("La lista no tiene ninguna fila debajo de los encabezados.")
    _drop_nameless(lines)
    return lines


def _csv_text(cell: str) -> str:
    return _plain_text(unescape_formula(cell))


def _plain_text(cell: str) -> str:
    return composed(printable(cell)).strip()


def is_unchanged(cell: str, written: str) -> bool:
    """Return whether a cell equals the exported one, which a workbook may have truncated."""
    return cell in (_plain_text(written), _plain_text(written[:LONGEST_CELL]))


def _headings(texts: list[str]) -> list[str]:
    """Return the names of the columns; one without a heading is called by its letter."""
    names = [" ".join(text.split()).casefold() for text in texts]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise ValidationError(f"Hay columnas repetidas: {', '.join(twice)}.")
    return [name or f"{_letters(place)} (sin encabezado)" for place, name in enumerate(names)]


def _letters(place: int) -> str:
    """Return a spreadsheet's name of the column at `place`: 0 is A, 26 is AA."""
    before, last = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _cells(number: int, headings: list[str], texts: list[str]) -> dict[str, str]:
    if any(texts[len(headings) :]):
        raise ValidationError(f"La línea {number} tiene más celdas que encabezados.")
    texts = texts + [""] * (len(headings) - len(texts))
    return dict(zip(headings, texts, strict=False))


def _drop_nameless(lines: list[Line]) -> None:
    """Drop the empty columns without a heading."""
    nameless = [name for name in lines[0].cells if name.endswith(" (sin encabezado)")]
    for name in nameless:
        if not any(line.cells[name] for line in lines):
            for line in lines:
                del line.cells[name]
