"""The articles of a law are found, confirmed by a person, and have pages of their own."""

import json
import re

import pytest
from django.urls import reverse

from inspection.blocks import Block
from reading.articles import doubts_of, find_articles
from tests.admin.desk import sign_in
from tests.makers import make_document, make_law
from tests.reading.makers import law_pdf, reading_of

LAW = """
ORDENANZA QUE CREA EL CONSEJO
TÍTULO I
DISPOSICIONES GENERALES
CAPÍTULO I: Del objeto
Art. 1.- Objeto.- La presente ordenanza regula la participación.
Artículo 2. Ámbito. Rige en todo el cantón.
Art. 3 Principios.- Los principios son:
a) Igualdad
Art. 4.- (Reformado por el Art. 2 de la Ordenanza 5).- La sesión será pública.
según el Art. 5 de la Constitución, se hará.
CAPITULO II
DE LAS SANCIONES
ARTÍCULO 5.- SANCIONES: Multa.
Art. 5 bis.- Añadido. Texto.
Artículo 6
Lo que dice el seis.
DISPOSICIONES TRANSITORIAS
PRIMERA.- En el plazo de treinta días.
Segunda.- Se creará.
DISPOSICIÓN DEROGATORIA ÚNICA.- Se derogan.
DISPOSICIÓN FINAL.- La presente entrará en vigencia.
Dado en la sala.
"""


def found_in(text: str) -> list:
    lines = text.strip().split("\n")
    return find_articles([(1, [Block("paragraph", line) for line in lines])])


def test_articles_divisions_and_dispositions_are_found_as_ordinances_write_them():
    assert [(part.key, part.label, part.heading) for part in found_in(LAW)] == [
        ("titulo-i", "Título I", "Disposiciones generales"),
        ("titulo-i--capitulo-i", "Capítulo I", "Del objeto"),
        ("1", "Artículo 1", "Objeto"),
        ("2", "Artículo 2", "Ámbito"),
        ("3", "Artículo 3", "Principios"),
        ("4", "Artículo 4", ""),
        ("titulo-i--capitulo-ii", "Capitulo II", "De las sanciones"),
        ("5", "Artículo 5", ""),
        ("5-bis", "Artículo 5 bis", "Añadido"),
        ("6", "Artículo 6", ""),
        ("disposiciones-transitorias", "Disposiciones transitorias", ""),
        ("disposicion-transitoria-primera", "Disposición transitoria primera", ""),
        ("disposicion-transitoria-segunda", "Disposición transitoria segunda", ""),
        ("disposicion-derogatoria-unica", "Disposición derogatoria única", ""),
        ("disposicion-final", "Disposición final", ""),
    ]


def test_a_text_that_cites_articles_has_none_of_its_own():
    assert found_in("Según el Art. 3 de la ley\nel Artículo 4.- manda\ny otra vez") == []


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("Art. 1.- A.\nArt. 2.- B.\nArt. 4.- D.", "Entre los artículos 2 y 4 falta el 3"),
        ("Art. 1.- A.\nArt. 9.- D.", "falta del 2 al 8"),
        ("Art. 1.- A.\nArt. 2.- B.\nArt. 2.- B.", "El artículo 2 aparece dos veces"),
        ("Art. 2.- A.\nArt. 3.- B.", "El primer artículo que se encontró es el 2, no el 1."),
        ("Art. 1.- A.\nArt. 4.- B.\nArt. 3.- C.", "El artículo 3 viene después del 4"),
    ],
)
def test_gaps_and_numbers_twice_are_told(text, doubt):
    assert any(doubt in told for told in doubts_of(found_in(text)))


def test_a_law_in_order_leaves_no_doubt():
    assert doubts_of(found_in(LAW)) == []


def confirm(client, version, act: str = "confirm"):
    reading = reading_of(version)
    url = reverse("admin:reading_reading_act", args=[reading.pk])
    return client.post(url, {"act": act}, follow=True)


@pytest.fixture
def law(publish, db):
    law = make_law(title="Ordenanza del consejo", gazette="Gaceta 12")
    publish(law, law_pdf())
    return law


def test_nothing_is_public_until_a_person_confirms_it(client, law):
    assert client.get(f"/recursos/{law.slug}/articulos/2/").status_code == 404
    assert 'id="articulo-2"' not in client.get(f"/recursos/{law.slug}/leer/").text
    sign_in(client)
    page = client.get(
        reverse("admin:reading_reading_change", args=[law.main_version.reading.pk])
    ).text
    assert "No se publican hasta que una persona los confirme." in page
    assert "Artículo 2. Integración" in page
    answer = confirm(client, law.main_version)
    assert "Los artículos están confirmados" in answer.text
    client.logout()
    assert client.get(f"/recursos/{law.slug}/articulos/2/").status_code == 200
    assert 'id="articulo-2"' in client.get(f"/recursos/{law.slug}/leer/").text


def test_an_article_has_its_page_its_force_and_its_citation(client, law):
    sign_in(client)
    confirm(client, law.main_version)
    client.logout()
    text = client.get(f"/recursos/{law.slug}/articulos/2/").text
    assert "<h1>Artículo 2. Integración</h1>" in text
    assert "siete integrantes" in text
    assert "cinco días" not in text, "that is article 3"
    assert '<section class="force">' in text
    assert "artículo 2 de la Ordenanza del consejo, publicada en el Gaceta 12" in text
    assert f'href="/recursos/{law.slug}/articulos/1/"' in text
    assert f'href="/recursos/{law.slug}/articulos/3/"' in text
    assert f'href="/recursos/{law.slug}/leer/#articulo-2"' in text
    assert client.get(f"/recursos/{law.slug}/articulos/titulo-i/").status_code == 404
    assert client.get(f"/recursos/{law.slug}/articulos/9/").status_code == 404
    last = client.get(f"/recursos/{law.slug}/articulos/disposicion-transitoria-primera/").text
    assert "sesenta días" in last


def test_machines_are_told_the_parts_of_a_law(client, law):
    sign_in(client)
    confirm(client, law.main_version)
    client.logout()
    html = client.get(f"/recursos/{law.slug}/leer/").text
    data = json.loads(
        re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)[1]
    )
    assert [part["legislationIdentifier"] for part in data["hasPart"]][:2] == [
        "Artículo 1",
        "Artículo 2",
    ]
    own = client.get(f"/recursos/{law.slug}/articulos/2/").text
    part = json.loads(
        re.search(r'<script type="application/ld\+json">(.*?)</script>', own, re.S)[1]
    )
    assert part["legislationIdentifier"] == "Artículo 2"
    assert part["isPartOf"]["name"] == "Ordenanza del consejo"
    assert f"/recursos/{law.slug}/articulos/2/" in client.get("/sitemap-articulos.xml").text


def test_a_question_for_an_article_finds_it(client, law):
    sign_in(client)
    confirm(client, law.main_version)
    client.logout()
    text = client.get("/recursos/?q=art.+2+ordenanza+consejo").text
    assert f'href="/recursos/{law.slug}/articulos/2/"' in text
    assert "siete integrantes" in text
    assert "/articulos/" not in client.get("/recursos/?q=ordenanza+consejo").text


def test_they_can_be_taken_back(client, law):
    sign_in(client)
    confirm(client, law.main_version)
    confirm(client, law.main_version, "forget")
    client.logout()
    assert client.get(f"/recursos/{law.slug}/articulos/2/").status_code == 404


def test_who_may_not_change_the_law_confirms_nothing(client, law):
    sign_in(client, "Edición")  # the law is public: only publishers change it
    assert confirm(client, law.main_version).status_code == 403
    assert reading_of(law.main_version).articles_confirmed_on is None


def test_what_is_no_law_has_no_articles(client, publish, db):
    guide = make_document()
    version = publish(guide, law_pdf())
    assert not version.reading.articles.exists()
    sign_in(client)
    assert "No se encontraron artículos" not in confirm(client, version, "hide").text


def test_a_correction_that_changes_the_articles_asks_for_a_new_confirmation(client, law):
    from reading.editing import correct_page
    from tests.makers import make_editor

    sign_in(client)
    confirm(client, law.main_version)
    page = reading_of(law.main_version).pages.get()
    correct_page(page, "Art. 1.- A.\n\nArt. 2.- B.", user=make_editor(), seen=0)
    reading = reading_of(law.main_version)
    assert reading.articles_confirmed_on is None
    assert [article.key for article in reading.articles.all()] == ["1", "2"]
