"""Detect formulas of workbooks and CSV files that call a program or fetch from an address."""

import re
from pathlib import Path

_STRING = re.compile(r'"[^"]*"')
_SHEET = re.compile(r"'(?:[^']|'')*'!")
"""A quoted name of a sheet: Excel calls a copy of «Image» `'Image (2)'`."""
_CALL = re.compile(
    r"\b(?:DDE|WEBSERVICE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|SQL\.REQUEST|IMAGE|IMPORT(?:XML|HTML|DATA|FEED|RANGE))\s*\(",
    re.IGNORECASE,
)
_DDE = re.compile(r"\w\s*\|\s*(?:'[^'\r\n]*'|[\w$.:/\\ ]+)\s*!")
"""`service|topic!item`, as in `cmd|'/c calc'!A0`."""
_CELL = re.compile(
    r"(?:^|[\"',;|\t])[ \ufeff]*(?:"
    r"[=+@-][^\r\n]{0,300}?\w\|\s*'[^'\r\n]{1,500}'\s*!|"
    r"=[^\r\n,;\t|\"]{0,300}\w\|[\w$.:/\\ ]{1,200}!|"
    r"=[^\r\n]{0,300}?\b(?:DDE|WEBSERVICE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|SQL\.REQUEST|IMAGE|IMPORT(?:XML|HTML|DATA|FEED))\()",
    re.IGNORECASE,
)
"""A cell of a table in text that spreadsheets take for such a formula: it begins with one of four signs."""
_LONGEST_LINE = 1 << 20


def is_active_formula(formula: str) -> bool:
    """Return whether a formula calls a program by DDE, or a function that fetches or runs something."""
    bare = _STRING.sub('""', formula)
    return bool(_CALL.search(_SHEET.sub("", bare)) or _DDE.search(bare))


def has_active_cell(path: Path, encoding: str) -> bool:
    """Return whether a cell of a text table is an active formula."""
    with path.open(encoding=encoding, errors="replace") as stream:
        lines = iter(lambda: stream.readline(_LONGEST_LINE), "")
        return any(("|" in line or "(" in line) and bool(_CELL.search(line)) for line in lines)
