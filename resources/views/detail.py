"""The page of a resource."""

from dataclasses import replace
from itertools import pairwise
from typing import Any, cast

from django.db.models import IntegerField
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from resources.current_site import SiteRequest
from resources.files.covers import SocialPicture, plain_cover
from resources.files.packs.contents import PackSummary, contents_of_resource, facts_of
from resources.files.sharing_pictures.builder import current_picture
from resources.files.sharing_pictures.contents import resource_contents
from resources.http_caching import public_page
from resources.kinds.legislation.description import relations_of
from resources.kinds.legislation.models import LegalInstrument
from resources.listing.cards import cards
from resources.listing.facets import KindFacet, SectionFacet
from resources.models import FileVersion, Resource, ResourceFile, SiteSettings, Tag
from resources.models.compiled import CompiledQuery, Parameter
from resources.opendata.citations import BadPage, Cited, citations, read_page
from resources.opendata.page_metadata import link_header, page_metadata
from resources.opendata.record import ResourceRecord
from resources.opendata.record_builder import long_text, record_of, shelf_facts, site_facts
from resources.opendata.schema_org import resource_page
from resources.views.access import is_editor, resource_view
from search.more_like_this import more_like_this

RELATED = 4
NEAR = (SectionFacet.code, KindFacet.code)
"""Facets whose equal values make resources related."""
BANNERS = {
    Resource.Status.DRAFT: "Borrador: solo lo ve el equipo editorial.",
    Resource.Status.REVIEW: "En revisión: solo lo ve el equipo editorial.",
    Resource.Status.PUBLISHED: "Programado: todavía no lo ve el público.",
    Resource.Status.WITHDRAWN: "Retirado: el público ve el motivo, no el recurso.",
}


TAGS = CompiledQuery(
    lambda: Tag.objects.filter(tagged__content_object=Parameter("resource", IntegerField()))
)
VERSIONS = CompiledQuery(
    lambda: (
        FileVersion.objects.filter(file__resource=Parameter("resource", IntegerField()))
        .select_related("file")
        .order_by("file__position", "file_id", "-number")
    )
)


@public_page
@resource_view
def resource(request: SiteRequest, resource: Resource) -> HttpResponse:
    """Show a resource and its files with the template of its kind."""
    context = page_context(request, resource)
    response = render(request, resource.spec.template, context)
    if not request.is_preview:
        response["Link"] = link_header(context["facts"])
    return response


def page_context(request: SiteRequest, resource: Resource) -> dict[str, Any]:
    """Return the template context of `resource` for this visitor."""
    tags, files = TAGS.all(resource=resource.pk), files_with_history(resource)
    is_law = isinstance(resource, LegalInstrument)
    relations = relations_of(resource) if is_law else []
    terms = map(shelf_facts, tags)
    facts = record_of(resource, files, terms, relations, long_text(resource))
    context = {
        "resource": resource,
        "files": files,
        "pack": None if request.is_preview else pack_of(resource, files, request.site),
        "tags": tags,
        "social_picture": plain_cover(resource)
        if request.is_preview
        else social_picture(resource, files, request.site),
        "searched": searched_files(resource, files),
        "facts": facts,
        "law": facts.law,
        "related": cards(more_like_this(resource.pk, RELATED, SectionFacet.code, NEAR)),
        "banner": banner(resource) if request.is_preview else None,
        "unknown_facts": unknown_facts(resource),
        "edit_url": edit_url(resource) if is_editor(request) else "",
    }
    if not request.is_preview:
        context |= machine_metadata(facts, request) | citation_context(facts, request)
    return context


def unknown_facts(resource: Resource) -> str:
    """Return the names of the facts that nobody knows yet, for one line: "Entidad emisora, licencia"."""
    facts: list[tuple[Any, Any]] = [
        ("entidad emisora", resource.issuer_id),
        ("fecha de emisión", resource.issued_on),
    ]
    facts.append(("licencia", resource.licence))
    for name in resource.spec.stated:
        facts.append((resource.spec.model_field(name).verbose_name, getattr(resource, name)))
    missing = ", ".join(name for name, value in facts if not value)
    return missing[:1].upper() + missing[1:]


def machine_metadata(facts: ResourceRecord, request: SiteRequest) -> dict[str, Any]:
    """Return the machine-readable metadata of the page."""
    site = site_facts(request.site)
    return {
        "json_ld": resource_page(facts, site),
        "metadata": list(page_metadata(facts, site)),
    }


def citation_context(facts: ResourceRecord, request: SiteRequest) -> dict[str, Any]:
    """Return the citations, of one page of the document if the address names it (`?pagina=`)."""
    cited = Cited(facts, site_facts(request.site), timezone.localdate())
    asked, error, page = request.GET.get("pagina", "")[:20], "", 0
    try:
        page = read_page(asked, cited.last_page)
    except BadPage as bad:
        error = str(bad)
    return {
        "citations": citations(replace(cited, page=page)),
        "last_page": cited.last_page,
        "cited_page": page,
        "asked_page": asked,
        "page_error": error,
    }


def searched_files(resource: Resource, files: list[ResourceFile]) -> list[ResourceFile]:
    """Return the files with page texts that a visitor can search."""
    return [
        file
        for file in files
        if resource.is_public
        and file.current
        and file.current.pages
        and not file.current.is_withheld
    ]


def files_with_history(resource: Resource) -> list[ResourceFile]:
    """Return the resource's files, each with `current` and with `history`, all its versions from the newest: one query."""
    files: dict[int, Any] = {}
    for version in VERSIONS.all(resource=resource.pk):
        slot: Any = files.setdefault(version.file_id, version.file)
        if slot is cast(Any, version.file):
            slot.history = []
        slot.resource, version.file = resource, slot
        slot.history.append(version)
        if version.pk == slot.current_id:
            slot.current = version
    for slot in files.values():
        _pair_readable(slot.history)
    return sorted(files.values(), key=lambda slot: slot.role != ResourceFile.Role.MAIN)


def _pair_readable(history: list[Any]) -> None:
    """Note in `compared_with` of each version that can be read the number of the one before that can be."""
    readable = [version for version in history if version.is_readable]
    for version, older in pairwise(readable):
        version.compared_with = older.number


def pack_of(
    resource: Resource, files: list[ResourceFile], portal: SiteSettings
) -> PackSummary | None:
    """Return the pack of the resource for its page; without a query, as its files are loaded already."""
    versions = [slot.current for slot in files if slot.current]
    return facts_of(contents_of_resource(resource, versions, portal))


def social_picture(
    resource: Resource, files: list[ResourceFile], site: SiteSettings
) -> SocialPicture | None:
    """Return what a link to the page shows in a chat: the sharing picture or, until it is drawn, the cover."""
    main = next(
        (slot.current for slot in files if slot.current_id == resource.main_version_id), None
    )
    contents = resource_contents(resource, main, site)
    read: Any = resource  # its picture was joined to the row of the base model
    return current_picture(read.resource_ptr, contents) or plain_cover(resource)


def banner(resource: Resource) -> str:
    """Return the banner for editors above a page that is not public."""
    if resource.deleted_at:
        return "En la papelera: nadie más lo ve."
    return BANNERS[Resource.Status(resource.status)]


def edit_url(resource: Resource) -> str:
    """Return the address of the resource's form in the admin."""
    return reverse(f"admin:resources_{resource.kind}_change", args=[resource.pk])
