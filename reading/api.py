"""The text of a document by page, for machines."""

from django.http import Http404, HttpResponse

from reading.addresses import page_url, reading_url
from reading.models import Reading
from resources.current_site import SiteRequest
from resources.models import Resource
from resources.opendata.record import absolute
from resources.views.api import as_json, gone_or_moved, refuse_bad_parameters
from resources.views.public_api import api_view


@api_view
def pages(request: SiteRequest, slug: str) -> HttpResponse:
    """Answer the text of each page of a resource's main file."""
    refuse_bad_parameters(request.GET, {})
    resource = (
        Resource.objects.published().filter(slug=slug).select_related("main_version__file").first()
    )
    if resource is None:
        return gone_or_moved(slug)
    version = resource.main_version
    if version is None or not version.is_readable:
        raise Http404("Este recurso no tiene un texto que se pueda leer por páginas.")
    reading = Reading.objects.filter(version=version).first()
    if reading is None:
        raise Http404("El texto de este documento se está preparando.")
    address = absolute(reading_url(resource, version))
    rows = list(reading.pages.all())
    parts = max((row.part for row in rows), default=1)
    return as_json(
        {
            "recurso": slug,
            "version": version.number,
            "sha256": version.sha256,
            "idioma": version.language or resource.language,
            "paginas": [
                {
                    "pagina": row.number,
                    "texto": row.plain,
                    "corregida": row.corrected is not None,
                    "dudosa": bool(row.doubt),
                    "url": page_url(address, row.part, row.number, parts),
                }
                for row in rows
            ],
        }
    )
