"""Phrases in quotes: to the letter, words such as "de" and "la" among them, which the index does not have."""

import re

import pytest

from search.index.writer import batch_index_updates
from tests.makers import make_document, make_file, make_video, pdf_bytes
from tests.search.asking import found, search, total

pytestmark = pytest.mark.django_db


@pytest.fixture
def manual(tmp_path):
    """A document with a phrase on its third page, and its words otherwise on the first."""
    manual = make_document(title="Manual")
    pages = ("Lo mismo se publica.", "Nada.", "Sin publicar, y nada más: no es lo mismo.")
    make_file(manual, pdf_bytes(*pages), folder=tmp_path)
    return manual


@pytest.fixture
def other(tmp_path):
    other = make_document(title="Otro", language="qu")
    make_file(other, pdf_bytes("El mismo plan se publica, sin nada."), folder=tmp_path)
    return other


@pytest.mark.parametrize(
    "asked",
    ['"sin publicar, y nada"', "«NO ES LO MISMO»", '"es lo mismo"', '"no es lo mismo" manual'],
)
def test_a_phrase_is_found_to_the_letter_and_where_it_stands(client, manual, other, asked):
    html = search(client, asked)
    assert found(client, asked) == [manual.slug]
    assert "Un recurso" in html or "1 resultado" in html
    assert re.findall(r"#page=(\d+)", html) == ["3"]
    quoted = re.search('["«](.*)["»]', asked)[1].lower()
    marked = [text.lower() for text in re.findall("<mark>(.*?)</mark>", html)]
    assert [text for text in marked if text != "manual"] == [quoted]
    assert "idioma=qu" not in html


def test_a_word_of_it_may_stand_in_another_form(client, manual):
    assert found(client, '"sin publicarse y nada"') == [manual.slug]


def test_a_title_a_summary_and_a_transcript_are_read_as_well(client, other):
    titled = make_document(title="Lo mismo")
    summed = make_document(title="Carta", summary="Y es lo mismo.")
    spoken = make_video(title="Cine", transcript="Pues lo mismo digo.")
    assert set(found(client, '"lo mismo"')) == {titled.slug, summed.slug, spoken.slug}


def test_where_nobody_has_it_to_the_letter_what_has_its_words_side_by_side_is_shown(client, other):
    html = search(client, '"el mismo y plan"')
    assert found(client, '"el mismo y plan"') == [other.slug]
    assert "Ningún recurso tiene esa frase al pie de la letra." in html
    assert "al pie de la letra" not in search(client, '"el mismo plan"')
    assert "Este recurso no tiene esa frase" in search(client, '"y mismo"', recurso=other.slug)


def test_inside_one_resource_only_the_pages_that_have_it_are_shown(client, manual):
    html = search(client, '"no es lo mismo"', recurso=manual.slug)
    assert "página 3 de 3" in html
    assert "página 1 de 3" not in html


def test_of_more_than_are_read_at_once_those_that_have_it_come_first(client, manual, other):
    with batch_index_updates():
        for n in range(60):
            make_document(title=f"Los mismos {n}", section=other.section)
    newest = make_document(title="Siempre es lo mismo", section=other.section)
    assert found(client, '"lo mismo"')[0] == newest.slug
    assert total(search(client, '"lo mismo"')) > 60


def test_any_of_the_words_is_enough_where_they_do_not_stand_together(client, manual, other):
    assert set(found(client, '"no es lo mismo" zanahoria')) == {manual.slug, other.slug}


def test_more_than_a_page_of_results_are_read_for_a_phrase(client, manual, other, settings):
    settings.HITS_PER_PAGE = 1
    second = make_document(title="Es lo mismo", summary="No es lo mismo.")
    make_document(title="Mismos")
    assert "2 resultados" in search(client, '"no es lo mismo"')
    pages = [found(client, '"no es lo mismo"', pagina=n) for n in (1, 2)]
    assert sorted(sum(pages, start=[])) == sorted([manual.slug, second.slug])  # noqa: RUF017 two of them


def test_a_facet_of_a_phrase_gives_as_many_as_it_says(client, manual, other):
    make_document(title="Mismo", language="qu", summary="Y es lo mismo, lo mismo.")
    html = search(client, '"lo mismo"')
    listed = r'type="checkbox" name="idioma" value="(\w+)".*?class="num">(\d+)'
    said = dict(re.findall(listed, html, re.DOTALL))
    assert said
    for language, number in said.items():
        assert len(found(client, '"lo mismo"', idioma=language)) == int(number), language


@pytest.mark.parametrize("asked", ['"publica el plan"', "«publica el plan»"])
def test_where_a_phrase_finds_nothing_its_words_can_be_looked_for(client, other, asked):
    html = search(client, asked)
    url = re.search('href="([^"]+)">buscar sus palabras sin comillas', html)[1]
    assert url == "/recursos/?q=publica+el+plan"
    assert found(client, "publica el plan") == [other.slug]
    assert "sin comillas" not in search(client, "zanahoria")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ('"ríos secos"', "«“ríos secos”»"),
        ('volcán "ríos secos" sequía', "«volcán “ríos secos” sequía»"),
        ("«ríos secos»", "«“ríos secos”»"),
        ('ríos "secos', "«ríos &quot;secos»"),
        ("ríos <secos>", "«ríos &lt;secos&gt;»"),
    ],
)
def test_quotes_that_were_typed_are_shown_as_inner_ones(client, other, typed, shown):
    assert f"No encontramos nada para {shown}" in search(client, typed)
