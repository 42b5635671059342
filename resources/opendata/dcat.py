"""Serialize the catalogue as DCAT 3 (W3C) in the profile DCAT-AP: Turtle or JSON-LD, in batches."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.utils.encoding import iri_to_uri
from rdflib import Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD

from resources.addresses import reverse
from resources.dates import instant
from resources.kinds.legislation.description import LegislationRecord
from resources.opendata import rdf
from resources.opendata.rdf import ADMS, DCAT, SCHEMA, SPDX, VCARD, Statements
from resources.opendata.record import (
    FileRecord,
    PublisherRef,
    ResourceRecord,
    Site,
    TermRef,
    absolute,
)

MEDIA_TYPES = Namespace("https://www.iana.org/assignments/media-types/")
LANGUAGES = Namespace("http://publications.europa.eu/resource/authority/language/")
LANGUAGE_NAMES = {"es": "SPA", "qu": "QUE", "jiv": "JIV", "en": "ENG", "pt": "POR", "fr": "FRA"}
"""The authority table that DCAT-AP asks for: ISO 639-3 in capitals."""

DATE_TYPES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
"""By the length of an ISO 8601 date: how exactly it is known."""

Writer = Callable[[Site, Iterable[TermRef], Iterable[ResourceRecord]], Iterator[str]]
BATCH = 50  # resources that are held at a time


def turtle(
    site: Site, sections: Iterable[TermRef], resources: Iterable[ResourceRecord]
) -> Iterator[str]:
    """Write the catalogue as Turtle."""
    yield rdf.turtle_head()
    for statements in batches(site, sections, resources):
        yield from rdf.turtle(statements)


def json_ld(
    site: Site, sections: Iterable[TermRef], resources: Iterable[ResourceRecord]
) -> Iterator[str]:
    """Write the catalogue as JSON-LD 1.1, in one `@graph`."""
    yield '{"@context": ' + json.dumps(rdf.PREFIXES) + ', "@graph": [\n'
    comma = ""
    for statements in batches(site, sections, resources):
        for thing in rdf.json_ld(statements):
            yield comma + thing
            comma = ",\n"
    yield "\n]}\n"


def batches(
    site: Site, sections: Iterable[TermRef], resources: Iterable[ResourceRecord]
) -> Iterator[Statements]:
    """Yield the statements of the catalogue and its resources in batches."""
    told = Statements()
    _say_catalogue(told, site, sections)
    for count, facts in enumerate(resources, 1):
        say_resource(told, facts, site)
        if count % BATCH == 0:
            yield told
            told = Statements()
    yield told


def _say_catalogue(told: Statements, site: Site, sections: Iterable[TermRef]) -> None:
    """Add the catalogue, with each section as a catalogue within it."""
    root = _catalogue_of(site.url)
    publisher = _agent(told, site.url + "#entidad", site.publisher)
    told.say(
        root,
        (RDF.type, DCAT.Catalog),
        (DCTERMS.title, _text(site.name)),
        (DCTERMS.description, _text(site.description)),
        (DCTERMS.publisher, publisher),
        (DCTERMS.language, _language(told, "es")),
        (DCTERMS.license, _licence(told, site.licence, site.licence_url)),
        (DCAT.contactPoint, _contact(told, site)),
        (FOAF.homepage, _page(told, site.url)),
    )
    for section in sections:
        part = told.say(
            _catalogue_of(section.url),
            (RDF.type, DCAT.Catalog),
            (DCTERMS.title, _text(section.title)),
            (DCTERMS.description, _text(f"Sección de {site.name}: {section.title}")),
            (DCTERMS.publisher, publisher),
            (DCTERMS.isPartOf, root),
            (FOAF.homepage, _page(told, section.url)),
        )
        told.say(root, (DCAT.catalog, part), (DCTERMS.hasPart, part))


def say_resource(told: Statements, facts: ResourceRecord, site: Site) -> None:
    """Add a resource: a dataset if it has distributions, else a catalogued resource."""
    node = URIRef(facts.iri)
    licence = _licence(told, facts.licence, facts.licence_url)
    distributions = [_file(told, file, facts.iri, licence) for file in facts.encodings]
    if facts.address_elsewhere:
        distributions.append(_elsewhere(told, facts, licence))
    member = DCAT.dataset if distributions else DCAT.resource
    for shelf in (site.url, facts.section.url):
        told.say(_catalogue_of(shelf), (member, node))
    told.say(
        node,
        (RDF.type, DCAT.Dataset if distributions else DCAT.Resource),
        (DCTERMS.identifier, Literal(facts.iri)),
        (DCTERMS.title, _text(facts.title, facts.language)),
        (DCTERMS.description, _text(facts.description)),
        (DCTERMS.publisher, URIRef(site.url + "#entidad")),
        (DCTERMS.creator, _issuer(told, facts.issuer)),
        (DCTERMS.language, _language(told, facts.language)),
        (DCTERMS.issued, _date(facts.dated)),
        (DCTERMS.modified, _moment(facts.modified)),
        (DCTERMS.license, licence),
        (DCTERMS.type, _kind(told, facts)),
        (DCAT.landingPage, _page(told, facts.url)),
        (FOAF.page, _page(told, facts.source_url) if facts.source_url else None),
        *((DCAT.keyword, _text(tag.title)) for tag in facts.tags),
        *((DCAT.distribution, distribution) for distribution in distributions),
        *_own(facts),
    )
    if facts.law:
        _say_law(told, node, facts.law)


def _own(facts: ResourceRecord) -> Iterator[tuple[URIRef, Literal | None]]:
    """Yield the properties of the fields that only its kind has."""
    for field in facts.kind.fields:
        if field.dcat:
            prefix, _, name = field.dcat.partition(":")
            value = facts.own[field.name]
            yield URIRef(rdf.PREFIXES[prefix] + name), _text(str(value)) if value != "" else None


def _say_law(told: Statements, node: URIRef, law: LegislationRecord) -> None:
    """Add the schema.org properties of a law."""
    told.say(
        node,
        (RDF.type, SCHEMA.Legislation),
        (SCHEMA.legislationIdentifier, Literal(law.identifier) if law.identifier else None),
        (
            SCHEMA.legislationLegalForce,
            SCHEMA[law.word.schema_org] if law.word.schema_org else None,
        ),
    )


def _file(told: Statements, file: FileRecord, resource_iri: str, licence: URIRef | None) -> URIRef:
    """Add a file as a distribution with its checksum."""
    iri = f"{resource_iri}/archivos/{file.file_name}"
    address = _resource(told, file.url)
    checksum = told.say(
        URIRef(f"{iri}/v{file.version}/sha256"),
        (RDF.type, SPDX.Checksum),
        (SPDX.algorithm, _typed(told, SPDX.checksumAlgorithm_sha256, SPDX.ChecksumAlgorithm)),
        (SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary, normalize=False)),
    )
    return told.say(
        URIRef(iri),
        (RDF.type, DCAT.Distribution),
        (DCTERMS.title, _text(file.full_title)),
        (DCAT.accessURL, address),
        (DCAT.downloadURL, address),
        (DCAT.mediaType, _typed(told, MEDIA_TYPES[file.media_type], DCTERMS.MediaType)),
        (DCAT.byteSize, Literal(str(file.size), datatype=XSD.nonNegativeInteger)),
        (SPDX.checksum, checksum),
        (DCTERMS.language, _language(told, file.language)),
        (DCTERMS.issued, _moment(file.created)),
        (DCTERMS.modified, _moment(file.created)),
        (DCTERMS.license, licence),
        (DCAT.version, Literal(str(file.version))),
        (ADMS.versionNotes, _text(file.change_note) if file.change_note else None),
    )


def _elsewhere(told: Statements, facts: ResourceRecord, licence: URIRef | None) -> URIRef:
    """Add the distribution at an address elsewhere: a video on a platform."""
    return told.say(
        URIRef(f"{facts.iri}/video"),
        (RDF.type, DCAT.Distribution),
        (DCTERMS.title, _text(facts.title, facts.language)),
        (DCAT.accessURL, _resource(told, facts.address_elsewhere)),
        (DCTERMS.language, _language(told, facts.language)),
        (DCTERMS.license, licence),
    )


def _catalogue_of(url: str) -> URIRef:
    return URIRef(f"{url}#catalogo")


def _text(text: str, language: str = "es") -> Literal:
    return Literal(text, lang=language)


def _date(day: str) -> Literal | None:
    return Literal(day, datatype=DATE_TYPES[len(day)], normalize=False) if day else None


def _moment(moment: datetime) -> Literal:
    return Literal(instant(moment), datatype=XSD.dateTime, normalize=False)


def _typed(told: Statements, term: URIRef, kind: URIRef) -> URIRef:
    """Return a term of a controlled vocabulary, with the type that DCAT-AP demands."""
    return told.say_once(term, (RDF.type, kind))


def _language(told: Statements, code: str) -> URIRef:
    return _typed(told, LANGUAGES[LANGUAGE_NAMES[code]], DCTERMS.LinguisticSystem)


def _resource(told: Statements, url: str) -> URIRef:
    return _typed(told, URIRef(url), RDFS.Resource)


def _page(told: Statements, url: str) -> URIRef:
    return _typed(told, URIRef(url), FOAF.Document)


def _agent(told: Statements, iri: str, name: str, page: URIRef | None = None) -> URIRef:
    return told.say_once(
        URIRef(iri), (RDF.type, FOAF.Agent), (FOAF.name, Literal(name)), (FOAF.homepage, page)
    )


def _issuer(told: Statements, issuer: PublisherRef | None) -> URIRef | None:
    if issuer is None:
        return None
    page = _page(told, issuer.url) if issuer.url else None
    return _agent(told, issuer.iri, issuer.name, page)


def _contact(told: Statements, site: Site) -> URIRef | None:
    if not site.contact:
        return None
    return told.say(
        URIRef(f"{site.url}#contacto"),
        (RDF.type, VCARD.Kind),
        (VCARD.fn, Literal(site.publisher)),
        (VCARD.hasEmail, URIRef(iri_to_uri(f"mailto:{site.contact}"))),
    )


def _kind(told: Statements, facts: ResourceRecord) -> URIRef:
    concept = URIRef(f"{absolute(reverse('resource-list'))}?tipo={facts.kind.slug}#tipo")
    return told.say_once(
        concept, (RDF.type, SKOS.Concept), (SKOS.prefLabel, _text(facts.kind.label))
    )


def _licence(told: Statements, text: str, url: str) -> URIRef | None:
    """Add the licence, by its address or by a hash of its words."""
    if not text:
        return None
    words = hashlib.sha256(text.encode()).hexdigest()[:12]
    node = URIRef(url or f"{absolute(reverse('home'))}#licencia-{words}")
    return told.say_once(node, (RDF.type, DCTERMS.LicenseDocument), (RDFS.label, _text(text)))
