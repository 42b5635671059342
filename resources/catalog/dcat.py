"""Facts as DCAT 3 (W3C) says them, in the profile DCAT-AP: small RDF graphs, written one after the other."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.urls import reverse
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD
from rdflib.term import BNode, IdentifiedNode

from resources.catalog.dates import in_figures, instant
from resources.catalog.facts import Facts, FileFacts, Issuer, Shelf, Site, absolute

DCAT = Namespace("http://www.w3.org/ns/dcat#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
SCHEMA = Namespace("https://schema.org/")
MEDIA_TYPES = Namespace("https://www.iana.org/assignments/media-types/")
LANGUAGES = Namespace("http://publications.europa.eu/resource/authority/language/")
PREFIXES = {
    "dcat": DCAT,
    "dct": DCTERMS,
    "foaf": FOAF,
    "adms": ADMS,
    "spdx": SPDX,
    "vcard": VCARD,
    "schema": SCHEMA,
    "skos": SKOS,
    "rdfs": RDFS,
    "xsd": XSD,
}
LANGUAGE_NAMES = {"es": "SPA", "qu": "QUE", "jiv": "JIV", "en": "ENG", "pt": "POR", "fr": "FRA"}
"""The authority table that DCAT-AP asks for: ISO 639-3 in capitals."""

DATE_TYPES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
"""By the length of an ISO 8601 date: how exactly it is known."""

Writer = Callable[[Site, Iterable[Shelf], Iterable[Facts]], Iterator[str]]
BATCH = 50  # resources in one graph


def turtle(site: Site, sections: Iterable[Shelf], resources: Iterable[Facts]) -> Iterator[str]:
    """Write the catalogue as Turtle, a graph at a time; the prefixes stand once, at the beginning."""
    yield "".join(f"@prefix {name}: <{uri}> .\n" for name, uri in PREFIXES.items())
    for graph in graphs(site, sections, resources):
        text = graph.serialize(format="turtle")
        yield "\n" + re.sub(r"\A(?:@prefix [^\n]*\n)+\n*", "", text)


def json_ld(site: Site, sections: Iterable[Shelf], resources: Iterable[Facts]) -> Iterator[str]:
    """Write the catalogue as JSON-LD 1.1, a graph at a time, in one `@graph`."""
    context = {name: str(uri) for name, uri in PREFIXES.items()}
    yield '{"@context": ' + json.dumps(context) + ', "@graph": [\n'
    comma = ""
    for graph in graphs(site, sections, resources):
        for node in _nodes(graph, context):
            yield comma + json.dumps(node, ensure_ascii=False)
            comma = ",\n"
    yield "\n]}\n"


def _nodes(graph: Graph, context: dict[str, str]) -> list[dict[str, Any]]:
    told = json.loads(graph.serialize(format="json-ld", context=context))
    return told.get("@graph") or [{k: v for k, v in told.items() if k != "@context"}]


def graphs(site: Site, sections: Iterable[Shelf], resources: Iterable[Facts]) -> Iterator[Graph]:
    """Return the catalogue's own graph, then those of its resources, a few resources each."""
    graph = _graph()
    _add_catalogue(graph, site, sections)
    for count, facts in enumerate(resources, 1):
        add_resource(graph, facts, site)
        if count % BATCH == 0:
            yield graph
            graph = _graph()
    yield graph


def _graph() -> Graph:
    graph = Graph(bind_namespaces="none")
    for name, uri in PREFIXES.items():
        graph.bind(name, uri)
    return graph


def _add_catalogue(graph: Graph, site: Site, sections: Iterable[Shelf]) -> None:
    """Say whose catalogue it is, and that each section is one within it."""
    root = _catalogue_of(site.url)
    publisher = _agent(graph, site.url + "#entidad", site.publisher)
    said = _Said(graph, root)
    said(RDF.type, DCAT.Catalog)
    said(DCTERMS.title, _text(site.name))
    said(DCTERMS.description, _text(site.description))
    said(DCTERMS.publisher, publisher)
    said(DCTERMS.language, LANGUAGES.SPA)
    said(FOAF.homepage, _page(graph, site.url))
    said(DCTERMS.license, _licence(graph, site.licence, site.licence_url))
    if site.contact:
        contact = BNode()
        graph.add((contact, RDF.type, VCARD.Kind))
        graph.add((contact, VCARD.fn, Literal(site.publisher)))
        graph.add((contact, VCARD.hasEmail, URIRef(f"mailto:{site.contact}")))
        said(DCAT.contactPoint, contact)
    for section in sections:
        node = _catalogue_of(section.url)
        said(DCAT.catalog, node)
        said(DCTERMS.hasPart, node)
        inner = _Said(graph, node)
        inner(RDF.type, DCAT.Catalog)
        inner(DCTERMS.title, _text(section.title))
        inner(DCTERMS.description, _text(f"Sección de {site.name}: {section.title}"))
        inner(DCTERMS.publisher, publisher)
        inner(DCTERMS.isPartOf, root)
        inner(FOAF.homepage, _page(graph, section.url))


def add_resource(graph: Graph, facts: Facts, site: Site) -> None:
    """Say a resource: a dataset where there is something to get, else a resource of the catalogue."""
    node = URIRef(facts.iri)
    licence = _licence(graph, facts.licence, facts.licence_url)
    distributions = [_file(graph, file, facts, licence) for file in facts.encodings]
    if facts.video_url:
        distributions.append(_elsewhere(graph, facts, licence))
    member = DCAT.dataset if distributions else DCAT.resource
    for shelf in (site.url, facts.section.url):
        graph.add((_catalogue_of(shelf), member, node))
    said = _Said(graph, node)
    said(RDF.type, DCAT.Dataset if distributions else DCAT.Resource)
    said(DCTERMS.identifier, Literal(facts.url))
    said(DCTERMS.title, _text(facts.title, facts.language))
    said(DCTERMS.description, _text(facts.description))
    said(DCTERMS.publisher, URIRef(site.url + "#entidad"))
    said(DCTERMS.creator, _issuer(graph, facts.issuer))
    said(DCTERMS.language, _language(facts.language))
    said(
        DCTERMS.issued,
        _date(facts.issued or (in_figures(facts.law.gazette_date) if facts.law else "")),
    )
    said(DCTERMS.modified, _moment(facts.modified))
    said(DCTERMS.license, licence)
    said(DCTERMS.source, URIRef(facts.source_url) if facts.source_url else None)
    said(DCTERMS.type, _kind(graph, facts))
    said(DCAT.landingPage, _page(graph, facts.url))
    for tag in facts.tags:
        said(DCAT.keyword, _text(tag.title))
    for distribution in distributions:
        said(DCAT.distribution, distribution)
    if facts.law:
        _add_law(said, facts)


def _add_law(said: "_Said", facts: Facts) -> None:
    """Say of a law what DCAT has no words for, in schema.org's: the same as its page."""
    law = facts.law
    said(RDF.type, SCHEMA.Legislation)
    said(SCHEMA.legislationIdentifier, Literal(law.identifier) if law.identifier else None)
    if law.word.schema_org:
        said(SCHEMA.legislationLegalForce, SCHEMA[law.word.schema_org])


def _file(graph: Graph, file: FileFacts, facts: Facts, licence: IdentifiedNode | None) -> URIRef:
    """Say a file: where it is, what it is, by which sum it is known."""
    node = URIRef(f"{file.url}#distribucion")
    checksum = BNode()
    graph.add((checksum, RDF.type, SPDX.Checksum))
    graph.add((checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
    graph.add((checksum, SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)))
    said = _Said(graph, node)
    said(RDF.type, DCAT.Distribution)
    said(DCTERMS.title, _text(file.full_title))
    said(DCAT.accessURL, URIRef(file.url))
    said(DCAT.downloadURL, URIRef(file.url))
    said(DCAT.mediaType, MEDIA_TYPES[file.media_type])
    said(DCAT.byteSize, Literal(file.size, datatype=XSD.nonNegativeInteger))
    said(SPDX.checksum, checksum)
    said(DCTERMS.language, _language(file.language))
    said(DCTERMS.issued, _moment(file.created))
    said(DCTERMS.modified, _moment(file.created))
    said(DCTERMS.license, licence)
    said(DCAT.version, Literal(str(file.version)))
    said(ADMS.versionNotes, _text(file.change_note) if file.change_note else None)
    return node


def _elsewhere(graph: Graph, facts: Facts, licence: IdentifiedNode | None) -> URIRef:
    """Say that a video is to be seen on a platform."""
    node = URIRef(f"{facts.url}#video")
    said = _Said(graph, node)
    said(RDF.type, DCAT.Distribution)
    said(DCTERMS.title, _text(facts.title, facts.language))
    said(DCAT.accessURL, URIRef(facts.video_url))
    said(DCTERMS.language, _language(facts.language))
    said(DCTERMS.license, licence)
    return node


class _Said:
    """Add what is said of one node; what is None is not said."""

    def __init__(self, graph: Graph, node: IdentifiedNode) -> None:
        self.graph, self.node = graph, node

    def __call__(self, name: URIRef, value: IdentifiedNode | Literal | None) -> None:
        if value is not None:
            self.graph.add((self.node, name, value))


def _catalogue_of(url: str) -> URIRef:
    return URIRef(f"{url}#catalogo")


def _text(text: str, language: str = "es") -> Literal:
    return Literal(text, lang=language)


def _date(day: str) -> Literal | None:
    return Literal(day, datatype=DATE_TYPES[len(day)]) if day else None


def _moment(moment: Any) -> Literal:
    return Literal(instant(moment), datatype=XSD.dateTime)


def _language(code: str) -> URIRef:
    return LANGUAGES[LANGUAGE_NAMES[code]]


def _page(graph: Graph, url: str) -> URIRef:
    graph.add((URIRef(url), RDF.type, FOAF.Document))
    return URIRef(url)


def _agent(graph: Graph, iri: str, name: str) -> URIRef:
    graph.add((URIRef(iri), RDF.type, FOAF.Agent))
    graph.add((URIRef(iri), FOAF.name, Literal(name)))
    return URIRef(iri)


def _issuer(graph: Graph, issuer: Issuer | None) -> URIRef | None:
    if issuer is None:
        return None
    agent = _agent(graph, f"{issuer.listing}#entidad", issuer.name)
    if issuer.url:
        graph.add((agent, FOAF.homepage, _page(graph, issuer.url)))
    return agent


def _kind(graph: Graph, facts: Facts) -> URIRef:
    concept = URIRef(f"{absolute(reverse('resource-list'))}?tipo={facts.kind.slug}#tipo")
    graph.add((concept, RDF.type, SKOS.Concept))
    graph.add((concept, SKOS.prefLabel, _text(facts.kind.label)))
    return concept


def _licence(graph: Graph, text: str, url: str) -> IdentifiedNode | None:
    """Return the licence by its address or, where only its name is known, by that."""
    if not text:
        return None
    node = URIRef(url) if url else BNode()
    graph.add((node, RDF.type, DCTERMS.LicenseDocument))
    graph.add((node, RDFS.label, _text(text)))
    return node
