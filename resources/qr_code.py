"""QR codes (ISO/IEC 18004) of addresses, as an SVG path for templates."""

from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import segno

QUIET = 4  # modules of empty border that the standard asks for


class QrCode(NamedTuple):
    """A square of `size` modules, quiet zone included, with the dark ones as a stroked SVG path."""

    size: int
    path: str


@lru_cache(maxsize=2048)  # some milliseconds each, the same for every visitor
def qr_code(text: str) -> QrCode:
    """Return `text` as a QR code that is readable with a seventh of it damaged (level M)."""
    matrix = segno.make_qr(text, error="m").matrix
    rows = (_row(row, QUIET + number) for number, row in enumerate(matrix))
    return QrCode(len(matrix) + 2 * QUIET, "".join(rows))


def _row(row: bytearray, number: int) -> str:
    """Return one line of modules: a move to its start, then strokes and gaps."""
    marks, gap = [f"M{QUIET} {number}.5"], 0
    for is_dark, run in groupby(row, bool):
        length = sum(1 for _ in run)
        if is_dark:
            marks.append(f"m{gap} 0h{length}" if gap else f"h{length}")
            gap = 0
        else:
            gap = length
    return "".join(marks) if len(marks) > 1 else ""
