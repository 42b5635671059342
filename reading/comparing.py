"""The page that compares two versions of a file."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from reading.addresses import is_main, reading_url
from reading.articles import articles_text
from reading.comparison import Comparison, Part, compare_articles, compare_paragraphs
from reading.models import Article, Reading
from resources.current_site import SiteRequest
from resources.http_caching import public_page
from resources.models import FileVersion, Resource
from resources.views.access import resource_view
from resources.views.detail import banner, files_with_history


@public_page
@resource_view
def compare(
    request: SiteRequest, resource: Resource, older: int, newer: int, file_name: str = ""
) -> HttpResponse:
    """Show what changed in a file from one version to a later one."""
    slot, old, new = _versions(resource, older, newer, file_name)
    readings = {
        reading.version_id: reading
        for reading in Reading.objects.filter(version__in=[old.pk, new.pk])
    }
    if len(readings) < 2:
        raise Http404("El texto de una de esas versiones se está preparando.")
    comparison = compared(readings[old.pk], readings[new.pk])
    context = {
        "resource": resource,
        "file": slot,
        "old": old,
        "new": new,
        "old_url": reading_url(resource, old, is_permanent=True),
        "new_url": reading_url(resource, new),
        "comparison": comparison,
        "notes": [
            version
            for version in slot.history
            if older < version.number <= newer and version.change_note
        ],
        "is_main": is_main(resource, slot),
        "banner": banner(resource) if request.is_preview else None,
    }
    return render(request, "reading/compare.html", context)


def compared(old: Reading, new: Reading) -> Comparison:
    """Compare two readings: by article where both have confirmed ones."""
    if old.articles_confirmed_on and new.articles_confirmed_on:
        return compare_articles(_parts(old), _parts(new))
    return compare_paragraphs(_paragraphs(old), _paragraphs(new))


def _parts(reading: Reading) -> list[Part]:
    articles = list(reading.articles.exclude(kind=Article.Kind.DIVISION))
    every = list(reading.articles.all())
    known = {article.pk for article in articles}
    return [
        Part(article.key, article.label, tuple(block.plain for block in blocks))
        for article, blocks in articles_text(list(reading.pages.all()), every)
        if article.pk in known
    ]


def _paragraphs(reading: Reading) -> list[str]:
    return [block.plain for page in reading.pages.all() for block in page.shown]


def _versions(
    resource: Resource, older: int, newer: int, file_name: str
) -> tuple[Any, FileVersion, FileVersion]:
    """Return the file and its two versions. Raises Http404 where one cannot be read."""
    if older >= newer:
        raise Http404("Compare una versión con otra posterior.")
    slots: list[Any] = list(files_with_history(resource))
    for slot in slots:
        if slot.file_name == file_name if file_name else is_main(resource, slot):
            found = {version.number: version for version in slot.history if version.is_readable}
            if older in found and newer in found:
                return slot, found[older], found[newer]
    raise Http404("No se pueden comparar esas dos versiones: una no se puede leer aquí.")
