"""Downloads of the whole catalogue: DCAT as JSON-LD and Turtle, table as CSV and XLSX, cached until a change."""

import logging
import re
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header

from resources.current_site import SiteRequest
from resources.opendata.exports import EXPORTS, Busy, cached_export, made_in_memory
from resources.views.downloads import CHECKED, serve_bytes
from resources.views.public_api import ApiError, public_api

logger = logging.getLogger(__name__)
ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")
SAVED = (".csv", ".xlsx")  # what a browser saves rather than shows


@public_api
def catalogue(request: SiteRequest, name: str) -> HttpResponseBase:
    """Serve one export: whole, as a range request, compressed, or 304."""
    export = EXPORTS[name]
    wants_parts = "Range" in request.headers  # they are counted in the plain file
    accepts = ACCEPTS_GZIP.search(request.headers.get("Accept-Encoding", ""))
    store: Storage = FileSystemStorage(settings.EXPORTS_ROOT)
    try:
        try:
            file = cached_export(export, request.site, compressed=bool(accepts) and not wants_parts)
        except OSError:
            logger.exception("%s could not be kept on the disk; it is made in memory.", name)
            store, file = made_in_memory(export, request.site)
    except Busy as busy:
        raise ApiError(
            503, "El archivo se está preparando: vuelva a pedirlo en unos segundos."
        ) from busy
    headers: dict[str, Any] = {
        "Content-Type": export.media_type,
        "Content-Disposition": content_disposition_header(name.endswith(SAVED), name),
        "Cache-Control": CHECKED,
    }
    if file.is_compressed:
        headers["Content-Encoding"] = "gzip"
    response = serve_bytes(
        request,
        store,
        file.name,
        file.size,
        f'"{file.sha256}{"-gzip" if file.is_compressed else ""}"',
        file.made,
        headers,
    )
    if export.is_text:
        patch_vary_headers(response, ["Accept-Encoding"])
    return response
