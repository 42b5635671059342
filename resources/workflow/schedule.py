"""Apply scheduled changes that are due. Requests, the worker and `manage.py settle` call `apply_due`."""

import datetime as dt
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone

from resources.files.packs.builder import request_refresh
from resources.files.sharing_pictures.builder import request_refresh as request_sharing_pictures
from resources.kinds.legislation.force import verification_ends
from resources.kinds.legislation.models import LegalInstrument, refresh_force
from resources.models import Resource, Revision, SiteSettings, StaleRowError
from resources.models.base import day_after, start_of
from resources.workflow.revisions import BY_CLOCK
from resources.workflow.transitions import transition
from resources.workflow.trash import next_purge, purge

logger = logging.getLogger(__name__)

AT_ONCE = 20  # due resources settled in one request: the rest follows with the next ones
LEASE = dt.timedelta(minutes=1)
"""How long one process holds the claim, and the delay before a failure is retried."""

PUBLISHED, WITHDRAWN = Revision.Action.PUBLISHED, Revision.Action.WITHDRAWN


def apply_due(now: dt.datetime | None = None, *, force: bool = False) -> bool:
    """Store every change that has fallen due by `now`, and when to look next; return whether this call did it.

    Of several callers one wins the conditional update and the others return False at once. What is due is stored one
    resource at a time, each in a short transaction that locks its row and asks again: two callers never do it twice.
    A failure is logged, keeps nothing else waiting and is tried again after LEASE. `force` settles all of it, even if nothing
    is known to be due; a request takes no more than AT_ONCE.
    """
    now = now or timezone.now()
    if force:
        SiteSettings.load()  # makes the row of a new site
    due = Q() if force else Q(next_due_at__lte=now)
    claimed = {"next_due_at": now + LEASE} | _raised()
    with transaction.atomic():
        is_won = QuerySet(SiteSettings).filter(due, pk=1).update(**claimed, content_changed_at=now)
    if not is_won:
        return False
    failed, is_more = _settle_resources(now, force=force)
    for task in (purge, _refresh_force):
        failed += not _attempt(task, now)
    _close(now, failed=bool(failed), is_more=is_more)
    return True


def _raised() -> dict[str, Any]:
    """Return the increments of the content counters."""
    return {name: F(name) + 1 for name in ("content_version", "counts_version")}


def _due(now: dt.datetime, step: str) -> QuerySet[Resource]:
    """Return the resources whose publication or withdrawal has fallen due and is not stored yet, the earliest first."""
    if step == WITHDRAWN:
        due = Resource.objects.filter(status=Resource.Status.PUBLISHED, withdraw_at__lte=now)
        return due.order_by("withdraw_at", "pk")
    is_unrecorded = Q(awaits_clock=True) | Q(updated__lt=F("published_at"))
    due = Resource.objects.in_catalogue().filter(
        is_unrecorded, status=Resource.Status.PUBLISHED, published_at__lte=now
    )
    return due.order_by("published_at", "pk")


def _settle_resources(now: dt.datetime, *, force: bool) -> tuple[int, bool]:
    """Apply due publications and withdrawals; return the number of failures and whether more are due."""
    failed = done = 0
    for step in (PUBLISHED, WITHDRAWN):
        for pk in list(_due(now, step).values_list("pk", flat=True)):
            if done + failed >= AT_ONCE and not force:
                return failed, True
            if _attempt(_settle_one, now, step, pk):
                done += 1
            else:
                failed += 1
    return failed, False


def _settle_one(now: dt.datetime, step: str, pk: int) -> None:
    """Apply the due action to one resource, unless another process was first."""

    def is_due(resource: Resource) -> bool:
        return _due(now, step).filter(pk=pk).exists()

    stored = Resource.objects.filter(pk=pk).with_kind().first()
    if stored is not None:
        with suppress(StaleRowError):
            transition(
                stored.specific, step, actor=None, note=BY_CLOCK, is_due=True, allowed=is_due
            )


def _refresh_force(now: dt.datetime) -> None:
    refresh_force(LegalInstrument.objects.in_catalogue(), timezone.localdate(now))


def _attempt(task: Callable[..., object], *arguments: object) -> bool:
    """Call `task`; return whether it succeeded. A failure is logged and left for the next `apply_due`."""
    try:
        task(*arguments)
    except Exception:  # whatever it is, neither the page nor the other resources wait for it
        logger.exception("What is due was not settled: %s%r", task.__name__, arguments)
        return False
    return True


def _close(now: dt.datetime, *, failed: bool, is_more: bool) -> None:
    """Store the next due instant and raise content_version again: pages cached since the claim may be stale."""
    with transaction.atomic():
        portal: QuerySet[SiteSettings] = QuerySet(SiteSettings).select_for_update().filter(pk=1)
        list(
            portal.values("pk")
        )  # whoever notes a due instant from here on waits, and brings it forward
        next_due = next_due_instant(now)
        if failed:  # the next request must not wait for the same failures
            is_later = next_due and next_due > now
            next_due = min(next_due, now + LEASE) if next_due and is_later else now + LEASE
        elif is_more:
            next_due = now
        portal.update(
            next_due_at=next_due,
            content_changed_at=now,
            **_raised(),
        )
        transaction.on_commit(request_refresh)
        transaction.on_commit(request_sharing_pictures)


def next_due_instant(now: dt.datetime) -> dt.datetime | None:
    """Return the first instant after `now` at which something falls due, or None."""
    today = timezone.localdate(now)
    days = settings.VERIFICATION_VALID_DAYS
    valid = dt.timedelta(days=days)
    resources = Resource.objects.in_catalogue().filter(status=Resource.Status.PUBLISHED)
    first = resources.aggregate(
        published=Min("published_at", filter=Q(published_at__gt=now)),
        withdrawn=Min("withdraw_at", filter=Q(withdraw_at__gt=now)),
    )
    laws = LegalInstrument.objects.in_catalogue().aggregate(
        reviewed=Min("review_by", filter=Q(review_by__gte=today)),
        unreviewed=Min("verified_on", filter=Q(review_by=None, verified_on__gte=today - valid)),
        begins=Min("in_force_on", filter=Q(in_force_on__gt=today)),
        ends=Min("repealed_on", filter=Q(repealed_on__gt=today)),
    )
    instants = [
        *first.values(),
        next_purge(),
        day_after(laws["reviewed"]),
        day_after(verification_ends(laws["unreviewed"], None, days)),
        start_of(laws["begins"]),
        start_of(laws["ends"]),
    ]
    return min((max(instant, now) for instant in instants if instant), default=None)
