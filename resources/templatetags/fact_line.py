"""Render the facts line of a card and the checkbox of a facet, memoised."""

from functools import lru_cache
from typing import NamedTuple

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from resources.models import FileVersion, Resource
from resources.templatetags.formats import file_facts, icon
from resources.text import thousands
from search.facets import FacetValue

register = template.Library()

KEPT = 4000  # lines, each of less than a kilobyte


class Facts(NamedTuple):
    """The facts of a card. Empty values are unknown, or left out here."""

    kind_slug: str
    kind: str
    file: str
    is_sample: bool
    beside: str
    is_beside_accessible: bool
    year: int
    issuer: str
    force: str
    link_pending: bool


@register.simple_tag
def facts(resource: Resource, bare: object = False) -> SafeString:
    """Render kind, file, year, issuer and force; `bare` leaves out kind and issuer."""
    main, beside, issuer = resource.main_version, resource.accessible_version, resource.issuer
    told = Facts(
        kind_slug="" if bare else resource.kind_slug,
        kind="" if bare else resource.type_label or resource.get_kind_display(),
        file=_told(main),
        is_sample=bool(main and not main.is_withheld and main.is_sample),
        beside=_told(beside),
        is_beside_accessible=bool(beside and beside.file.accessible),
        year=resource.issued_on.year if resource.issued_on else 0,
        issuer=issuer.acronym or issuer.name if issuer and not bare else "",
        force=resource.force,
        link_pending=resource.link_pending,
    )
    return _line(told, static("img/icons.svg"))


def _told(version: FileVersion | None) -> str:
    return file_facts(version) if version and not version.is_withheld else ""


@lru_cache(maxsize=KEPT)
def _line(facts: Facts, icons: str) -> SafeString:
    """Render the line, cached; `icons`, the address of the icons, changes with each release."""
    return render_to_string("_facts.html", {"facts": facts})


@register.simple_tag
def check(name: str, value: FacetValue) -> SafeString:
    """Render the checkbox of a facet value with its count."""
    icons = static("img/icons.svg") if value.icon else ""
    before, after = _box(name, value.slug, value.label, value.icon, icons)
    return mark_safe(  # noqa: S308 both parts were escaped, and a figure needs it not
        f"{before}{' checked' if value.is_on else ''}{after}{thousands(value.count)}"
        f'<span class="vh"> {"resultado" if value.count == 1 else "resultados"}</span></span></label>'
    )


@lru_cache(maxsize=KEPT)
def _box(
    name: str, slug: str, label: str, kind_slug: str, icons: str
) -> tuple[SafeString, SafeString]:
    """Render the parts of a checkbox before "checked" and between that and the count, cached."""
    kind = format_html(' class="kind" data-kind="{}"', kind_slug) if kind_slug else ""
    drawing = icon(kind_slug) if kind_slug else ""
    return (
        format_html('<label class="check"><input type="checkbox" name="{}" value="{}"', name, slug),
        format_html('><span{}>{}{}</span><span class="num">', kind, drawing, label),
    )
