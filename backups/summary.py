"""The last backup and the last rehearsal in words, for the desk."""

import datetime as dt
from typing import NamedTuple

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format

from backups.models import Event
from backups.runs import in_time

LATE = {Event.Kind.BACKUP: dt.timedelta(days=2), Event.Kind.REHEARSAL: dt.timedelta(days=35)}
"""After this long without a good one the desk says what to do."""
NAMES = {Event.Kind.BACKUP: "Último respaldo", Event.Kind.REHEARSAL: "Último ensayo"}
REMEDIES = {
    Event.Kind.BACKUP: "Ejecute en el servidor: manage.py backup",
    Event.Kind.REHEARSAL: "Ejecute en el servidor: manage.py rehearse_restore",
}


class EventLine(NamedTuple):
    """One line of the desk; `remedy` is empty where all is well."""

    words: str
    remedy: str = ""


def event_lines() -> list[EventLine]:
    """Return a line on the last event of each kind: one query."""
    newest = Event.objects.order_by().values("kind").annotate(newest=Max("pk")).values("newest")
    last = {event.kind: event for event in Event.objects.filter(pk__in=newest)}
    return [_line(kind, last.get(kind)) for kind in Event.Kind]


def _line(kind: Event.Kind, event: Event | None) -> EventLine:
    if event is None:
        return EventLine(f"{NAMES[kind]}: ninguno todavía.", REMEDIES[kind])
    when = date_format(timezone.localtime(event.at), "DATETIME_FORMAT")
    words = f"{NAMES[kind]}: {when}, {in_time(event.seconds)}, {event.words}."
    is_well = event.is_ok and event.at > timezone.now() - LATE[kind]
    return EventLine(words, "" if is_well else REMEDIES[kind])
