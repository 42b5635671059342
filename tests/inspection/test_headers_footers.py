"""The lines that head and foot every page are no part of each page's text."""

import pytest

from inspection.headers_footers import rejoin_split_words, strip_headers_footers
from tests.inspection.makers import inspect, make_pdf

LINES = [
    "El Ecuador es un Estado",
    "La soberanía radica en el pueblo",
    "Son deberes del Estado",
    "La bandera",
]


def body(number):
    return f"{LINES[number % 4]}, según el artículo {number * 7} de la ley,\ny otra cosa número {number * number}."


def gazette(count, head="Registro Oficial N.º 449 — Página {} de 210", foot="{}"):
    return [f"{head.format(n)}\n{body(n)}\n{foot.format(n)}" for n in range(1, count + 1)]


def test_a_head_and_a_foot_that_count_the_pages_stand_on_the_first_page_only():
    first, *others = strip_headers_footers(gazette(6))
    assert first == gazette(1)[0].removesuffix("\n1")  # a number alone has no word to be found
    assert others == [body(n) for n in range(2, 7)]


def test_the_pages_of_a_pdf_are_told_without_their_heads(tmp_path):
    facts = inspect(make_pdf(tmp_path, gazette(6)))
    assert facts.page_texts[0].startswith("Registro Oficial N.º 449 — Página 1 de 210")
    assert not any("Registro Oficial" in text for text in facts.page_texts[1:])
    assert len(facts.page_texts) == 6 and all(facts.page_texts)


def test_two_pages_keep_every_line_with_a_word():
    pages = gazette(2, foot="Oficina {}")
    assert strip_headers_footers(pages) == pages


def test_two_pages_lose_their_own_numbers_and_no_others():
    assert strip_headers_footers(["Uno\n1", "Dos\n2"]) == ["Uno", "Dos"]
    assert strip_headers_footers(["Uno\n5", "Dos\n7"]) == ["Uno\n5", "Dos\n7"]


def test_a_few_pages_lose_the_line_that_each_of_them_has():
    first, *others = strip_headers_footers(gazette(4))
    assert first.startswith("Registro Oficial")
    assert others == [body(n) for n in range(2, 5)]
    pages = [*gazette(3), "Otra página.\nSin cabecera.\nFin."]
    assert strip_headers_footers(pages) == pages


def test_the_pages_that_have_text_are_counted_and_not_the_scanned_ones():
    pages = [*gazette(2, foot="Oficina {}"), "", "", ""]
    assert strip_headers_footers(pages) == pages


def test_a_line_that_half_of_the_pages_share_stays():
    pages = [f"{'Anexo' if n < 3 else f'Título {n}'}\n{body(n)}" for n in range(6)]
    assert strip_headers_footers(pages) == pages


def test_left_and_right_pages_have_heads_of_their_own():
    heads = ("{} – Suplemento N.º 459", "Miércoles 26 de mayo de 2021 – {}")
    pages = [f"{heads[n % 2].format(n)}\n{body(n)}" for n in range(12)]
    assert strip_headers_footers(pages) == [*pages[:2], *(body(n) for n in range(2, 12))]


def test_a_page_that_has_nothing_but_its_head_keeps_it():
    pages = [*gazette(6), "Registro Oficial N.º 449 — Página 7 de 210"]
    assert strip_headers_footers(pages)[6] == pages[6]
    assert strip_headers_footers(["Reservado"] * 9) == ["Reservado"] * 9


def test_only_three_lines_on_each_side_may_go():
    shared = [f"Renglón {letter}" for letter in "abcde"]
    pages = ["\n".join([*shared, body(n), body(n + 9)]) for n in range(6)]
    assert strip_headers_footers(pages)[1] == "\n".join([*shared[3:], body(1), body(10)])


def test_a_line_in_the_middle_stays_however_often_it_repeats():
    pages = [
        f"{body(n)}\n{body(n + 5)}\nReformado\n{body(n + 9)}\n{body(n + 11)}" for n in range(20)
    ]
    assert strip_headers_footers(pages) == pages


def test_notes_that_cite_one_gazette_after_another_stay():
    pages = [
        f"{body(n)}\nReformado por la Ley {n * n}, Registro Oficial {300 + 3 * n}"
        for n in range(20)
    ]
    assert strip_headers_footers(pages) == pages


@pytest.mark.parametrize("unit", ["Compromiso {}", "FICHA N.º {}", "Lámina {}.", "Eje  {}:"])
def test_a_heading_with_a_number_stays_though_there_is_one_for_each_page(unit):
    pages = [f"{unit.format(n)}\nLo que se hará en el barrio {n * n}." for n in range(1, 12)]
    assert strip_headers_footers(pages) == pages


@pytest.mark.parametrize("foot", ["Página {}", "Pág. {}", "Hoja {}", "{}", "Plan del cantón {}"])
def test_what_only_counts_pages_goes(foot):
    pages = [f"Lo que se hará en el barrio {n * n}.\n{foot.format(n)}" for n in range(1, 12)]
    rest = strip_headers_footers(pages)
    assert rest[0] == (pages[0].removesuffix("\n1") if foot == "{}" else pages[0])
    assert rest[5] == "Lo que se hará en el barrio 36."


def test_the_figures_at_a_tables_edge_stay():
    pages = [f"{n * 13 % 7}\n{body(n)}\n{n * n} {n * 3}" for n in range(20)]
    assert strip_headers_footers(pages) == pages


def test_a_repeated_paragraph_is_no_head():
    pages = [f"{'Texto largo. ' * 20}\n{body(n)}" for n in range(6)]
    assert strip_headers_footers(pages) == pages


def test_pages_without_text_stay_empty():
    assert strip_headers_footers([""] * 8) == [""] * 8
    assert strip_headers_footers([]) == []


@pytest.mark.parametrize(
    ("pages", "whole"),
    [
        (["El presu-", "puesto anual."], ["El presupuesto", "anual."]),
        (["El presu-\n12", "puesto, anual."], ["El presupuesto,\n12", "anual."]),
        (
            ["El presu-\nPágina 3 de 9", "puesto anual."],
            ["El presupuesto\nPágina 3 de 9", "anual."],
        ),
        (["La RE-", "SERCOP anual."], ["La RE-", "SERCOP anual."]),
        (["Lista -", "una cosa."], ["Lista -", "una cosa."]),
        (["El presu-", "puesto"], ["El presu-", "puesto"]),
        (["El presu-", ""], ["El presu-", ""]),
    ],
)
def test_a_word_cut_by_the_end_of_a_page_is_whole_where_it_begins(pages, whole):
    assert rejoin_split_words(pages) == whole


@pytest.mark.parametrize("foot", ["", "\n3", "\n- 3 -", "\nPágina 3"])
def test_a_pdf_tells_a_word_cut_by_a_page_whole(tmp_path, foot):
    pages = ["Uno", "Dos", f"Habla del presu-{foot}", "puesto participativo de la ciudad"]
    texts = inspect(make_pdf(tmp_path, pages)).page_texts
    assert texts[2].startswith("Habla del presupuesto")
    assert texts[3] == "participativo de la ciudad"
