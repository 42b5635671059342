"""Build the one description of a resource from the models: of one in hand, or of all in bounded memory."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import Field, Prefetch, URLField
from django.utils.duration import duration_iso_string
from django.utils.encoding import iri_to_uri

from resources.addresses import reverse
from resources.dates import in_figures, instant
from resources.files.covers import SocialPicture, plain_cover
from resources.kinds.legislation.description import legislation_record
from resources.kinds.legislation.models import LegalInstrument, LegalRelation
from resources.models import (
    FileVersion,
    Organization,
    Resource,
    ResourceFile,
    ResourceQuerySet,
    ResourceTag,
    Section,
    SiteSettings,
    Tag,
)
from resources.models.kind_spec import all_kinds
from resources.opendata.record import (
    FileRecord,
    OwnValue,
    PublisherRef,
    ResourceRecord,
    Site,
    TermRef,
    absolute,
)
from resources.text import printable, slug_of
from search.utils import batched

CHUNK = 200  # resources held in memory at a time by an export


def site_facts(portal: SiteSettings) -> Site:
    """Build the record of the site."""
    return Site(
        url=settings.SITE_URL + reverse("home"),
        name=printable(portal.name),
        description=printable(portal.introduction) or f"Catálogo del portal «{portal.name}».",
        owner=printable(portal.owner),
        contact=portal.contact,
        licence=printable(portal.licence),
        licence_url=licence_url(portal.licence),
    )


def with_record_fields(resources: ResourceQuerySet) -> ResourceQuerySet:
    """Fetch all that `facts_of` reads, except for long texts: five queries for any number of resources."""
    tagged = ResourceTag.objects.select_related("tag").order_by("tag__folded")
    return _without_tags(resources).prefetch_related(
        Prefetch("tagged", tagged, to_attr="read_tags")  # lists: a tenth of a manager's price
    )


def _without_tags(resources: ResourceQuerySet) -> ResourceQuerySet:
    relations = LegalRelation.objects.select_related("source", "target")
    return (
        resources.with_kind()
        .select_related("section", "issuer")
        .defer("editor_note", "withdrawn_reason", *_long_texts())
        .prefetch_related(
            Prefetch("files", ResourceFile.objects.select_related("current")),
            Prefetch("outgoing", relations, to_attr="read_outgoing"),
            Prefetch("incoming", relations, to_attr="read_incoming"),
        )
    )


def facts_of(resource: Resource) -> ResourceRecord:
    """Build the record of a resource fetched by `with_record_fields`."""
    read: Any = resource  # with the lists of `with_record_fields`
    return _facts(resource, [shelf_facts(row.tag) for row in read.read_tags])


def _facts(resource: Resource, tags: Iterable[TermRef]) -> ResourceRecord:
    read: Any = resource
    relations = sorted(
        (*read.read_outgoing, *read.read_incoming),
        key=lambda relation: (relation.happened_on or dt.date.max, relation.pk),
    )
    return record_of(resource.specific, list(resource.files.all()), tags, relations, "")


def stream(resources: ResourceQuerySet) -> Iterator[ResourceRecord]:
    """Yield the records of any number of resources in bounded memory.

    Tags are read as pairs of keys: as models they would be half of all that is read.
    """
    terms = {tag.pk: shelf_facts(tag) for tag in Tag.objects.all()}
    for chunk in batched(_without_tags(resources).iterator(chunk_size=CHUNK), CHUNK):
        tagged = ResourceTag.objects.filter(content_object__in=[resource.pk for resource in chunk])
        tags: dict[int, list[TermRef]] = {resource.pk: [] for resource in chunk}
        for pk, tag in tagged.order_by("tag__folded").values_list("content_object", "tag"):
            if tag in terms:  # not one that was added meanwhile
                tags[pk].append(terms[tag])
        for resource in chunk:
            yield _facts(resource, tags[resource.pk])


def record_of(
    resource: Resource,
    slots: Sequence[ResourceFile],
    tags: Iterable[TermRef],
    relations: Iterable[LegalRelation],
    text: str,
) -> ResourceRecord:
    """Build the record of `resource` (the child) from its related rows; no query."""
    files = _files(resource, slots)
    return ResourceRecord(
        pk=resource.pk,
        slug=resource.slug,
        url=absolute(resource.get_absolute_url()),
        kind=resource.spec,
        subtype=resource.subtype,
        type_label=resource.type_label or resource.get_kind_display(),
        title=printable(resource.title),
        subtitle=printable(resource.subtitle),
        summary=printable(resource.summary),
        language=resource.language,
        section=shelf_facts(resource.section),
        issuer=_issuer(resource.issuer) if resource.issuer else None,
        tags=tuple(tags),
        issued_on=resource.issued_on,
        issued=in_figures(resource.issued_on, resource.issued_on_precision),
        licence=printable(resource.licence),
        licence_url=licence_url(resource.licence),
        source_url=iri_to_uri(resource.source_url),
        link_pending=resource.link_pending,
        created=resource.created,
        published_at=resource.published_at or resource.created,
        modified=max(resource.updated, *(file.created for file in files), resource.created),
        verified_on=resource.verified_on,
        review_by=resource.review_due,
        files=files,
        picture=_picture(resource),
        law=legislation_record(resource, relations)
        if isinstance(resource, LegalInstrument)
        else None,
        own=_own_values(resource),
        text=printable(text),
    )


def shelf_facts(shelf: Tag | Section) -> TermRef:
    """Build the reference to a section or a tag."""
    return TermRef(printable(str(shelf)), shelf.slug, absolute(shelf.get_absolute_url()))


def long_text(resource: Resource) -> str:
    """Return the long text of a resource given as its kind: a text alternative, a transcript."""
    texts = (getattr(resource, field.name) for field in resource.spec.indexed("body"))
    return next(filter(None, texts), "")


def _long_texts() -> Iterator[str]:
    """Yield the columns with the long texts of each kind."""
    for spec in all_kinds():
        yield from (spec.column(field) for field in spec.indexed("body"))


def _own_values(resource: Resource) -> dict[str, OwnValue]:
    return {
        field.name: _plain(resource.spec.model_field(field.name), getattr(resource, field.name))
        for field in resource.spec.fields
        if field.index != "body"
    }


def _plain(field: Field, value: Any) -> OwnValue:
    """Convert a value for machines: ISO 8601, labels of choices; "" if unknown."""
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool | int):
        return value
    if isinstance(value, dt.timedelta):
        return duration_iso_string(value) if value else ""
    if isinstance(value, dt.datetime):
        return instant(value)
    if isinstance(value, dt.date):
        return in_figures(value)
    return iri_to_uri(value) if isinstance(field, URLField) else printable(str(value))


def _issuer(issuer: Organization) -> PublisherRef:
    slug = slug_of(issuer.name)  # as the facet has it
    return PublisherRef(
        name=printable(issuer.name),
        acronym=issuer.acronym,
        url=iri_to_uri(issuer.url),
        slug=slug,
        listing=f"{absolute(reverse('resource-list'))}?entidad={slug}",
        iri=f"{absolute(reverse('home'))}#entidad-{issuer.pk}",
    )


def _picture(resource: Resource) -> SocialPicture | None:
    cover = plain_cover(resource)
    return replace(cover, url=absolute(cover.url)) if cover else None


def _files(resource: Resource, slots: Iterable[ResourceFile]) -> tuple[FileRecord, ...]:
    """Return the public files, the main ones first; a withheld version is left out."""
    ordered = sorted(slots, key=lambda slot: slot.role != ResourceFile.Role.MAIN)
    return tuple(
        _file(resource, slot, slot.current)
        for slot in ordered
        if slot.current and not slot.current.is_withheld
    )


def _file(resource: Resource, slot: ResourceFile, version: FileVersion) -> FileRecord:
    slot.resource, version.file = resource, slot  # known already: no query
    return FileRecord(
        title=printable(slot.title),
        role=slot.role,
        role_label=slot.get_role_display(),
        language=slot.language,
        accessible=slot.accessible,
        file_name=slot.file_name,
        url=absolute(slot.get_absolute_url()),
        version_url=absolute(version.get_absolute_url()),
        version=version.number,
        change_note=printable(version.change_note),
        media_type=version.media_type,
        type_name=version.type_name,
        size=version.size,
        sha256=version.sha256,
        pages=version.pages,
        width=version.width,
        height=version.height,
        is_sample=version.is_sample,
        created=version.created,
    )


ADDRESS = re.compile(r"https?://[^\s<>()\"']+[^\s<>()\"'.,;:]")

VERSIONS = r"(?P<version>[1-4]\.0)"

SHORT = re.compile(rf"\bcc[ -]by(?P<terms>(?:-(?:sa|nc|nd))*)[ -]{VERSIONS}(?![\d.])", re.ASCII)

LONG = re.compile(
    r"\bcreative commons (?:atribución|reconocimiento|attribution)"
    r"(?P<terms>(?:[ –-]+(?:compartirigual|sharealike|no ?comercial|noncommercial"
    r"|sin ?(?:obras ?)?derivad[ao]s|noderiv(?:ative)?s))*)"
    rf"[ ,]+{VERSIONS}(?![\d.])"
)

ZERO = re.compile(r"\bcc0(?: 1\.0)?\b(?!\.)")

TERMS = (
    ("nc", re.compile("no ?comercial|noncommercial|-nc")),
    ("nd", re.compile("derivad|noderiv|-nd")),
    ("sa", re.compile("compartirigual|sharealike|-sa")),
)

CREATIVE_COMMONS = "https://creativecommons.org"


def licence_url(text: str) -> str:
    """Return the address of the licence in `text`: written out, or Creative Commons' by name; else "".

    Creative Commons licences count only with their version: without it they are several.
    """
    if written := ADDRESS.search(text):
        return iri_to_uri(written[0])
    lower = " ".join(text.lower().split())
    if ZERO.search(lower):
        return f"{CREATIVE_COMMONS}/publicdomain/zero/1.0/"
    if not (named := SHORT.search(lower) or LONG.search(lower)):
        return ""
    terms = "".join(f"-{term}" for term, pattern in TERMS if pattern.search(named["terms"]))
    return f"{CREATIVE_COMMONS}/licenses/by{terms}/{named['version']}/"
