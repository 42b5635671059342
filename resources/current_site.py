"""Each request knows the portal; the first one past a due instant settles what has fallen due."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from resources.models import Page, SiteSettings
from resources.models.taxonomy import sections
from resources.text import composed
from resources.workflow.schedule import apply_due

logger = logging.getLogger(__name__)
BACK_OFF = 30.0  # seconds without another attempt in this process after one that failed
LOCK_WAIT = 2  # seconds that a visitor waits for a locked database
EACH = 60  # seconds for which a page is kept while what is due is not stored


class BackOff:
    """When this process may try again to settle."""

    def __init__(self) -> None:
        self.until = 0.0

    def is_over(self) -> bool:
        """Return True if no attempt failed a moment ago."""
        return time.monotonic() >= self.until

    def begin(self) -> None:
        """Note that an attempt failed."""
        self.until = time.monotonic() + BACK_OFF


back_off = BackOff()


def current_site() -> SiteSettings:
    """Return the portal's one row, settled if that is possible: it carries the name, the version and the next due instant."""
    now = timezone.now()
    portal = SiteSettings.load()
    if not (portal.next_due_at and portal.next_due_at <= now):
        return portal
    if back_off.is_over():
        try:
            with short_lock_wait():
                apply_due(now)
            return SiteSettings.load()
        except (
            Exception
        ):  # a full disk, a locked database, a storage out of reach: no page may fail by it
            back_off.begin()
            logger.exception("What is due could not be stored; it is tried again in a while.")
    return _unsettled(portal, now)


def _unsettled(portal: SiteSettings, now: datetime) -> SiteSettings:
    """Give `portal` a version of its own for each minute: pages follow the clock, and none kept before stands for long."""
    portal.content_version = -int(now.timestamp() // EACH)
    portal.content_changed_at = now
    return portal


@contextmanager
def short_lock_wait() -> Iterator[None]:
    """Make the database give up after LOCK_WAIT seconds where another one holds a lock, until the block ends."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            if settings.DATABASE_POOLED:  # nothing may stay with a connection that others use
                yield
                return
            cursor.execute(f"SET lock_timeout = '{LOCK_WAIT}s'")
            try:
                yield
            finally:
                cursor.execute("RESET lock_timeout")
            return
        before = cursor.execute("PRAGMA busy_timeout").fetchone()[0]  # milliseconds
        try:
            cursor.execute(f"PRAGMA busy_timeout = {min(before, LOCK_WAIT * 1000)}")
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {before}")


class ComposedQueryMiddleware:
    """Give views the query string in NFC without invisible characters, as texts are stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Replace `request.GET` where it differs."""
        asked = dict(request.GET.lists())
        plain = {composed(key): [composed(value) for value in asked[key]] for key in asked}
        if plain != asked:
            query = QueryDict(mutable=True)
            for key, values in plain.items():
                query.setlist(key, values)
            query._mutable = False
            request.GET = cast(Any, query)
        return self.get_response(request)


class SiteRequest(HttpRequest):
    """A request as views get it: the type of what middleware and `resource_view` have added."""

    site: SiteSettings  # type: ignore[assignment]  # Django's own type means contrib.sites, which is not installed
    is_preview: bool  # set by `resource_view`


class CurrentSiteMiddleware:
    """Set `request.site`, the settings of the site, before the page cache needs their version."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: SiteRequest) -> HttpResponse:
        """Read the site's settings, and run the schedule when due."""
        request.site = current_site()
        return self.get_response(request)


def site(request: HttpRequest) -> dict[str, Any]:
    """Give the portal (already read by the middleware), its sections and pages (read if the template asks), the site's base."""
    known = SimpleLazyObject(lambda: getattr(request, "site", None) or SiteSettings.load())
    return {
        "site": known,
        "sections": SimpleLazyObject(lambda: sections(known.content_version)),
        "pages": SimpleLazyObject(lambda: list(Page.objects.defer("body"))),
        "site_url": settings.SITE_URL,
    }
