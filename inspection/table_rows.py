"""Read a table as rows of text inside the child; rows, columns and cells are capped before the parent reads any."""

from collections.abc import Iterator
from importlib import import_module

from inspection import csv_rows
from inspection.examine import checked_size, examine
from inspection.facts import FileRefused, Job, ReportLine
from inspection.worksheet_scan import refuse_columns, refuse_empty_rows, refuse_rows

_AS_TEXT = ("csv", "txt")  # a spreadsheet calls its tab-separated text .txt


def read_table(job: Job) -> Iterator[ReportLine]:
    """Yield the lines of a report: a `row` for each row with content, then notes. Raises FileRefused."""
    notes: list[str] = []
    kept, extension = 0, _extension(job)
    yield {"facts": {"extension": "xlsx" if extension == "xlsx" else "csv"}}
    for number, texts in _rows(job, extension, notes):
        if not any(text and not text.isspace() for text in texts):
            if number > job.limits.max_sheet_rows:
                refuse_empty_rows()
            continue
        kept += 1
        if kept > job.limits.max_rows + 1:  # the headings are one
            refuse_rows(job.limits)
        yield {"row": [number, _trimmed(texts, job)]}
    yield {"facts": {"notes": notes}}


def _rows(job: Job, extension: str, notes: list[str]) -> Iterator[tuple[int, list[str]]]:
    if extension in _AS_TEXT:
        return csv_rows.rows(job)
    if extension == "xlsx":
        # Only now: a CSV never meets openpyxl.
        return import_module(f"{__package__}.xlsx_rows").rows(job, notes)
    raise FileRefused("unsupported", "Suba la lista como CSV o como XLSX.")


def _extension(job: Job) -> str:
    """Return the type of the file, inspected as any upload."""
    checked_size(job.path, job.limits)
    with job.path.open("rb") as stream:
        if csv_rows.is_utf_16(stream.read(4)):
            return "csv"
    found = ""
    for line in examine(job):
        found = line.get("facts", {}).get("extension", found)
    return found


def _trimmed(texts: list[str], job: Job) -> list[str]:
    """Return a row without the empty cells at its end."""
    while texts and (not texts[-1] or texts[-1].isspace()):
        texts.pop()
    if len(texts) > job.limits.max_columns:
        refuse_columns(job.limits)
    return texts
