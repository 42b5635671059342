"""What becomes of a ticket: received, answered or dismissed, opened again, and forgotten."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from participation.antispam import forget_counts
from participation.deadlines import promise
from participation.mail import send_answer
from participation.models import Ticket
from participation.statistics import refresh_statistics
from resources.files.ingest import Examined
from resources.files.versions import store_version
from resources.models import ResourceFile
from resources.workflow.revisions import record, record_external_change

Status = Ticket.Status
NOT_OURS = (
    "No parece una solicitud ni un reporte sobre los recursos de este portal. Si lo es, escríbanos "
    "de nuevo con más detalle."
)


class QuotaExceeded(Exception):
    """The connection has sent all that it may today."""


def receive(token: str, take_turn: Callable[[], bool], **values: Any) -> Ticket:
    """Store a ticket with its promise, or return the one that the same form has sent already.

    Raises NoTurnLeft where `take_turn` says no.
    """
    with transaction.atomic():
        known = Ticket.objects.filter(token=token).first()
        if known:
            return known
        if not take_turn():
            raise QuotaExceeded
        values["promised_for"] = promise(values["kind"])
        ticket, _ = Ticket.objects.get_or_create(token=token, defaults=values)
        erase_old()
        refresh_statistics()
    return ticket


def answer(ticket: Ticket, *, user: Any) -> None:
    """Close `ticket` with the answer that stands in it, and send it where an address was left."""
    _close(ticket, Status.ANSWERED, user)
    if ticket.in_time is None:  # the first answer is the one that was promised
        ticket.in_time = timezone.localdate(ticket.closed_on) <= ticket.promised_for
    ticket.save()
    refresh_statistics()
    mail(ticket)


def dismiss(ticket: Ticket, *, user: Any) -> None:
    """Close `ticket` as none: it counts in no figure; its page shows the reason that stands in it."""
    ticket.answer = ticket.answer.strip() or NOT_OURS
    _close(ticket, Status.DISMISSED, user)
    ticket.save()
    refresh_statistics()


def _close(ticket: Ticket, status: Status, user: Any) -> None:
    ticket.status, ticket.closed_on, ticket.closed_by = status, timezone.now(), user


def reopen(ticket: Ticket) -> None:
    """Open `ticket` again, with its answer to be corrected; whether it was answered in time stays as it was."""
    ticket.status, ticket.closed_on, ticket.closed_by = Status.OPEN, None, None
    ticket.mailed_on, ticket.mail_failed = None, False
    ticket.save()
    refresh_statistics()


def mail(ticket: Ticket) -> None:
    """Have the answer sent by the worker, where the site can send mail and the person left an address."""
    if ticket.email and settings.EMAIL_IS_CONFIGURED:
        transaction.on_commit(partial(send_answer.enqueue, ticket.pk))


def attach(ticket: Ticket, examined: Examined, *, label: str, language: str, user: Any) -> None:
    """Add an accessible version to the ticket's resource, for everyone, and note it in `ticket`.

    Raises ValidationError as `store_version` does.
    """
    base = ticket.resource
    if base is None:
        raise ValueError("A ticket without a resource takes no file.")
    resource = base.specific  # whose whole state the history keeps
    record_external_change(resource)
    last = base.files.order_by("-position").values_list("position", flat=True).first()
    slot = ResourceFile(
        resource=base,
        role=ResourceFile.Role.ACCESSIBLE,
        accessible=True,
        label=label,
        language=language,
        position=(last or 0) + 10,
    )
    source = ticket.file or base.files.filter(role=ResourceFile.Role.MAIN).first()
    is_sample = bool(source and source.current and source.current.is_sample)
    store_version(slot, examined, user=user, is_sample=is_sample)
    record(resource, user, note=f"Formato accesible: {ticket}.")
    ticket.attached = slot


def erase(tickets: QuerySet[Ticket]) -> int:
    """Erase what people wrote in `tickets`, and was written to them; return from how many.

    What is still open is closed as unanswered. Dates and kinds stay for the figures.
    """
    now, pks = timezone.now(), list(tickets.filter(erased_on=None).values_list("pk", flat=True))
    if not pks:
        return 0
    with transaction.atomic():
        due = Ticket.objects.filter(pk__in=pks)
        due.update(erased_on=now, **dict.fromkeys(Ticket.PERSONAL, ""))
        due.waiting().update(status=Status.UNANSWERED, closed_on=now)
        refresh_statistics()
    return len(pks)


def erase_old() -> int:
    """Erase what is older than personal data is kept, and the counts of earlier days; return from how many tickets."""
    forget_counts()
    return erase(Ticket.objects.old())
