"""What each page says to programs: JSON-LD, Link headers, where robots may go."""

import json
import re
from datetime import date

import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import RDF

from resources.identifiers import resource_iri
from resources.kinds.legislation.models import LegalInstrument, LegalRelation
from resources.models import Page
from tests.makers import make_document, make_editor, make_infographic, make_law
from tests.open.conftest import CHECKED

SITE = "http://127.0.0.1:8000"
SCHEMA = Namespace("http://schema.org/")


def told(client, path: str) -> dict:
    """Return the one JSON-LD document of a page."""
    found = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', client.get(path).text, re.S
    )
    assert len(found) == 1, path
    document = json.loads(found[0])
    assert document["@context"] == "https://schema.org"
    return document


def node(client, path: str, kind: str) -> dict:
    document = told(client, path)
    (found,) = (n for n in document.get("@graph", [document]) if n["@type"] == kind)
    return found


def test_every_page_says_what_it_is(client, things):
    Page.objects.create(slug="acerca", title="Acerca", body="Un portal.")
    kinds = {
        "/": "CollectionPage",
        "/secciones/laminas/": "CollectionPage",
        "/etiquetas/datos/": "CollectionPage",
        "/recursos/": "CollectionPage",
        "/acerca/": "WebPage",
        "/novedades/": "WebPage",
        "/verificar/": "WebPage",
        "/solicitar/": "WebPage",
        "/reportar/": "WebPage",
        "/api/v1/": "WebPage",
        things.infographic.get_absolute_url(): "ImageObject",
        things.document.get_absolute_url(): "DigitalDocument",
        things.law.get_absolute_url(): "Legislation",
        things.video.get_absolute_url(): "VideoObject",
    }
    for path, kind in kinds.items():
        assert node(client, path, kind)
        if path != "/":
            steps = node(client, path, "BreadcrumbList")["itemListElement"]
            assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
            assert steps[0]["item"] == f"{SITE}/"


def test_a_list_names_what_it_shows_in_its_order(client, things):
    items = node(client, "/secciones/laminas/", "CollectionPage")["mainEntity"]["itemListElement"]
    assert [item["url"].split("/")[-2] for item in items] == ["los-pilares", "por-enlazar", "voces"]
    home = told(client, "/")["mainEntity"]["itemListElement"]
    assert [item["url"] for item in home] == [
        f"{SITE}/secciones/laminas/",
        f"{SITE}/secciones/guias-y-leyes/",
    ]


def iri_of(resource) -> str:
    return resource_iri(resource.pk, resource.created)


def test_a_law_is_legislation_with_its_official_file_alone(client, things):
    law = node(client, things.law.get_absolute_url(), "Legislation")
    assert law["legislationIdentifier"] == "Registro Oficial Suplemento 337, de 18 de mayo de 2004"
    assert law["legislationType"] == "Ley orgánica"
    assert law["legislationLegalForce"] == "https://schema.org/InForce"
    assert law["legislationPassedBy"]["name"] == "Asamblea Nacional"
    assert law["temporalCoverage"] == "2004-06-01/.."
    assert law["legislationRepeals"] == [{"@type": "Legislation", "name": "Ley anterior"}]
    (amended,) = law["legislationAmends"]
    assert amended["@id"] == iri_of(things.unchecked)
    version = things.law.files.get(file_name="ley.pdf").current
    (file,) = law["encoding"]
    assert file["@type"] == "LegislationObject"
    assert file["encodingFormat"] == "application/pdf"
    assert file["contentSize"] == f"{version.size} B"
    assert file["sha256"] == version.sha256


def test_a_law_is_told_of_what_acts_upon_it_and_of_no_end_that_nobody_knows(client, things):
    old = make_law(title="Ley antigua", in_force_on=date(1999, 1, 1), **CHECKED)
    LegalRelation.objects.create(source=things.law, verb="repeals", target=old)
    LegalRelation.objects.create(
        source_citation="Ley externa", source_url="https://example.org/7", verb="amends", target=old
    )
    law = node(client, old.get_absolute_url(), "Legislation")
    assert law["legislationLegalForce"] == "https://schema.org/NotInForce"
    assert "temporalCoverage" not in law
    (repealing,) = law["@reverse"]["legislationRepeals"]
    assert repealing["@id"] == iri_of(things.law)
    (amending,) = law["@reverse"]["legislationAmends"]
    assert (amending["@id"], amending["name"]) == ("https://example.org/7", "Ley externa")
    document = told(client, old.get_absolute_url()) | {"@context": {"@vocab": str(SCHEMA)}}
    graph = Graph().parse(data=json.dumps(document), format="json-ld")
    assert (
        URIRef(repealing["@id"]),
        SCHEMA.legislationRepeals,
        URIRef(iri_of(old)),
    ) in graph
    LegalInstrument.objects.get(pk=old.pk).delete()
    old = make_law(
        title="Otra", in_force_on=date(1999, 1, 1), repealed_on=date(2004, 6, 1), **CHECKED
    )
    law = node(client, old.get_absolute_url(), "Legislation")
    assert law["temporalCoverage"] == "1999-01-01/2004-06-01"


def test_of_a_law_that_nobody_checked_no_force_is_claimed(client, things):
    law = node(client, things.unchecked.get_absolute_url(), "Legislation")
    assert law["legislationIdentifier"] == "MIES-2020-7"
    assert "legislationLegalForce" not in law
    assert "encoding" not in law
    assert "acuerdo.pdf" not in json.dumps(law)


def test_it_is_linked_data_that_others_read(client, things):
    """With the context that schema.org itself would give, reduced to its vocabulary: nothing is fetched."""
    for resource in things.shown:
        document = told(client, resource.get_absolute_url()) | {"@context": {"@vocab": str(SCHEMA)}}
        graph = Graph().parse(data=json.dumps(document), format="json-ld")
        assert len(list(graph.subjects(RDF.type, SCHEMA.BreadcrumbList))) == 1
        iri = URIRef(iri_of(resource))
        assert str(graph.value(iri, SCHEMA.name)) == resource.title


def test_editors_texts_cannot_end_the_script(client, db):
    evil = "</script><script>alert(1)</script><!-- & ' \" \u2028"
    resource = make_infographic(title=evil, summary=evil, tags=(evil,))
    html = client.get(resource.get_absolute_url()).text
    assert "<script>alert" not in html
    assert "\u2028" not in re.search(r"ld\+json\">(.*?)</script>", html, re.S)[1]
    assert node(client, resource.get_absolute_url(), "ImageObject")["name"] == evil


def test_a_draft_says_nothing_to_machines(client, things):
    client.force_login(make_editor())
    answer = client.get(things.hidden[0].get_absolute_url())
    assert "ld+json" not in answer.text
    assert "citation_title" not in answer.text
    assert "Link" not in answer


def test_a_page_says_in_its_header_where_machines_go(client, things):
    link = client.get(things.document.get_absolute_url())["Link"]
    url = SITE + things.document.get_absolute_url()
    assert f'<{url}>; rel="cite-as"' in link
    assert f'<{url}archivos/guia.pdf>; rel="item"; type="application/pdf"' in link
    assert f'<{url}archivos/datos.csv>; rel="item"; type="text/csv"' in link
    assert (
        f'<{SITE}/api/v1/recursos/{things.document.slug}>; rel="describedby"; type="application/json"'
        in link
    )
    assert '<https://creativecommons.org/licenses/by-sa/4.0/>; rel="license"' in link
    for kind in ("AboutPage", "DigitalDocument"):
        assert f'<https://schema.org/{kind}>; rel="type"' in link
    for address in re.findall(rf"<{SITE}([^>]+)>", link):
        answer = client.get(address)
        assert answer.status_code == 200, address
        answer.getvalue() if answer.streaming else answer.content
    assert "license" not in client.get(things.video.get_absolute_url())["Link"]
    assert "acuerdo.pdf" not in client.get(things.unchecked.get_absolute_url())["Link"]


def test_the_home_page_leads_machines_to_the_whole_catalogue(client, things):
    link = client.get("/")["Link"]
    for path, relation in (
        ("/catalogo.jsonld", "describedby"),
        ("/catalogo.ttl", "describedby"),
        ("/api/v1/openapi.json", "service-desc"),
        ("/api/v1/", "service-doc"),
    ):
        assert f'<{SITE}{path}>; rel="{relation}"' in link
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in link


def test_robots_are_kept_off_filters_and_orders_but_not_off_words_and_pages(client, db):
    rules = re.findall(r"Disallow: (.*)", client.get("/robots.txt").text)
    for name in ("tipo", "vigencia", "seccion", "etiqueta", "entidad", "anio", "formato", "idioma"):
        assert f"/*?*{name}=" in rules
    assert "/*?*orden=" in rules
    assert not any("q=" in rule or "pagina=" in rule for rule in rules)


def test_a_filtered_list_is_canonical_to_the_whole_one(client, things):
    html = client.get("/recursos/?tipo=video").text
    assert f'<link rel="canonical" href="{SITE}/recursos/">' in html


@pytest.mark.uncached("changes a constant, which no version counts")
def test_a_large_sitemap_is_an_index_of_its_files(client, things, monkeypatch):
    whole = re.findall(r"<loc>(.*?)</loc>", client.get("/sitemap.xml").text)
    monkeypatch.setattr("resources.opendata.sitemaps.ResourceSitemap.limit", 4)
    files = re.findall(r"<sitemap><loc>(.*?)</loc>", client.get("/sitemap.xml").text)
    assert [file.removeprefix(SITE) for file in files] == [
        "/sitemap-recursos.xml?p=1",
        "/sitemap-recursos.xml?p=2",
        "/sitemap-paginas.xml?p=1",
    ]
    parts = [client.get(file.removeprefix(SITE)).text for file in files]
    assert sorted(re.findall(r"<loc>(.*?)</loc>", "".join(parts))) == sorted(whole)
    assert parts[0].count("<lastmod>") == 4
    assert client.get("/sitemap-nada.xml").status_code == 404


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC BY-NC-SA 3.0", "https://creativecommons.org/licenses/by-nc-sa/3.0/"),
        (
            "Creative Commons Atribución-NoComercial-SinDerivadas 4.0 Internacional",
            "https://creativecommons.org/licenses/by-nc-nd/4.0/",
        ),
        ("CC0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("Véase https://example.org/licencia.", "https://example.org/licencia"),
        ("Creative Commons Atribución", ""),
        ("Todos los derechos reservados", ""),
        ("", ""),
    ],
)
def test_a_licence_has_an_address_where_its_name_leaves_no_doubt(client, db, text, address):
    link = client.get(make_document(licence=text).get_absolute_url())["Link"]
    assert (f'<{address}>; rel="license"' in link) if address else ("license" not in link)
