"""Woven covers: what a resource without a picture shows, drawn on a grid in the colours of its kind.

    python -m resources.weave static/img/placeholder-covers

writes every file anew. The site serves those files; nothing is drawn while a visitor waits.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

Motif = Callable[[int, int], int]
"""Gives the thread of the cell x to the right of the middle and y below it: 0 ground, 1 mid, 2 light, 3 maize."""

CELL = 8
MAIZE = "#f3b730"


class Palette(NamedTuple):
    """Ground and threads of one kind; site.css has the same under `--k-deep --k-mid --k-lite`."""

    ground: str
    mid: str
    light: str


PALETTES = {
    "infografia": Palette("#17552f", "#2f7d4c", "#9fd0a8"),
    "documento": Palette("#2b3990", "#4a5bc4", "#b3bdf5"),
    "instrumento-legal": Palette("#6a2a62", "#96478b", "#e2b0d8"),
    "video": Palette("#8a2f0f", "#c4532a", "#f4bb9c"),
}
PORTRAIT = (15, 20)
FILM = (40, 22.5)


def rombo(x: int, y: int) -> int:
    """Nested rhombi, the oldest figure of a belt."""
    return _thread("3.21.11.2.11.1.2.11", _fold(x, 18) + _fold(y, 18))


def sierra(x: int, y: int) -> int:
    """A mountain range in layers, the sun over its valley."""
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
    """Stepped wave, every second row shifted by half."""
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


def motif_for(slug: str) -> str:
    """Choose a motif's name by `slug`: the same one on every machine, for ever."""
    names = sorted(MOTIFS)
    return names[crc32(slug.encode()) % len(names)]


def size_of(kind: str) -> tuple[int, int]:
    """Return width and height in pixels of the covers of `kind`: a page, or a screen for videos."""
    columns, rows = FILM if kind == "video" else PORTRAIT
    return int(columns * CELL), int(rows * CELL)


def cover_svg(kind: str, motif: str) -> str:
    """Return the SVG file of `motif` in the colours of `kind`, a key of PALETTES."""
    width, height = size_of(kind)
    palette = PALETTES[kind]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<path fill="{palette.ground}" d="M0 0h{width}v{height}H0z"/>'
        f"{_threads(MOTIFS[motif], width, height, palette)}</svg>\n"
    )


def write_all(folder: Path) -> int:
    """Write every kind in every motif into `folder`; return how many files that is."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [(kind, motif) for kind in PALETTES for motif in MOTIFS]
    for kind, motif in files:
        (folder / f"{kind}-{motif}.svg").write_text(cover_svg(kind, motif))
    return len(files)


def _threads(motif: Motif, width: int, height: int, palette: Palette) -> str:
    """Draw the cells as runs along each row: one path a thread."""
    columns, rows = -(-width // CELL), -(-height // CELL)
    runs: dict[int, list[str]] = {}
    for row in range(rows):
        tones = [motif(column - columns // 2, row - rows // 2) for column in range(columns)]
        start = 0
        for column in range(1, columns + 1):
            if column == columns or tones[column] != tones[start]:
                if tones[start]:
                    length = (column - start) * CELL
                    runs.setdefault(tones[start], []).append(
                        f"M{start * CELL} {row * CELL}h{length}v{CELL}h-{length}z"
                    )
                start = column
    colours = {1: palette.mid, 2: palette.light, 3: MAIZE}
    return "".join(
        f'<path fill="{colours[tone]}" d="{"".join(runs[tone])}"/>' for tone in sorted(runs)
    )


def _fold(n: int, period: int) -> int:
    """Return the distance of `n` from the nearest multiple of `period`."""
    return min(n % period, -n % period)


def _thread(pattern: str, index: int) -> int:
    """Return the tone at one place of a pattern that repeats; a dot is ground."""
    tone = pattern[index % len(pattern)]
    return 0 if tone == "." else int(tone)


if __name__ == "__main__":
    sys.stdout.write(f"{write_all(Path(sys.argv[1]))} files\n")
