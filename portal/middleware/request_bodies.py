"""Refuse request bodies above the limit of their address before reading them, and limit how many are read at once."""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse

ANSWERED_BY_VIEW = {"request-format", "report", "verify"}
"""Views that check Content-Length themselves before they read, and answer with their form."""
SEVERAL_FILES = ("_add", "_change", "_intake")  # names of the desk's views whose forms take several
RETRY_AFTER = 30  # seconds

_threads = settings.WEB_THREADS
_desk_readers = threading.BoundedSemaphore(max(1, _threads // 2 - 1))
_visitor_readers = threading.BoundedSemaphore(max(1, _threads // 4))


class RequestBodyMiddleware:
    """Refuse bodies above the limit (413), and limit the threads that receive large ones (503).

    A body without Content-Length is received up to VISITOR_BODY_BYTES on every address; browsers always say a length.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on, or refuse it."""
        is_chunked = "HTTP_TRANSFER_ENCODING" in request.META
        length = content_length(request)
        if not is_chunked and length <= settings.VISITOR_BODY_BYTES:
            return self.get_response(request)
        is_desk = _is_desk(request)
        is_staff = is_desk and _is_staff(request)
        name = _view_name(request)
        if length > _most_bytes(name, is_staff) and name not in ANSWERED_BY_VIEW:
            return _too_large(request, name, is_desk, is_staff)
        with _slot(_desk_readers if is_staff else _visitor_readers) as is_free:
            if not is_free:
                return _refuse(request, 503, *BUSY)
            return self._received(request, is_chunked)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *args: Any
    ) -> HttpResponseBase | None:
        """Refuse a body on a read-only page (405): the check for a CSRF token would read it.

        Public addresses that accept a body are exempt from that check and have guards of their own.
        """
        is_sent = request.method not in ("GET", "HEAD", "OPTIONS", "TRACE")
        if is_sent and not getattr(view, "csrf_exempt", False) and not _is_desk(request):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return None

    def _received(self, request: HttpRequest, is_chunked: bool) -> HttpResponseBase:
        """Answer a request while counting it among the readers of bodies."""
        stream = request.META["wsgi.input"]
        if is_chunked and request.method in ("POST", "PUT", "PATCH"):
            try:
                body = stream.read(settings.VISITOR_BODY_BYTES + 1)
            except OSError:
                return _refuse(request, 408, *TOO_SLOW)
            if len(body) > settings.VISITOR_BODY_BYTES:
                return _refuse(request, 413, TOO_LARGE, NO_LENGTH.format(limit=_visitor_limit()))
            request.META["CONTENT_LENGTH"] = str(len(body))
            request._stream = io.BytesIO(body)
        response = self.get_response(request)
        if getattr(
            stream, "failed", False
        ):  # gunicorn's mark: it ended early, or the deadline came
            return _refuse(request, 408, *TOO_SLOW)
        return response


TOO_LARGE = "Lo que envió es demasiado grande"
FOR_VISITORS = (
    "Esta dirección recibe hasta {limit}. No se guardó nada. Vuelva a la página anterior, donde sigue lo que escribió,"
    " acórtelo y envíelo otra vez."
)
FOR_EDITORS = (
    "Este formulario recibe hasta {limit} en un envío. No se guardó nada. Vuelva a la página anterior y envíe menos"
    " archivos a la vez; si es uno solo, redúzcalo o divídalo en partes."
)
SIGNED_OUT = (
    "Sin haber entrado a la mesa editorial se reciben hasta {limit}, y no se guardó nada. Entre de nuevo en otra pestaña,"
    " vuelva a esta y envíe el formulario otra vez."
)
NO_LENGTH = (
    "Su programa no dijo cuánto pesa lo que envía; así se reciben hasta {limit}. No se guardó nada. Envíelo desde un"
    " navegador, o indique el tamaño (Content-Length)."
)
TOO_SLOW = (
    "El envío no terminó de llegar",
    "La conexión se cortó o fue demasiado lenta. No se guardó nada. Vuelva a la página anterior, compruebe su conexión y"
    " envíelo otra vez.",
)
BUSY = (
    "Se están recibiendo demasiados archivos a la vez",
    "No se guardó nada. Vuelva a la página anterior, espere medio minuto y envíelo otra vez.",
)


def content_length(request: HttpRequest) -> int:
    """Return the announced bytes of the body; 0 where the header is missing or no number."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0  # as Django reads it


def _view_name(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""


def _is_desk(request: HttpRequest) -> bool:
    return request.path_info.startswith(reverse("admin:index"))


def _is_staff(request: HttpRequest) -> bool:
    """Return whether the request's session is that of an active staff user."""
    user = get_user(request)
    return user.is_active and user.is_staff


def _most_bytes(name: str, is_staff: bool) -> int:
    """Return the largest body that the view called `name` accepts."""
    if not is_staff:
        return settings.VISITOR_BODY_BYTES
    files = settings.FILES_AT_ONCE if name.endswith(SEVERAL_FILES) else 1
    return settings.MAX_UPLOAD_BYTES * files + settings.FORM_BYTES


@contextmanager
def _slot(readers: threading.BoundedSemaphore) -> Iterator[bool]:
    """Hold a place among `readers` for the block; yield False where none is free."""
    is_free = readers.acquire(blocking=False)
    try:
        yield is_free
    finally:
        if is_free:
            readers.release()


def _too_large(request: HttpRequest, name: str, is_desk: bool, is_staff: bool) -> HttpResponse:
    if is_staff:
        limit = f"{_most_bytes(name, is_staff) // 1_000_000} MB"
        return _refuse(request, 413, TOO_LARGE, FOR_EDITORS.format(limit=limit))
    text = SIGNED_OUT if is_desk else FOR_VISITORS
    response = _refuse(request, 413, TOO_LARGE, text.format(limit=_visitor_limit()))
    if is_desk:
        response["X-Desk"] = "login"  # the desk's scripts then offer to sign in again
    return response


def _visitor_limit() -> str:
    return f"{settings.VISITOR_BODY_BYTES // 1024} KB"


def _refuse(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    """Answer with a page that needs neither the database nor the body."""
    context: dict[str, Any] = {"status": status, "heading": title, "text": text}
    response = render(request, "body_refused.html", context, status=status)
    response["Cache-Control"] = "no-store"
    if status == 503:
        response["Retry-After"] = str(RETRY_AFTER)
    return response
