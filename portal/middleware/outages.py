"""Answer 503 during an outage of the database or the disk, with typed form values ready to send again."""

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
from portal.middleware.request_bodies import content_length
from resources.current_site import SiteRequest
from resources.views.pages import server_error
from resources.views.public_api import problem

logger = logging.getLogger(__name__)
RETRY_AFTER = 30  # seconds
CSRF_FIELD = "csrfmiddlewaretoken"
SHOWN_FROM = 60  # characters: a longer text is shown, so that it can be read and copied
SAID = "El sitio no puede guardar en este momento. Lo escrito sigue aquí: vuelva a intentarlo en un minuto."


class PostedField(NamedTuple):
    """One value of a posted form."""

    name: str
    value: str
    is_shown: bool


class OutageMiddleware:
    """Answer an outage in a view; outages in other middleware reach `server_error_or_outage`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer in place of a view that met an outage."""
        return outage(request) if is_outage(error) else None


def server_error_or_outage(request: HttpRequest) -> HttpResponse:
    """Answer an uncaught exception (handler500)."""
    if not current_outage():
        return server_error(cast(SiteRequest, request))
    # No middleware may have recognised the sender: anyone could send files as large as an editor's.
    is_readable = content_length(request) <= settings.FORM_BYTES
    return outage(request, is_readable=is_readable)


def outage(request: HttpRequest, *, is_readable: bool = True) -> HttpResponse:
    """Answer 503 in the format of the request, whose body is read if `is_readable`.

    Called while the exception is handled, to log it.
    """
    # The path alone: a query may hold what a visitor searched.
    logger.exception("The database or the disk did not work: %s %s", request.method, request.path)
    if request.path.startswith(reverse("api")):
        response: HttpResponse = problem(
            request, 503, "El sitio no responde por ahora. Vuelva a intentarlo."
        )
    elif _is_script(request):
        response = JsonResponse({"saved": False, "said": SAID}, status=503)
    else:
        response = _page(request, is_readable)
    response["Retry-After"] = str(RETRY_AFTER)
    add_never_cache_headers(response)
    return response


def _is_script(request: HttpRequest) -> bool:
    return (
        request.headers.get("Accept") == "application/json"
        or request.headers.get("X-Desk") == "upload"
    )


def _page(request: HttpRequest, is_readable: bool) -> HttpResponse:
    """Render the form's values again with a button that posts them to the same address."""
    is_sent = request.method == "POST"
    fields: list[PostedField] = []
    files: list[str] = []
    is_whole = not is_sent
    if is_sent and is_readable:
        fields, files, is_whole = _posted(request)
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
    """Return False for the hidden fields that detect edit conflicts."""
    return not name.endswith(("read_values", "read_order", "shown", "read_revision"))


def _posted(request: HttpRequest) -> tuple[list[PostedField], list[str], bool]:
    """Return the posted fields and file names, and whether all were readable. Passwords are left out."""
    try:
        posted, files = request.POST, request.FILES
    except (OSError, MultiPartParserError, RequestDataTooBig, TooManyFieldsSent):
        return [], [], False
    fields = [
        PostedField(name, value, _is_typed(name) and (len(value) > SHOWN_FROM or "\n" in value))
        for name, values in posted.lists()
        if name != CSRF_FIELD and "password" not in name
        for value in values
    ]
    names = [file.name or "" for _, several in files.lists() for file in several]
    return fields, names, not getattr(request, "_post_parse_error", False)
