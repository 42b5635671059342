"""Two addresses for whoever watches over the site: is the process alive (`/livez`), can it serve (`/readyz`)?"""

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from resources.models import Portal

logger = logging.getLogger(__name__)


class HealthMiddleware:
    """Answer before everything else: a probe asks by number and without https, and costs no page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a probe, or let the request go on."""
        if request.path_info == "/livez":
            return _says("vivo")
        if request.path_info == "/readyz":
            return _readiness()
        return self.get_response(request)


def _readiness() -> HttpResponse:
    """Tell whether the database answers with tables in it: all that a page cannot do without."""
    try:
        Portal.objects.filter(pk=1).exists()
    except DatabaseError:
        logger.exception("The database does not answer, or its tables are missing.")
        return _says("La base de datos no responde.", status=503)
    return _says("listo")


def _says(text: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response
