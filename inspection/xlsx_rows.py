"""Read the rows of an XLSX: those of its first sheet with content, whatever size the sheet declares."""

import datetime as dt
import warnings
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils.cell import get_column_letter
from openpyxl.workbook import Workbook

from inspection.facts import FileRefused, Job
from inspection.text_cleanup import one_line
from inspection.worksheet_scan import WorksheetSummary, refuse_empty_rows, scan_worksheet
from inspection.zip_container import open_zip

_WEIRD = "No se pudo leer la hoja. Ábrala en una hoja de cálculo y guárdela de nuevo como XLSX."


def rows(job: Job, notes: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield number and texts of each row; add unread content to `notes`."""
    try:
        with warnings.catch_warnings(), job.path.open("rb") as stream:
            warnings.simplefilter("ignore")
            book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            sheet = _chosen(book, job, notes)
            for number, row in enumerate(sheet.iter_rows(), 1):
                if number > job.limits.max_sheet_rows:
                    refuse_empty_rows()
                yield number, [_as_text(cell) for cell in row]
    except (FileRefused, MemoryError):
        raise
    except Exception as error:  # openpyxl raises whatever the broken part of the file led to
        raise FileRefused("unreadable", _WEIRD, f"{type(error).__name__}: {error}") from error


def _chosen(book: Workbook, job: Job, notes: list[str]) -> Any:
    """Return the sheet to read: the first with content. Others with content are named in `notes`."""
    with open_zip(job.path, job.limits) as archive:
        filled = [
            sheet
            for sheet in book.worksheets
            # openpyxl has no public name for the member that a sheet of a read-only book is read from
            if scan_worksheet(archive, sheet._worksheet_path, job.limits, whole=False).is_filled
        ]
        sheet = filled[0] if filled else book.worksheets[0]
        found = scan_worksheet(archive, sheet._worksheet_path, job.limits, whole=True)
    _refuse_uncalculated(found)
    sheet.reset_dimensions()  # programs declare a wrong size, and openpyxl would cut the rows to it
    notes += _notes(found, sheet.title, [other.title for other in filled[1:]])
    return sheet


def _refuse_uncalculated(found: WorksheetSummary) -> None:
    if found.uncalculated:
        raise FileRefused(
            "uncalculated",
            f"Hay fórmulas sin resultado guardado: {', '.join(found.uncalculated)}. Abra la hoja en su programa y guárdela de "
            "nuevo, o copie la columna y péguela como valores.",
        )


def _notes(found: WorksheetSummary, title: str, others: list[str]) -> list[str]:
    notes = []
    if others:
        named = ", ".join(f"«{one_line(other, 40)}»" for other in others[:5])
        notes.append(
            f"Solo se leyó la hoja «{one_line(title, 40)}». También tienen datos y no se leyeron: {named}. "
            "Para importarlas, súbalas aparte."
        )
    if found.merged:
        notes.append(
            f"Hay celdas combinadas ({', '.join(found.merged)}): solo la primera de cada grupo tiene el dato y las demás se "
            "leyeron vacías. Si no es lo que quiere, sepárelas y suba la lista otra vez."
        )
    if found.hidden == 1:
        notes.append("Se leyó también 1 fila oculta.")
    elif found.hidden:
        notes.append(f"Se leyeron también {found.hidden} filas ocultas.")
    return notes


def _as_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "e":
        _refuse_error(cell)
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time()
        return value.strftime("%Y-%m-%d" if is_day else "%Y-%m-%d %H:%M")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("_x000D_", "\r")  # how a workbook writes a carriage return


def _refuse_error(cell: ReadOnlyCell) -> None:
    raise FileRefused(
        "error_value",
        f"La celda {get_column_letter(cell.column)}{cell.row} tiene un error ({one_line(str(cell.value), 20)}). Corríjalo o "
        "borre la celda y suba la lista otra vez.",
    )
