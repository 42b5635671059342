"""Atom feeds of everything, a section, a tag or a search, and the news page."""

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from resources.addresses import reverse
from resources.current_site import SiteRequest
from resources.http_caching import public_page
from resources.listing.cards import cards
from resources.listing.counts import catalogue_counts
from resources.listing.request import ResourceSearch
from resources.models import Resource, ResourceQuerySet, Section, Tag
from resources.models.base import start_of
from resources.opendata.changes import changes_of, newest_first
from resources.opendata.feeds import FeedOf, atom
from resources.opendata.record import absolute
from resources.opendata.record_builder import site_facts
from resources.opendata.schema_org import plain_page
from resources.views.browse import former_shelf, numbered_page, slice_of

ATOM = "application/atom+xml; charset=utf-8"


@public_page
def everything(request: SiteRequest) -> HttpResponse:
    """Serve the feed of the newest resources, filtered by the parameters of the list page."""
    listing = ResourceSearch(request.GET, request.site.content_version)
    tail = f"?{listing.followed}" if listing.followed else ""
    words = [f"«{listing.query}»"] if listing.query else []
    labels = [*words, *(choice.label for choice in listing.facets.active())]
    title = f"Recursos: {', '.join(labels)}" if labels else "Todos los recursos"
    about = FeedOf(title, reverse("resource-list") + tail, reverse("feed") + tail)
    return _feed(request, listing.matching(), about)


@public_page
def section(request: SiteRequest, slug: str) -> HttpResponse:
    """Serve the feed of a section."""
    found = Section.objects.filter(slug=slug).first()
    if found is None:
        return former_shelf(request, "secciones", slug)
    about = FeedOf(found.title, found.get_absolute_url(), reverse("section-feed", args=[slug]))
    return _feed(request, Resource.objects.published().filter(section=found), about)


@public_page
def tag(request: SiteRequest, slug: str) -> HttpResponse:
    """Serve the feed of a tag."""
    found = Tag.objects.filter(slug=slug).first()
    if found is None:
        return former_shelf(request, "etiquetas", slug)
    about = FeedOf(found.name, found.get_absolute_url(), reverse("tag-feed", args=[slug]))
    return _feed(request, Resource.objects.published().filter(tagged__tag=found), about)


def _feed(request: SiteRequest, resources: ResourceQuerySet, about: FeedOf) -> HttpResponse:
    portal = request.site
    feed = atom(resources, about, site_facts(portal), portal.content_changed_at)
    return HttpResponse(feed, content_type=ATOM)


@public_page
def news(request: SiteRequest) -> HttpResponse:
    """Show the content of the feed as a page, since a day if given (`?desde=`)."""
    asked = request.GET.get("desde", "").strip()[:20]
    since, error = read_day(asked)
    rows = newest_first(Resource.objects.published())
    if since:
        rows = rows.filter(changed_on__gte=start_of(since))
    page = numbered_page(request, _total(request, rows, since))
    page.object_list = cards(list(rows.values_list("pk", flat=True)[slice_of(page)]))
    changes = changes_of(card.resource for card in page.object_list)
    context = {
        "page_obj": page,
        "total": page.paginator.count,
        "changes": list(zip(page.object_list, changes, strict=True)),
        "asked": asked,
        "shortcuts": shortcuts(timezone.localdate()),
        "since": since,
        "error": error,
        "json_ld": plain_page(absolute(reverse("news")), "Novedades", site_facts(request.site)),
    }
    return render(request, "open/news.html", context)


def shortcuts(today: dt.date) -> list[tuple[str, str]]:
    """Return label and first day, in ISO 8601, of the usual stretches of time."""
    return [
        ("Últimos 7 días", (today - dt.timedelta(days=6)).isoformat()),
        ("Este mes", today.replace(day=1).isoformat()),
    ]


def _total(request: SiteRequest, rows: ResourceQuerySet, since: dt.date | None) -> int:
    """Return the number of `rows`; without a day they are the whole catalogue."""
    if since:
        return rows.order_by().count()
    return catalogue_counts().total


def read_day(asked: str) -> tuple[dt.date | None, str]:
    """Return the requested day and the error of the typed text; both empty without one."""
    if not asked:
        return None, ""
    try:
        day = dt.date.fromisoformat(asked)
    except ValueError:
        return None, "Escriba la fecha como año, mes y día: 2026-01-31."
    if not 1900 <= day.year <= 9000:
        return None, "Escriba un año de cuatro cifras, desde 1900."
    return day, ""
