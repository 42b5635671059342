"""Answer a request during an outage of the database or the disk: 503, with all that was typed in a form to send again."""

import logging
from collections.abc import Callable
from typing import NamedTuple, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from portal.database_errors import current_outage, is_outage
from resources.current_site import SiteRequest
from resources.views.pages import server_error
from resources.views.public_api import problem

logger = logging.getLogger(__name__)
RETRY_AFTER = 30  # seconds
CSRF_FIELD = "csrfmiddlewaretoken"
SHOWN_FROM = 60  # characters: a longer text is shown, so that it can be read and copied
SAID = "El sitio no puede guardar en este momento. Lo escrito sigue aquí: vuelva a intentarlo en un minuto."


class Field(NamedTuple):
    """One value of a form that was sent."""

    name: str
    value: str
    is_shown: bool


class OutageMiddleware:
    """Catch an outage in a view; the one that another middleware meets comes to `server_error_or_outage`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request go on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer in place of a view that met an outage."""
        return outage(request) if is_outage(error) else None


def server_error_or_outage(request: HttpRequest) -> HttpResponse:
    """Answer for an exception that nobody caught (handler500)."""
    return outage(request) if current_outage() else server_error(cast(SiteRequest, request))


def outage(request: HttpRequest) -> HttpResponse:
    """Answer 503 in the form in which the request asks; called while the exception is handled, which goes to the log."""
    # The path alone: a query may hold what a visitor searched.
    logger.exception("The database or the disk did not work: %s %s", request.method, request.path)
    if request.path.startswith(reverse("api")):
        response: HttpResponse = problem(
            request, 503, "El sitio no responde por ahora. Vuelva a intentarlo."
        )
    elif _is_script(request):
        response = JsonResponse({"saved": False, "said": SAID}, status=503)
    else:
        response = _page(request)
    response["Retry-After"] = str(RETRY_AFTER)
    add_never_cache_headers(response)
    return response


def _is_script(request: HttpRequest) -> bool:
    return (
        request.headers.get("Accept") == "application/json"
        or request.headers.get("X-Desk") == "upload"
    )


def _page(request: HttpRequest) -> HttpResponse:
    """Show the form's values again under a button that sends them to the same address."""
    is_sent = request.method == "POST"
    fields, files, is_whole = _posted(request) if is_sent else ([], [], True)
    context = {
        "is_sent": is_sent,
        "fields": fields,
        "files": files,
        "is_whole": is_whole,
        "address": request.get_full_path(),
        # Visitors have no cookie and their forms no token: they are given none here.
        "token": get_token(request) if settings.CSRF_COOKIE_NAME in request.COOKIES else "",
    }
    return render(None, "503.html", context, status=503)


def _is_typed(name: str) -> bool:
    """Return False for the hidden fields by which forms find edit conflicts."""
    return not name.endswith(("read_values", "read_order", "shown", "read_revision"))


def _posted(request: HttpRequest) -> tuple[list[Field], list[str], bool]:
    """Return the fields and the names of the files that were sent, and whether all could be read. Passwords are left out."""
    try:
        posted, files = request.POST, request.FILES
    except (OSError, MultiPartParserError, RequestDataTooBig, TooManyFieldsSent):
        return [], [], False
    fields = [
        Field(name, value, _is_typed(name) and (len(value) > SHOWN_FROM or "\n" in value))
        for name, values in posted.lists()
        if name != CSRF_FIELD and "password" not in name
        for value in values
    ]
    names = [file.name or "" for _, several in files.lists() for file in several]
    return fields, names, not getattr(request, "_post_parse_error", False)
