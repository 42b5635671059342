"""Find the date that a document states: on a line of its own on the first page, or in the closing words of an act."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from resources.text import fold

MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
LONGEST_LINE = 60
"""Characters of a line that may be nothing but a place and a date."""
FIRST_YEAR = 1830  # the Republic's

_MONTH = "|".join([*MONTHS, "setiembre"])
_DAY = re.compile(rf"\b(\d{{1,2}})\s*(?:de\s+)?({_MONTH})\s*(?:de\s+|del\s+|,\s*)?(\d{{4}})\b")
_MONTH_YEAR = re.compile(rf"\b({_MONTH})\s*(?:de\s+|del\s+|,\s*|-\s*)?(\d{{4}})\b")
_NUMERIC = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_YEAR = re.compile(r"^\W*(?:[a-zñ ,.-]{0,30}[ ,.-])?((?:19|20)\d{2})\W*$")
_PLACE = re.compile(
    r"^[\W_]*(?:[a-zñ .\-()]{0,40},)?[\W_]*(?:(?:a|el|al|lunes|martes|miercoles|jueves|viernes|sabado|domingo|fecha:?)[ ,]+)*$"
)
_GIVEN = re.compile(
    r"\b(sancionad[oa] (el|en)|dad[oa] (y|en)|suscrit[oa] en|aprobad[oa] (el|en)|expedid[oa] (el|en)|quito, d\.?\s?m\.?)"
)
_ELSEWHERE = re.compile(
    r"registro oficial|publicad|derog|reform|vigente|actualiz|impres|descarg|consult|©|copyright"
)


class Stated(NamedTuple):
    """A date with its precision, a value of Resource.Precision."""

    day: date
    precision: str
    source: str


def find(pages: Sequence[str]) -> Stated | None:
    """Return the date of the document with these page texts; None where it states none as its own."""
    if not pages:
        return None
    lines = [fold(line) for line in pages[0].splitlines()]
    closing = [fold(line) for page in pages[-3:] for line in page.splitlines()]
    candidates = (
        *_alone(lines, "la primera página"),
        *_given(lines, "la primera página"),
        *_given(closing, "el cierre del texto"),
        *_years(lines, "la primera página"),
    )
    order = {"day": 0, "month": 1, "year": 2}
    return min(candidates, key=lambda stated: order[stated.precision], default=None)


def _alone(lines: Iterable[str], source: str) -> Iterator[Stated]:
    """Yield the dates that make up a line, with a place before it at most."""
    for line in lines:
        if len(line) > LONGEST_LINE or _ELSEWHERE.search(line):
            continue
        for start, stated in _dates(line, source):
            if _PLACE.match(line[:start]):
                yield stated


def _given(lines: Sequence[str], source: str) -> Iterator[Stated]:
    """Yield the dates of sentences that say when an act was given: "Dado en Quito, a 14 de marzo de 2023"."""
    for number, line in enumerate(lines):
        if _GIVEN.search(line):
            sentence = " ".join(lines[number : number + 3])
            found = next(iter(_dates(sentence, source)), None)
            if found and not _ELSEWHERE.search(sentence[: found[0]]):
                yield found[1]


def _years(lines: Iterable[str], source: str) -> Iterator[Stated]:
    for line in lines:
        match = _YEAR.match(line) if len(line) <= LONGEST_LINE else None
        day = _valid(match.group(1), 1, 1) if match and not _ELSEWHERE.search(line) else None
        if day:
            yield Stated(day, "year", source)


def _dates(line: str, source: str) -> Iterator[tuple[int, Stated]]:
    """Yield each date of a folded line and where it starts, the most exact readings first."""
    for match in _DAY.finditer(line):
        yield from _read(
            match, match.group(3), _month(match.group(2)), match.group(1), "day", source
        )
    for match in _ISO.finditer(line):
        yield from _read(match, match.group(1), match.group(2), match.group(3), "day", source)
    for match in _NUMERIC.finditer(line):
        yield from _read(match, match.group(3), match.group(2), match.group(1), "day", source)
    for match in _MONTH_YEAR.finditer(line):
        yield from _read(match, match.group(2), _month(match.group(1)), 1, "month", source)


def _read(
    match: re.Match, year: str, month: str | int, day: str | int, precision: str, source: str
) -> Iterator[tuple[int, Stated]]:
    found = _valid(year, month, day)
    if found:
        yield match.start(), Stated(found, precision, source)


def _month(name: str) -> int:
    return MONTHS.index(name.replace("setiembre", "septiembre")) + 1


def _valid(year: str, month: str | int, day: str | int) -> date | None:
    """Return the day; None for an impossible or implausible one."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= date.today().year + 1 else None
