"""Django's test client and live server behind the page cache, as the site is."""

from collections.abc import Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import client, testcases

from portal.middleware.view_counts import count_cached_view, write_view_counts
from resources.page_cache import Application, Environ, PageCache, Stamp, StartResponse, fetch_stamp

APPLICATION = "tests application"  # the key in the environ of the application behind the cache


def read_stamp() -> Stamp | None:
    """Read within the test's transaction, which no other connection sees."""
    with connection.cursor() as cursor:
        return fetch_stamp(cursor)


def page_cache_before(application: Application | None = None) -> PageCache:
    """Return an empty page cache before `application`, or before that of each environ."""
    return PageCache(application or _call, read_stamp, count_cached_view, write_view_counts)


def _call(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    return environ[APPLICATION](environ, start_response)


class CurrentCache:
    """The page cache of the present test; None for a test marked as uncached."""

    cache: PageCache | None = None

    def call(
        self, application: Application, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        return (self.cache or _call)(environ | {APPLICATION: application}, start_response)


current = CurrentCache()


class CachedClientHandler(client.ClientHandler):
    """Answer from the page cache, or by a view."""

    def get_response(self, request: WSGIRequest) -> HttpResponseBase:
        get_response = super().get_response

        def application(environ: Environ, start_response: StartResponse) -> HttpResponseBase:
            response = get_response(request)
            start_response(f"{response.status_code} {response.reason_phrase}", [*response.items()])
            return response

        heads: list[tuple] = []
        body: Any = current.call(application, request.environ, lambda *head: heads.append(head))
        if isinstance(body, HttpResponseBase):
            return body
        ((status, headers),) = heads
        response = HttpResponse(b"".join(body), status=int(status[:3]))
        del response["Content-Type"]
        for name, value in headers:
            response[name] = value
        body.close()
        return response


class CachedServerHandler:
    """The application of the live server."""

    def __init__(self) -> None:
        self.application = WSGIHandler()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        return current.call(self.application, environ, start_response)


client.ClientHandler = CachedClientHandler
testcases.WSGIHandler = CachedServerHandler
