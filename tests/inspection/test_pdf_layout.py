"""What a page's text keeps of its lines and words, however they are set."""

import pytest

from tests.inspection.makers import inspect, make_drawn_pdf, make_pdf


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


@pytest.mark.parametrize(
    ("spaced", "words"),
    [
        ("D I S P O S I C I O N E S  G E N E R A L E S", "DISPOSICIONES GENERALES"),
        ("T Í T U L O  I", "TÍTULO I"),
        ("T Í T U L O  IV", "TÍTULO IV"),
        ("A N E X O", "ANEXO"),
        ("D E R E C H O S  Y  G A R A N T Í A S", "DERECHOS Y GARANTÍAS"),
    ],
)
def test_a_heading_spaced_by_letters_is_read_as_words(tmp_path, spaced, words):
    text = inspect(make_pdf(tmp_path, [f"{spaced}\nArt. 1"])).page_texts[0]
    assert text == f"{words}\nArt. 1"


def test_a_heading_spaced_without_blanks_is_read_as_words(tmp_path):
    drawn = shown("GENERALES", 72, 700, more="6 Tc"), shown("Art. 1", 72, 680, more="0 Tc")
    assert text_of(tmp_path, *drawn) == "GENERALES\nArt. 1"


@pytest.mark.parametrize("row", ["A B C D", "X X X X", "S N S N", "A B D y otros"])
def test_single_letters_that_make_no_word_stay_apart(tmp_path, row):
    assert inspect(make_pdf(tmp_path, [f"Opción\n{row}"])).page_texts == (f"Opción\n{row}",)


def test_the_letters_of_a_tables_columns_stay_apart(tmp_path):
    drawn = [shown(letter, 72 + 40 * at, 700) for at, letter in enumerate("CASO")]
    assert text_of(tmp_path, *drawn) == "C A S O"
