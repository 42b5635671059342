"""Guard against formula injection in CSV: write harmless cells, and read them back."""

import re
from collections.abc import Iterable

_SIGNS = "[=+@＝＋＠－-]"
"""What a formula begins with, also in the wide forms that East Asian spreadsheets take for the same."""

_SPLIT = "[;|\t\r\n]"
"""Where a spreadsheet that expects another separator than the comma begins a new cell, even inside quotes."""

_FORMULA = re.compile(rf"\A(?='*[\t\r])|(?:\A|{_SPLIT})\s*(?='*{_SIGNS})")

_GUARDED = re.compile(rf"(\A)'(?='*[\t\r])|((?:\A|{_SPLIT})\s*)'(?='*{_SIGNS})")

_QUOTED = re.compile(r'[",;|\t\r\n]|\A\s|\s\Z')


def csv_line(row: Iterable[object]) -> str:
    """Return one line of a CSV (RFC 4180) with harmless texts, quoted where they hold any program's separator."""
    cells = ["" if cell is None else str(cell) for cell in row]
    return ",".join(_quoted(escape_formula(cell)) for cell in cells) + "\r\n"


def escape_formula(text: str) -> str:
    """Return a cell that no spreadsheet calculates: an apostrophe precedes anything like a formula."""
    return _FORMULA.sub(r"\g<0>'", text) if _FORMULA.search(text) else text


def unescape_formula(text: str) -> str:
    """Return the text from which `harmless` made this cell."""
    return _GUARDED.sub(r"\1\2", text)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell
