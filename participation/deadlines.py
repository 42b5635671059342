"""When an answer is promised for, and how the desk says how long that still is."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone

from participation.models import Ticket

Kind = Ticket.Kind


def holidays() -> frozenset[dt.date]:
    """Return the days off that the settings name. Raises ValueError for what is no date."""
    return frozenset(dt.date.fromisoformat(day.strip()) for day in settings.HOLIDAYS)


def working_days_of(kind: str) -> int:
    """Return within how many working days tickets of `kind` are answered."""
    return settings.REQUEST_WORKING_DAYS if kind == Kind.REQUEST else settings.REPORT_WORKING_DAYS


def promise(kind: str, today: dt.date | None = None) -> dt.date:
    """Return the day until which a ticket of `kind` that comes `today` is answered."""
    return add_working_days(today or timezone.localdate(), working_days_of(kind), holidays())


def in_words(ticket: Ticket, today: dt.date | None = None) -> str:
    """Tell how the promise stands: "vence el próximo día hábil", "quedan 4 días hábiles", "venció hace 2 días hábiles"."""
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


def is_working(day: dt.date, holidays: Iterable[dt.date] = ()) -> bool:
    """Tell whether people are at their desks on `day`."""
    return day.weekday() <= FRIDAY and day not in holidays


def add_working_days(day: dt.date, count: int, holidays: Iterable[dt.date] = ()) -> dt.date:
    """Return the `count`th working day after `day`."""
    while count > 0:
        day += DAY
        count -= is_working(day, holidays)
    return day


def working_days_between(start: dt.date, end: dt.date, holidays: Iterable[dt.date] = ()) -> int:
    """Count the working days after `start` up to and with `end`; 0 where `end` is not later."""
    days = ((start + DAY * n) for n in range(1, (end - start).days + 1))
    return sum(is_working(day, holidays) for day in days)
