"""Decorators of machine-readable views: CORS, ETag, errors as problem details (RFC 9457)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition

from resources.addresses import reverse
from resources.http_caching import page_changed_at, page_etag
from resources.opendata.api.openapi import PROBLEM
from resources.opendata.record import absolute

View = Callable[..., HttpResponseBase]
METHODS = "GET, HEAD, OPTIONS"
ANYONE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Content-Range, Retry-After",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since, Range, If-Range",
    "Access-Control-Max-Age": "86400",
    "Allow": METHODS,
}
TITLES = {
    400: (
        "parametros",
        "Un parámetro está mal",
        "La respuesta dice cuál y qué parámetros existen.",
    ),
    404: ("no-existe", "No hay nada en esa dirección", "Revise cómo está escrita."),
    405: ("metodo", "Aquí solo se lee", "Use GET o HEAD."),
    410: ("retirado", "El recurso se retiró", "La respuesta dice por qué."),
    500: ("fallo", "Falló el portal", "Vuelva a intentarlo en unos minutos."),
    503: ("ocupado", "El archivo se está preparando", "Vuelva a pedirlo en unos segundos."),
}
"""Status → the place on the documentation page that explains it, its name, what to do."""

RETRY_AFTER = 10  # seconds


class ApiError(Exception):
    """A refused request: HTTP status, Spanish detail, further members of the problem."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.more = status, detail, more


def api_view(view: View) -> View:
    """Decorate as `public_api` does, with conditional requests by the state of the catalogue."""
    return public_api(condition(etag_func=page_etag, last_modified_func=page_changed_at)(view))


def public_api(view: View) -> View:
    """Answer GET and HEAD from any origin; turn errors into problem details (RFC 9457).

    Answers are public and the same for everyone, editors included: no cookie is read and nothing is written, so there
    is no CSRF check, and a wrong method answers 405.
    """

    @csrf_exempt
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = _answer(view, request, *args, **kwargs)
        for name, value in ANYONE.items():
            response[name] = value
        if response.status_code in (200, 304):
            response.headers.setdefault("Cache-Control", "public, no-cache")
        return response

    return wrapper


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=PREFLIGHT)
    if request.method not in ("GET", "HEAD"):
        refused = problem(request, 405, f"Use GET: {request.method} no cambia nada aquí.")
        refused["Allow"] = METHODS
        return refused
    try:
        return view(request, *args, **kwargs)
    except ApiError as bad:
        return problem(request, bad.status, bad.detail, **bad.more)
    except Http404 as missing:
        return problem(request, 404, str(missing) or "Compruebe la dirección.")


def problem(request: HttpRequest, status: int, detail: str, **more: Any) -> JsonResponse:
    """Return problem details: type, title, detail and instance."""
    place, title, _ = TITLES[status]
    body = {
        "type": f"{absolute(reverse('api'))}#{place}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.get_full_path(),
        **more,
    }
    headers = {"Cache-Control": "no-store"}
    if status == 503:
        headers["Retry-After"] = str(RETRY_AFTER)
    return JsonResponse(
        body,
        status=status,
        content_type=PROBLEM,
        json_dumps_params={"ensure_ascii": False},
        headers=headers,
    )
