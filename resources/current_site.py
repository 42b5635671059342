"""`request.site`, the site settings of each request; the first request past a due instant runs the schedule."""

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
from resources.models.compiled import CompiledQuery
from resources.models.taxonomy import sections
from resources.text import composed
from resources.workflow.schedule import apply_due
from search.utils import cached_for_version

logger = logging.getLogger(__name__)
BACK_OFF = 30.0  # seconds without another attempt in this process after one that failed
LOCK_WAIT = 2  # seconds that a visitor waits for a locked database
EACH = 60  # seconds for which a page is kept while what is due is not stored


PAGES = CompiledQuery(lambda: Page.objects.defer("body"))


class BackOff:
    """The pause of this process after a failed run of the schedule."""

    def __init__(self) -> None:
        self.until = 0.0

    def is_over(self) -> bool:
        """Return whether no run failed a moment ago."""
        return time.monotonic() >= self.until

    def begin(self) -> None:
        """Start the pause."""
        self.until = time.monotonic() + BACK_OFF


back_off = BackOff()


def current_site() -> SiteSettings:
    """Return the site settings, after running the schedule when due and possible."""
    now = timezone.now()
    portal = SiteSettings.load()
    if not (portal.next_due_at and portal.next_due_at <= now):
        return portal
    if back_off.is_over():
        try:
            with short_lock_wait():
                apply_due(now)
            return SiteSettings.load()
        except Exception:  # full disk, locked database, lost storage: no page may fail by it
            back_off.begin()
            logger.exception("What is due could not be stored; it is tried again in a while.")
    return _with_clock_version(portal, now)


def _with_clock_version(portal: SiteSettings, now: datetime) -> SiteSettings:
    """Change the version of `site` every minute while the schedule fails, so that cached pages expire."""
    portal.content_version = -int(now.timestamp() // EACH)
    portal.content_changed_at = now
    return portal


@contextmanager
def short_lock_wait() -> Iterator[None]:
    """Limit the database's wait for locks to LOCK_WAIT seconds inside the block."""
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
    """Normalise the query string to NFC without invisible characters, as stored texts are."""

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
    """A request after this project's middleware and `resource_view`: the type for views."""

    site: SiteSettings  # type: ignore[assignment]  # Django's own type means contrib.sites, which is not installed
    is_preview: bool  # set by `resource_view`


class CurrentSiteMiddleware:
    """Set `request.site` before the page cache, whose key contains its content_version."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: SiteRequest) -> HttpResponse:
        """Load the site settings, and run the schedule when due."""
        request.site = current_site()
        return self.get_response(request)


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the template context of every page: site settings, sections and pages (lazy), the base address."""
    known = SimpleLazyObject(lambda: getattr(request, "site", None) or SiteSettings.load())
    return {
        "site": known,
        "sections": SimpleLazyObject(lambda: sections(known.content_version)),
        "pages": SimpleLazyObject(
            lambda: cached_for_version("pages", known.content_version, PAGES.all)
        ),
        "site_url": settings.SITE_URL,
    }
