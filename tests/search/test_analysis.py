"""How a text becomes words, and what these are as well."""

import pytest

from search.language.analyzer import acronym, analyze, fold, tokens


def test_stop_words_are_left_out_and_order_is_kept():
    assert analyze("¿Qué es el acceso a la información?") == analyze("acceso información")


def test_camel_case_and_hyphens_are_split_and_numbers_lose_their_zeros():
    assert analyze("#GobiernoAbierto") == analyze("gobierno abierto")
    assert analyze("SGAPG-2023-001") == ["sgapg", "2023", "1"]
    assert analyze("COOTAD") == analyze("cootad")


def test_composed_and_decomposed_letters_are_the_same():
    assert analyze("participacio\u0301n") == analyze("participación")


def test_other_scripts_are_words_too():
    assert analyze("Год 政府 حكومة") == ["год", "政府", "حكومة"]


def test_the_places_of_words_are_those_of_the_text():
    text = "El «Gobierno-Abierto» de 2022, año ñandú y #EstadoAbierto ﬁn"
    assert [t.stem for t in tokens(text) if t.stem] == analyze(text)
    assert all(fold(text[t.start : t.end]) == t.folded for t in tokens(text))


@pytest.mark.parametrize(
    ("title", "initials"),
    [
        ("Código Orgánico de Organización Territorial, Autonomía y Descentralización", "cootad"),
        ("Ley Orgánica de Transparencia y Acceso a la Información Pública", "lotaip"),
        ("Guía breve", ""),
    ],
)
def test_initials_of_titles(title, initials):
    assert acronym(title) == initials
