"""Beginnings of words, which become the words they begin."""

import re

import pytest

from tests.makers import make_document, make_file, make_law, pdf_bytes
from tests.search.asking import found, search

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("adhes", "adhesión"), ("anticorrup", "anticorrupción"), ("compilat", "compilatoria")],
)
def test_the_beginning_of_a_word_is_completed_openly(client, typed, meant):
    document = make_document(
        title="Carta de adhesión", summary="Contra la anticorrupción. La mesa compilatoria."
    )
    make_document(title="Se compila")
    make_document(title="La adhesiva")
    html = search(client, typed)
    assert f"Mostramos resultados de <strong>{meant}</strong>" in html
    assert found(client, typed) == [document.slug]
    assert found(client, f'"{typed}"') == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("codigo org", "codigo orgánico"),
        ("código orgánico de org", "código orgánico de organización"),
        ("organización territ", "organización territorial"),
        ("voces ciud", "voces ciudadanas"),
        ("gobierno abierto en ecu", "gobierno abierto en ecuador"),
    ],
)
def test_a_beginning_is_completed_though_its_letters_stand_in_some_file(
    client, tmp_path, typed, meant
):
    """Texts have addresses (gad.org) and abbreviations (ciud.), and a stem may be a word (ciudad)."""
    law = make_document(title="Código Orgánico de Organización Territorial y Autonomía")
    voices = make_document(title="Voces ciudadanas: gobierno abierto en Ecuador")
    other = make_document(title="Manual")
    make_file(
        other,
        pdf_bytes(
            "Cod. gad.org, ecu.net, territ. El código, las voces: gobierno abierto en la ciudad."
        ),
        folder=tmp_path,
    )
    html = search(client, typed)
    assert f"Mostramos resultados de <strong>{meant}</strong>" in html
    assert found(client, typed)[0] in (law.slug, voices.slug)
    exact = re.search(r'href="([^"]+)" rel="nofollow"', html)[1].replace("&amp;", "&")
    assert "Mostramos resultados" not in client.get(exact).text


@pytest.mark.parametrize(
    "typed", ["consejo local", "consejo ciudad", '"consejo" "loc"', "consejo loc"]
)
def test_a_whole_word_is_no_beginning(client, tmp_path, typed):
    make_document(title="Consejo localizado, consejo ciudadano", summary="En loc. cit.")
    pages = [f"El consejo de la ciudad, loc. cit., parte {n}: lo local." for n in range(4)]
    for n, page in enumerate(pages):
        make_file(make_document(title=f"Manual {n}"), pdf_bytes(page), folder=tmp_path)
    assert "Mostramos resultados" not in search(client, typed)


def test_a_beginning_is_completed_under_filters_as_without_them(client, tmp_path):
    law = make_document(title="Código Orgánico")
    other = make_document(title="Manual")
    make_file(other, pdf_bytes("código en gad.org"), folder=tmp_path)
    assert found(client, "codigo org") == [law.slug]
    assert found(client, "codigo org", tipo="documento") == [law.slug]


def test_the_last_letters_of_a_question_are_completed_to_a_title_s_word(client, guide):
    document = make_document(title="Proceso de gobierno abierto en el Ecuador")
    assert found(client, "proceso abierto en ecu") == [document.slug]
    assert "Mostramos resultados" not in search(client, "ecu proceso abierto")


def test_a_whole_word_that_few_have_beside_another_is_offered_as_a_title_has_it(client, tmp_path):
    make_document(title="Voces ciudadanas", summary="La gente ciudadana")
    make_document(title="De ciudadana a ciudadana")
    make_file(make_document(title="Manual"), pdf_bytes("Voces de la ciudad"), folder=tmp_path)
    for n in range(2):
        make_file(make_document(title=f"Otro {n}"), pdf_bytes("Una ciudad"), folder=tmp_path)
    assert found(client, "voces ciudad") == ["manual"]
    assert ">voces ciudadanas</a>?" in search(client, "voces ciudad")


def test_a_beginning_that_is_answered_is_offered_whole_where_that_is_little(client, tmp_path):
    make_document(title="Ley de Transparencia")
    make_file(make_document(title="Manual"), pdf_bytes("Fondo transp. Un papel."), folder=tmp_path)
    assert found(client, "transp") == ["manual"]
    assert '¿Quiso decir <a href="/recursos/?q=transparencia">transparencia</a>?' in search(
        client, "transp"
    )
    assert "¿Quiso decir" not in search(client, "papel")


def test_a_beginning_is_completed_only_to_what_is_public(client):
    make_document(title="La adhesión", status="draft")
    assert "Mostramos resultados" not in search(client, "adhes")


def test_a_beginning_is_completed_to_what_has_an_answer_beside_the_other_words(client, tmp_path):
    for n in range(3):
        make_document(title=f"Contribuir {n}", summary="Contribuir más.")
    document = make_document(title="El administrador", summary="Del contrato.")
    assert found(client, "administrador de contr") == [document.slug]
    assert "Mostramos resultados de <strong>administrador de contrato</strong>" in search(
        client, "administrador de contr"
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gob abierto", "gobierno abierto"),
        ("gob. abierto", "gobierno abierto"),
        ("alianza gob abierto", "alianza gobierno abierto"),
        ("cod org territorial", "código orgánico territorial"),
        ("pol publica", "políticas públicas"),
    ],
)
def test_a_beginning_is_completed_to_what_stands_before_the_next_word(client, typed, meant):
    make_document(title="Alianza para el Gobierno Abierto")
    make_law(title="Código Orgánico de Organización Territorial")
    make_document(title="Políticas públicas")
    make_document(title="Gobernación del Guayas")
    assert f"Mostramos resultados de <strong>{meant}</strong>" in search(client, typed)


def test_a_beginning_that_stands_before_nothing_else_stays(client):
    make_document(title="Gobierno del agua")
    assert "Mostramos resultados de" not in search(client, "gob abierto")


def test_what_a_spanish_word_begins_is_offered_where_nothing_has_the_word(client):
    make_document(title="Estrategia Anticorrupción")
    html = search(client, "anti")
    assert "No encontramos nada para «anti»" in html
    assert re.search(r"¿Quiso decir <a [^>]*>anticorrupción</a>\?", html)
    make_document(title="Grupo anti drogas")
    assert "¿Quiso decir" not in search(client, "anti")
