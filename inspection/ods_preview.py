"""Read the beginning of every visible sheet of an ODS (OpenDocument 1.3, part 3, chapter 9), in constant memory."""

from collections.abc import Iterator
from contextlib import suppress
from xml.parsers import expat

from inspection.cell_texts import number_text, percent_text
from inspection.facts import FileRefused, Job
from inspection.sheet_preview import MOST_CELL, MOST_COLUMNS, MOST_NUMBERED, SheetRows
from inspection.zip_container import chunks, open_zip, refuse_damaged

_DEEPEST = 200
_MOST_SHEETS = 1_000
_CONTENT = "content.xml"
_NOT_CONTENT = frozenset({"annotation", "tracked-changes", "shapes", "dde-links"})
"""Elements within a sheet whose text, rows and cells are not the sheet's."""
_CELLS = frozenset({"table-cell", "covered-table-cell"})
_BREAKS = frozenset({"p", "h", "line-break"})


def sheets(job: Job) -> Iterator[SheetRows]:
    """Yield the visible sheets in their order. Raises FileRefused for a document without content or with a DTD."""
    reader = _Reader()
    with open_zip(job.path, job.limits) as archive:
        if _CONTENT not in archive.namelist():
            refuse_damaged("no content.xml")
        try:
            for chunk in chunks(archive, archive.getinfo(_CONTENT)):
                reader.parser.Parse(chunk)
                yield from reader.take_finished()
            reader.parser.Parse(b"", True)
        except expat.ExpatError as error:
            refuse_damaged(error)
    yield from reader.take_finished()


class _Reader:
    """The parser target: one sheet, one row and one cell at a time."""

    def __init__(self) -> None:
        self._finished: list[SheetRows] = []
        self._sheet: SheetRows | None = None
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._depth = self._tables = self._passed_over = self._count = 0
        self._row: list[str] = []
        self._row_times = self._cell_times = 1
        self._value = ""
        self._words: list[str] | None = None
        parser = self.parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = lambda *_: refuse_damaged("DTD in office XML")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def take_finished(self) -> list[SheetRows]:
        """Return the sheets that have ended since the last call."""
        taken, self._finished = self._finished, []
        return taken

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            refuse_damaged("XML nested too deeply")
        name = tag.rpartition(" ")[2]
        if name in _NOT_CONTENT or self._passed_over:
            self._passed_over += 1
            return
        if name == "table":
            self._start_table(_local(attributes))
        elif self._sheet is None:
            self._note_style(name, attributes)
        elif self._tables == 1:
            self._start_part(name, attributes)

    def _note_style(self, name: str, attributes: dict[str, str]) -> None:
        """Remember the styles of hidden sheets; they stand before the sheets."""
        if name == "style":
            self._style = _local(attributes).get("name", "")
        elif name == "table-properties" and _local(attributes).get("display") == "false":
            self._hidden_styles.add(self._style)

    def _start_table(self, about: dict[str, str]) -> None:
        self._tables += 1  # a table inside a cell is no sheet
        if self._tables > 1:
            return
        self._count += 1
        if self._count > _MOST_SHEETS:
            raise FileRefused("too_many_sheets", "El libro tiene demasiadas hojas.")
        self._sheet = SheetRows(about.get("name", ""))
        self._is_hidden = about.get("style-name") in self._hidden_styles

    def _start_part(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table-row":
            self._row = []
            self._row_times = _times(_local(attributes).get("number-rows-repeated"))
        elif name in _CELLS:
            about = _local(attributes)
            self._cell_times = _times(about.get("number-columns-repeated"))
            self._value = _stated_value(about)
            self._words = []
        elif self._words is not None:
            if name in _BREAKS and self._words:
                self._words.append("\n")
            elif name in ("s", "tab"):
                self._words.append(" ")

    def _text(self, text: str) -> None:
        is_read = self._words is not None and not self._passed_over and self._tables == 1
        if self._words is not None and is_read and len(self._words) <= MOST_CELL:
            self._words.append(text[: MOST_CELL + 1])

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if self._passed_over:
            self._passed_over -= 1
            return
        name = tag.rpartition(" ")[2]
        if name == "table":
            self._end_table()
        elif self._tables == 1 and self._sheet is not None:
            if name in _CELLS:
                self._end_cell()
            elif name == "table-row":
                self._end_row(self._sheet)

    def _end_cell(self) -> None:
        text = self._value or "".join(self._words or ()).strip()
        self._words = None
        room = max(0, MOST_COLUMNS + 1 - len(self._row))
        self._row += [text] * min(self._cell_times, room)

    def _end_row(self, sheet: SheetRows) -> None:
        if not any(self._row):
            return
        times = min(self._row_times, MOST_NUMBERED)
        while times and not sheet.is_full:
            sheet.add(list(self._row))
            times -= 1
        sheet.count += times

    def _end_table(self) -> None:
        self._tables -= 1
        if not self._tables and self._sheet is not None:
            if not self._is_hidden:
                self._finished.append(self._sheet)
            self._sheet = None


def _stated_value(about: dict[str, str]) -> str:
    """Return the value of a cell that is a number, a date or a truth value; "" for a text, which its paragraphs hold."""
    kind = about.get("value-type")
    if kind in ("float", "currency", "percentage"):
        with suppress(ValueError):
            value = float(about.get("value", ""))
            return percent_text(value) if kind == "percentage" else number_text(value)
    if kind == "date":
        return about.get("date-value", "").replace("T00:00:00", "").replace("T", " ")[:16]
    if kind == "boolean":
        return {"true": "sí", "false": "no"}.get(about.get("boolean-value", ""), "")
    return ""


def _local(attributes: dict[str, str]) -> dict[str, str]:
    """Return the attributes by their local names; LibreOffice repeats `value-type` with the same value in `calcext`."""
    return {name.rpartition(" ")[2]: value for name, value in attributes.items()}


def _times(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else 1
