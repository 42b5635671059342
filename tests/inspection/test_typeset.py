"""What a page's text keeps of its lines and words, however they are set."""

from .makers import inspect, make_drawn_pdf


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
