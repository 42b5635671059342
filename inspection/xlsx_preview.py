"""Read the beginning of every visible sheet of an XLSX; a formula counts as the result that the file holds."""

import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from openpyxl import load_workbook

from inspection.cell_texts import number_text, percent_text, text_of
from inspection.facts import FileRefused, Job
from inspection.sheet_preview import MOST_COLUMNS, MOST_NUMBERED, SheetRows
from inspection.worksheet_scan import scan_worksheet
from inspection.zip_container import open_zip

_MOST_CELLS = 2_000_000
"""Cells of a sheet that are counted within the processor time of one inspection."""
_DAMAGED = "No se pudo leer la hoja. Ábrala en una hoja de cálculo y guárdela de nuevo como XLSX."


def sheets(job: Job) -> Iterator[SheetRows]:
    """Yield the visible sheets in their order."""
    try:
        with (
            warnings.catch_warnings(),
            job.path.open("rb") as stream,
            open_zip(job.path, job.limits) as archive,
        ):
            warnings.simplefilter("ignore")
            book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible":
                    yield _sheet_rows(sheet, archive, job)
    except (FileRefused, MemoryError):
        raise
    except Exception as error:  # openpyxl raises whatever the broken part of the file led to
        raise FileRefused("unreadable", _DAMAGED, f"{type(error).__name__}: {error}") from error


def _sheet_rows(sheet: Any, archive: zipfile.ZipFile, job: Job) -> SheetRows:
    found, is_cut = SheetRows(sheet.title), False
    sheet.reset_dimensions()  # programs declare a wrong size, and openpyxl would cut the rows to it
    for number, row in enumerate(sheet.iter_rows(), 1):
        is_cut = found.is_full or number > job.limits.max_sheet_rows
        if is_cut:
            break
        found.add([_as_text(cell) for cell in row])
    wide = replace(
        job.limits, max_rows=MOST_NUMBERED, max_sheet_rows=MOST_NUMBERED, max_cells=_MOST_CELLS
    )
    # openpyxl has no public name for the member that a sheet of a read-only book is read from
    scanned = scan_worksheet(archive, sheet._worksheet_path, wide, whole=True)
    if is_cut:
        found.count = max(found.count, scanned.filled_rows)
    if scanned.uncalculated:
        named = ", ".join(scanned.uncalculated)
        found.notes.append(f"Hay fórmulas sin resultado guardado, que aquí salen vacías: {named}.")
    return found


def _as_text(cell: Any) -> str:
    value = cell.value
    if value is None or cell.column > MOST_COLUMNS + 1:
        return "" if value is None else str(value)[:1]
    if isinstance(value, int | float) and not isinstance(value, bool):
        is_percent = "%" in (cell.number_format or "")
        return percent_text(value) if is_percent else number_text(value)
    return text_of(value).replace("_x000D_", "\r")  # how a workbook writes a carriage return
