"""Show the home page, a section, a tag."""

from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from resources.addresses import reverse
from resources.current_site import SiteRequest
from resources.files.packs.contents import section_facts
from resources.files.sharing_pictures.builder import current_picture
from resources.files.sharing_pictures.contents import section_contents
from resources.http_caching import public_page
from resources.listing.cards import cards, first_cards, ids_of_section
from resources.listing.counts import catalogue_counts
from resources.listing.facets import SectionFacet
from resources.listing.request import BadPageNumber, no_such_page, page_number
from resources.models import Redirect, Resource, Section, Tag
from resources.models.kind_spec import KindSpec, all_kinds
from resources.models.queries import ResourceQuerySet
from resources.opendata.page_metadata import site_link_header
from resources.opendata.record import absolute
from resources.opendata.record_builder import site_facts
from resources.opendata.schema_org import home_page, list_page
from resources.views.access import gone


@public_page
def home(request: SiteRequest) -> HttpResponse:
    """Show the numbers of each kind, then each section with its first resources."""
    counts, now = catalogue_counts(), timezone.now()
    sections = list(Section.objects.select_related("pack"))  # the header's and the footer's too
    filled = [section for section in sections if counts.of_section[section.pk]]
    packs = section_facts(filled, request.site)
    blocks = [
        {
            "section": section,
            "cards": first_cards(section.pk, settings.CARDS_PER_SECTION, now),
            "total": counts.of_section[section.pk],
            "pack": packs.get(section.pk),
        }
        for section in filled
    ]
    site = site_facts(request.site)
    context = {
        "sections": sections,
        "blocks": blocks,
        "counts": [
            kind_count(spec, counts.of_kind[spec.name])
            for spec in all_kinds()
            if counts.of_kind[spec.name]
        ],
        "total": counts.total,
        "json_ld": home_page(site, filled),
    }
    response = render(request, "home.html", context)
    response["Link"] = site_link_header(site)
    return response


def kind_count(spec: KindSpec, count: int) -> dict[str, Any]:
    """Return the number of resources of a kind, with its labels."""
    return {
        "kind_slug": spec.slug,
        "label_singular": spec.label.lower(),
        "label_plural": spec.plural,
        "count": count,
    }


@public_page
def section(request: SiteRequest, slug: str) -> HttpResponse:
    """List a section in the editors' order."""
    found = Section.objects.select_related("pack", "sharing_picture").filter(slug=slug).first()
    if found is None:
        return former_shelf(request, "secciones", slug)
    page = numbered_page(request, catalogue_counts().of_section[found.pk])
    part = slice_of(page)
    page.object_list = cards(
        ids_of_section(found.pk, settings.RESULTS_PER_PAGE, part.start, timezone.now())
    )
    pack = section_facts([found], request.site).get(found.pk)
    context = {
        "section": found,
        "page_obj": page,
        "total": page.paginator.count,
        "pack": pack,
        "own_filter": [(SectionFacet.param, found.slug)],
        "social_picture": current_picture(found, section_contents(found, request.site)),
        "json_ld": shelf_page(request, found, found.description, page),
    }
    return render(request, "resources/section.html", context)


@public_page
def tag(request: SiteRequest, slug: str) -> HttpResponse:
    """List the resources with a tag, in page order."""
    found = Tag.objects.filter(slug=slug).first()
    if found is None:
        return former_shelf(request, "etiquetas", slug)
    page = page_of(request, Resource.objects.published().filter(tagged__tag=found).in_page_order())
    context = {
        "tag": found,
        "page_obj": page,
        "total": page.paginator.count,
        "json_ld": shelf_page(request, found, "", page),
    }
    return render(request, "resources/tag.html", context)


def shelf_page(request: SiteRequest, shelf: Section | Tag, description: str, page: Page) -> dict:
    """Return the JSON-LD of the page of a section or a tag."""
    site = site_facts(request.site)
    return list_page(absolute(shelf.get_absolute_url()), str(shelf), description, site, page)


def page_of(request: SiteRequest, resources: ResourceQuerySet) -> Page:
    """Return the requested page of cards."""
    keys = resources.values_list("pk", flat=True)
    page = numbered_page(request, keys.order_by().count())
    page.object_list = cards(list(keys[slice_of(page)]))
    return page


def slice_of(page: Page) -> slice:
    """Return the part of the whole list that a page shows."""
    return slice(max(page.start_index() - 1, 0), page.end_index())


def numbered_page(request: SiteRequest, total: int) -> Page:
    """Return the requested page of `total` things, without them; a page number beyond the last is a 404."""
    paginator = Paginator(range(total), settings.RESULTS_PER_PAGE)
    asked = page_number(request.GET)
    if asked > paginator.num_pages:
        raise BadPageNumber(no_such_page(asked, paginator.num_pages))
    return paginator.page(asked)


def former_shelf(request: SiteRequest, room: str, slug: str) -> HttpResponse:
    """Answer for a removed section or tag: 410 if there was one, else 404."""
    former = Redirect.find(room, slug)
    if former is None:
        raise Http404(f"No hay nada en {reverse('home')}{room}/{slug}/.")
    return gone(request, former.title, former.reason, former.created)
