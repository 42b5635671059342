"""Sharing pictures as drawings: weave, icons, and a title that is always whole."""

import io
from math import hypot

import pytest
from PIL import Image

from resources.files.sharing_pictures.contents import SAMPLE, PictureContents
from resources.files.sharing_pictures.drawing import LEFT, RIGHT, draw, fitted
from resources.files.sharing_pictures.icons import NoIcon, icon, lines_of
from resources.files.sharing_pictures.typesetting import SERIF, legible
from resources.kinds.legislation.description import FORCE_LABELS
from resources.models import Resource
from resources.models.kind_spec import Palette, all_kinds
from resources.motifs import MOTIFS


@pytest.mark.parametrize("motif", MOTIFS)
def test_a_picture_wears_the_weave_of_its_cover_in_the_colours_of_its_kind(motif):
    palette = Palette("#100000", "#200000", "#300000")
    contents = PictureContents(
        "video", "Video", "Voces", "", "", Resource.Force.REPEALED, True, "Portal", motif, palette
    )
    with Image.open(io.BytesIO(draw(contents))) as picture:
        woven = picture.convert("RGB").crop((824, 0, 1200, 630)).getcolors()
        plain = picture.convert("RGB").crop((64, 0, 800, 630)).getcolors(maxcolors=1000)
    assert {(16, 0, 0), (32, 0, 0), (48, 0, 0)} <= {colour for _, colour in woven}
    assert (16, 0, 0) in {colour for _, colour in plain}, "the icon and the kind"


def test_every_icon_of_a_kind_and_a_badge_is_drawn():
    names = {spec.icon for spec in all_kinds()} | {label.icon for label in FORCE_LABELS.values()}
    for name in {*names, SAMPLE.icon}:
        drawn = icon(name, 34, "#000000")
        assert drawn.size == (34, 34)
        transparent = drawn.getchannel("A").histogram()[0]
        assert 300 < transparent < 34 * 34 - 40, name


@pytest.mark.parametrize("path", ["M0 0q1 1 2 2", "M0 0S1 1 2 2"])
def test_an_icon_that_is_drawn_with_something_else_is_refused(path):
    with pytest.raises(NoIcon):
        lines_of(path)
    with pytest.raises(NoIcon):
        icon("no-such-icon", 34, "#000000")


def test_an_arc_is_a_part_of_its_circle():
    (line,) = lines_of("M0 10a10 10 0 0 1 10-10")
    assert len(line) > 8
    assert all(abs(hypot(x - 10, y - 10) - 10) < 1e-6 for x, y in line)
    assert all(x <= 10 + 1e-6 and y <= 10 + 1e-6 for x, y in line), "the short way round"


@pytest.mark.parametrize("length", [1, 12, 89, 90, 180, 300])
def test_a_whole_title_fits(length):
    words = "Ordenanza que regula la participación ciudadana y el control social en el cantón " * 4
    title = words[:length].strip()
    face, lines, leading = fitted(legible(SERIF, title), 290)
    assert " ".join(lines) == title
    assert len(lines) * leading <= 290
    assert max(face.getlength(line) for line in lines) <= RIGHT - LEFT


def test_a_word_that_is_wider_than_the_picture_is_broken():
    word = "https://www." + "municipiosabiertos" * 6
    face, lines, _ = fitted(word, 290)
    assert "".join(lines) == word
    assert max(face.getlength(line) for line in lines) <= RIGHT - LEFT


def test_signs_that_the_typeface_lacks_are_written_otherwise_or_left_out():
    assert legible(SERIF, "Ordenanza № 5 🙂 «sí»") == "Ordenanza No 5 «sí»"
