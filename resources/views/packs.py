"""Downloads of packs: a ZIP is served only while it holds exactly the published files."""

import logging
from datetime import datetime
from typing import cast

from django.core.cache import cache
from django.db import Error
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from resources.current_site import SiteRequest
from resources.files.packs.builder import request_refresh
from resources.files.packs.contents import (
    PackContents,
    contents_of_resource,
    contents_of_section,
    public_versions,
)
from resources.models import Pack, Resource, Section
from resources.views.access import resource_view
from resources.views.browse import former_shelf
from resources.views.downloads import CHECKED, FILE_POLICY, serve_stored_file

logger = logging.getLogger(__name__)
RETRY_AFTER = 30  # seconds: most packs are built in less
ASK_EVERY = 60  # seconds between two requests of visitors that wake the worker


@require_safe
def section_pack(request: SiteRequest, slug: str) -> HttpResponseBase:
    """Serve the pack of a section."""
    section = Section.objects.select_related("pack").filter(slug=slug).first()
    if section is None:
        return former_shelf(request, "secciones", slug)
    return serve_pack(request, contents_of_section(section, request.site))


@resource_view
def resource_pack(request: SiteRequest, resource: Resource) -> HttpResponseBase:
    """Serve the pack of a resource with several files; a draft has none, not even for editors."""
    versions = public_versions().filter(file__resource=resource.pk)
    return serve_pack(request, contents_of_resource(resource, versions, request.site))


def serve_pack(request: SiteRequest, contents: PackContents) -> HttpResponseBase:
    """Serve the pack of `contents`, or the waiting page while the stored one is out of date."""
    if not contents.is_packable:
        raise Http404(
            "Aquí no hay un paquete: no hay archivos suficientes, o son demasiados para un solo ZIP."
        )
    pack = Pack.of(contents.owner)
    if pack is None or pack.key != contents.key:
        return pack_pending(request, contents)
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": content_disposition_header(True, f"{contents.owner.slug}.zip"),
        "Content-Security-Policy": FILE_POLICY,
        "Cache-Control": CHECKED,
        "Link": f'<{contents.owner.get_absolute_url()}>; rel="up"',
        "X-Robots-Tag": "noindex",
    }
    store, name = pack.stored.storage, pack.stored.name or ""
    return serve_stored_file(
        request, store, name, pack.size, f'"{pack.sha256}"', cast(datetime, pack.built_at), headers
    )


@never_cache
def pack_pending(request: SiteRequest, contents: PackContents) -> HttpResponse:
    """Answer 503 with Retry-After while the pack is built; queue the build again now and then, in case it was lost."""
    if cache.add("packs-asked-by-visitors", True, ASK_EVERY):
        try:
            request_refresh()
        except Error:
            logger.warning(
                "The worker could not be told of a pack that is asked for.", exc_info=True
            )
    context = {"owner": contents.owner, "count": len(contents.entries), "url": contents.url}
    response = render(request, "packs/pending.html", context, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
