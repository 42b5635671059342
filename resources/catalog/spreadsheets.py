"""Lists as files: CSV and XLSX, written so that a spreadsheet runs nothing, read whatever program wrote them."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from resources.catalog.cells import FORMULA, yes_or_no
from resources.catalog.table import LONGEST_CELL

MOST_ROWS = 500  # in one import: all of them are stored in one transaction
MOST_COLUMNS = 100
LONGEST_SHEET = 20_000  # rows that are looked at, empty ones included
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ESCAPED = (*FORMULA, "'")
"""What has an apostrophe put before it in a CSV, which is taken away when that is read."""


class Line(NamedTuple):
    """One row of a list: its number in the file as a spreadsheet shows it, and heading → text."""

    number: int
    cells: dict[str, str]


def write_csv(rows: Iterable[list[str]]) -> Iterator[bytes]:
    """Return the lines of a CSV in UTF-8, with the mark by which spreadsheets know that."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(ESCAPED) else cell for cell in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


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


def read_list(path: Path, extension: str) -> list[Line]:
    """Return the rows of the list at `path`, which was inspected before. Raises ValidationError where it is not one."""
    rows = _xlsx_rows(path) if extension == "xlsx" else _csv_rows(path)
    headings: list[str] = []
    lines: list[Line] = []
    for number, row in rows:
        if number > LONGEST_SHEET:
            raise ValidationError(
                "La hoja tiene demasiadas filas vacías: bórrelas y guárdela de nuevo."
            )
        texts = [" ".join(cell.split()) if not headings else cell.strip() for cell in row]
        if not any(texts):
            continue
        if not headings:
            headings = _headings(texts)
            continue
        lines.append(Line(number, _cells(number, headings, texts)))
        if len(lines) > MOST_ROWS:
            raise ValidationError(f"La lista tiene más de {MOST_ROWS} filas: divídala en varias.")
    if not lines:
        raise ValidationError("La lista no tiene ninguna fila debajo de los encabezados.")
    return lines


def _headings(texts: list[str]) -> list[str]:
    names = [text.casefold() for text in texts]
    if len(names) > MOST_COLUMNS:
        raise ValidationError(f"La lista tiene más de {MOST_COLUMNS} columnas.")
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise ValidationError(f"Hay columnas repetidas: {', '.join(twice)}.")
    return names


def _cells(number: int, headings: list[str], texts: list[str]) -> dict[str, str]:
    if any(texts[len(headings) :]):
        raise ValidationError(f"La línea {number} tiene más celdas que encabezados.")
    return {
        name: texts[place] if place < len(texts) else ""
        for place, name in enumerate(headings)
        if name
    }


def _csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(path.read_bytes())
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for row in reader:
            yield reader.line_num, [_without_apostrophe(cell) for cell in row]
    except csv.Error as error:
        raise ValidationError(
            "El CSV tiene una comilla sin cerrar o una fila rota. Ábralo en una hoja de cálculo y guárdelo de nuevo."
        ) from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError("No se reconoce el alfabeto del archivo: guárdelo como CSV UTF-8.")


def _without_apostrophe(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ESCAPED else cell


def _xlsx_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open("rb") as stream:
            sheet = load_workbook(stream, read_only=True, data_only=True).worksheets[0]
            for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
                yield number, [_as_text(value) for value in row[: MOST_COLUMNS + 1]]
    except ValidationError:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part of the file led to
        raise ValidationError(
            "No se pudo leer la hoja. Ábrala en una hoja de cálculo y guárdela de nuevo como XLSX."
        ) from error


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return yes_or_no(value)
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time()
        return value.strftime("%Y-%m-%d" if is_day else "%Y-%m-%d %H:%M")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
