"""What a result shows of what was asked: passages with their pages, and why it was found."""

import re

import pytest

from resources.models import Organization, ResourceFile
from search.models import SearchDoc
from tests.inspection.makers import make_pdf
from tests.makers import (
    make_document,
    make_file,
    make_infographic,
    make_video,
    pdf_bytes,
)
from tests.reading.makers import typeset_pdf
from tests.search.asking import search

pytestmark = pytest.mark.django_db


def test_a_hit_leads_to_the_page_with_its_words_marked(client, guide):
    html = search(client, "presupuesto participativo")
    assert f'href="/recursos/{guide.slug}/archivos/guia.pdf#page=2">página 2 de 4' in html
    assert "<mark>presupuesto</mark> <mark>participativo</mark>" in html
    html = search(client, "presupuestos")
    assert "#page=2" in html
    assert "#page=4" in html
    assert "1 resultado" in html


@pytest.mark.parametrize("count", [4, 6])
@pytest.mark.parametrize(
    "words", ["hidrocarburos", '"fondo de hidrocarburos limpios"', "fondo hidrocarburos"]
)
def test_a_word_or_phrase_cut_by_a_page_leads_to_where_it_begins(client, tmp_path, words, count):
    document = make_document(title="Reglamento")
    texts = ["Nada.", "Nada.", "Del fondo de hidro-", "carburos limpios. Fin.", "Nada.", "Nada."]
    pages = [f"Gaceta municipal\n{text}\n{n}" for n, text in enumerate(texts[:count], 1)]
    path = make_pdf(tmp_path, pages)
    make_file(document, path.read_bytes(), folder=tmp_path)
    html = search(client, words)
    assert "#page=3" in html
    assert "#page=4" not in html


def test_a_phrase_that_goes_on_on_the_next_page_leads_to_where_it_begins(client, tmp_path):
    document = make_document(title="Reglamento")
    pages = (
        "Nada.",
        "Al final: los comités barriales",
        "deberán inscribirse. Fin.",
        "Los comités.",
    )
    make_file(document, pdf_bytes(*pages), folder=tmp_path)
    html = search(client, '"comités barriales deberán inscribirse"')
    assert re.findall(r">página (\d) de 4", html) == ["2"]
    assert "<mark>comités</mark> <mark>barriales</mark>" in html


def test_page_numbers_hold_where_pages_without_text_stand_between(client, tmp_path):
    document = make_document(title="Con huecos")
    make_file(
        document, pdf_bytes("uno", "", "", "alfabeto", "", "abecedario"), "a.pdf", folder=tmp_path
    )
    make_file(
        document,
        pdf_bytes("", "diccionario"),
        "b.pdf",
        folder=tmp_path,
        role=ResourceFile.Role.ANNEX,
        position=2,
    )
    assert "a.pdf#page=4" in search(client, "alfabeto")
    assert "a.pdf#page=6" in search(client, "abecedario")
    assert "b.pdf#page=2" in search(client, "diccionario")
    lines = SearchDoc.objects.get(pk=document.pk).body.split("\n")
    assert lines == ["", "alfabet", "abecedari", "diccionari"], "«uno» is too common to be stored"


def test_a_result_shows_the_tag_or_the_entity_by_which_it_was_found(client):
    entity = Organization.objects.create(name="Asamblea Nacional")
    make_document(title="Guía", tags=("participación", "agua"), issuer=entity)
    html = search(client, "participar")
    assert '<mark>participación</mark> <a href="/etiquetas/participacion/">etiqueta' in html
    assert "<mark>Asamblea</mark> Nacional" in search(client, "asamblea")
    assert ">etiqueta<" not in search(client, "guía")


def test_a_result_shows_the_kind_or_the_initials_by_which_it_was_found(client):
    make_video(title="Charla")
    make_document(title="Código Orgánico Administrativo", slug="coa")
    entity = Organization.objects.create(name="Consejo Nacional", acronym="CNX")
    make_document(title="Guía", issuer=entity)
    assert '<mark>Video</mark> <a href="/recursos/charla/">tipo de recurso' in search(
        client, "videos"
    )
    assert '<mark>COA</mark> <a href="/recursos/coa/">iniciales del título' in search(client, "coa")
    assert "(<mark>CNX</mark>)" in search(client, "cnx")


def test_a_link_to_a_tag_is_named_by_the_tag(client):
    make_document(title="Guía", tags=("participación",))
    assert 'etiqueta<span class="vh">: participación</span>' in search(client, "participar")


def test_a_text_without_pages_is_shown_where_it_stands(client):
    make_infographic(title="Lámina", text_alternative="Se habla de humedales.")
    make_video(title="Charla", transcript="Se habla de humedales.")
    html = search(client, "humedal")
    assert 'href="/recursos/lamina/#texto">texto de la lámina' in html
    assert 'href="/recursos/charla/#transcripcion">transcripción' in html
    assert 'id="texto"' in client.get("/recursos/lamina/").text
    assert 'id="transcripcion"' in client.get("/recursos/charla/").text


def test_searched_text_is_escaped(client, tmp_path):
    document = make_document(title="<b>Plan</b>", summary="<img src=x onerror=alert(1)> plan")
    make_file(document, pdf_bytes("<script>alert(2)</script> plan"), folder=tmp_path)
    html = search(client, "plan")
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<b>" not in html.partition("<main")[2]


def test_pages_where_the_words_stand_side_by_side_are_shown_first(client, tmp_path):
    filler = "texto de relleno que no dice nada del asunto " * 8
    apart = (
        f"La acción fue larga. {filler} Otra acción. {filler} Hubo protección. Siguió otra acción."
    )
    pages = [
        *[apart] * 6,
        f"{filler} Art. 88.- La acción de protección tendrá por objeto. {filler}",
    ]
    make_file(make_document(title="Constitución"), pdf_bytes(*pages), folder=tmp_path)
    html = search(client, "accion de proteccion")
    assert "#page=7" in html
    assert "<mark>acción</mark> de <mark>protección</mark> tendrá" in html


def test_a_passage_is_the_stretch_where_the_words_stand_closest(client, tmp_path):
    text = "La obra. " + "aparte " * 24 + "el plan. " + "aparte " * 40 + "El plan de obra sigue."
    make_file(make_document(title="Informe"), pdf_bytes(text), folder=tmp_path)
    assert "<mark>plan</mark> de <mark>obra</mark> sigue" in search(client, "plan obra")


def test_a_passage_ends_with_a_whole_word_at_the_end_of_its_page_too(client, tmp_path):
    text = "El plan " + "de obra " * 15 + "municipalidad"
    make_file(make_document(title="Informe"), pdf_bytes(text), folder=tmp_path)
    assert "de obra municipalidad <a" in search(client, "plan")


def test_passages_read_well_and_contents_come_last(client, tmp_path):
    contents = "Índice " + " ".join(f"1.{n}. Memoria . . . . . . . . . . {n}" for n in range(40))
    pages = [contents, *["La memoria , dice el texto ; basta ." + " Una frase larga más." * 20] * 3]
    make_file(make_document(title="Guía de equipos"), pdf_bytes(*pages), folder=tmp_path)
    html = search(client, "memoria")
    assert re.findall(r"página (\d) de 4", html) == ["2", "3", "4"]
    assert "La <mark>memoria</mark>, dice el texto; basta." in html
    html = search(client, "índice memoria")
    assert "página 1 de 4" in html
    assert "<mark>Memoria</mark> … 0 1.1." in html


def test_a_page_that_opens_with_the_words_comes_first_though_others_have_them_more_often(
    client, tmp_path
):
    filler = "Una frase larga y clara más que sigue. " * 6
    often = f"{filler} La memoria. La memoria. La memoria."
    pages = [*[often] * 4, f"5.2. Memoria {filler}", *[often] * 4]
    make_file(make_document(title="Guía de equipos"), pdf_bytes(*pages), folder=tmp_path)
    assert re.findall(r"página (\d) de 9", search(client, "memoria")) == ["5", "1", "2"]


def test_a_heading_does_not_run_into_the_text_after_it(client, tmp_path):
    lines = [
        (15, "Qué se obtiene"),
        *((11, "Un diagnóstico de pocas páginas con fechas y con"),) * 4,
    ]
    make_file(make_document(title="Guía"), typeset_pdf(lines), folder=tmp_path)
    assert "obtiene</mark> · Un diagnóstico de pocas páginas" in search(client, "obtiene")


def test_contents_are_shown_after_pages(client, tmp_path):
    contents = "Índice " + " ".join(f"1.{n}. Memoria . . . . . . . . . . {n}" for n in range(40))
    pages = [contents, *["La memoria basta." + " Una frase larga más." * 20] * 2]
    make_file(make_document(title="Guía de equipos"), pdf_bytes(*pages), folder=tmp_path)
    assert re.findall(r"página (\d) de 3", search(client, "memoria")) == ["2", "3", "1"]


@pytest.mark.parametrize("query", ["humedales", '"de humedales"', "humedalles"])
def test_a_text_that_the_index_has_under_a_former_name_is_no_error(client, query):
    make_infographic(title="Lámina", text_alternative="Se habla de humedales.")
    doc = SearchDoc.objects.get()
    layout = re.sub(r'"tails":\["\w+"\]', '"tails":["former"]', doc.layout)
    assert layout != doc.layout
    SearchDoc.objects.update(layout=layout)
    assert "Lámina" in search(client, query)
