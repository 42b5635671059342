"""Draw the icons of the site (static/img/icons.svg) with Pillow: strokes of lines, cubic curves, arcs and circles."""

import re
from collections.abc import Iterator
from functools import lru_cache
from math import acos, copysign, cos, hypot, pi, sin, sqrt, tau

from django.conf import settings
from PIL import Image, ImageDraw

GRID = 24  # the icons' own units
STROKE = 1.75  # of them, as the style sheet has it
FINE = 4  # drawn so many times larger and shrunk: Pillow draws lines without smoothing
STEPS = 16  # straight pieces of a curve
Point = tuple[float, float]
Line = list[Point]

SYMBOL = '<symbol id="i-{}" viewBox="0 0 24 24">(.*?)</symbol>'
PATH = re.compile(r'<path( fill="currentColor")? d="([^"]+)"/>')
CIRCLE = re.compile(
    r'<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"( stroke-dasharray="[^"]*")?/>'
)
COMMAND = re.compile(r"([A-Za-z])([^A-Za-z]*)")
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "Z": 0, "C": 6, "A": 7}
DASHES = 10  # of a dashed circle


class NoIcon(ValueError):
    """There is no icon of this name, or it is drawn with something else."""


@lru_cache(maxsize=100)
def icon(name: str, size: int, colour: str) -> Image.Image:
    """Return an icon of `size` pixels as a transparent picture. Raises NoIcon."""
    symbol = re.search(SYMBOL.format(re.escape(name)), _sprite())
    if symbol is None:
        raise NoIcon(name)
    scale = size * FINE / GRID
    large = Image.new("RGBA", (size * FINE, size * FINE))
    pen, width = ImageDraw.Draw(large), round(STROKE * scale)
    for is_filled, line in _shapes(symbol[1]):
        points = [(x * scale, y * scale) for x, y in line]
        if is_filled:
            pen.polygon(points, colour)
        pen.line(points, colour, width, joint="curve")
        for x, y in (points[0], points[-1]):
            pen.circle((x, y), width / 2, colour)
    return large.resize((size, size), Image.Resampling.LANCZOS)


@lru_cache(maxsize=1)
def _sprite() -> str:
    return (settings.BASE_DIR / "static" / "img" / "icons.svg").read_text("utf-8")


def _shapes(drawing: str) -> Iterator[tuple[bool, Line]]:
    """Yield the lines of a symbol, and whether each is the outline of a filled shape."""
    if PATH.sub("", CIRCLE.sub("", drawing)).strip():
        raise NoIcon(drawing)
    for x, y, radius, dashed in CIRCLE.findall(drawing):
        for line in _circle((float(x), float(y)), float(radius), is_dashed=bool(dashed)):
            yield False, line
    for filled, path in PATH.findall(drawing):
        for line in lines_of(path):
            yield bool(filled), line


def _circle(centre: Point, radius: float, *, is_dashed: bool) -> list[Line]:
    def arc(start: float, end: float) -> Line:
        angles = [start + (end - start) * step / STEPS for step in range(STEPS + 1)]
        return [(centre[0] + radius * cos(a), centre[1] + radius * sin(a)) for a in angles]

    if not is_dashed:
        return [arc(0, pi), arc(pi, tau)]
    span = tau / DASHES
    return [arc(number * span, (number + 0.45) * span) for number in range(DASHES)]


def lines_of(path: str) -> list[Line]:
    """Return the lines of an SVG path (M, L, H, V, C, A, Z, absolute and relative). Raises NoIcon for other commands."""
    lines: list[Line] = []
    for letter, numbers in COMMAND.findall(path):
        command = letter.upper()
        if command not in ARGUMENTS:
            raise NoIcon(path)
        count = ARGUMENTS[command]
        values = [float(number) for number in NUMBER.findall(numbers)]
        groups = [values[i : i + count] for i in range(0, len(values), count)] if count else [[]]
        for number, group in enumerate(groups):
            if command == "M" and number == 0:
                origin = lines[-1][-1] if lines and letter == "m" else (0.0, 0.0)
                lines.append([(origin[0] + group[0], origin[1] + group[1])])
            else:
                lines[-1] += _piece(command, letter.islower(), group, lines[-1])
    return lines


def _piece(command: str, is_relative: bool, values: list[float], line: Line) -> Line:
    """Return the points that a command adds to `line`."""
    x, y = line[-1]
    dx, dy = (x, y) if is_relative else (0.0, 0.0)
    if command == "Z":
        return [line[0]]
    if command == "H":
        return [(dx + values[0], y)]
    if command == "V":
        return [(x, dy + values[0])]
    end = dx + values[-2], dy + values[-1]
    if command == "C":
        one, two = (dx + values[0], dy + values[1]), (dx + values[2], dy + values[3])
        return [_on_curve((x, y), one, two, end, step / STEPS) for step in range(1, STEPS + 1)]
    if command == "A":
        return _arc((x, y), end, values[0], is_large=bool(values[3]), is_clockwise=bool(values[4]))
    return [end]


def _on_curve(start: Point, one: Point, two: Point, end: Point, t: float) -> Point:
    """Return the point at `t` (0 to 1) of a cubic Bézier curve."""
    weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
    points = (start, one, two, end)
    x = sum(weight * point[0] for weight, point in zip(weights, points, strict=True))
    y = sum(weight * point[1] for weight, point in zip(weights, points, strict=True))
    return x, y


def _arc(start: Point, end: Point, radius: float, *, is_large: bool, is_clockwise: bool) -> Line:
    """Return points of a circular arc (SVG 2, appendix B.2.4, with equal radii)."""
    half = ((start[0] - end[0]) / 2, (start[1] - end[1]) / 2)
    chord = hypot(*half)
    radius = max(radius, chord)
    distance = sqrt(max(radius**2 - chord**2, 0)) / (chord or 1)
    if is_large == is_clockwise:
        distance = -distance
    centre = (
        (start[0] + end[0]) / 2 + distance * half[1],
        (start[1] + end[1]) / 2 - distance * half[0],
    )

    def angle(point: Point) -> float:
        x, y = point[0] - centre[0], point[1] - centre[1]
        return copysign(acos(max(-1, min(1, x / radius))), y)

    first, turn = angle(start), (angle(end) - angle(start)) % tau
    if not is_clockwise:
        turn -= tau
    steps = [first + turn * step / STEPS for step in range(1, STEPS + 1)]
    return [(centre[0] + radius * cos(a), centre[1] + radius * sin(a)) for a in steps]
