"""How many tickets one connection may send in a day. Its address is never kept: only a sum with the day's secret."""

import hashlib

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from participation.models import DailySalt, SendCount
from resources.throttling import network_of


def has_turn(request: HttpRequest) -> bool:
    """Tell, without writing anything, whether the connection may still send today."""
    salt = DailySalt.objects.filter(day=timezone.localdate()).first()
    if salt is None:
        return True
    spent = salt.counts.filter(who=_sum(salt, request), count__gte=settings.TICKETS_PER_DAY)
    return not spent.exists()


def take_turn(request: HttpRequest) -> bool:
    """Count one more ticket of the connection; tell whether it stays within the limit. Whoever comes at once waits."""
    salt, is_new_day = DailySalt.objects.get_or_create(day=timezone.localdate())
    if is_new_day:
        forget_counts()
    who = _sum(salt, request)
    SendCount.objects.get_or_create(salt=salt, who=who)
    free = salt.counts.filter(who=who, count__lt=settings.TICKETS_PER_DAY)
    return bool(free.update(count=F("count") + 1))


def forget_counts() -> int:
    """Delete the secrets of earlier days with all their counts; return how many rows went."""
    return DailySalt.objects.filter(day__lt=timezone.localdate()).delete()[0]


def _sum(salt: DailySalt, request: HttpRequest) -> str:
    return hashlib.sha256(f"{salt.salt} {network_of(request)}".encode()).hexdigest()
