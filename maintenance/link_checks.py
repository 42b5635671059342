"""Find due links, check them, store the results. A link is due after LINK_CHECK_DAYS, a missing page on the next day."""

import datetime as dt
import time
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from maintenance.link_fetch import LinkFetcher
from maintenance.link_usage import used_urls
from resources.models import Link
from search.utils import batched

AT_ONCE = 25  # visits in one turn of the worker, one after the other
SECONDS = 60  # after which a turn begins no other fetch: covers and packs wait for the same worker
AGAIN = dt.timedelta(days=1)


class CheckResult(NamedTuple):
    """The counts of one run."""

    checked: int
    broken: int
    """How many of the checked are broken now."""
    due: int
    """How many are due still."""


def sync_links() -> None:
    """Synchronise the table of links with the addresses in the catalogue."""
    used, known = set(used_urls()), set(Link.objects.values_list("url", flat=True))
    Link.objects.bulk_create(
        [Link(url=url) for url in sorted(used - known)], ignore_conflicts=True, batch_size=500
    )
    for gone in batched(sorted(known - used), 500):
        Link.objects.filter(url__in=gone).delete()


def due_links(now: dt.datetime) -> QuerySet[Link]:
    """Return the links to check: never checked first, then the longest unchecked."""
    rested = Q(checked_at__lte=now - dt.timedelta(days=settings.LINK_CHECK_DAYS))
    missing = Q(finding__in=Link.MISSING, failures=1, checked_at__lte=now - AGAIN)
    never = Q(checked_at=None)
    return Link.objects.filter(rested | missing | never).order_by("checked_at", "pk")


def check_links(
    fetcher: LinkFetcher | None = None,
    *,
    limit: int = AT_ONCE,
    seconds: float = SECONDS,
    on_check: Callable[[Link], None] = lambda link: None,
) -> CheckResult:
    """Check up to `limit` due links, one at a time, for up to `seconds`; call `on_check` with each."""
    fetcher = fetcher or LinkFetcher(settings.SITE_URL)
    sync_links()
    until, checked, broken = time.monotonic() + seconds, 0, 0
    for link in list(due_links(timezone.now())[:limit]):
        if time.monotonic() >= until:
            break
        link.note(_fetch_result(fetcher, link), timezone.now())
        on_check(link)
        checked += 1
        broken += link.is_broken
    return CheckResult(checked, broken, due_links(timezone.now()).count())


def _fetch_result(fetcher: LinkFetcher, link: Link) -> str:
    """Return the result of a fetch; an unresolvable name counts only where another name resolves: else the fault is here."""
    found = fetcher.fetch(link.url)
    if found != Link.Finding.NO_HOST:
        return found
    witness = Link.objects.filter(finding=Link.Finding.FINE).order_by("-checked_at").first()
    return found if witness and fetcher.resolves(witness.url) else Link.Finding.SILENT
