"""Usage of links: which addresses are used in the catalogue, and where."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import Model, QuerySet
from django.urls import reverse

from resources.models import Link, Organization, Page, Resource
from resources.quality.broken_links import LinkField, link_fields, resources_with
from resources.templatetags.markdown import READER

AROUND = (
    LinkField(Organization, "url", "sitio web"),
    LinkField(Page, "body", "texto", is_prose=True),
)
LONGEST = Link._meta.get_field("url").max_length or 0


class LinkUse(NamedTuple):
    """One use of a link: its label, the object it belongs to, and the form that edits it."""

    words: str
    thing: str
    url: str


def used_urls() -> Iterator[str]:
    """Yield every http address in the catalogue, repetitions included."""
    for place in (*link_fields(), *AROUND):
        for value in (
            _live_rows(place).values_list(place.field, flat=True).iterator(chunk_size=2000)
        ):
            for url in markdown_urls(value) if place.is_prose else (value,):
                if url.startswith(("http://", "https://")) and len(url) <= LONGEST:
                    yield url


def markdown_urls(text: str) -> Iterator[str]:
    """Yield the link targets of a Markdown text, as typed."""
    if "://" not in text:
        return
    for block in READER.parse(text):
        for token in block.children or ():
            href = str(token.attrs.get("href", ""))
            if token.type == "link_open" and resources_with(href, text):
                yield href


def _live_rows(place: LinkField) -> QuerySet:
    """Return the rows of resources neither in the trash nor withdrawn."""
    rows = place.model._default_manager.order_by().exclude(**{place.field: ""})
    if not place.resource:
        return rows
    living = Resource.objects.in_catalogue().exclude(status=Resource.Status.WITHDRAWN)
    return rows.filter(**{f"{place.resource}__in": living.order_by().values("pk")})


def uses_of(links: Iterable[Link]) -> dict[str, list[LinkUse]]:
    """Return the uses of each given link by address: one query for each kind of usage."""
    links = list(links)
    uses: dict[str, list[LinkUse]] = defaultdict(list)
    chosen = Link.objects.filter(pk__in=[link.pk for link in links])
    for place in (*link_fields(), *AROUND) if links else ():
        rows = place.rows_with(chosen) & _live_rows(place)
        for row in rows:
            for link in links:
                if place.has(link.url, getattr(row, place.field)):
                    uses[link.url].append(_use(place, row))
    return dict(uses)


def _use(place: LinkField, row: Model) -> LinkUse:
    thing = getattr(row, place.resource) if place.resource in ("source", "target") else row
    kind = thing.kind if isinstance(thing, Resource) else thing._meta.model_name
    form = reverse(f"admin:resources_{kind}_change", args=[thing.pk])
    return LinkUse(place.words, str(thing), f"{form}#{place.mended_at}")


def broken_links_in_use() -> list[Link]:
    """Return the broken links still in use, the oldest first."""
    return _in_use(Link.objects.broken())


def unreachable_links_in_use() -> list[Link]:
    """Return the links in use that are not broken but whose site has not answered for weeks."""
    silent = Link.objects.silent_for_long().exclude(pk__in=Link.objects.broken().values("pk"))
    return _in_use(silent.order_by("silent_since", "url"))


def _in_use(links: QuerySet[Link]) -> list[Link]:
    found = list(links)
    used = uses_of(found)
    return [link for link in found if link.url in used]
