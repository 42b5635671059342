"""Downloads of files and pictures: access first, then HTTP for slow connections (304, range requests, HEAD)."""

import re
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date
from django.views.decorators.http import require_safe

from resources.current_site import SiteRequest
from resources.models import FileVersion, Resource, ResourceFile
from resources.models.files import SRT, VTT
from resources.views.access import gone, resource_view
from resources.views.byte_ranges import Unsatisfiable, if_range_matches, requested_range

INLINE = ("application/pdf", "image/", "audio/", "video/", "text/plain", "text/vtt")
FILE_POLICY = "default-src 'none'; sandbox"
IMMUTABLE = "public, max-age=31536000, immutable"
CHECKED = "public, no-cache"
PICTURE_TYPES = {
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
}

PICTURE_NAME = re.compile(r"([a-z0-9-]+/)+[a-z0-9-]+\.(?P<extension>webp|jpe?g|png)", re.ASCII)


AS_VTT = "vtt"
"""The question, after the address of captions, that asks for them as a browser plays them."""
SRT_TIMES = re.compile(r"(\d{1,2}:\d{2}:\d{2}),(\d{1,3})(?=\s*-->|\s*$|\s)", re.MULTILINE)
MOST_CAPTIONS = 2 * 1024 * 1024  # bytes; the captions of a day fit


@resource_view
def current_file(request: SiteRequest, resource: Resource, file_name: str) -> HttpResponseBase:
    """Serve the current version of a file at its stable address."""
    return serve_current(request, resource, file_name)


def serve_current(request: SiteRequest, resource: Resource, file_name: str) -> HttpResponseBase:
    """Serve the current version of the file of `resource` with this name."""
    slot = (
        ResourceFile.objects.filter(resource=resource, file_name=file_name)
        .select_related("current")
        .first()
    )
    if slot is None or slot.current is None:
        raise Http404("Este recurso no tiene un archivo con ese nombre.")
    if AS_VTT in request.GET and slot.current.media_type == SRT and not slot.current.is_withheld:
        return _converted_captions(request, slot.current)
    return serve_version(request, slot, slot.current, cache=CHECKED)


def _converted_captions(request: SiteRequest, version: FileVersion) -> HttpResponse:
    """Serve SubRip captions as WebVTT, the only format that browsers play; only the decimal mark of the times differs."""
    with _opened(version.stored.storage, version.stored.name or "") as stream:
        text = stream.read(MOST_CAPTIONS).decode(version.charset or "utf-8", errors="replace")
    times = SRT_TIMES.sub(r"\1.\2", text.removeprefix("\ufeff").replace("\r\n", "\n"))
    return HttpResponse(
        f"WEBVTT\n\n{times}",
        content_type=f"{VTT}; charset=utf-8",
        headers={
            "Content-Security-Policy": FILE_POLICY,
            "Cache-Control": "private, no-store" if request.is_preview else CHECKED,
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        },
    )


@resource_view
def file_version(
    request: SiteRequest, resource: Resource, number: int, file_name: str
) -> HttpResponseBase:
    """Serve one version of a file at its permanent address."""
    versions = FileVersion.objects.filter(
        file__resource=resource, file__file_name=file_name, number=number
    )
    version = versions.select_related("file").first()
    if version is None:
        raise Http404("Este archivo no tiene esa versión.")
    return serve_version(request, version.file, version, cache=IMMUTABLE)


def serve_version(
    request: SiteRequest, slot: ResourceFile, version: FileVersion, *, cache: str
) -> HttpResponseBase:
    """Serve the bytes of `version` under the name of its file, or 410 after a takedown."""
    resource = slot.resource
    if version.is_withheld:
        title = f"{slot.title}, versión {version.number}"
        return gone(request, title, version.withheld_reason, version.withheld_on)
    headers: dict[str, Any] = {
        "Content-Type": content_type(version.media_type, version.charset),
        "Content-Disposition": content_disposition_header(
            not is_inline(version.media_type), slot.file_name
        ),
        "Content-Security-Policy": FILE_POLICY,
        "Cache-Control": "private, no-store" if request.is_preview else cache,
        "Link": f'<{resource.get_absolute_url()}>; rel="up collection"',
        "X-Robots-Tag": "noindex" if version.pk != slot.current_id else "all",
    }
    stored = version.stored
    return serve_stored_file(
        request,
        stored.storage,
        stored.name or "",
        version.size,
        f'"{version.sha256}"',
        version.created,
        headers,
    )


def serve_stored_file(
    request: SiteRequest,
    store: Storage,
    name: str,
    size: int,
    etag: str,
    modified: datetime,
    headers: dict[str, str],
) -> HttpResponseBase:
    """Serve a private file: by a redirect to its storage, by nginx (X-Accel-Redirect), or directly."""
    if not isinstance(store, FileSystemStorage):
        return redirect_to_storage(store, name, headers)
    if settings.MEDIA_ACCEL_REDIRECT:
        return accel_redirect(name, headers)
    return serve_bytes(request, store, name, size, etag, modified, headers)


def redirect_to_storage(store: Storage, name: str, headers: dict[str, str]) -> HttpResponse:
    """Redirect to a short-lived address of the storage, which answers with the given name and type."""
    response = HttpResponseRedirect(
        cast(Any, store).url(  # the parameters are those of S3
            name,
            parameters={
                "ResponseContentType": headers["Content-Type"],
                "ResponseContentDisposition": headers["Content-Disposition"],
            },
        )
    )
    response["Cache-Control"] = "private, no-store"  # the address soon stops working
    response["Link"] = headers["Link"]
    return response


def accel_redirect(name: str, headers: dict[str, str]) -> HttpResponse:
    """Let nginx send the file from its internal location, with range requests (docs/despliegue.md)."""
    location = f"{settings.MEDIA_ACCEL_REDIRECT.rstrip('/')}/{quote(name)}"
    return HttpResponse(headers={**headers, "X-Accel-Redirect": location})


@require_safe
def picture(request: SiteRequest, name: str) -> HttpResponseBase:
    """Serve a cover or one of its renditions, cacheable for ever: names are never reused."""
    store = storages["pictures"]
    match = PICTURE_NAME.fullmatch(name)
    if not match or not store.exists(name):
        raise Http404("No hay ninguna imagen en esta dirección.")
    headers = {
        "Content-Type": PICTURE_TYPES[match["extension"]],
        "Content-Security-Policy": FILE_POLICY,
        "Cache-Control": IMMUTABLE,
    }
    return serve_bytes(
        request, store, name, store.size(name), f'"{name}"', store.get_modified_time(name), headers
    )


def is_inline(media_type: str) -> bool:
    """Return whether browsers display this type."""
    return media_type.startswith(INLINE)


def content_type(media_type: str, charset: str) -> str:
    """Return the Content-Type header; text keeps its stored charset."""
    return f"{media_type}; charset={charset}" if charset else media_type


def serve_bytes(
    request: SiteRequest,
    store: Storage,
    name: str,
    size: int,
    etag: str,
    modified: datetime,
    headers: dict[str, str],
) -> HttpResponseBase:
    """Answer a request for `size` stored bytes with 304, 416, 206 or 200, in constant memory."""
    headers |= {
        "ETag": etag,
        "Last-Modified": http_date(modified.timestamp()),
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
    }
    early = get_conditional_response(request, etag=etag, last_modified=int(modified.timestamp()))
    if early is not None:
        for key in ("ETag", "Last-Modified", "Cache-Control"):
            early[key] = headers[key]
        return early
    span = None
    if request.method == "GET" and if_range_matches(
        request.headers.get("If-Range"), etag, modified
    ):
        try:
            span = requested_range(request.headers.get("Range", ""), size)
        except Unsatisfiable:
            return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    if request.method == "HEAD":
        return HttpResponse(headers={**headers, "Content-Length": str(size)})
    if span is None:
        return _given(_opened(store, name), {**headers, "Content-Length": str(size)})
    first, last = span
    headers |= {
        "Content-Range": f"bytes {first}-{last}/{size}",
        "Content-Length": str(last - first + 1),
    }
    return _given(FileRange(_opened(store, name), first, last - first + 1), headers, status=206)


def _given(file: Any, headers: dict[str, str], status: int = 200) -> FileResponse:
    response = FileResponse(file, headers=headers, status=status)
    for key, value in headers.items():  # FileResponse has put its own guesses in some
        response[key] = value
    return response


def _opened(store: Storage, name: str) -> File:
    try:
        return store.open(name, "rb")
    except FileNotFoundError as missing:
        raise Http404("El archivo no está donde debería: avísenos, por favor.") from missing


class FileRange:
    """A byte range of a stored file. With a descriptor, the server sends it by sendfile."""

    def __init__(self, stream: File, first: int, length: int) -> None:
        self.stream, self.left = stream, length
        stream.seek(first)

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes of the range."""
        data = self.stream.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(data)
        return data

    def fileno(self) -> int:
        """Return the descriptor, positioned at the start of the range until something is read."""
        return self.stream.fileno()

    def close(self) -> None:
        """Close the file."""
        self.stream.close()
