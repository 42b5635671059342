"""Searching inside one resource: each page that answers, and only what makes sense there."""

import re

import pytest

from tests.makers import (
    make_document,
    make_file,
    pdf_bytes,
)
from tests.search.asking import found, search

pytestmark = pytest.mark.django_db


def test_how_many_further_pages_answer(client, tmp_path):
    document = make_document(title="Largo")
    make_file(document, pdf_bytes(*(f"La palabra clave {n}" for n in range(9))), folder=tmp_path)
    html = search(client, "palabra clave")
    assert html.count("#page=") == 3
    assert "6 páginas más" in html
    inside = search(client, "palabra clave", recurso=document.slug)
    assert inside.count("#page=") == 9


def test_inside_a_resource_every_page_that_answers_can_be_reached(client, tmp_path, monkeypatch):
    monkeypatch.setattr("resources.views.search.HIGHLIGHTS_INSIDE", 3)
    document = make_document(title="Memoria")
    make_file(document, pdf_bytes(*(f"acta {n}" for n in range(1, 9))), folder=tmp_path)
    shown = []
    for number in (1, 2, 3):
        html = search(client, "acta", recurso="memoria", pagina=number)
        assert "8 resultados" in html
        assert "páginas más" not in html
        shown += re.findall(r"#page=(\d+)", html)
    assert shown == [str(n) for n in range(1, 9)]
    wrong = client.get("/recursos/?q=acta&recurso=memoria&pagina=4")
    assert wrong.status_code == 404
    assert "1 resultado" in search(client, "memoria", recurso="memoria")


def test_a_resource_that_is_not_there_is_said_to_be_so_and_the_words_are_kept(client, guide):
    html = search(client, "presupuesto", recurso="no-existe")
    assert "no existe o ya no está publicado" in html
    assert 'href="/recursos/?q=presupuesto">Buscar «presupuesto» en todos los recursos' in html


def test_inside_a_resource_minus_leaves_pages_out(client, tmp_path):
    document = make_document(title="Memoria")
    pages = ["Acta de sesión", "Acta con anexo", "Acta final", "Anexo de planos"]
    make_file(document, pdf_bytes(*pages), "m.pdf", folder=tmp_path)
    html = search(client, "acta -anexo", recurso="memoria")
    assert re.findall(r"página (\d) de 4", html) == ["1", "3"]
    assert "2 resultados" in html
    assert found(client, "acta -anexo") == [], "elsewhere the whole resource is left out"
    html = search(client, "plano -anexo", recurso="memoria")
    assert "No encontramos nada" in html


def test_pages_that_have_only_some_of_the_words_are_not_said_to_have_all(client, tmp_path):
    document = make_document(title="Memoria")
    make_file(document, pdf_bytes(*["riego"] * 5, *["páramo"] * 5), "m.pdf", folder=tmp_path)
    assert "con alguna de estas palabras en" in search(client, "riego páramo")
    assert "con estas palabras en" in search(client, "riego")
    inside = search(client, "riego páramo", recurso="memoria")
    assert "Ninguna página tiene todas esas palabras" in inside
    assert "Ninguna página" not in search(client, "riego", recurso="memoria")
    lacking = search(client, "riego volcán", recurso="memoria")
    assert "Este recurso no tiene todas esas palabras" in lacking


def test_nothing_found_inside_a_resource_is_said_of_that_resource(client, guide):
    make_document(title="Volcanes")
    html = search(client, "volcanes", recurso=guide.slug)
    assert "No encontramos nada para «volcanes» en este recurso" in html
    advice = html.partition('<ul class="advice">')[2].partition("</ul>")[0]
    assert 'href="/recursos/?q=volcanes">Buscar «volcanes» en todos los recursos' in advice
    assert "¿Le hace falta un recurso" not in html
    assert "Escriba lo que busca" not in html
    assert "Escriba lo que busca" in search(client, recurso=guide.slug)


def test_words_of_other_resources_are_not_suggested_where_one_is_searched(client, guide):
    for html in (client.get(guide.get_absolute_url()).text, search(client, recurso=guide.slug)):
        form = re.search(r'<form class="search" .*?</form>', html, re.S)[0]
        assert "data-suggest" not in form
        assert "required" in form
    assert "data-suggest" in search(client).partition('<div class="wrap find">')[2]


def test_two_files_are_searched_by_one_box_after_them(client, guide, tmp_path):
    def order():
        html = client.get(guide.get_absolute_url()).text
        assert html.count('id="q-dentro"') == 1
        return html.index('id="q-dentro"') < html.index("Huella digital")

    assert order()
    make_file(guide, pdf_bytes("anexo"), "anexo.pdf", role="annex", folder=tmp_path)
    assert not order()
    assert "Buscar dentro de estos archivos" in client.get(guide.get_absolute_url()).text


def test_inside_a_resource_there_is_only_what_makes_sense_there(client, tmp_path):
    document = make_document(title="Memoria", tags=("Agua", "Riego"))
    make_file(document, pdf_bytes("acta"), folder=tmp_path)
    html = search(client, "acta", recurso="memoria")
    assert "Ordenar por" not in html
    assert "lector de noticias" not in html
    assert 'aria-label="Filtros"' not in html
    assert re.search(r'<label class="vh" for="q">Buscar dentro de este recurso</label>', html)
    filtered = search(client, "acta", recurso="memoria", tipo="documento")
    assert 'href="/recursos/?q=acta&amp;recurso=memoria">Quitar todos' in filtered
    nothing = search(client, "inexistente", recurso="memoria")
    assert "No encontramos nada" in nothing
    assert "sin filtros" not in nothing
