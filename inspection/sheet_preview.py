"""Read the beginning of every sheet of a CSV, XLSX or ODS inside the child, and count the rows of the whole."""

from collections.abc import Iterator
from importlib import import_module

from inspection import csv_rows
from inspection.detect import identify
from inspection.examine import checked_size
from inspection.facts import FileRefused, Job, ReportLine

MOST_ROWS = 200
"""Rows below the headings that are kept of a sheet."""
MOST_COLUMNS = 60
MOST_SHEETS = 20
MOST_CELL = 300
"""Characters kept of one cell."""
MOST_TEXT = 400_000
"""Characters kept of one sheet: a browser still opens that page at once."""
MOST_NUMBERED = 1_048_576
"""Rows of a worksheet, as spreadsheet programs implement it."""
_BEFORE_HEADINGS = 20
"""Rows of titles and notes that may come before the headings."""

_CONTROL = {code: None for code in range(32) if chr(code) not in "\t\n"}
"""Characters that no page shows, and of which PostgreSQL stores no NUL."""


class SheetRows:
    """Collects the rows of one sheet: the first ones are kept, all with content are counted."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[list[str]] = []
        self.count = 0
        self.columns = 0
        self.notes: list[str] = []
        self._room = MOST_TEXT
        self._is_full = False

    @property
    def is_full(self) -> bool:
        """Return whether no further row is kept."""
        return self._is_full or len(self.rows) >= MOST_ROWS + _BEFORE_HEADINGS

    def add(self, texts: list[str]) -> None:
        """Count a row, unless it is empty; keep it while there is room."""
        texts = [text.translate(_CONTROL).strip() for text in texts]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            return
        self.count += 1
        self.columns = max(self.columns, len(texts))
        if self.is_full:
            return
        kept = [_shortened(text) for text in texts[:MOST_COLUMNS]]
        self._room -= sum(map(len, kept))
        self._is_full = self._room < 0 and bool(self.rows)
        if not self._is_full:
            self.rows.append(kept)

    def line(self) -> ReportLine:
        """Return the line of the report: titles above the table, headings, rows, total and notes."""
        at = _headings_at(self.rows)
        headings = self.rows[at] if self.rows else []
        rows = self.rows[at + 1 : at + 1 + MOST_ROWS]
        width = max(map(len, [headings, *rows]), default=0)
        return {
            "sheet": {
                "name": self.name[:100],
                "above": [" ".join(filter(None, row)) for row in self.rows[:at]],
                "headings": _padded(headings, width),
                "rows": [_padded(row, width) for row in rows],
                "total": max(0, self.count - at - 1),
                "columns": self.columns,
                "notes": self.notes,
            }
        }


def preview(job: Job) -> Iterator[ReportLine]:
    """Yield a `sheet` for each visible sheet with content, 20 at most. Raises FileRefused."""
    checked_size(job.path, job.limits)
    extension = _extension(job)
    yield {"facts": {"extension": extension}}
    if extension == "csv":
        sheet = SheetRows("")
        for _, texts in csv_rows.rows(job):
            sheet.add(texts)
        sheets: Iterator[SheetRows] = iter([sheet])
    elif extension in ("xlsx", "ods"):
        # Only now: a CSV never meets openpyxl.
        sheets = import_module(f"{__package__}.{extension}_preview").sheets(job)
    else:
        raise FileRefused("unsupported", "Solo los archivos CSV, XLSX y ODS se ven como tabla.")
    shown = 0
    for sheet in sheets:
        if sheet.count and shown < MOST_SHEETS:
            shown += 1
            yield sheet.line()
    if not shown:
        raise FileRefused("empty", "El archivo no tiene ninguna fila con datos.")


def _extension(job: Job) -> str:
    with job.path.open("rb") as stream:
        if csv_rows.is_utf_16(stream.read(4)):
            return "csv"
    return identify(job.path, job.name).extension


def _headings_at(rows: list[list[str]]) -> int:
    """Return the place of the headings: the first row that fills half of the width; titles stand in fewer cells."""
    filled = [sum(map(bool, row)) for row in rows]
    widest = max(filled, default=0)
    for place, cells in enumerate(filled[: _BEFORE_HEADINGS + 1]):
        if cells * 2 >= widest and (cells > 1 or widest == 1):
            return place
    return 0


def _padded(row: list[str], width: int) -> list[str]:
    return row + [""] * (width - len(row))


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_CELL else f"{text[: MOST_CELL - 1]}…"
