"""Public pages of the reading view: a document, an article of a law, the whole text as Markdown."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from inspection.blocks import Block
from reading.addresses import comparison_url, is_main, page_url, reading_url
from reading.articles import articles_text
from reading.models import Article, Reading
from reading.rendering import Marker, blocks_html, markdown
from reading.shown import (
    anchors_of,
    as_number,
    asked_words,
    contents_of,
    pages_elsewhere,
    part_of,
    shown_page,
)
from reading.structured_data import article_node, reading_node
from resources.current_site import SiteRequest
from resources.http_caching import public_page
from resources.kinds.legislation.description import relations_of
from resources.kinds.legislation.models import LegalInstrument
from resources.models import FileVersion, Resource, ResourceFile
from resources.models.choices import Force
from resources.opendata.citations import Cited, is_feminine, ordinance
from resources.opendata.record import ResourceRecord
from resources.opendata.record_builder import record_of, site_facts
from resources.views.access import resource_view
from resources.views.detail import banner, files_with_history


@public_page
@resource_view
def read(
    request: SiteRequest, resource: Resource, file_name: str = "", number: int = 0
) -> HttpResponse:
    """Show the text of a file's current version, or of version `number`."""
    files = files_with_history(resource)
    version = _version(resource, files, file_name, number)
    reading = _reading(version)
    part, parts = part_of(request, reading)
    parsed, query = asked_words(request)
    address = reading_url(resource, version, is_permanent=bool(number))
    facts = record_of(resource, files, (), _relations(resource), "")
    cited = Cited(facts, site_facts(request.site), timezone.localdate())
    articles = _articles(reading)
    anchors = anchors_of(reading, articles)
    rows = list(reading.pages.filter(part=part))
    has_pages = bool(version.pages)
    pages = [
        shown_page(
            row, parsed, anchors, page_url(address, part, row.number, parts), cited, has_pages
        )
        for row in rows
    ]
    marks = [mark for page in pages for mark in page.marks]
    context = _frame(request, resource, version, reading, facts, address) | {
        "shown": pages,
        "has_pages": has_pages,
        "contents": contents_of(reading, address, parts),
        "part": part,
        "parts": range(1, parts + 1) if parts > 1 else (),
        "query": query,
        "target": as_number(request.GET.get("pagina", "")) if query else 0,
        "marks": marks,
        "elsewhere": pages_elsewhere(reading, part, parsed, address, query) if parts > 1 else [],
        "articles": articles,
        "json_ld": reading_node(facts, cited.site, address, articles),
    }
    return render(request, "reading/read.html", context)


@public_page
@resource_view
def article(request: SiteRequest, resource: Resource, key: str) -> HttpResponse:
    """Show one article of a law, with the force of the law and how to cite it."""
    files = files_with_history(resource)
    version = _version(resource, files, "", 0)
    reading = _reading(version)
    articles = _articles(reading)
    place = next((n for n, each in enumerate(articles) if each.key == key), None)
    if place is None or articles[place].kind == Article.Kind.DIVISION:
        raise Http404("Esta norma no tiene ese artículo.")
    shown = articles[place]
    following = articles[place + 1 :][:1]
    pages = reading.pages.filter(
        number__gte=shown.page, number__lte=following[0].page if following else 10**9
    )
    blocks = next(blocks for _, blocks in articles_text(list(pages), [shown, *following]))
    facts = record_of(resource, files, (), _relations(resource), "")
    cited = Cited(facts, site_facts(request.site), timezone.localdate())
    parsed, query = asked_words(request)
    numbered = [each for each in articles if each.kind != Article.Kind.DIVISION]
    at = numbered.index(shown)
    address = reading_url(resource, version)
    context = _frame(request, resource, version, reading, facts, address) | {
        "article": shown,
        "body": blocks_html(blocks[1:] if len(blocks) > 1 else [], Marker(parsed, shown.page)),
        "first": blocks[0] if blocks else Block("paragraph"),
        "first_html": blocks_html(blocks[:1], Marker(parsed, shown.page)),
        "above": _divisions(articles[:place]),
        "before": numbered[at - 1] if at else None,
        "after": numbered[at + 1] if at + 1 < len(numbered) else None,
        "citation": article_citation(shown, cited),
        "json_ld": article_node(facts, shown),
        "query": query,
    }
    return render(request, "reading/article.html", context)


@public_page
@resource_view
def as_markdown(request: SiteRequest, resource: Resource) -> HttpResponse:
    """Serve the whole text of the main file as Markdown, with where it comes from on top."""
    version = _version(resource, files_with_history(resource), "", 0)
    reading = _reading(version)
    head = (
        f"# {resource.title}\n\nTexto tomado del {version.type_name}, versión {version.number}; vale el {version.type_name}. "
        f"SHA-256 {version.sha256}"
    )
    texts = [head]
    for page in reading.pages.all():
        mark = f"<!-- página {page.number} -->\n\n" if version.pages else ""
        texts.append(mark + markdown(page.shown))
    return HttpResponse("\n\n".join(texts) + "\n", content_type="text/markdown; charset=utf-8")


def article_citation(shown: Article, cited: Cited) -> str:
    """Return the form of ordinances for one article: "artículo 4 de la …, publicada en …, y sus reformas"."""
    label = shown.label[:1].lower() + shown.label[1:]
    of_the = "de la" if is_feminine(cited.facts.title) else "del"
    is_amended = cited.facts.law and cited.facts.law.force == Force.AMENDED
    return f"{label} {of_the} {ordinance(cited)}{', y sus reformas' if is_amended else ''}"


def _frame(
    request: SiteRequest,
    resource: Resource,
    version: FileVersion,
    reading: Reading,
    facts: ResourceRecord,
    address: str,
) -> dict[str, Any]:
    """Return what every page of the reading view says of its document."""
    slot: Any = version.file
    is_current = slot.current_id == version.pk
    readable = (old for old in slot.history if old.is_readable)
    older = next((old for old in readable if old.number < version.number), None)
    return {
        "resource": resource,
        "law": facts.law,
        "facts": facts,
        "file": slot,
        "version": version,
        "reading": reading,
        "address": address,
        "is_current": is_current,
        "is_main": is_main(resource, slot),
        "file_url": (slot if is_current else version).get_absolute_url(),
        "current_url": reading_url(resource, slot.current)
        if slot.current.is_readable
        else resource.get_absolute_url(),
        "older": older,
        "older_url": comparison_url(resource, slot, older, version) if older else "",
        "banner": banner(resource) if request.is_preview else None,
    }


def _version(
    resource: Resource, files: Sequence[ResourceFile], file_name: str, number: int
) -> FileVersion:
    """Return the version that an address names, if it can be read. Raises Http404."""
    slots: list[Any] = [
        slot
        for slot in files
        if (slot.file_name == file_name if file_name else is_main(resource, slot))
    ]
    for slot in slots:
        versions = slot.history if number else [slot.current]
        for version in versions:
            if version and version.is_readable and (not number or version.number == number):
                return version
    raise Http404("Este documento no se puede leer aquí. Su archivo está en la ficha del recurso.")


def _reading(version: FileVersion) -> Reading:
    reading = Reading.objects.filter(version=version).first()
    if reading is None:
        raise Http404("El texto de este documento se está preparando.")
    reading.version = version
    return reading


def _articles(reading: Reading) -> list[Article]:
    """Return the parts of a law, once an editor has confirmed them."""
    return list(reading.articles.all()) if reading.articles_confirmed_on else []


def _divisions(articles: Sequence[Article]) -> list[Article]:
    """Return the title, chapter and section in which the next article stands."""
    above: dict[int, Article] = {}
    for each in articles:
        if each.kind == Article.Kind.DIVISION:
            above = {level: part for level, part in above.items() if level < each.level}
            above[each.level] = each
    return list(above.values())


def _relations(resource: Resource) -> list[Any]:
    return list(relations_of(resource)) if isinstance(resource, LegalInstrument) else []
