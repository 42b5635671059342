"""Endpoint for CSP violation reports: throttled, written to the log."""

import json
import logging
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from resources.throttling import allow_request

logger = logging.getLogger(__name__)

LONGEST = 16_384  # bytes
PER_HOUR = 20  # from one address
SHOWN = 200  # characters of each part
FIELDS = (
    ("effective-directive", "effectiveDirective"),
    ("blocked-uri", "blockedURL"),
    ("document-uri", "documentURL"),
    ("source-file", "sourceFile"),
)
"""As `report-uri` names them (CSP 2) and as the Reporting API does."""


@csrf_exempt
@require_POST
def csp_reports(request: HttpRequest) -> HttpResponse:
    """Log each report, without data of the visitor or their searches."""
    if allow_request(request, "csp", PER_HOUR):
        for report in _reports(request):
            directive, *addresses = (_value(report, names) for names in FIELDS)
            logger.warning(
                "A browser refused %s: %s on %s (%s)", directive, *map(_place, addresses)
            )
    return HttpResponse(status=204)


def _reports(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the readable reports of a request's body; none where it is too long or malformed."""
    try:
        told = json.loads(request.read(LONGEST + 1)[:LONGEST])
    except (ValueError, RecursionError, OSError):  # OSError: the line broke
        return []
    found = []
    for one in told[:5] if isinstance(told, list) else [told]:
        report = (one.get("csp-report") or one.get("body")) if isinstance(one, dict) else None
        if isinstance(report, dict):
            found.append(report)
    return found


def _value(report: dict[str, Any], names: tuple[str, str]) -> str:
    """Return one field on one line, so that nobody can forge lines of the log."""
    text = next((report[name] for name in names if isinstance(report.get(name), str)), "")
    return "".join(c for c in text if c.isprintable())[:SHOWN] or "-"


def _place(address: str) -> str:
    """Return the host of another site's address, or the route of this site's: a full address may be secret."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "-"
    if parts.scheme not in ("http", "https"):
        return address.partition(":")[0]  # inline, eval, data
    if parts.netloc != urlsplit(settings.SITE_URL).netloc:
        return f"{parts.scheme}://{parts.netloc}"
    try:
        return f"/{resolve(parts.path).route}"
    except Resolver404:
        return "/…"
