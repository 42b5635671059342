"""The page that lists and searches: pages, orders, nothing found, and what the page says of it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.makers import (
    make_document,
)
from tests.search.asking import found, search

pytestmark = pytest.mark.django_db


def test_without_filters_the_order_stays(client, guide):
    html = search(client, "presupuesto", tipo="documento", orden="titulo")
    assert 'href="/recursos/?q=presupuesto&amp;orden=titulo">Quitar todos' in html


def test_title_and_announcement_say_what_was_answered(client, guide):
    def said(query="", **params):
        html = search(client, query, **params)
        title = re.search(r"<title>(.*?) ·", html)[1]
        return title, re.search(r'data-announce="(.*?)"', html)[1]

    make_document(title="Plan")
    assert said("presupuesto") == ("Buscar «presupuesto»: 1 resultado", "1 resultado")
    title, announced = said("presupuestto")
    assert title == "Buscar «presupuestto»: 1 resultado de «presupuesto»"
    assert announced == "1 resultado de presupuesto, no de presupuestto"
    assert said("presupuesto volcanes")[1] == "1 resultado con alguna de las palabras"
    assert said("zzzyyyxxx")[1] == "0 resultados. Pruebe con otras palabras"
    nothing = said("zzzyyyxxx", tipo="documento")
    assert nothing[1] == "0 resultados. Pruebe con otras palabras o menos filtros"
    assert said(tipo="video")[1] == "0 recursos. Pruebe con menos filtros"
    assert said(orden="titulo") == ("Todos los recursos", "2 recursos")
    inside = said("presupuesto", recurso=guide.slug)[0]
    assert inside == f"Buscar «presupuesto» en {guide.title[:30]}: 2 resultados"


def test_nothing_found_helps(client, guide):
    html = search(client, "zzzyyyxxx")
    assert "No encontramos nada para «zzzyyyxxx»" in html
    assert "/etiquetas/datos-abiertos/" in html
    assert re.search(r'¿Le hace falta un recurso.*?href="/reportar/"', html, re.S)


def test_where_nothing_was_found_only_tags_of_what_is_public_are_offered(client):
    hours = timedelta(hours=1)
    make_document(tags=("público",))
    make_document(tags=("caso Quintanilla",), status="draft")
    make_document(tags=("retirada",), status="withdrawn")
    make_document(tags=("mañana",), published_at=timezone.now() + hours)
    html = search(client, "zzzyyyxxx")
    assert re.findall(r'class="tag" href="/etiquetas/([\w-]+)/"', html) == ["publico"]


def test_the_tags_that_are_offered_are_those_that_most_of_what_is_public_carries(client):
    make_document(tags=("agua", "riego"))
    make_document(tags=("riego",))
    for _ in range(3):
        make_document(tags=("agua",), status="draft")
    html = search(client, "zzzyyyxxx")
    assert re.findall(r'class="tag" href="/etiquetas/([\w-]+)/"', html) == ["riego", "agua"]


def feeds_of(client, query="", **params):
    """Return the addresses of this list's own feed that the page tells browsers of, and people."""
    html = search(client, query, **params)
    told = re.findall(r'title="Novedades de esta búsqueda" href="([^"]+)"', html)
    return told + re.findall(r'<a href="(/recursos.atom[^"]*)"', html)


def test_a_corrected_search_is_followed_by_the_words_that_were_answered(client, guide):
    for address in (feeds := feeds_of(client, "presupuezto", tipo="documento", orden="titulo")):
        assert address.endswith("?q=presupuesto&amp;tipo=documento")
        assert guide.title in client.get(address.replace("&amp;", "&")).text
    assert len(feeds) == 2


def test_what_a_feed_would_answer_otherwise_is_not_followed(client, guide):
    assert feeds_of(client, "presupuesto inexistentísimo") == [], "any of the words"
    assert feeds_of(client, "presupuesto -anexo", recurso=guide.slug) == [], "without some pages"
    assert len(feeds_of(client, "presupuesto participativo")) == 2
    assert len(feeds_of(client)) == 1, "all that is new"


def test_orders(client):
    now = timezone.now()
    old = make_document(title="A plan", published_at=now - timedelta(days=9))
    new = make_document(title="B plan", published_at=now - timedelta(days=1))
    assert found(client, "plan", orden="recientes") == [new.slug, old.slug]
    assert found(client, "plan", orden="titulo") == [old.slug, new.slug]
    assert len(found(client, "plan", orden="cualquiera")) == 2


@pytest.mark.parametrize(
    ("query", "order", "offered"),
    [
        ("plan", {}, ["Relevancia*", "Más recientes", "Título"]),
        ("plan", {"orden": "titulo"}, ["Relevancia", "Más recientes", "Título*"]),
        ("", {}, ["Orden del portal*", "Más recientes", "Título"]),
        ("-plan", {}, ["Más recientes*", "Título"]),
        ("-plan", {"orden": "titulo"}, ["Más recientes", "Título*"]),
    ],
)
def test_the_orders_that_are_offered_suit_what_was_asked(client, query, order, offered):
    make_document(title="Plan")
    make_document(title="Guía")
    html = search(client, query, **order)
    options = re.search(r'<select class="input" id="orden".*?</select>', html, re.DOTALL)[0]
    found = re.findall(r"<option[^>]*?( selected)?>([^<]+)<", options)
    assert [name + ("*" if is_on else "") for is_on, name in found] == offered


def test_pages_of_results_have_addresses_of_their_own(client, settings):
    settings.RESULTS_PER_PAGE = settings.HITS_PER_PAGE = 2
    for n in range(5):
        make_document(title=f"Plan {n}")
    html = search(client, "plan")
    assert 'href="/recursos/?q=plan&amp;pagina=2"' in html
    assert 'href="/recursos/?q=plan"' in search(client, "plan", pagina="2")
    assert 'href="/recursos/"' in search(client, pagina="2"), "the first page has one address"
    assert len(found(client, "plan", pagina="3")) == 1
    assert client.get("/recursos/?q=plan&pagina=4").status_code == 404
    assert client.get("/recursos/?q=plan&pagina=99999999999999999999").status_code == 404
    lost = client.get("/recursos/?q=plan&pagina=4").text
    assert "Esta lista tiene 3 páginas: la 4 no existe." in lost
    assert '<a href="/recursos/?q=plan">Ver la primera página' in lost


def test_a_page_that_the_catalogue_has_not_is_not_computed(client):
    make_document(title="Plan")
    for asked in ({}, {"tipo": "documento"}):
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/recursos/", asked | {"pagina": 9999}).status_code == 404
        assert not [query["sql"] for query in queries if " OFFSET " in (query["sql"] or "")]


@pytest.mark.parametrize("asked", ["plan", "plan riego", "-fuego", "plan -fuego"])
def test_the_order_is_the_same_however_many_a_page_shows(client, settings, asked):
    for n in range(25):
        make_document(title=f"Plan {n}", summary="De riego" * (n % 3), tags=("Riego",) * (n % 2))
    settings.HITS_PER_PAGE = 30
    whole = found(client, asked)
    assert len(set(whole)) == len(whole) > 16
    settings.HITS_PER_PAGE = 4
    numbers = range(1, len(whole) // 4 + (len(whole) % 4 > 0) + 1)
    pages = [found(client, asked, pagina=str(number)) for number in numbers]
    assert [slug for page in pages for slug in page] == whole
    one = client.get("/api/v1/recursos", {"q": asked, "por_pagina": 1, "pagina": 3}).json()
    assert [row["slug"] for row in one["recursos"]] == whole[2:3]


ODD = [
    '"', '""', "«", "'", "\\", "%", "%%s", "*", "a*", "NEAR(", "AND", "OR NOT", "NOT", "title:x", "{title}: a", "^a", "a + b", "(a", "a)", ":", "-",
    "--", "-a", '-"', "\0", "a\0b", "\x01\x02", "\r\n", "\ud7ff", "🙂🙂", "政府", "حكومة مفتوحة", "\u202eabc\u202c", "עברית", "а" * 500,
    "a" * 4000, "de la el", "¿?", "<script>alert(1)</script>", "{{ 7|add:7 }}", "1=1; DROP TABLE x", "x_every", "f_pdf", "٣٤", "²", "ｆｕｌｌ", "n\u0303",
    " ".join(f"palabra{n}" for n in range(300)), '"' + "plan " * 200 + '"', "a-b-c-d-e-f-g-h-i-j-k" * 20,
]  # fmt: skip


def test_any_input_is_safe(client, guide):
    for query in ODD:
        html = search(client, query)
        assert html.count("<h1") == 1, query
        assert "<script>alert" not in html, query
        assert client.get("/recursos/sugerencias", {"q": query}).status_code == 200, query


def test_browsers_are_told_how_to_search(client, guide):
    assert 'href="/opensearch.xml"' in client.get("/").text
    answer = client.get("/opensearch.xml")
    assert answer["Content-Type"].startswith("application/opensearchdescription+xml")
    assert "/recursos/?q={searchTerms}" in answer.text


def test_what_was_left_out_can_be_taken_in_again(client):
    make_document(title="Datos de transparencia")
    html = search(client, 'transparencia -datos -"otra cosa"')
    assert "Pidió que no apareciera <strong>datos, otra cosa</strong>" in html
    assert 'href="/recursos/?q=transparencia">buscar sin excluir nada' in html
    assert "Pidió que no apareciera" not in search(client, "inexistente co-creación")


@pytest.mark.parametrize("query", ['-""', "-«»", "-“”", '-"" -""', '-"" inexistentísimo'])
def test_nothing_in_quotes_leaves_nothing_out(client, query):
    assert "No encontramos nada" in search(client, query)


def test_every_page_has_a_search_box_and_a_resource_one_for_inside(client, guide):
    for path in (
        "/",
        "/recursos/",
        guide.get_absolute_url(),
        f"/secciones/{guide.section.slug}/",
        "/nada/",
    ):
        assert 'role="search"' in client.get(path).text
    html = client.get(guide.get_absolute_url()).text
    assert f'name="recurso" value="{guide.slug}"' in html
    assert "Buscar dentro de este archivo" in html


def test_related_resources_are_three_at_least_and_never_itself(client):
    documents = [
        make_document(title=f"Plan {n}", tags=("agua",) if n < 3 else ()) for n in range(6)
    ]
    make_document(title="Plan oculto", tags=("agua",), status="draft")
    html = client.get(documents[0].get_absolute_url()).text
    related = re.findall(r'class="card-title"><a href="/recursos/([\w-]+)/"', html)
    assert len(related) >= 3
    assert set(related[:2]) == {"plan-1", "plan-2"}
    assert not {"plan-0", "plan-oculto"} & set(related)


def test_a_search_costs_few_queries(client, guide, django_assert_max_num_queries):
    client.get("/recursos/?q=presupuesto")
    budget = 19 if connection.vendor == "sqlite" else 21  # PostgreSQL: each tier by itself
    with django_assert_max_num_queries(budget):  # six for what may have been meant
        client.get("/recursos/?q=presupuesto+participativo")
    for n in range(3):
        make_document(title=f"Presupuesto participativo {n}")
    client.get("/recursos/?q=presupuesto")
    with django_assert_max_num_queries(budget - 6):
        client.get("/recursos/?q=presupuesto+participativo")


@pytest.mark.uncached("changes a constant, which no version counts")
def test_when_not_all_are_counted_the_figures_and_the_last_page_say_so(
    client, settings, monkeypatch
):
    settings.HITS_PER_PAGE = 2
    monkeypatch.setattr("search.backends.base.Backend.scan_limit", lambda *_: 3)
    for n in range(5):
        make_document(title=f"Agua {n}", language="es" if n else "qu")
    html = search(client, "agua")
    assert "Más de 3 resultados" in html
    assert "Las cifras cuentan solo los primeros 3 resultados" in html
    assert "acote la búsqueda" not in html
    assert "acote la búsqueda" in search(client, "agua", pagina=2)
    monkeypatch.undo()
    assert "Las cifras cuentan" not in search(client, "agua")


def test_on_paper_a_list_says_what_was_asked(client):
    make_document(title="Agua")
    html = search(client, "agua", tipo="documento")
    assert '<p class="on-paper">Se buscó: agua · Tipo: Documento</p>' in html
    assert "on-paper" not in search(client)


def test_a_list_of_tags_that_is_cut_says_so(client, monkeypatch):
    monkeypatch.setattr("search.facets.MOST", 12)
    make_document(title="Agua", tags=[f"tema {n:02}" for n in range(15)])
    make_document(title="Agua sin tema")
    assert "4 más (solo las más frecuentes)" in search(client)
    monkeypatch.setattr("search.facets.MOST", 60)
    assert "7 más<" in search(client, "agua")


def test_a_question_that_is_read_in_part_says_so(client):
    make_document(title="Plan de agua")
    long = "Buscamos solo sus primeros 400 caracteres"
    assert long in search(client, "agua " * 100)
    assert long in search(client, "palabra " * 60)  # nothing is found
    assert long not in search(client, "agua     " * 79)
