"""Verification of a copy: find its SHA-256 among the published versions; an upload is hashed and not stored."""

import hashlib
import io
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from resources.addresses import reverse
from resources.current_site import SiteRequest
from resources.files.verification import (
    BadSum,
    VerificationResult,
    file_key,
    find,
    find_file,
    quoted_title,
    read_sum,
)
from resources.http_caching import public_page
from resources.opendata.record import absolute
from resources.opendata.record_builder import site_facts
from resources.opendata.schema_org import plain_page
from resources.throttling import HOUR, allow_request

AROUND = 10_000  # bytes of a request that may stand around the file itself
NO_FILE = "Elija el archivo que quiere verificar."


# No CSRF token: it would need a cookie, which visitors do not get. Nothing is stored and nothing changes but a
# count; an answer to a form of another site never speaks of "su copia" (comes_from_this_site).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: SiteRequest) -> HttpResponseBase:
    """Verify a typed or linked checksum (GET), or a hashed or uploaded copy (POST)."""
    if request.method != "POST":
        return verify_sum(request)
    if request.content_type == "application/x-www-form-urlencoded":
        return verify_hashed(request)
    return verify_upload(request)


@public_page
def verify_sum(request: SiteRequest) -> HttpResponseBase:
    """Verify `?sha256=`, or show the forms."""
    asked = request.GET.get("sha256")
    return render_page(request) if asked is None else verify_text(request, asked)


@never_cache
def verify_hashed(request: SiteRequest) -> HttpResponse:
    """Verify the checksum from static/js/verify.js; by POST, so that no link can show its answer."""
    return verify_text(
        request, request.POST.get("sha256", ""), is_copy=comes_from_this_site(request)
    )


@never_cache
def verify_upload(request: SiteRequest) -> HttpResponse:
    """Hash an upload as a stream without storing it, and verify its checksum."""
    if not allow_request(request, "verify", settings.VERIFY_UPLOADS_PER_HOUR):
        response = render_page(request, status=429, is_limited=True)
        response["Retry-After"] = str(HOUR)
        return response
    handler = HashingUploadHandler(settings.VERIFY_MAX_BYTES)
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.VERIFY_MAX_BYTES + AROUND:
        return render_page(request, status=413, is_too_big=True)
    request.upload_handlers = [handler]
    copy = request.FILES.get("archivo")
    if handler.is_too_big:
        return render_page(request, status=413, is_too_big=True)
    if copy is None:
        return render_page(request, file_error=NO_FILE)
    return show_result(request, cast(Any, copy).sha256, is_copy=comes_from_this_site(request))


def comes_from_this_site(request: SiteRequest) -> bool:
    """Return whether the form was sent from this site: browsers send another site's `Origin`."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()


def verify_text(request: SiteRequest, text: str, is_copy: bool = False) -> HttpResponse:
    """Verify the checksum in `text`, or show its error at the field."""
    try:
        return show_result(request, read_sum(text), is_copy)
    except BadSum as bad:
        return render_page(request, asked=text[:200], sum_error=str(bad))


def show_result(request: SiteRequest, sha256: str, is_copy: bool) -> HttpResponse:
    """Show the published versions with this checksum: of the reader's copy (`is_copy`), or of a bare checksum."""
    return render_page(request, asked=sha256, sha256=sha256, findings=find(sha256), is_copy=is_copy)


def render_page(request: SiteRequest, status: int = 200, **context: Any) -> HttpResponse:
    """Render the forms, with a result or an error above them."""
    node = plain_page(absolute(reverse("verify")), "Verificar una copia", site_facts(request.site))
    limits = {"max_bytes": settings.VERIFY_MAX_BYTES, "per_hour": settings.VERIFY_UPLOADS_PER_HOUR}
    context |= limits | {"json_ld": node} | asked_file(request, context.get("findings", []))
    return render(request, "verify.html", context, status=status)


def asked_file(request: SiteRequest, findings: list[VerificationResult]) -> dict[str, Any]:
    """Return the context for `?archivo=`: the file to compare with, and its own results before all others."""
    key = request.GET.get("archivo", "")
    file = find_file(key) if key else None
    if file is None:
        return {"is_unknown_file": bool(key)}
    findings = sorted(findings, key=lambda finding: finding.version.file_id != file.pk)
    return {
        "file_key": file_key(file),
        "file_title": quoted_title(file),
        "findings": findings,
        "is_other": not findings or findings[0].version.file_id != file.pk,
    }


class HashedUpload(UploadedFile):
    """The checksum and size of an upload without its bytes."""

    def __init__(self, size: int, sha256: str) -> None:
        super().__init__(io.BytesIO(), name="copia", size=size)
        self.sha256 = sha256


class HashingUploadHandler(FileUploadHandler):
    """Hash the upload up to `most` bytes. Beyond, set `is_too_big` and leave the rest of the body unread."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.is_too_big = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a new checksum."""
        super().new_file(*args, **kwargs)
        self.digest, self.taken = hashlib.sha256(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Add a chunk to the checksum; returning nothing hides it from later handlers."""
        self.taken += len(raw_data)
        if self.taken > self.most:
            self.is_too_big = True
            raise StopUpload(connection_reset=True)
        self.digest.update(raw_data)

    def file_complete(self, file_size: int) -> HashedUpload:
        """Return the checksum in place of the file."""
        return HashedUpload(self.taken, self.digest.hexdigest())
