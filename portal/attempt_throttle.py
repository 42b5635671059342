"""Throttle attempts with a growing delay, counted in the database for all processes and across restarts.

Keys are hashed with the site's secret, so the table reveals neither accounts nor networks. The delay is capped,
so that none is locked out for long.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.models import AttemptCount

FIRST_WAIT = 15  # seconds; doubled with each further attempt
LONGEST_WAIT = 10 * 60
FORGOTTEN_AFTER = timedelta(days=1)  # without any attempt


@dataclass(frozen=True)
class Limit:
    """A key to count by, and the number of free attempts before the first delay."""

    scope: str
    value: str
    free: int

    @property
    def key(self) -> str:
        """Return the hashed key under which attempts are counted."""
        value = f"{self.scope}:{self.value}"
        return salted_hmac("portal.attempt_throttle", value, algorithm="sha256").hexdigest()


def count_attempt(limits: Sequence[Limit]) -> int:
    """Count one more attempt and return 0, or return the delay in seconds; a refused attempt is not counted.

    An attempt counts before its password is checked, so that simultaneous ones do not evade the limit.
    """
    now = timezone.now()
    AttemptCount.objects.filter(last__lt=now - FORGOTTEN_AFTER).delete()
    free = {limit.key: limit.free for limit in limits}
    keys = sorted(free)  # one order of locks for all
    with transaction.atomic():
        new = [AttemptCount(key=key, since=now, last=now, blocked_until=now) for key in keys]
        AttemptCount.objects.bulk_create(new, ignore_conflicts=True)
        rows = list(AttemptCount.objects.select_for_update().filter(key__in=keys).order_by("key"))
        now = timezone.now()  # others wrote while this one waited for the lock
        wait = max((row.blocked_until for row in rows), default=now) - now
        if wait > timedelta(0):
            return math.ceil(wait.total_seconds())
        for row in rows:
            _count_one_more(row, free[row.key], now)
    return 0


def _count_one_more(row: AttemptCount, free: int, now: datetime) -> None:
    row.count += 1
    row.last = now
    over = row.count - free
    if over >= 0:
        seconds = min(FIRST_WAIT * 2 ** min(over, 20), LONGEST_WAIT)
        row.blocked_until = now + timedelta(seconds=seconds)
    row.save()


def uncount_attempt(limits: Sequence[Limit]) -> None:
    """Uncount one attempt that was correct."""
    rows = AttemptCount.objects.filter(key__in=[limit.key for limit in limits], count__gt=0)
    rows.update(count=F("count") - 1, blocked_until=timezone.now())


def reset_counts(limits: Sequence[Limit]) -> None:
    """Delete the counts of `limits`."""
    AttemptCount.objects.filter(key__in=[limit.key for limit in limits]).delete()


def count_of(limit: Limit) -> AttemptCount | None:
    """Return the stored count of `limit`, or None."""
    return AttemptCount.objects.filter(key=limit.key).first()


def delay_in_words(seconds: int) -> str:
    """Return a delay in Spanish words, rounded up."""
    if seconds <= 60:
        return "1 segundo" if seconds == 1 else f"{seconds} segundos"
    return f"{math.ceil(seconds / 60)} minutos"
