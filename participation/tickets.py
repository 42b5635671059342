"""The life of a ticket: receive, answer, dismiss, reopen, erase."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from participation.antispam import forget_counts
from participation.deadlines import deadline
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
    """The network has used its quota of tickets for today."""


def receive(token: str, use_quota: Callable[[], bool], **values: Any) -> Ticket:
    """Store a ticket with its deadline, or return the one that the same form has created already.

    Raises QuotaExceeded where the quota of today is used.
    """
    with transaction.atomic():
        known = Ticket.objects.filter(token=token).first()
        if known:
            return known
        if not use_quota():
            raise QuotaExceeded
        values["promised_for"] = deadline(values["kind"])
        ticket, _ = Ticket.objects.get_or_create(token=token, defaults=values)
        erase_old()
        refresh_statistics()
    return ticket


def answer(ticket: Ticket, *, user: Any) -> None:
    """Close `ticket` with its stored answer, and mail it where the sender left an address."""
    _close(ticket, Status.ANSWERED, user)
    if ticket.in_time is None:  # the first answer is the one that was promised
        ticket.in_time = timezone.localdate(ticket.closed_on) <= ticket.promised_for
    ticket.save()
    refresh_statistics()
    mail(ticket)


def dismiss(ticket: Ticket, *, user: Any) -> None:
    """Close `ticket` without counting it in the statistics; its page shows the stored reason."""
    ticket.answer = ticket.answer.strip() or NOT_OURS
    _close(ticket, Status.DISMISSED, user)
    ticket.save()
    refresh_statistics()


def _close(ticket: Ticket, status: Status, user: Any) -> None:
    ticket.status, ticket.closed_on, ticket.closed_by = status, timezone.now(), user


def reopen(ticket: Ticket) -> None:
    """Reopen `ticket` to correct its answer; whether it was answered in time does not change."""
    ticket.status, ticket.closed_on, ticket.closed_by = Status.OPEN, None, None
    ticket.mailed_on, ticket.mail_failed = None, False
    ticket.save()
    refresh_statistics()


def mail(ticket: Ticket) -> None:
    """Queue the mail of the answer, where the site can send mail and the sender left an address."""
    if ticket.email and settings.EMAIL_IS_CONFIGURED:
        transaction.on_commit(partial(send_answer.enqueue, ticket.pk))


def attach(ticket: Ticket, examined: Examined, *, label: str, language: str, user: Any) -> None:
    """Publish an accessible version with the ticket's resource, and store that in `ticket`.

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
    """Erase the personal texts of `tickets`, answers included; return the number of tickets.

    Open ones are closed as unanswered. Dates and kinds stay for the statistics.
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
    """Erase expired personal data, and the counts of earlier days; return the number of tickets."""
    forget_counts()
    return erase(Ticket.objects.old())
