"""What every answer passes through: compression of text, and features of the browser that nothing here uses."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

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


class CompressTextMiddleware(GZipMiddleware):
    """Compress pages, never files: a file's bytes, length and ranges are what its checksum is of."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress `response`; what is streamed only where it says that it may be, as no file does."""
        if response.streaming and not getattr(response, "is_compressible", False):
            return response
        return super().process_response(request, response)


class PermissionsPolicyMiddleware:
    """Tell the browser to refuse what no page of this site asks for."""

    POLICY = ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES)

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.POLICY)
        return response
