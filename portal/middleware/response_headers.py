"""Middleware for response headers: compression, Permissions-Policy, redirects to the final slash."""

from collections.abc import Callable

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from resources.page_cache import encoding_for
from resources.views.access import RevalidatedRedirect

UNUSED_FEATURES = (
    "accelerometer",
    "camera",
    "geolocation",
    "gyroscope",
    "microphone",
    "payment",
    "usb",
    "browsing-topics",
)


LEAST = 200  # bytes that are worth compressing
QUALITY = 5  # of 11: a tenth smaller than gzip in the same time


class CompressTextMiddleware(GZipMiddleware):
    """Compress pages, never files: a file's checksum, length and ranges are of its own bytes.

    Visitors get Brotli. Who is signed in gets gzip with Django's random padding, which hides the length of secrets.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress `response` unless it is streamed, as files are."""
        if not isinstance(response, HttpResponse):  # streamed, as files are
            return response
        if self._may_be_brotli(request, response):
            response.content = brotli.compress(
                response.content, mode=brotli.MODE_TEXT, quality=QUALITY
            )
            response["Content-Length"] = str(len(response.content))
            response["Content-Encoding"] = "br"
            patch_vary_headers(response, ("Accept-Encoding",))
            etag = response.get("ETag", "")
            if etag.startswith('"'):
                response["ETag"] = f"W/{etag}"  # the same page in other bytes (RFC 9110, 8.8.1)
            return response
        return super().process_response(request, response)

    @staticmethod
    def _may_be_brotli(request: HttpRequest, response: HttpResponse) -> bool:
        return (
            len(response.content) >= LEAST
            and not response.has_header("Content-Encoding")
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and encoding_for(request.headers.get("Accept-Encoding", "")) == "br"
        )


class SlashMiddleware(CommonMiddleware):
    """Redirect to the address with its final slash, revalidated as every redirect of this site."""

    response_redirect_class = RevalidatedRedirect


class PermissionsPolicyMiddleware:
    """Set Permissions-Policy, and forbid other sites to embed pages."""

    POLICY = ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES)

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers; cross-origin rules apply to pages, not to files and data."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.POLICY)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
