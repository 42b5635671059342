"""The catalogue as DCAT: one graph in two notations, which passes the mandatory part of DCAT-AP."""

from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, FOAF, RDF, XSD

from resources.identifiers import resource_iri
from resources.models import Organization, Resource, SiteSettings
from tests.makers import make_document
from tests.open.conftest import HIDDEN, body

DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
SCHEMA = Namespace("https://schema.org/")
SITE = "http://127.0.0.1:8000"
SHAPES = Path(__file__).parent.parent / "data" / "dcat-ap.ttl"


@pytest.fixture
def graph(client, things) -> Graph:
    return Graph().parse(data=body(client.get("/catalogo.ttl")), format="turtle")


def iri(resource) -> URIRef:
    return URIRef(resource_iri(resource.pk, resource.created))


def test_turtle_and_json_ld_are_the_same_graph(client, graph):
    answer = client.get("/catalogo.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    assert isomorphic(graph, Graph().parse(data=body(answer), format="json-ld"))


def test_it_passes_the_shapes_of_dcat_ap(graph):
    conforms, _, report = validate(graph, shacl_graph=str(SHAPES), inference="none")
    assert conforms, report


def test_the_shapes_refuse_a_dataset_without_a_title(graph, things):
    graph.remove((iri(things.document), DCTERMS.title, None))
    assert not validate(graph, shacl_graph=str(SHAPES), inference="none")[0]


def test_there_is_a_catalogue_for_the_site_and_one_for_each_section(graph, things):
    root = URIRef(f"{SITE}/#catalogo")
    inner = URIRef(f"{SITE}{things.shelf.get_absolute_url()}#catalogo")
    assert (root, DCAT.catalog, inner) in graph
    assert (inner, DCAT.dataset, iri(things.document)) in graph
    assert (root, DCAT.dataset, iri(things.document)) in graph
    publisher = graph.value(root, DCTERMS.publisher)
    assert str(graph.value(publisher, FOAF.name)) == "Municipio de Ñuble"
    assert graph.value(root, DCTERMS.license) == URIRef(
        "https://creativecommons.org/licenses/by/4.0/"
    )


def test_a_file_is_a_distribution_with_all_that_is_known_of_its_bytes(graph, things):
    version = things.document.files.get(role="main").current
    url = URIRef(f"{SITE}{version.file.get_absolute_url()}")
    node = graph.value(None, DCAT.downloadURL, url)
    assert (iri(things.document), DCAT.distribution, node) in graph
    assert graph.value(node, DCAT.byteSize) == Literal(
        version.size, datatype=XSD.nonNegativeInteger
    )
    assert str(graph.value(node, DCAT.mediaType)).endswith("/media-types/application/pdf")
    checksum = graph.value(node, SPDX.checksum)
    assert str(graph.value(checksum, SPDX.checksumValue)).lower() == version.sha256
    assert graph.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
    assert str(graph.value(node, DCTERMS.license)).endswith("/licenses/by-sa/4.0/")
    assert str(graph.value(node, DCTERMS.language)).endswith("/language/SPA")


def test_a_date_is_no_more_exact_than_it_is_known(graph, things):
    assert graph.value(iri(things.document), DCTERMS.issued) == Literal(
        "2022-05", datatype=XSD.gYearMonth
    )
    assert graph.value(iri(things.law), DCTERMS.issued) == Literal("2004-05-18", datatype=XSD.date)
    assert graph.value(iri(things.video), DCTERMS.issued) is None


def test_the_sample_of_a_law_is_left_out_and_another_sample_says_so(graph, things):
    titles = [
        str(graph.value(node, DCTERMS.title))
        for node in graph.objects(iri(things.infographic), DCAT.distribution)
    ]
    assert titles == ["Los pilares (Muestra, no es el documento oficial)"]
    urls = {str(url) for url in graph.objects(None, DCAT.downloadURL)}
    assert any(url.endswith("/ley.pdf") for url in urls)
    assert not any("muestra.pdf" in url or "acuerdo.pdf" in url for url in urls)


def test_what_has_nothing_to_get_is_a_resource_and_no_dataset(graph, things):
    for bare in (things.unchecked, things.pending):
        assert graph.value(iri(bare), RDF.type) is not None
        assert (iri(bare), RDF.type, DCAT.Dataset) not in graph
        assert (iri(bare), RDF.type, DCAT.Resource) in graph
    assert (iri(things.video), RDF.type, DCAT.Dataset) in graph


def test_the_force_of_a_law_is_told_only_where_someone_has_checked_it(graph, things):
    assert graph.value(iri(things.law), SCHEMA.legislationLegalForce) == SCHEMA.InForce
    assert graph.value(iri(things.unchecked), SCHEMA.legislationLegalForce) is None


def test_nothing_hidden_is_told(client, things):
    for path in ("/catalogo.ttl", "/catalogo.jsonld", "/catalogo.csv"):
        text = body(client.get(path))
        assert HIDDEN not in text
        assert "oculto.pdf" not in text


def test_every_name_in_it_stands_under_the_sites_own_address_whatever_the_request_says(
    client, things, settings
):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://recursos.example"
    text = body(client.get("/catalogo.ttl", headers={"Host": "evil.example"}))
    assert "evil.example" not in text
    assert "<https://recursos.example/#catalogo>" in text


def test_a_portal_that_nobody_owns_yet_publishes_as_itself_and_still_conforms(client, nothing):
    SiteSettings.objects.filter(pk=1).update(
        owner="", contact="{a}|b@example.org", licence="", introduction=""
    )
    make_document(title="Con <ángulos> y \\ barras\x07", summary="", licence="Dominio público")
    make_document(licence="Véase https://example.org/{a}|b", source_url="https://example.org/ñ?{a}")
    for path, notation in (("/catalogo.ttl", "turtle"), ("/catalogo.jsonld", "json-ld")):
        graph = Graph().parse(data=body(client.get(path)), format=notation)
        conforms, _, report = validate(graph, shacl_graph=str(SHAPES), inference="none")
        assert conforms, report


def test_an_empty_catalogue_is_a_valid_one(client, nothing):
    for path, notation in (("/catalogo.ttl", "turtle"), ("/catalogo.jsonld", "json-ld")):
        graph = Graph().parse(data=body(client.get(path)), format=notation)
        assert (URIRef(f"{SITE}/#catalogo"), RDF.type, DCAT.Catalog) in graph


@pytest.mark.parametrize(
    ("path", "notation"), [("/catalogo.ttl", "turtle"), ("/catalogo.jsonld", "json-ld")]
)
def test_every_identifier_stays_when_addresses_change(client, things, path, notation):
    def names() -> tuple[set, set]:
        graph = Graph().parse(data=body(client.get(path)), format=notation)
        typed = [DCAT.Dataset, DCAT.Resource, DCAT.Distribution, SPDX.Checksum, FOAF.Agent]
        nodes = {node for kind in typed for node in graph.subjects(RDF.type, kind)}
        return nodes, {str(said) for said in graph.objects(None, DCTERMS.identifier)}

    before = names()
    for resource in things.shown:
        moved = Resource.objects.get(pk=resource.pk).specific
        moved.slug = f"{moved.slug}-nueva"
        moved.save()
    for issuer in Organization.objects.all():
        issuer.name = f"{issuer.name} Nueva"
        issuer.save()
    assert names() == before
    graph = Graph().parse(data=body(client.get(path)), format=notation)
    moved = Resource.objects.get(pk=things.document.pk)
    assert graph.value(iri(moved), DCAT.landingPage) == URIRef(SITE + moved.get_absolute_url())
    assert moved.get_absolute_url().endswith("-nueva/")


def test_a_resource_has_one_identifier_in_dcat_atom_and_its_page(client, graph, things):
    name = str(iri(things.document))
    assert str(graph.value(iri(things.document), DCTERMS.identifier)) == name
    assert f"<id>{name}</id>" in client.get("/recursos.atom").text
    assert f'"@id":"{name}"' in client.get(things.document.get_absolute_url()).text
