"""Verify: is the copy that somebody has one that was published here, and is it still the current one?"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from resources.catalog.describing import site_facts
from resources.catalog.facts import absolute
from resources.catalog.schema_org import plain_page
from resources.catalog.verification import BadSum, find, read_sum
from resources.views.access import public_page
from resources.views.hashing import HashingUploadHandler
from resources.views.limits import HOUR, may_go_on

AROUND = 10_000  # bytes of a request that may stand around the file itself
NO_FILE = "Elija el archivo que quiere verificar."


# No CSRF token: it would need a cookie, which visitors do not get. A forged request could only make a browser
# send a file that its owner has chosen, and nothing is stored and nothing changes but a count.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Answer for a sum (GET), or for an uploaded copy (POST, where there is no JavaScript)."""
    return verify_upload(request) if request.method == "POST" else verify_sum(request)


@public_page
def verify_sum(request: HttpRequest) -> HttpResponse:
    """Answer for `?sha256=`, or show the forms."""
    asked = request.GET.get("sha256")
    if asked is None:
        return show(request)
    try:
        return answer(request, read_sum(asked))
    except BadSum as bad:
        return show(request, asked=asked[:200], sum_error=str(bad))


@never_cache
def verify_upload(request: HttpRequest) -> HttpResponse:
    """Hash the uploaded copy while it streams in, forget it, and answer for its sum."""
    if not may_go_on(request, "verify", settings.VERIFY_UPLOADS_PER_HOUR):
        response = show(request, status=429, is_limited=True)
        response["Retry-After"] = str(HOUR)
        return response
    handler = HashingUploadHandler(settings.VERIFY_MAX_BYTES)
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.VERIFY_MAX_BYTES + AROUND:
        return show(request, status=413, is_too_big=True)
    request.upload_handlers = [handler]
    copy = request.FILES.get("archivo")
    if handler.is_too_big:
        return show(request, status=413, is_too_big=True)
    if copy is None:
        return show(request, file_error=NO_FILE)
    return answer(request, copy.sha256)


def answer(request: HttpRequest, sha256: str) -> HttpResponse:
    """Say what this site knows of the file with this sum."""
    return show(request, asked=sha256, sha256=sha256, findings=find(sha256))


def show(request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
    """Show the forms, with an answer or an error above them where there is one."""
    node = plain_page(
        absolute(reverse("verify")), "Verificar una copia", site_facts(request.portal)
    )
    limits = {"max_bytes": settings.VERIFY_MAX_BYTES, "per_hour": settings.VERIFY_UPLOADS_PER_HOUR}
    return render(request, "verify.html", limits | {"json_ld": node} | context, status=status)
