"""Count views of resources by people in memory, and write the view counts once a minute."""

import logging
import re
import time
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import request_finished
from django.db import Error, transaction
from django.db.models import F
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from resources.http_caching import is_signed_in
from resources.models import Resource, SiteSettings, ViewCount
from resources.throttling import network_of

logger = logging.getLogger(__name__)

CONSULTED = re.compile(r"/recursos/(?P<slug>[-\w]+)/(archivos/.+|paquete\.zip)?", re.ASCII)
GIVEN = {200, 302, 304}  # 302: the storage gives the file
ROBOT = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|scrap|scan|monitor|preview|archiver|nutch|httrack|feed|zgrab"
    r"|google-|-google|googleother|facebookexternal|whatsapp|lighthouse|headless"
    r"|curl|wget|python|java/|go-http|libwww|okhttp|httpclient|axios|node-fetch|undici"
    r"|comprueba sus enlaces"  # a portal like this one at its links (maintenance/link_fetch.py)
    r"|^\W*$",
    re.I,
)

EVERY = 60.0  # seconds between two writings, and in which one reader of a resource counts once
MOST_READERS = 10_000  # remembered at once; nobody else is counted meanwhile


class ViewCounter:
    """The view counts of this process that are not written yet.

    A reader is a number of a connection, meaningless outside this process, and forgotten with the first request after EVERY
    seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._times: Counter[str] = Counter()
        self._readers: set[tuple[int, str]] = set()
        self._forget_at = self._write_at = 0.0

    def add(self, slug: str, reader: int) -> None:
        """Count a view of the resource at `slug` by `reader`, unless counted a moment ago."""
        with self._lock:
            self._forget()
            if (reader, slug) not in self._readers and len(self._readers) < MOST_READERS:
                self._readers.add((reader, slug))
                self._times[slug] += 1

    def write_if_due(self) -> None:
        """Write the counts, unless written a moment ago."""
        with self._lock:
            self._forget()
            is_due = self._clock() >= self._write_at
        if is_due:
            self.write()

    def write(self) -> None:
        """Write the counts; keep for the next time those that fail."""
        with self._lock:
            times, self._times = self._times, Counter()
            if times:
                self._write_at = self._clock() + EVERY
        try:
            if times:
                store_counts(times)
        except Error:
            logger.warning("The consultations could not be written; they are kept.", exc_info=True)
            with self._lock:
                self._times.update(times)

    def _forget(self) -> None:
        if self._clock() >= self._forget_at:
            self._readers.clear()
            self._forget_at = self._clock() + EVERY


view_counter = ViewCounter()


class ViewCountMiddleware:
    """Count views by people: no signed-in user, robot or prefetch."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        request_finished.connect(write_view_counts, dispatch_uid="consultations")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then count."""
        response = self.get_response(request)
        if _is_given(request, response):
            _count(request)
        return response


def count_cached_view(environ: dict[str, Any]) -> None:
    """Count a view that the page cache answered."""
    if environ["REQUEST_METHOD"] == "GET" and CONSULTED.fullmatch(environ["PATH_INFO"]):
        _count(WSGIRequest(environ))


def write_view_counts(**kwargs: object) -> None:
    """Write the counts if due; called after the response is sent, so that no reader waits."""
    view_counter.write_if_due()


def _count(request: HttpRequest) -> None:
    consulted = CONSULTED.fullmatch(request.path_info)
    if consulted and is_human(request):
        view_counter.add(consulted["slug"], hash(network_of(request)))


def _is_given(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Return whether content was served; of a file read in ranges, the first one counts."""
    is_first_piece = response.status_code == 206 and request.headers.get("Range", "").startswith(
        "bytes=0-"
    )
    return request.method == "GET" and (response.status_code in GIVEN or is_first_piece)


def is_human(request: HttpRequest) -> bool:
    """Return whether a person without a session sent the request: no robot, no prefetch."""
    return not (
        is_signed_in(request)
        or "HTTP_SEC_PURPOSE" in request.META
        or "HTTP_PURPOSE" in request.META
        or is_robot(request.META.get("HTTP_USER_AGENT", ""))
    )


@lru_cache(maxsize=500)
def is_robot(user_agent: str) -> bool:
    """Return whether a User-Agent names no browser."""
    return ROBOT.search(user_agent) is not None


@transaction.atomic
def store_counts(times: Counter[str]) -> None:
    """Add `times`, by slug, to the stored view counts. The first one enables the order by views."""
    pks = dict(Resource.objects.filter(slug__in=times).values_list("pk", "slug"))
    if pks and not ViewCount.objects.exists():
        SiteSettings.content_changed()
    ViewCount.objects.bulk_create(
        [ViewCount(resource_id=pk) for pk in sorted(pks)], ignore_conflicts=True
    )
    for pk in sorted(pks):  # in the same order in every process, so that none waits for another
        ViewCount.objects.filter(pk=pk).update(times=F("times") + times[pks[pk]])
