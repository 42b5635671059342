"""Build the schema.org JSON-LD of each page."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from resources.dates import in_figures, instant
from resources.kinds.legislation.description import LegislationRecord, RelatedAct, Verb
from resources.models import Resource, ResourceFile, Section
from resources.opendata.record import (
    SAMPLE_NOTE,
    FileRecord,
    ResourceRecord,
    Site,
    TermRef,
    absolute,
)

Node = dict[str, Any]
CONTEXT = "https://schema.org"
ACTS: dict[str, str] = {Verb.AMENDS: "legislationAmends", Verb.REPEALS: "legislationRepeals"}


def document(*nodes: Node) -> Node:
    """Return one JSON-LD document of `nodes`, without empty values."""
    known = [_known(node) for node in nodes]
    return {"@context": CONTEXT} | (known[0] if len(known) == 1 else {"@graph": known})


def resource_page(facts: ResourceRecord, site: Site) -> Node:
    """Return the document of a resource's page, with breadcrumbs."""
    return document(
        resource_node(facts, site),
        breadcrumbs([(site.name, site.url), (facts.section.title, facts.section.url)], facts.title),
    )


def list_page(
    url: str,
    name: str,
    description: str,
    site: Site,
    resources: Iterable[Resource],
    trail: Sequence[tuple[str, str]] = (),
) -> Node:
    """Return the document of a page that lists resources, with breadcrumbs."""
    page = {
        "@type": "CollectionPage",
        "@id": url,
        "name": name,
        "description": description,
        "inLanguage": "es",
        "mainEntity": _item_list(resources),
    }
    return document(page, breadcrumbs([(site.name, site.url), *trail], name))


def plain_page(url: str, name: str, site: Site) -> Node:
    """Return the document of any other page, with breadcrumbs."""
    page = {"@type": "WebPage", "@id": url, "name": name, "inLanguage": "es"}
    return document(page, breadcrumbs([(site.name, site.url)], name))


def home_page(site: Site, sections: Iterable[Section]) -> Node:
    """Return the document of the home page: its sections only, to save bytes."""
    page = {"@type": "CollectionPage", "@id": site.url, "name": site.name}
    return document(page | {"mainEntity": _item_list(sections)})


def breadcrumbs(trail: Iterable[tuple[str, str]], here: str) -> Node:
    """Return the breadcrumbs from the home page to the page called `here`."""
    steps = [*({"name": name, "item": url} for name, url in trail), {"name": here}]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place} | step for place, step in enumerate(steps, 1)
        ],
    }


def _item_list(things: Iterable[Resource | Section]) -> Node:
    items = [
        {"@type": "ListItem", "position": place, "url": absolute(thing.get_absolute_url())}
        for place, thing in enumerate(things, 1)
    ]
    return {"@type": "ItemList", "itemListElement": items}


def resource_node(facts: ResourceRecord, site: Site) -> Node:
    """Return the resource as the schema.org type of its kind."""
    own = {
        field.schema_org: facts.text if field.index == "body" else facts.own[field.name]
        for field in facts.kind.fields
        if field.schema_org
    }
    files = FILES[facts.kind.schema_files]
    more = _legislation(facts, facts.law) if facts.law else files(facts)
    return _common(facts, site) | own | more


def _common(facts: ResourceRecord, site: Site) -> Node:
    issuer = facts.issuer
    return {
        "@type": facts.kind.schema_type_of(facts.subtype),
        "@id": facts.iri,
        "url": facts.url,
        "name": facts.title,
        "description": facts.description,
        "inLanguage": facts.language,
        "keywords": [tag.title for tag in facts.tags],
        "creator": {
            "@type": "Organization",
            "name": issuer.name,
            "alternateName": issuer.acronym,
            "url": issuer.url,
        }
        if issuer
        else None,
        "publisher": {"@type": "Organization", "name": site.owner} if site.owner else None,
        "dateCreated": facts.issued,
        "datePublished": instant(facts.published_at),
        "dateModified": instant(facts.modified),
        "license": facts.licence_url or facts.licence,
        "isBasedOn": facts.source_url,
        "thumbnailUrl": facts.picture.url if facts.picture else "",
        "isPartOf": _collection(facts.section),
    }


def _image(facts: ResourceRecord) -> Node:
    main = facts.main_file
    return {
        "contentUrl": main.url if main else "",
        "width": main.width if main else None,
        "height": main.height if main else None,
        "disambiguatingDescription": _sample_note(facts.encodings),
        **(_facts_of_bytes(main) if main else {}),
        "associatedMedia": _media(file for file in facts.encodings if file is not main),
    }


def _encodings(facts: ResourceRecord) -> Node:
    return {"genre": facts.type_label, "encoding": _media(facts.encodings)}


def _video(facts: ResourceRecord) -> Node:
    own = next((file for file in facts.encodings if file.media_type.startswith("video/")), None)
    captions = [file for file in facts.encodings if file.role == ResourceFile.Role.CAPTIONS]
    return {
        "uploadDate": instant(facts.published_at),
        "contentUrl": own.url if own else "",
        **(_facts_of_bytes(own) if own else {}),
        "caption": _media(captions),
        "disambiguatingDescription": _sample_note(facts.encodings),
    }


def _legislation(facts: ResourceRecord, law: LegislationRecord) -> Node:
    """Return the properties of a law (European Legislation Identifier); samples are no encodings."""
    claims = law.word.schema_org  # nothing is claimed of a force that nobody has verified
    return {
        "legislationIdentifier": law.identifier,
        "legislationType": facts.type_label,
        "legislationDate": facts.issued,
        "datePublished": in_figures(law.gazette_date),
        "legislationLegalForce": f"{CONTEXT}/{claims}" if claims else "",
        "temporalCoverage": _in_force(law) if claims else "",
        "legislationPassedBy": {"@type": "Organization", "name": facts.issuer.name}
        if facts.issuer
        else None,
        **_acts(law, "outgoing"),
        "@reverse": _acts(law, "incoming") or None,  # said of those that act upon it
        "encoding": _media(facts.encodings, "LegislationObject"),
    }


def _acts(law: LegislationRecord, direction: str) -> dict[str, list[Node]]:
    """Return the laws that this one amends and repeals or, incoming, those that amend and repeal it."""
    found: dict[str, list[Node]] = {}
    for act in law.acts:
        if act.direction == direction and (name := ACTS.get(act.verb)):
            found.setdefault(name, []).append(_act(act))
    return found


def _act(act: RelatedAct) -> Node:
    """Return the other end of a relation, by its identifier in this catalogue or its address."""
    return {"@type": "Legislation", "@id": act.iri or absolute(act.url), "name": act.title}


def _in_force(law: LegislationRecord) -> str:
    """Return the period of force as an ISO 8601-2 interval; "" where an end has no known date."""
    ended_unknown = law.force == Resource.Force.REPEALED and not law.repealed_on
    if not law.in_force_on or ended_unknown:
        return ""
    return f"{in_figures(law.in_force_on)}/{in_figures(law.repealed_on) or '..'}"


def _media(files: Iterable[FileRecord], kind: str = "MediaObject") -> list[Node]:
    return [
        {
            "@type": kind,
            "name": file.full_title,
            "contentUrl": file.url,
            "inLanguage": file.language,
            "version": file.version,
            "dateModified": instant(file.created),
        }
        | _facts_of_bytes(file)
        for file in files
    ]


def _facts_of_bytes(file: FileRecord) -> Node:
    return {
        "encodingFormat": file.media_type,
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
    }


def _sample_note(files: Iterable[FileRecord]) -> str:
    return SAMPLE_NOTE if any(file.is_sample for file in files) else ""


def _collection(section: TermRef) -> Node:
    return {"@type": "CollectionPage", "@id": section.url, "name": section.title}


def _known(value: Any) -> Any:
    """Remove empty values at any depth."""
    if isinstance(value, dict):
        return {key: _known(inner) for key, inner in value.items() if inner not in ("", None, [])}
    return [_known(inner) for inner in value] if isinstance(value, list) else value


FILES: dict[str, Callable[[ResourceRecord], Node]] = {
    "encoding": _encodings,
    "image": _image,
    "video": _video,
}
"""KindSpec.schema_files → the properties with the files: of a media object, its own bytes."""
