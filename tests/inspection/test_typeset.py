"""What a page's text keeps of its lines and words, however they are set."""

import pytest

from .makers import inspect, make_drawn_pdf, make_pdf


def text_of(tmp_path, *drawn):
    return inspect(make_drawn_pdf(tmp_path, " ".join(drawn))).page_texts[0]


def shown(text, x, y, size=12, more=""):
    return f"BT /F1 {size} Tf {more} {x} {y} Td ({text}) Tj ET"


def turned(text, x, y):
    return f"BT /F1 9 Tf 0 1 -1 0 {x} {y} Tm ({text}) Tj ET"


def test_lines_of_turned_text_stay_apart(tmp_path):
    lines = ["Régimen", "especial", "de la agricultura"]
    drawn = [turned(line, 100 + 12 * at, 200) for at, line in enumerate(lines)]
    assert text_of(tmp_path, *drawn).split("\n") == lines


def test_what_lies_beyond_the_edge_of_the_page_is_not_read_but_its_lines_stay_apart(tmp_path):
    drawn = (
        turned("Régimen", 100, 200),
        turned("especial", 112, 200),
        turned("de la agricultura", 124, 200),
        shown("un renglón que sale de la hoja por la derecha", 480, 100),
    )
    text = text_of(tmp_path, *drawn)
    assert "especial\nde la agricultura" in text
    assert "un renglón que sa" in text and "derecha" not in text


def test_the_mark_of_a_footnote_stands_apart_from_its_word(tmp_path):
    drawn = "BT /F1 12 Tf 72 700 Td (según la disposición) Tj /F1 7 Tf 4 Ts (12) Tj /F1 12 Tf 0 Ts ( del Código) Tj ET"
    assert text_of(tmp_path, drawn) == "según la disposición 12 del Código"


def test_the_number_of_a_footnote_stands_apart_from_its_first_word(tmp_path):
    text = text_of(tmp_path, shown("Ley vigente", 72, 700), shown("12Artículo reformado", 72, 80))
    assert text.split("\n") == ["Ley vigente", "12 Artículo reformado"]


@pytest.mark.parametrize(
    "name",
    [
        "covid19",
        "CO2",
        "m2",
        "Ley27",
        "1er",
        "3ra",
        "A4",
        "anexo12.pdf",
        "python3",
        "11Apr29",
        "d41d8cd98f00b204",
    ],
)
def test_a_number_that_is_part_of_a_name_stays_in_it(tmp_path, name):
    text = f"{name} y el {name} de https://example.org/libro1/{name}"
    assert inspect(make_pdf(tmp_path, [text])).page_texts == (text,)


def test_a_small_number_after_a_short_word_stays_in_it(tmp_path):
    drawn = "BT /F1 12 Tf 72 700 Td (son 30 m) Tj /F1 7 Tf 4 Ts (2) Tj /F1 12 Tf 0 Ts ( y CO) Tj /F1 7 Tf -3 Ts (2) Tj ET"
    assert text_of(tmp_path, drawn).split() == "son 30 m2 y CO2".split()
