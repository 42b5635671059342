"""Woven motifs on an endless grid: the drawings of placeholder covers and of sharing pictures."""

from collections.abc import Callable
from zlib import crc32

Motif = Callable[[int, int], int]
"""Gives the thread of the cell x to the right of the middle and y below it: 0 ground, 1 mid, 2 light, 3 maize."""

MAIZE = "#f3b730"


def rombo(x: int, y: int) -> int:
    """Nested rhombi, the oldest figure of a belt."""
    return _thread("3.21.11.2.11.1.2.11", _fold(x, 18) + _fold(y, 18))


def sierra(x: int, y: int) -> int:
    """Draw a mountain range in layers, the sun over its valley."""
    depth = y + 6 - _fold(x, 14)
    if depth < 0:
        return 3 if x in (-6, -5) and y in (-7, -6) else 0
    return _thread("211.1.2.11.1..2.1.11.2", depth)


def cesta(x: int, y: int) -> int:
    """Basket weave of toquilla straw."""
    column, row = (x + 1) // 3, (y + 1) // 3
    across, down = (x + 1) % 3, (y + 1) % 3
    if (column + row) % 2:
        return 2 if down == 1 else 1
    if across == 1:
        return 3 if down == 1 and column % 4 == 0 and row % 4 == 0 else 0
    return 1


def ola(x: int, y: int) -> int:
    """Draw a stepped wave, every second row shifted by half."""
    rows = ("1111110.", "1000010.", "1011010.", "1001010.", "1111010.", "....010.")
    band, line = divmod(y + 9, 6)
    if rows[line][(x + 7 + band % 2 * 4) % 8] != "1":
        return 0
    return 2 if band % 2 else 1


def andenes(x: int, y: int) -> int:
    """Terraces climbing to the sun."""
    depth = y + 5 + (x * 2) // 3
    if depth < 0:
        return 3 if x in (-4, -3) and y in (-7, -6) else 0
    return _thread("2.11.1.11.2.1.11.1", depth)


def roseta(x: int, y: int) -> int:
    """Squares turning within squares."""
    across, down = _fold(x, 20), _fold(y, 20)
    ring = max(across, down)
    if ring == 0:
        return 3
    if across == down:
        return 2
    return (ring + (across > down)) % 2


def puntos(x: int, y: int) -> int:
    """Scattered rhombi, as a shawl has them."""
    distance = _fold(x, 6) + _fold(y, 6)
    if distance == 0:
        return 3 if (x // 6 + y // 6) % 2 == 0 else 2
    return 1 if distance == 2 else 0


MOTIFS: dict[str, Motif] = {
    motif.__name__: motif for motif in (rombo, sierra, cesta, ola, andenes, roseta, puntos)
}


def motif_for(slug: str, motifs: tuple[str, ...]) -> str:
    """Choose a motif by `slug`: the same one on every machine, for ever."""
    return motifs[crc32(slug.encode()) % len(motifs)]


def _fold(n: int, period: int) -> int:
    """Return the distance of `n` from the nearest multiple of `period`."""
    return min(n % period, -n % period)


def _thread(pattern: str, index: int) -> int:
    """Return the tone at one place of a pattern that repeats; a dot is ground."""
    tone = pattern[index % len(pattern)]
    return 0 if tone == "." else int(tone)
