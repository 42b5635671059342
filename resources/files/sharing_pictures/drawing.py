"""Draw a sharing picture with Pillow: 1200 × 630 pixels, the size that every chat and network takes."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

from resources.files.sharing_pictures.contents import Badge, PictureContents
from resources.files.sharing_pictures.icons import FINE, NoIcon, icon
from resources.files.sharing_pictures.typesetting import (
    SANS,
    SANS_BOLD,
    SERIF,
    Font,
    balanced,
    cut,
    font,
    legible,
    legible_or_none,
)
from resources.motifs import MAIZE, MOTIFS

WIDTH, HEIGHT = 1200, 630
LEFT, RIGHT, TOP, BOTTOM = 64, 780, 48, 586  # of the text; the middle square holds most of it
WEAVE_LEFT = 824
CELL = 16
PAPER, INK, INK_2, EDGE = "#fcf9f3", "#1d1a14", "#524c3f", "#80765f"
LONG_TITLE = 90  # characters from which a title is set smaller
TITLE_SIZES = (60, 52, 44, 38, 33, 29, 26, 23)
TITLE_GAP = 26  # below the title, at least
LINES_OF_ISSUER = 2
BADGES = {
    "ok": ("#1a5a2b", "#e3f1e4"),
    "amended": ("#0b4a5b", "#e2eef0"),
    "bad": ("#97160f", "#fce8e5"),
    "soon": ("#6b4700", "#fdf0cf"),
    "open": (INK, PAPER),
}
"""Style of a badge → text and ground, as the style sheets have them."""
MARK = (
    ("#17552f", ((0, 0, 17, 17),)),
    ("#2b3990", ((19, 0, 36, 17),)),
    ("#6a2a62", ((0, 19, 17, 36),)),
    ("#8a2f0f", ((19, 19, 36, 36),)),
    (MAIZE, ((16, 8, 20, 28), (12, 12, 24, 24), (8, 16, 28, 20))),
    ("#fbf5e8", ((16, 16, 20, 20),)),
)
"""The mark of the portal (static/img/icono.svg) as rectangles on a grid of 36."""


def draw(contents: PictureContents) -> bytes:
    """Return the picture as PNG. Raises NoLetters for a title in letters that the typeface lacks."""
    title = legible(SERIF, contents.title)
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    _Card(picture, ImageDraw.Draw(picture), contents).fill(title)
    out = io.BytesIO()
    picture.quantize(96, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


@dataclass(frozen=True)
class _Card:
    """A picture that is being drawn."""

    picture: Image.Image
    pen: ImageDraw.ImageDraw
    contents: PictureContents

    def fill(self, title: str) -> None:
        """Draw everything: the foot first, as the title takes what it leaves."""
        self._weave()
        foot = self._foot()
        top = self._label()
        face, lines, leading = fitted(title, foot - TITLE_GAP - top)
        for number, line in enumerate(lines):
            self.pen.text((LEFT, top + number * leading), line, INK, face, anchor="la")

    def _weave(self) -> None:
        """Draw the motif of the cover from edge to edge, and the fringe of its cloth."""
        palette = self.contents.palette
        tones = (palette.ground, palette.mid, palette.light, MAIZE)
        motif = MOTIFS[self.contents.motif]
        columns, rows = -(-(WIDTH - WEAVE_LEFT) // CELL), -(-HEIGHT // CELL)
        self.pen.rectangle((WEAVE_LEFT, 0, WIDTH, HEIGHT), palette.ground)
        for row in range(rows):
            for column in range(columns):
                if tone := motif(column - columns // 2, row - rows // 2):
                    x, y = WEAVE_LEFT + column * CELL, row * CELL
                    self.pen.rectangle((x, y, x + CELL - 1, y + CELL - 1), tones[tone])
        for y in range(0, HEIGHT, 10):
            self.pen.rectangle((WEAVE_LEFT - 14, y, WEAVE_LEFT - 1, y + 2), EDGE)

    def _label(self) -> int:
        """Draw icon and name of the kind; return where the title begins."""
        ground = self.contents.palette.ground
        try:
            drawn = icon(self.contents.icon, 34, ground)
            self.picture.paste(drawn, (LEFT, TOP), drawn)
        except NoIcon:  # a section, or a kind whose icon is drawn in another way
            self._rhombus(LEFT + 3, TOP + 4, ground)
        face = font(SANS_BOLD, 29)
        words = cut(legible_or_none(SANS_BOLD, self.contents.label), face, RIGHT - LEFT - 48, 1)
        self.pen.text((LEFT + 48, TOP + 17), "".join(words), ground, face, anchor="lm")
        return TOP + 54

    def _rhombus(self, left: int, top: int, colour: str) -> None:
        """Draw a rhombus of the weave, 28 × 26 pixels."""
        for step in range(13):
            half, y = 14 - 2 * abs(step - 6), top + step * 2
            self.pen.rectangle((left + 14 - half, y, left + 13 + half, y + 1), colour)
        self.pen.rectangle((left + 10, top + 10, left + 17, top + 15), MAIZE)

    def _foot(self) -> int:
        """Draw, from the bottom up, site, badges, issuer and year; return where they begin."""
        top = BOTTOM - 38
        self._site(top)
        if badges := [drawn_badge(each) for each in self.contents.badges]:
            top -= 16 + max(each.height for each in badges)
            x = LEFT
            for each in badges:
                self.picture.paste(each, (x, top), each)
                x += each.width + 14
        face = font(SANS, 28)
        told = " · ".join(filter(None, (self.contents.issuer, self.contents.year)))
        lines = cut(legible_or_none(SANS, told), face, RIGHT - LEFT, LINES_OF_ISSUER)
        top -= 12 if lines else 0
        for line in reversed(lines):
            top -= 36
            self.pen.text((LEFT, top), line, INK_2, face, anchor="la")
        return top

    def _site(self, top: int) -> None:
        """Draw the mark and the name of the site."""
        for colour, parts in MARK:
            for left, upper, right, lower in parts:
                box = (LEFT + left, top + upper, LEFT + right - 1, top + lower - 1)
                self.pen.rectangle(box, colour)
        face = font(SERIF, 26)
        words = cut(legible_or_none(SERIF, self.contents.site), face, RIGHT - LEFT - 52, 1)
        self.pen.text((LEFT + 52, top + 18), "".join(words), INK, face, anchor="lm")


def fitted(title: str, height: int) -> tuple[Font, list[str], int]:
    """Return typeface, lines and leading (pixels) of the largest size at which the whole `title` fits into `height`."""
    first = 0 if len(title) < LONG_TITLE else TITLE_SIZES.index(44)
    for size in TITLE_SIZES[first:]:
        face, leading = font(SERIF, size), round(size * 1.1)
        lines = balanced(title, face, RIGHT - LEFT)
        if len(lines) * leading <= height:
            break
    return face, lines, leading


def drawn_badge(badge: Badge) -> Image.Image:
    """Draw a badge; "open", for what nobody has verified, has a dashed edge."""
    colour, ground = BADGES[badge.style]
    face = font(SANS_BOLD, 26)
    width, height = round(face.getlength(badge.words)) + 70, 48
    large = Image.new("RGBA", (width * FINE, height * FINE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(large)
    edge = 2 * FINE
    box = (edge // 2, edge // 2, width * FINE - edge // 2 - 1, height * FINE - edge // 2 - 1)
    radius = (box[3] - box[1]) / 2
    pen.rounded_rectangle(box, radius, fill=ground, outline=colour, width=edge)
    if badge.style == "open":
        _gaps(pen, large.size, round(radius))
    shrunk = large.resize((width, height), Image.Resampling.LANCZOS)
    shrunk.alpha_composite(icon(badge.icon, 28, colour), (14, 10))
    ImageDraw.Draw(shrunk).text((50, height // 2 - 1), badge.words, colour, face, anchor="lm")
    return shrunk


def _gaps(pen: ImageDraw.ImageDraw, size: tuple[int, int], radius: int) -> None:
    """Cut gaps into the upper and the lower edge of a badge."""
    width, height = size
    for x in range(radius + 4 * FINE, width - radius, 9 * FINE):
        for top in (0, height - 3 * FINE):
            pen.rectangle((x, top, x + 4 * FINE, top + 3 * FINE), PAPER)
