"""The page that lists and searches: hits, pages, corrections, orders, suggestions."""

import datetime as dt
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from resources.models import (
    LegalRelation,
    Organization,
    Resource,
    ResourceFile,
    SearchDoc,
    Synonym,
    Tag,
)
from tests.makers import (
    make_document,
    make_file,
    make_infographic,
    make_law,
    make_video,
    pdf_bytes,
)
from tests.search.asking import found, search

pytestmark = pytest.mark.django_db


def test_a_hit_leads_to_the_page_with_its_words_marked(client, guide):
    html = search(client, "presupuesto participativo")
    assert f'href="/recursos/{guide.slug}/archivos/guia.pdf#page=2">página 2 de 4' in html
    assert "<mark>presupuesto</mark> <mark>participativo</mark>" in html
    html = search(client, "presupuestos")
    assert "#page=2" in html
    assert "#page=4" in html
    assert "1 resultado" in html


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
    doc = SearchDoc.objects.get(pk=document.pk)
    assert doc.body.split("\n") == [
        "uno" if "uno" in doc.body else "",
        "alfabet",
        "abecedari",
        "diccionari",
    ]


def test_how_many_further_pages_answer(client, tmp_path):
    document = make_document(title="Largo")
    make_file(document, pdf_bytes(*(f"La palabra clave {n}" for n in range(9))), folder=tmp_path)
    html = search(client, "palabra clave")
    assert html.count("#page=") == 3
    assert "6 páginas más" in html
    inside = search(client, "palabra clave", recurso=document.slug)
    assert inside.count("#page=") == 9


def test_inside_a_resource_every_page_that_answers_can_be_reached(client, tmp_path, monkeypatch):
    monkeypatch.setattr("resources.views.results.PASSAGES_INSIDE", 3)
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


def test_without_filters_the_order_stays(client, guide):
    html = search(client, "presupuesto", tipo="documento", orden="titulo")
    assert 'href="/recursos/?q=presupuesto&amp;orden=titulo">Quitar todos' in html


def test_everything_that_is_said_to_be_searched_is(client, tmp_path):
    ministry = Organization.objects.create(name="Secretaría de Prueba", acronym="SDP")
    law = make_law(
        title="Ley de ejemplo",
        number="XYZ-2020-77",
        gazette="Registro Oficial Suplemento 909",
        issuer=ministry,
    )
    poster = make_infographic(
        title="Lámina", alt_text="Un tejado rojo", text_alternative="## Cimientos\n\nTexto de cal."
    )
    video = make_video(
        title="Grabación", transcript="Dijeron cosas sobre el páramo.", tags=("montaña",)
    )
    for query, resource in {
        "XYZ-2020-77": law, "suplemento 909": law, "secretaria de prueba": law, "SDP": law, "tejado": poster,
        "cimientos": poster, "paramo": video, "montanas": None, "montañas": video, "ejemplos": law,
    }.items():  # fmt: skip
        if resource:
            assert found(client, query) == [resource.slug], query


def test_a_result_shows_the_tag_or_the_entity_by_which_it_was_found(client):
    entity = Organization.objects.create(name="Asamblea Nacional")
    make_document(title="Guía", tags=("participación", "agua"), issuer=entity)
    html = search(client, "participar")
    assert '<mark>participación</mark> <a href="/etiquetas/participacion/">etiqueta' in html
    assert "<mark>Asamblea</mark> Nacional" in search(client, "asamblea")
    assert ">etiqueta<" not in search(client, "guía")


def test_a_law_is_found_by_the_citations_of_its_history_and_by_the_day_of_its_gazette(client):
    law = make_law(title="Ley uno", gazette="Suplemento 303", gazette_date=dt.date(2010, 10, 19))
    other = make_law(title="Ley dos")
    relation = LegalRelation.objects.create(
        source_citation="Ley 2004-34, Sexto Suplemento 229", verb="amends", target=law
    )
    for asked in ("2004-34", "sexto suplemento 229", "19 de octubre de 2010"):
        assert found(client, asked) == [law.slug]
    html = search(client, "octubre de 2010")
    assert "19 de <mark>octubre</mark> de <mark>2010</mark>" in html
    assert "datos de la norma" in html
    html = search(client, "2004-34")
    assert "<mark>2004-34</mark>" in html
    assert "historia y relaciones" in html
    relation.target = other
    relation.save()
    assert found(client, "2004-34") == [other.slug]
    relation.delete()
    assert found(client, "2004-34") == []


def test_an_abbreviation_of_two_letters_is_read_but_never_looked_for_instead(client):
    gazette = make_document(title="Registro Oficial")
    disk = make_document(title="Montar un disco ro")
    assert found(client, "registro oficial") == [gazette.slug]
    assert set(found(client, "RO")) == {gazette.slug, disk.slug}


def test_initials_find_a_title_and_synonyms_what_they_name(client):
    code = make_law(
        title="Código Orgánico de Organización Territorial, Autonomía y Descentralización"
    )
    town = make_document(title="Manual para municipios")
    assert found(client, "cootad") == [code.slug]
    assert found(client, "GAD") == [town.slug]
    Synonym.objects.create(words="municipio, ayuntamiento")
    assert found(client, "ayuntamientos") == [town.slug]


def test_irregular_forms_find_each_other_and_are_marked(client):
    make_document(title="Manual", summary="Para abrir datos hacen falta veedores.")
    html = search(client, "datos abiertos veeduría")
    for form in ("abrir", "datos", "veedores"):
        assert f"<mark>{form}</mark>" in html


@pytest.mark.parametrize("asked", ["2do plan", "2º plan", "2.º plan", "segundo plan", "II plan"])
def test_ordinals_are_found_however_they_are_written(client, asked):
    word = make_document(title="Segundo Plan de Acción")
    figure = make_document(title="Firma del 2do Plan", summary="Hoy rige el 2.º plan.")
    make_document(title="Primer Plan de Acción")
    assert set(found(client, asked)) == {word.slug, figure.slug}
    html = search(client, asked)
    assert "<mark>2do</mark>" in html
    assert "<mark>2.º</mark> <mark>plan</mark>" in html


def test_minus_leaves_out_and_quotes_hold_together(client):
    one = make_document(title="Agua potable")
    two = make_document(title="Agua de riego potable")
    assert set(found(client, "agua")) == {one.slug, two.slug}
    assert found(client, "agua -riego") == [one.slug]
    assert found(client, '"agua potable"') == [one.slug]


def test_any_word_when_no_resource_has_them_all(client, guide):
    html = search(client, "presupuesto inexistentísimo")
    assert "Ningún recurso tiene todas esas palabras" in html
    assert guide.slug in html


@pytest.mark.parametrize("per_page", [10, 1])
def test_words_strewn_over_a_long_file_do_not_hide_what_has_them_together(
    client, tmp_path, settings, per_page
):
    settings.HITS_PER_PAGE = per_page
    strewn = ("La lucha del motor", "contra el polvo", "El disco y la corrupción de datos")
    make_file(make_document(title="Manual"), pdf_bytes(*strewn), folder=tmp_path)
    near = make_document(title="Combate a la corrupción", slug="combate")
    assert near.slug in "".join(
        str(found(client, "lucha corrupción", pagina=page))
        for page in range(1, 3 if per_page == 1 else 2)
    )
    html = search(client, "lucha corrupción", orden="titulo")
    assert (
        "Ningún recurso tiene todas esas palabras juntas. Mostramos los que tienen alguna" in html
    )
    assert found(client, '"lucha" corrupción') == ["manual"]
    assert found(client, "motor polvo", recurso="manual") == ["manual"]


def test_words_on_one_page_or_partly_in_the_title_are_together(client, tmp_path):
    pages = ("El polvo del motor", "Otra página")
    make_file(make_document(title="Manual"), pdf_bytes(*pages), folder=tmp_path)
    make_document(title="Polvo")
    for asked in ("motor polvo", "manual motor"):
        assert found(client, asked) == ["manual"]
        assert "Ningún recurso tiene" not in search(client, asked)


def test_a_word_cut_in_two_is_joined_though_a_long_file_has_both_pieces(client, tmp_path):
    pages = ("Un filtro anti polvo", "La corrupción de datos")
    make_file(make_document(title="Manual"), pdf_bytes(*pages), folder=tmp_path)
    strategy = make_document(title="Estrategia Anticorrupción")
    assert found(client, "anti corrupcion") == [strategy.slug]
    assert "<strong>anticorrupcion</strong>" in search(client, "anti corrupcion")


def test_nothing_found_helps(client, guide):
    html = search(client, "zzzyyyxxx")
    assert "No encontramos nada para «zzzyyyxxx»" in html
    assert "/etiquetas/datos-abiertos/" in html
    assert re.search(r'¿Le hace falta un recurso.*?href="/reportar/"', html, re.S)


def test_words_side_by_side_in_a_body_come_before_scattered_ones_with_a_label(client, tmp_path):
    page = "El archivo guarda los registros ordenados por fecha."
    make_file(make_document(title="Memoria"), pdf_bytes(page), folder=tmp_path)
    scattered = ("El orden de la sesión", "Otra cosa", "El registro")
    law = make_law(title="Norma", tags=("Registro",))
    make_file(law, pdf_bytes(*scattered), folder=tmp_path)
    assert found(client, "registros ordenados") == ["memoria", "norma"]


def test_orders(client):
    now = timezone.now()
    old = make_document(title="A plan", published_at=now - timedelta(days=9))
    new = make_document(title="B plan", published_at=now - timedelta(days=1))
    assert found(client, "plan", orden="recientes") == [new.slug, old.slug]
    assert found(client, "plan", orden="titulo") == [old.slug, new.slug]
    assert len(found(client, "plan", orden="cualquiera")) == 2


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


def test_renaming_a_tag_or_an_entity_reaches_the_index(client, guide):
    tag = Tag.objects.get()
    tag.name = "Kilómetros"
    tag.save()
    assert found(client, "kilometro") == [guide.slug]
    Organization.objects.create(name="Vieja")
    Resource.objects.filter(pk=guide.pk).update(issuer=Organization.objects.get())
    Organization.objects.update(name="Novísima")
    assert found(client, "novisima") == [guide.slug]


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


def test_searched_text_is_escaped(client, tmp_path):
    document = make_document(title="<b>Plan</b>", summary="<img src=x onerror=alert(1)> plan")
    make_file(document, pdf_bytes("<script>alert(2)</script> plan"), folder=tmp_path)
    html = search(client, "plan")
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<b>" not in html.partition("<main")[2]


def test_suggestions_are_words_and_tags_of_what_is_public(client):
    make_document(title="Participación y datos", tags=("participación ciudadana",))
    assert client.get("/recursos/sugerencias?q=PARTICIPA").json() == {
        "sugerencias": ["participación", "participación ciudadana"]
    }
    assert client.get("/recursos/sugerencias?q=los+dat").json()["sugerencias"] == ["los datos"]
    assert client.get("/recursos/sugerencias?q=").json() == {"sugerencias": []}
    assert client.get("/recursos/sugerencias?q=parti&formato=opensearch").json()[0] == "parti"


def test_browsers_are_told_how_to_search(client, guide):
    assert 'href="/opensearch.xml"' in client.get("/").text
    answer = client.get("/opensearch.xml")
    assert answer["Content-Type"].startswith("application/opensearchdescription+xml")
    assert "/recursos/?q={searchTerms}" in answer.text


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


def test_what_was_left_out_can_be_taken_in_again(client):
    make_document(title="Datos de transparencia")
    html = search(client, 'transparencia -datos -"otra cosa"')
    assert "Pidió que no apareciera <strong>datos, otra cosa</strong>" in html
    assert 'href="/recursos/?q=transparencia">buscar sin excluir nada' in html
    assert "Pidió que no apareciera" not in search(client, "inexistente co-creación")


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


def test_a_word_kept_apart_by_capitals_alone_is_found_in_lower_case(client):
    document = make_document(title="Firma de #GobiernoAbiertoEc")
    for asked in ("gobiernoabiertoec", "#GobiernoAbiertoEc", "gobierno abierto"):
        assert found(client, asked) == [document.slug]


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
    client.get("/recursos/?q=presupuesto")  # synonyms are read once for each content_version
    with django_assert_max_num_queries(
        11 if connection.vendor == "sqlite" else 14
    ):  # PostgreSQL: each tier by itself, and which ids are new
        client.get("/recursos/?q=presupuesto+participativo")


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


def test_when_not_all_are_counted_the_figures_and_the_last_page_say_so(
    client, settings, monkeypatch
):
    settings.HITS_PER_PAGE = 2
    monkeypatch.setattr("resources.search.engines.Engine.cap", lambda *_: 3)
    for n in range(5):
        make_document(title=f"Agua {n}", language="es" if n else "qu")
    html = search(client, "agua")
    assert "Más de 3 resultados" in html
    assert "Las cifras cuentan solo los primeros 3 resultados" in html
    assert "acote la búsqueda" not in html
    assert "acote la búsqueda" in search(client, "agua", pagina=2)
    monkeypatch.undo()
    assert "Las cifras cuentan" not in search(client, "agua")


def test_inside_a_resource_there_is_only_what_makes_sense_there(client, tmp_path):
    document = make_document(title="Memoria", tags=("Agua", "Riego"))
    make_file(document, pdf_bytes("acta"), folder=tmp_path)
    html = search(client, "acta", recurso="memoria")
    assert "Ordenar por" not in html
    assert 'aria-label="Filtros"' not in html
    assert re.search(r'<label class="vh" for="q">Buscar dentro de este recurso</label>', html)
    filtered = search(client, "acta", recurso="memoria", tipo="documento")
    assert 'href="/recursos/?q=acta&amp;recurso=memoria">Quitar todos' in filtered
    nothing = search(client, "inexistente", recurso="memoria")
    assert "No encontramos nada" in nothing
    assert "sin filtros" not in nothing


def test_on_paper_a_list_says_what_was_asked(client):
    make_document(title="Agua")
    html = search(client, "agua", tipo="documento")
    assert '<p class="on-paper">Se buscó: agua · Tipo: Documento</p>' in html
    assert "on-paper" not in search(client)


def test_a_list_of_tags_that_is_cut_says_so(client, monkeypatch):
    monkeypatch.setattr("resources.catalog.facets.MOST", 12)
    make_document(title="Agua", tags=[f"tema {n:02}" for n in range(15)])
    assert "4 más (las más usadas)" in search(client)
    monkeypatch.setattr("resources.catalog.facets.MOST", 60)
    assert "7 más<" in search(client, "agua")
