"""Tell numbers and dates among the columns of a table, for their alignment and order."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_NUMBER = re.compile(r"[-+−]?(?:US\$|[$€])? ?[-+−]?\d[\d.,’' \u00a0\u202f]* ?[%€]?")
_CODE = re.compile(r"0\d|\+?\d{12,}")
"""The beginning of what looks like a number and is none: «0101», an account, a telephone."""
_DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
_SEPARATED = re.compile(r"\d{1,3}(?:([.,])\d{3})+")


class ColumnType(NamedTuple):
    """`text`, `number` or `date` (day/month/year), and the decimal mark of numbers."""

    name: str = "text"
    decimal: str = ""

    @property
    def is_number(self) -> bool:
        """Return whether its cells are aligned to the right."""
        return self.name == "number"


def column_types(rows: Sequence[Sequence[str]], width: int) -> list[ColumnType]:
    """Return the type of each of the `width` columns."""
    return [_type_of([row[place] for row in rows if row[place]]) for place in range(width)]


def _type_of(texts: list[str]) -> ColumnType:
    if not texts:
        return ColumnType()
    if all(map(_DATE.fullmatch, texts)):
        return ColumnType("date")
    if all(_NUMBER.fullmatch(text) and not _CODE.match(text) for text in texts):
        return ColumnType("number", _decimal_mark(texts))
    return ColumnType()


def _decimal_mark(texts: list[str]) -> str:
    """Return the decimal mark: the last of two marks, or the only one unless it groups thousands everywhere."""
    for text in texts:
        marks = [mark for mark in text if mark in ".,"]
        if len(set(marks)) == 2:
            return marks[-1]
    found = {mark for text in texts for mark in text if mark in ".,"}
    if len(found) == 1:
        mark = found.pop()
        marked = [re.sub(r"[^\d.,]", "", text) for text in texts if mark in text]
        groups = all(map(_SEPARATED.fullmatch, marked)) and not any(
            text.startswith("0") for text in marked
        )
        return {",": ".", ".": ","}[mark] if groups else mark
    return "."
