"""Citation downloads for reference managers: BibTeX and RIS, of a resource or one page of it (`?pagina=`)."""

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpResponse
from django.utils import timezone

from resources.current_site import SiteRequest
from resources.http_caching import public_page
from resources.models import Resource
from resources.opendata.citations import BadPage, Cited, read_page
from resources.opendata.record_builder import record_of, shelf_facts, site_facts
from resources.opendata.reference_formats import bibtex, ris
from resources.views.access import resource_view


@public_page
@resource_view
def as_bibtex(request: SiteRequest, resource: Resource) -> HttpResponse:
    """Serve the BibTeX entry."""
    return _reference(request, resource, bibtex, "application/x-bibtex", "bib")


@public_page
@resource_view
def as_ris(request: SiteRequest, resource: Resource) -> HttpResponse:
    """Serve the RIS record."""
    return _reference(request, resource, ris, "application/x-research-info-systems", "ris")


def _reference(
    request: SiteRequest,
    resource: Resource,
    write: Callable[[Cited], str],
    media_type: str,
    extension: str,
) -> HttpResponse:
    slots = resource.files.select_related("current")
    tags = map(shelf_facts, resource.tags.all())
    facts = record_of(resource, list(slots), tags, (), "")
    cited = Cited(facts, site_facts(request.site), timezone.localdate())
    try:
        page = read_page(request.GET.get("pagina", ""), cited.last_page)
    except BadPage as bad:
        return HttpResponse(str(bad), status=400, content_type="text/plain; charset=utf-8")
    response = HttpResponse(
        write(replace(cited, page=page)), content_type=f"{media_type}; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{resource.slug}.{extension}"'
    return response
