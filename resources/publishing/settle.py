"""Turn what the clock has changed into stored state. Requests, the worker and `manage.py settle` all call `settle`."""

import datetime as dt

from django.db import transaction
from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone

from resources.models import LegalInstrument, Portal, Resource, refresh_force
from resources.models.days import day_after, start_of
from resources.publishing.emptying import empty, next_emptying
from resources.publishing.indexing import MOST_AT_ONCE, index_later, index_resources
from resources.publishing.packs import request_refresh

EXPIRED = "El plazo de publicación terminó."


def settle(now: dt.datetime | None = None, *, force: bool = False) -> bool:
    """Store every change that has fallen due by `now`, and when to look next; return whether this call did it.

    One transaction; of several callers one wins the conditional update and the others return False at once
    (PostgreSQL makes them wait for the winner, SQLite's immediate transactions do so by themselves).
    `force` settles even if nothing is known to be due.
    """
    now = now or timezone.now()
    due = Q() if force else Q(next_due_at__lte=now)
    with transaction.atomic():
        won = QuerySet(Portal).filter(due, pk=1).update(next_due_at=None)
        if not won:
            return False
        _publish_due(now)
        _withdraw_expired(now)
        empty(now)
        refresh_force(LegalInstrument.objects.in_catalogue(), timezone.localdate(now))
        QuerySet(Portal).filter(pk=1).update(
            next_due_at=next_due_instant(now),
            content_version=F("content_version") + 1,
            content_changed_at=now,
        )
        transaction.on_commit(request_refresh)
    return True


def _publish_due(now: dt.datetime) -> None:
    """Mark as touched what has become visible since it was last written, so that feeds and sitemaps date it right."""
    appeared = Resource.objects.published(now).filter(updated__lt=F("published_at"))
    ids = list(appeared.values_list("pk", flat=True))
    # From now on their words are suggested. Very many would hold an SQLite database for seconds.
    (index_later if len(ids) > MOST_AT_ONCE else index_resources)(ids)
    appeared.update(updated=F("published_at"))


def _withdraw_expired(now: dt.datetime) -> None:
    """Store the withdrawal of what is past its date; the reason an editor gave is kept."""
    expired = Resource.objects.filter(status=Resource.Status.PUBLISHED, withdraw_at__lte=now)
    expired.filter(withdrawn_reason="").update(withdrawn_reason=EXPIRED)
    expired.update(
        status=Resource.Status.WITHDRAWN,
        withdrawn_on=F("withdraw_at"),
        preview_series=F("preview_series") + 1,
    )


def next_due_instant(now: dt.datetime) -> dt.datetime | None:
    """Return the first instant after `now` at which something falls due, or None."""
    today = timezone.localdate(now)
    resources = Resource.objects.in_catalogue().filter(status=Resource.Status.PUBLISHED)
    first = resources.aggregate(
        published=Min("published_at", filter=Q(published_at__gt=now)),
        withdrawn=Min("withdraw_at", filter=Q(withdraw_at__gt=now)),
    )
    laws = LegalInstrument.objects.in_catalogue().aggregate(
        reviewed=Min("review_by", filter=Q(review_by__gte=today)),
        begins=Min("in_force_on", filter=Q(in_force_on__gt=today)),
        ends=Min("repealed_on", filter=Q(repealed_on__gt=today)),
    )
    instants = [
        *first.values(),
        next_emptying(),
        day_after(laws["reviewed"]),
        start_of(laws["begins"]),
        start_of(laws["ends"]),
    ]
    return min((max(instant, now) for instant in instants if instant), default=None)
