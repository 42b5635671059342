"""Scan a worksheet's XML before parsing: count its cells, detect hidden content."""

import re
import zipfile
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from inspection.facts import FileRefused, Limits
from inspection.zip_container import chunks, refuse_damaged

_WIDEST = 16_384
"""Columns of a worksheet (ECMA-376, as Excel implements it): a row of more cells is no spreadsheet's."""
_DEEPEST = 64
"""Levels of elements; a worksheet has eight."""
_MOST_NAMED = 5
_REFERENCE = re.compile(r"([A-Za-z]{1,3})\d+")


class _Enough(Exception):
    """Ends a scan whose result is known."""


@dataclass
class WorksheetSummary:
    """Facts about one worksheet that its rows alone do not show."""

    is_sheet: bool = False
    is_filled: bool = False
    filled_rows: int = 0
    hidden: int = 0
    """Rows that have something in them and are hidden."""
    merged: list[str] = field(default_factory=list)
    uncalculated: list[str] = field(default_factory=list)
    """Cells with a formula of which the file holds no result."""


def scan_worksheet(
    archive: zipfile.ZipFile, name: str, limits: Limits, *, whole: bool
) -> WorksheetSummary:
    """Return the summary of the member `name`; unless `whole`, only as far as its first cell with content.

    Raises FileRefused for more rows or cells than the limits allow, for rows or cells out of order, of which a reader would drop
    some, and for a document type, which no worksheet has.
    """
    scan = _Scan(limits, whole)
    try:
        for chunk in chunks(archive, archive.getinfo(name)):
            scan.parser.Parse(chunk)
        scan.parser.Parse(b"", True)
    except _Enough:
        pass
    except expat.ExpatError as error:
        refuse_damaged(error)
    return scan.found


class _Scan:
    """The parser target of one scan, in constant memory."""

    def __init__(self, limits: Limits, whole: bool) -> None:
        self.limits, self.whole, self.found = limits, whole, WorksheetSummary()
        self.depth = self.rows = self.cells = self.row = self.column = 0
        self.is_hidden = self.row_is_filled = False
        self.reference = self.kind = self.inside = ""
        self.has_formula = self.has_value = False
        parser = self.parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = lambda *_: refuse_damaged("DTD in office XML")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        self.depth += 1
        if self.depth > _DEEPEST:
            refuse_damaged("XML nested too deeply")
        if self.depth == 1:
            self.found.is_sheet = name == "worksheet"
            if not self.found.is_sheet:
                raise _Enough
        self.inside = name
        if name == "row":
            self._start_row(attributes)
        elif name == "c":
            self._start_cell(attributes)
        elif name == "f":
            self.has_formula = True
        elif name == "v" and self.kind == "str":
            self.has_value = True  # an empty text may be the result
        elif name == "mergeCell" and len(self.found.merged) < _MOST_NAMED:
            self.found.merged.append(attributes.get("ref", "")[:20])

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        place = int(number) if number.isdecimal() and len(number) < 9 else self.row + 1
        if place <= self.row:
            _refuse_disorder()
        self.rows, self.row, self.column = self.rows + 1, place, 0
        self.is_hidden = attributes.get("hidden") in ("1", "true")
        self.row_is_filled = False
        if self.whole and self.rows > self.limits.max_sheet_rows:
            refuse_empty_rows()

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.cells += 1
        match = _REFERENCE.fullmatch(attributes.get("r", ""))
        column = _column_number(match[1]) if match else self.column + 1
        if column <= self.column:
            _refuse_disorder()
        self.column = column
        if column > _WIDEST or self.cells > self.limits.max_cells:
            _refuse_cells(self.limits)
        self.reference, self.kind = (
            attributes.get("r", f"fila {self.row}"),
            attributes.get("t", "n"),
        )
        self.has_formula = self.has_value = False

    def _text(self, text: str) -> None:
        if self.inside not in ("v", "t") or not text or not self.row:
            return
        self.has_value = True
        self.found.is_filled = True
        if not self.whole:
            raise _Enough
        if not self.row_is_filled:
            self._fill_row()

    def _fill_row(self) -> None:
        self.row_is_filled = True
        self.found.filled_rows += 1
        self.found.hidden += self.is_hidden
        if self.found.filled_rows > self.limits.max_rows + 1:  # the headings are one
            refuse_rows(self.limits)

    def _end(self, tag: str) -> None:
        self.depth -= 1
        self.inside = ""
        is_bare = tag.rpartition(" ")[2] == "c" and self.has_formula and not self.has_value
        if is_bare and len(self.found.uncalculated) < _MOST_NAMED:
            self.found.is_filled = True
            self.found.uncalculated.append(self.reference[:20])


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def refuse_rows(limits: Limits) -> NoReturn:
    """Raise the refusal of a list of too many rows."""
    raise FileRefused(
        "too_many_rows", f"La lista tiene más de {limits.max_rows} filas: divídala en varias."
    )


def refuse_empty_rows() -> NoReturn:
    """Raise the refusal of a sheet whose rows continue far below its content."""
    raise FileRefused(
        "too_many_rows", "La hoja tiene demasiadas filas vacías: bórrelas y guárdela de nuevo."
    )


def refuse_columns(limits: Limits) -> NoReturn:
    """Raise the refusal of a list of too many columns."""
    raise FileRefused(
        "too_many_columns",
        f"La lista tiene más de {limits.max_columns} columnas: deje solo las que quiere importar.",
    )


def _refuse_cells(limits: Limits) -> NoReturn:
    most = f"{limits.max_cells:,}".replace(",", ".")
    raise FileRefused(
        "too_many_cells",
        f"La hoja tiene más de {most} celdas, contando las vacías con formato, o una fila más ancha de lo posible. "
        "Copie solo sus filas y columnas a un libro nuevo y suba ese.",
    )


def _refuse_disorder() -> NoReturn:
    raise FileRefused(
        "damaged",
        "La hoja tiene filas o celdas repetidas o fuera de orden, y se perderían datos al leerla. "
        "Ábrala en una hoja de cálculo y guárdela de nuevo como XLSX.",
    )
