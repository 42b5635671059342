"""The page cache: rendered public pages, answered before Django's handler while content_version is unchanged."""

import logging
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple, cast

from django.conf import settings
from django.db import connection, connections
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import (  # type: ignore[attr-defined]  # the stubs lack cc_delim_re
    cc_delim_re,
)
from django.utils.http import parse_etags, parse_http_date_safe

from resources.listing.request import ORDER
from resources.models import SiteSettings

logger = logging.getLogger(__name__)
Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Headers = list[tuple[str, str]]

LONGEST_ADDRESS = 200  # characters: pages with longer ones are asked for once
LARGEST_PAGE = 200_000  # bytes, compressed
MOST_PAGES = 12_000_000  # bytes, compressed, in each process
MOST_SEARCHES = 2_000_000
RENDERING = 30  # seconds that a request waits for another that renders the same page
RETRY = 1  # seconds without another attempt to reach the database
CONNECT_TIMEOUT = 2  # seconds
CLOCK = 0.001  # seconds: SQLite counts days, to a millisecond
UNCHECKED = 120  # seconds for which pages are served while the database does not answer
UNCACHED_TYPES = {"application/json", "application/x-suggestions+json"}  # suggestions
UNCACHED_PATHS = (settings.STATIC_URL, settings.PICTURES_URL, "/admin/", "/livez", "/readyz")
VARIES_WITH = {"cookie", "accept-encoding"}
ONLY_WITH_BODY = {
    "content-type",
    "content-length",
    "content-encoding",
    "link",
    "cross-origin-resource-policy",
}
PRECONDITIONS = ("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_RANGE")
BY_VIEWS = f"{ORDER}=consultas"


class Page(NamedTuple):
    """A response as it was first sent."""

    headers: Headers
    body: bytes
    etag: str
    last_modified: int | None  # seconds since 1970

    @classmethod
    def of(cls, response: HttpResponse, headers: Headers) -> "Page":
        """Return the page of a cacheable response."""
        changed = parse_http_date_safe(response.get("Last-Modified", ""))
        return cls(headers, response.content, response["ETag"], changed)

    def is_current(self, environ: Environ) -> bool:
        """Return whether the client has this page (RFC 9110, 13.2.2)."""
        if "HTTP_IF_NONE_MATCH" not in environ and "HTTP_IF_MODIFIED_SINCE" not in environ:
            return False
        if etags := parse_etags(environ.get("HTTP_IF_NONE_MATCH", "")):
            return etags == ["*"] or self.etag.strip("W/") in (tag.strip("W/") for tag in etags)
        since = parse_http_date_safe(environ.get("HTTP_IF_MODIFIED_SINCE", ""))
        return bool(since and self.last_modified and self.last_modified <= since)

    def not_modified_headers(self) -> Headers:
        """Return the headers of a 304."""
        kept = [header for header in self.headers if header[0].lower() not in ONLY_WITH_BODY]
        return [*kept, ("Content-Length", "0")]


class PageStore:
    """Pages by key, up to a number of bytes; the least recently used ones are dropped."""

    def __init__(self, most: int) -> None:
        self.most, self.bytes = most, 0
        self._pages: OrderedDict[tuple, Page] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple) -> Page | None:
        """Return the page stored under `key`."""
        with self._lock:
            if (page := self._pages.get(key)) is not None:
                self._pages.move_to_end(key)
            return page

    def set(self, key: tuple, page: Page) -> None:
        """Store a page."""
        with self._lock:
            if (former := self._pages.pop(key, None)) is not None:
                self.bytes -= len(former.body)
            self._pages[key] = page
            self.bytes += len(page.body)
            while self.bytes > self.most:
                self.bytes -= len(self._pages.popitem(last=False)[1].body)

    def __len__(self) -> int:
        return len(self._pages)


class Stamp(NamedTuple):
    """The state of the content: pages stay as they are while it does."""

    content_version: int
    next_due_at: float | None  # seconds since 1970


SECONDS = {
    "sqlite": "(julianday(next_due_at) - 2440587.5) * 86400",
    "postgresql": "extract(epoch FROM next_due_at)::float8",
}


class StampReader:
    """Read the stamp by a prepared statement on a connection of its own, one for each process.

    During an outage of the database the last stamp holds for UNCHECKED seconds: nobody can change the content then.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._cursor: Any = None
        self._last: Stamp | None = None
        self._read_at = self._retry_at = float("-inf")

    def __call__(self) -> Stamp | None:
        """Return the current stamp, or None where it is unknown."""
        with self._lock:
            now = self._clock()
            if now >= self._retry_at:
                for _ in range(2):  # an idle connection may have ended
                    try:
                        self._last, self._read_at = self._query(), now
                        return self._last
                    except DRIVER_ERRORS as error:
                        self._cursor = None
                        logger.warning("The version of the content cannot be read: %s", error)
                self._retry_at = now + RETRY
            return self._last if now < self._read_at + UNCHECKED else None

    def _query(self) -> Stamp | None:
        if self._cursor is None:
            self._cursor = self._connect()
        return fetch_stamp(self._cursor)

    @staticmethod
    def _connect() -> Any:
        database = connections.create_connection("default")
        params = database.get_connection_params()
        if database.vendor == "postgresql":
            params |= {"autocommit": True, "connect_timeout": CONNECT_TIMEOUT}
        return database.get_new_connection(params).cursor()


def fetch_stamp(cursor: Any) -> Stamp | None:
    """Return the stamp by `cursor`, of Django or of the database's driver."""
    cursor.execute(STAMP)
    row = cursor.fetchone()
    return Stamp(*row) if row else None


def _stamp_sql() -> str:
    seconds = SECONDS[connection.vendor]
    return f"SELECT content_version, {seconds} FROM {SiteSettings._meta.db_table}"  # noqa: S608  # names of this module


STAMP = _stamp_sql()
DRIVER_ERRORS = cast(Any, connection).Database.Error


class PageCache:
    """A WSGI application in front of Django's: serve public pages to anonymous visitors from memory.

    The stamp is read for every request: an edit or a due date shows at once, in every process. The first request of a page
    renders it while others wait. `on_hit` is called with the environ of a request answered from here, `on_sent` after the
    answer is sent.
    """

    def __init__(
        self,
        application: Application,
        read_stamp: Callable[[], Stamp | None],
        on_hit: Callable[[Environ], None] = lambda environ: None,
        on_sent: Callable[[], None] = lambda: None,
    ) -> None:
        self.application, self.read_stamp = application, read_stamp
        self.on_hit, self.on_sent = on_hit, on_sent
        # Searches are private: they do not push out the pages, and leave this process by no shared cache.
        self.pages, self.searches = PageStore(MOST_PAGES), PageStore(MOST_SEARCHES)
        self._rendering: dict[tuple, threading.Event] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from the cache, or by Django."""
        if (key := self._key(environ)) is None:
            return self.application(environ, start_response)
        store = self._store(environ)
        if (page := store.get(key)) is None:
            rendering = self._rendering.get(key)
            if rendering is None:
                return self._render(environ, start_response, store, key)
            rendering.wait(RENDERING)
            if (page := store.get(key)) is None:  # not cacheable
                return self.application(environ, start_response)
        return self.answer(environ, start_response, page)

    def lookup(self, environ: Environ) -> Page | None:
        """Return the cached page, without waiting for anything but the stamp."""
        key = self._key(environ)
        return None if key is None else self._store(environ).get(key)

    def answer(
        self, environ: Environ, start_response: StartResponse, page: Page
    ) -> Iterable[bytes]:
        """Answer with a cached page, its head or a 304."""
        self.on_hit(environ)
        if page.is_current(environ):
            start_response("304 Not Modified", page.not_modified_headers())
            return Sent(self.on_sent)
        start_response("200 OK", page.headers)
        return Sent(self.on_sent, [] if environ["REQUEST_METHOD"] == "HEAD" else [page.body])

    def _store(self, environ: Environ) -> PageStore:
        return self.searches if "q=" in environ["QUERY_STRING"] else self.pages

    def _key(self, environ: Environ) -> tuple | None:
        """Return the key of the page, or None for a request that Django answers."""
        if not is_cacheable_request(environ):
            return None
        stamp, now = self.read_stamp(), time.time()
        if stamp is None or (stamp.next_due_at is not None and stamp.next_due_at <= now + CLOCK):
            return None
        return page_key(environ, stamp, now)

    def _render(
        self, environ: Environ, start_response: StartResponse, store: PageStore, key: tuple
    ) -> Iterable[bytes]:
        sent: list[Headers] = []

        def start(status: str, headers: Headers, *args: Any) -> Any:
            sent.append(headers)
            return start_response(status, headers, *args)

        done = self._rendering[key] = threading.Event()
        try:
            response = self.application(environ, start)
            if environ["REQUEST_METHOD"] == "GET" and is_cacheable_response(response):
                store.set(key, Page.of(cast(HttpResponse, response), sent[0]))
            return response
        finally:
            self._rendering.pop(key, None)
            done.set()


class Sent(list):
    """The body of an answer; its server calls `close` once it is sent."""

    def __init__(self, close: Callable[[], None], body: Iterable[bytes] = ()) -> None:
        super().__init__(body)
        self.close = close


def is_cacheable_request(environ: Environ) -> bool:
    """Return whether an anonymous visitor asks for a page as any other does."""
    path = environ["PATH_INFO"]
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in environ.get("HTTP_COOKIE", "")
        and len(path) + len(environ["QUERY_STRING"]) <= LONGEST_ADDRESS
        and not path.startswith(UNCACHED_PATHS)
        and not any(name in environ for name in PRECONDITIONS)
    )


def is_cacheable_response(response: Any) -> bool:
    """Return whether anyone may have `response`, unchanged."""
    return (
        isinstance(response, HttpResponse)
        and response.status_code == 200
        and not response.cookies
        and response.has_header("ETag")
        and response.get("Content-Type", "") not in UNCACHED_TYPES
        and "public" in cc_delim_re.split(response.get("Cache-Control", ""))
        and VARIES_WITH.issuperset(cc_delim_re.split(response.get("Vary", "cookie").lower()))
        and len(response.content) <= LARGEST_PAGE
    )


def page_key(environ: Environ, stamp: Stamp, now: float) -> tuple:
    """Return the cache key: version, address, encoding, day; for lists by view count the minute."""
    query = environ["QUERY_STRING"]
    return (
        stamp.content_version,
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST"),
        environ["SERVER_NAME"],
        environ["SERVER_PORT"],
        environ["SCRIPT_NAME"],  # the prefix of links
        environ["PATH_INFO"],
        query,
        encoding_for(environ.get("HTTP_ACCEPT_ENCODING", "")),
        datetime.fromtimestamp(now, timezone.get_default_timezone()).toordinal(),
        now // 60 if BY_VIEWS in query else 0,
    )


ACCEPTS_BROTLI = re.compile(r"\bbr\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")

ACCEPTS_GZIP = re.compile(r"\bgzip\b")


def encoding_for(accepted: str) -> str:
    """Return the encoding of a compressible page for a value of Accept-Encoding: "br", "gzip" or ""."""
    if ACCEPTS_BROTLI.search(accepted):
        return "br"
    return "gzip" if ACCEPTS_GZIP.search(accepted) else ""
