"""The page that lists and searches: hits, pages, facets, corrections, and what is never found."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from resources.models import Organization, Resource, ResourceFile, SearchDoc, Synonym, Tag
from resources.publishing.files import withhold
from resources.publishing.settle import settle
from resources.publishing.workflow import move_to_bin, restore, withdraw
from tests.makers import (
    make_document,
    make_editor,
    make_file,
    make_infographic,
    make_law,
    make_section,
    make_video,
    pdf_bytes,
)

pytestmark = pytest.mark.django_db


def search(client, query="", **params):
    answer = client.get("/recursos/", {"q": query} | params if query else params)
    assert answer.status_code == 200
    return answer.text


def found(client, query="", **params) -> list[str]:
    """Return the slugs of the results, in order."""
    html = search(client, query, **params).partition('<div class="find')[2] or search(
        client, query, **params
    )
    return re.findall(r'class="card-title"><a href="/recursos/([\w-]+)/"', html)


@pytest.fixture
def guide(tmp_path):
    """A document of four pages."""
    guide = make_document(
        title="Guía de prueba", summary="Un resumen cualquiera.", tags=("datos abiertos",)
    )
    pages = (
        "Portada",
        "El presupuesto participativo se explica",
        "La veeduría vigila la obra",
        "Otra vez el presupuesto",
    )
    make_file(guide, pdf_bytes(*pages), folder=tmp_path)
    return guide


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


def test_initials_find_a_title_and_synonyms_what_they_name(client):
    code = make_law(
        title="Código Orgánico de Organización Territorial, Autonomía y Descentralización"
    )
    town = make_document(title="Manual para municipios")
    assert found(client, "cootad") == [code.slug]
    assert found(client, "GAD") == [town.slug]
    Synonym.objects.create(words="municipio, ayuntamiento")
    assert found(client, "ayuntamientos") == [town.slug]


def test_minus_leaves_out_and_quotes_hold_together(client):
    one = make_document(title="Agua potable")
    two = make_document(title="Agua de riego potable")
    assert set(found(client, "agua")) == {one.slug, two.slug}
    assert found(client, "agua -riego") == [one.slug]
    assert found(client, '"agua potable"') == [one.slug]


def test_a_typing_error_is_corrected_openly(client, guide):
    html = search(client, "presupuezto")
    assert "Mostramos resultados de <strong>presupuesto</strong>" in html
    assert "buscar exactamente «presupuezto»" in html
    exact = re.search(r'href="([^"]+)" rel="nofollow"', html)[1].replace("&amp;", "&")
    assert "No encontramos nada" in client.get(exact).text


def test_any_word_when_no_resource_has_them_all(client, guide):
    html = search(client, "presupuesto inexistentísimo")
    assert "Ningún recurso tiene todas esas palabras" in html
    assert guide.slug in html


def test_nothing_found_helps(client, guide):
    html = search(client, "zzzyyyxxx")
    assert "No encontramos nada para «zzzyyyxxx»" in html
    assert "/etiquetas/datos-abiertos/" in html
    assert "¿Le hace falta un recurso" in html


def test_facets_count_and_respect_each_other(client):
    section = make_section(title="Guías")
    make_document(
        title="Plan uno",
        section=section,
        tags=("agua",),
        issued_on="2020-01-01",
        issued_on_precision="year",
    )
    make_document(title="Plan dos", section=section)
    make_video(title="Plan tres", tags=("agua",))
    html = search(client, "plan", tipo="documento")
    assert (
        found(client, "plan", tipo="documento")
        and len(found(client, "plan", tipo="documento")) == 2
    )
    values = re.findall(
        r'type="checkbox" name="(\w+)" value="([\w-]+)"( checked)?>.*?class="num">(\d+)', html, re.S
    )
    assert ("tipo", "documento", " checked", "2") in values
    assert ("tipo", "video", "", "1") in values
    assert ("anio", "2020", "", "1") in values
    assert ("anio", "sin-fecha", "", "1") in values
    assert "Quitar tipo: " in html
    assert len(found(client, "plan", tipo=["documento", "video"], etiqueta="agua")) == 2


@pytest.mark.parametrize("value", ["no-existe", "a\0b", "'", "%", "9" * 30, "<b>"])
def test_a_filter_that_does_not_exist_is_a_clear_empty_page(client, guide, value):
    names = (
        "tipo",
        "seccion",
        "etiqueta",
        "entidad",
        "anio",
        "vigencia",
        "formato",
        "idioma",
        "accesible",
        "recurso",
    )
    for name in names:
        nothing_of(client, name, value)


def nothing_of(client, name, value):
    html = search(client, "presupuesto", **{name: value})
    assert "No encontramos nada" in html
    assert "<b>" not in html
    assert "Ningún recurso cumple" in search(client, **{name: value})


def test_filters_by_entity_force_format_language_and_accessibility(client, tmp_path):
    entity = Organization.objects.create(name="Asamblea Nacional")
    law = make_law(title="Ley uno", issuer=entity)
    make_file(law, folder=tmp_path, accessible=True)
    make_document(title="Guía", language="qu")
    for params in (
        {"entidad": "asamblea-nacional"},
        {"vigencia": "por-verificar"},
        {"formato": "pdf"},
        {"accesible": "si"},
    ):
        assert found(client, **params) == [law.slug], params
    assert found(client, idioma="qu") == ["guia"]


def test_orders(client):
    now = timezone.now()
    old = make_document(title="A plan", published_at=now - timedelta(days=9))
    new = make_document(title="B plan", published_at=now - timedelta(days=1))
    assert found(client, "plan", orden="recientes") == [new.slug, old.slug]
    assert found(client, "plan", orden="titulo") == [old.slug, new.slug]
    assert len(found(client, "plan", orden="cualquiera")) == 2


def test_pages_of_results_have_addresses_of_their_own(client, settings):
    settings.RESULTS_PER_PAGE = 2
    for n in range(5):
        make_document(title=f"Plan {n}")
    html = search(client, "plan")
    assert 'href="?q=plan&amp;pagina=2"' in html
    assert len(found(client, "plan", pagina="3")) == 1
    assert client.get("/recursos/?q=plan&pagina=4").status_code == 404
    assert client.get("/recursos/?q=plan&pagina=99999999999999999999").status_code == 404


def test_filtered_pages_are_not_for_indexes_and_name_the_whole_list(client, guide):
    html = search(client, "presupuesto")
    assert '<meta name="robots" content="noindex, follow">' in html
    assert re.search(r'<link rel="canonical" href="[^"]+/recursos/">', html)
    assert "noindex" not in search(client)


def hide_draft(resource):
    resource.status = "draft"
    resource.save()


HIDINGS = {
    "draft": hide_draft,
    "withdrawn": lambda r: withdraw(r, "Ya no."),
    "binned": move_to_bin,
    "scheduled": lambda r: Resource.objects.filter(pk=r.pk).update(
        published_at=timezone.now() + timedelta(days=1)
    ),
    "expired": lambda r: Resource.objects.filter(pk=r.pk).update(
        published_at=timezone.now() - timedelta(days=2),
        withdraw_at=timezone.now() - timedelta(days=1),
    ),
    "deleted": lambda r: r.delete(),
}


@pytest.mark.parametrize("hide", HIDINGS.values(), ids=HIDINGS)
def test_what_a_visitor_may_not_see_is_nowhere_in_search(client, guide, hide):
    neighbour = make_document(title="Guía vecina", tags=("datos abiertos",))
    assert found(client, "veeduría") == [guide.slug]
    hide(guide.specific)
    for query in ("veeduría", "veeduria obra", '"presupuesto participativo"', "-nada", "veedurya"):
        assert guide.slug not in search(client, query)
    for params in (
        {},
        {"tipo": "documento"},
        {"recurso": guide.slug},
        {"orden": "titulo"},
        {"etiqueta": "datos-abiertos"},
    ):
        assert f'href="/recursos/{guide.slug}/' not in search(client, **params)
    assert "Guía de prueba" not in client.get(neighbour.get_absolute_url()).text
    assert "cualquiera" not in client.get("/recursos/sugerencias?q=cualq").text
    client.force_login(make_editor())
    assert found(client, "veeduría") == []


def test_the_clock_hides_and_shows_before_anything_is_settled(client, guide, freeze, monkeypatch):
    now = timezone.now()
    Resource.objects.filter(pk=guide.pk).update(
        published_at=now + timedelta(hours=1), withdraw_at=now + timedelta(hours=2)
    )
    monkeypatch.setattr("resources.middleware.settle", lambda instant: None)
    for hours, expected in ((0, []), (1.5, [guide.slug]), (2.5, [])):
        freeze(now + timedelta(hours=hours))
        assert found(client, "veeduría") == expected


def test_what_was_scheduled_is_suggested_from_its_instant_on(client, freeze):
    due = timezone.now() + timedelta(hours=1)
    make_document(title="Jacarandá", published_at=due)
    assert "jacarand" not in client.get("/recursos/sugerencias?q=jaca").text.lower()
    freeze(due + timedelta(seconds=1))
    settle(due + timedelta(seconds=1))
    assert "jacarand" in client.get("/recursos/sugerencias?q=jaca").text.lower()


def test_a_superseded_or_withheld_version_is_not_found(client, guide, tmp_path):
    slot = guide.files.get()
    version = make_file(
        guide, pdf_bytes("Solo esto"), folder=tmp_path, slot=slot, note="Corrección"
    )
    assert found(client, "veeduría") == []
    assert found(client, "solo esto corregido guía") or found(client, '"guía de prueba"') == [
        guide.slug
    ]
    withhold(version, reason="Datos personales", user=None)
    assert "#page=" not in search(client, "guía")


def test_what_is_restored_is_found_again(client, guide):
    move_to_bin(guide)
    restore(guide)
    assert found(client, "veeduría") == [guide.slug]


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
        9 if connection.vendor == "sqlite" else 11
    ):  # PostgreSQL: each tier by itself
        client.get("/recursos/?q=presupuesto+participativo")
