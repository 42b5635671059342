"""Deadlines of answers in working days, with holidays, and their wording in the admin."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone

from participation.models import Ticket

Kind = Ticket.Kind


def holidays() -> frozenset[dt.date]:
    """Return the holidays in the settings. Raises ValueError for an invalid date."""
    return frozenset(dt.date.fromisoformat(day.strip()) for day in settings.HOLIDAYS)


def working_days_of(kind: str) -> int:
    """Return the number of working days to answer tickets of `kind`."""
    return settings.REQUEST_WORKING_DAYS if kind == Kind.REQUEST else settings.REPORT_WORKING_DAYS


def deadline(kind: str, today: dt.date | None = None) -> dt.date:
    """Return the deadline of a ticket of `kind` received `today`."""
    return add_working_days(today or timezone.localdate(), working_days_of(kind), holidays())


def deadline_in_words(ticket: Ticket, today: dt.date | None = None) -> str:
    """Return the time left in words: "vence el próximo día hábil", "quedan 4 días hábiles", "venció hace 2 días hábiles"."""
    if not ticket.is_open:
        return _outcome(ticket)
    if ticket.is_being_corrected:
        return "respuesta por corregir"
    today = today or timezone.localdate()
    if today == ticket.promised_for:
        return "vence hoy"
    if today > ticket.promised_for:
        late = working_days_between(ticket.promised_for, today, holidays())
        return f"venció hace {_days(late)}" if late else "venció"
    left = working_days_between(today, ticket.promised_for, holidays())
    return "vence el próximo día hábil" if left == 1 else f"quedan {_days(left)}"


def _outcome(ticket: Ticket) -> str:
    if ticket.status == Ticket.Status.DISMISSED:
        return "se descartó"
    if ticket.status != Ticket.Status.ANSWERED:
        return ticket.get_status_display().lower()
    return "se respondió a tiempo" if ticket.in_time else "se respondió tarde"


def _days(count: int) -> str:
    return "1 día hábil" if count == 1 else f"{count} días hábiles"


FRIDAY = 4

DAY = dt.timedelta(days=1)


def is_working_day(day: dt.date, holidays: Iterable[dt.date] = ()) -> bool:
    """Return whether `day` is a working day."""
    return day.weekday() <= FRIDAY and day not in holidays


def add_working_days(day: dt.date, count: int, holidays: Iterable[dt.date] = ()) -> dt.date:
    """Return the `count`th working day after `day`."""
    while count > 0:
        day += DAY
        count -= is_working_day(day, holidays)
    return day


def working_days_between(start: dt.date, end: dt.date, holidays: Iterable[dt.date] = ()) -> int:
    """Count the working days after `start` up to and with `end`; 0 where `end` is not later."""
    days = ((start + DAY * n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, holidays) for day in days)
