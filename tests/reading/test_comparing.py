"""Two versions of a file are compared: by article where both have some, else by paragraph."""

import re

import pytest
from django.urls import reverse

from reading.comparison import Part, compare_articles, compare_paragraphs, words_changed
from tests.admin.desk import sign_in
from tests.makers import make_document, make_law
from tests.reading.makers import ORDINANCE, law_pdf, reading_of, typeset_pdf


def told(pieces) -> str:
    signs = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(signs[piece.op].format(piece.text) for piece in pieces)


def test_words_that_went_and_came_are_told_inside_the_sentence():
    pieces = words_changed(
        "Tiene siete integrantes por parroquia.", "Tiene nueve integrantes por barrio."
    )
    assert told(pieces) == "Tiene [-siete-][+nueve+] integrantes por [-parroquia-][+barrio+]."


def test_a_phrase_that_changed_is_told_as_one():
    pieces = words_changed(
        "Se convoca con cinco días hábiles de plazo.", "Se convoca con un mes entero de plazo."
    )
    assert "[-cinco días hábiles-][+un mes entero+]" in told(pieces)


def test_paragraphs_are_matched_whatever_was_put_between_them():
    found = compare_paragraphs(
        ["Uno dos tres.", "Cuatro."], ["Nuevo del todo.", "Uno dos tres.", "Cuatro."]
    )
    assert [each.change for each in found.differences] == ["added", "same", "same"]
    assert found.summary == "1 párrafo se agrega"


@pytest.mark.parametrize(
    ("old", "new", "summary"),
    [
        ("1a 2b 3c", "1a 2x 3y 4d", "Cambian 2 artículos; 1 se agrega"),
        ("1a 2b 3c", "1a 3c", "1 artículo se suprime"),
        ("1a 2b", "1a 2b", "El texto es el mismo en las dos versiones"),
        ("1a 2b", "1x 2b", "Cambia 1 artículo"),
    ],
)
def test_the_summary_counts_in_words(old, new, summary):
    def parts(text):
        return [Part(word[0], f"Artículo {word[0]}", (word[1:],)) for word in text.split()]

    assert compare_articles(parts(old), parts(new)).summary == summary


def test_what_was_removed_stands_where_it_stood():
    one, two, three = (Part(n, f"Artículo {n}", (n,)) for n in "123")
    found = compare_articles([one, two, three], [one, three]).differences
    assert [each.change for each in found] == ["same", "removed", "same"]


@pytest.mark.django_db
def test_the_page_shows_what_changed_with_signs_and_words(client, publish):
    guide = make_document(title="Guía")
    old = publish(guide, typeset_pdf([(11, "El consejo tiene siete integrantes.")]))
    new = publish(
        guide,
        typeset_pdf([(11, "El consejo tiene nueve integrantes.")]),
        slot=old.file,
        note="Son nueve.",
    )
    url = f"/recursos/{guide.slug}/comparar/v1-v2/"
    text = client.get(url).text
    assert "Cambia 1 párrafo." in text
    assert '<del><span class="vh">suprimido: </span>siete</del>' in text
    assert '<ins><span class="vh">añadido: </span>nueve</ins>' in text
    assert "Son nueve." in text
    assert f'href="{url}"' in client.get(guide.get_absolute_url()).text
    assert f'href="{url}"' in client.get(f"/recursos/{guide.slug}/leer/").text
    assert f'href="{url}"' in client.get("/novedades/").text
    for missing in ("v2-v1", "v1-v1", "v1-v3"):
        assert client.get(f"/recursos/{guide.slug}/comparar/{missing}/").status_code == 404
    name = new.file.file_name
    assert client.get(f"/recursos/{guide.slug}/comparar/{name}/v1-v2/").status_code == 200


@pytest.mark.django_db
def test_two_laws_with_confirmed_articles_are_compared_by_article(client, publish):
    law = make_law(title="Ordenanza")
    old = publish(law, law_pdf())
    changed = tuple((text.replace("siete", "nueve"), size) for text, size in ORDINANCE)
    added = (*changed[:6], ("Art. 4.- Memoria.- Las actas se publican.", 11), *changed[6:])
    new = publish(law, law_pdf(*added), slot=old.file, note="Reforma.")
    sign_in(client)
    for version in (old, new):
        url = reverse("admin:reading_reading_act", args=[reading_of(version).pk])
        client.post(url, {"act": "confirm"})
    client.logout()
    text = client.get(f"/recursos/{law.slug}/comparar/v1-v2/").text
    assert "Cambia 1 artículo; 1 se agrega." in text
    assert 'id="2"' in text or 'id="articulo-2"' in text
    assert re.search(r"Artículo 1.*sin cambios", text)
    assert "Las actas se publican." in text
