"""From draft to published to withdrawn: what must hold first, and what each step stores."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from resources.kinds.legislation.models import LegalInstrument
from resources.locking import Allowed, lock
from resources.models import Link, Resource, Revision
from resources.workflow.notifications import notify
from resources.workflow.requirements import NO_EVIDENCE, publication_problems
from resources.workflow.revisions import BY_CLOCK, record, record_external_change
from search.index.writer import batch_index_updates

Action = Revision.Action
Status = Resource.Status
EXPIRED = "El plazo de publicación terminó."
NEVER_PUBLIC = "Todavía no se ha publicado: devuélvalo a borrador, o muévalo a la papelera."
NO_REASON = "Escriba el motivo: lo leerán quienes lleguen a esta dirección."
NOT_PUBLISHED = "No está publicado: no hay nada que retirar."
ALREADY_IN_BIN = "Ya está en la papelera."
IN_BIN = "Está en la papelera: restáurelo primero."
NOT_IN_BIN = "No está en la papelera."


def submit(resource: Resource) -> None:
    """Hand a draft over to whoever publishes."""
    _from_preparing(resource, Status.REVIEW)


def give_back(resource: Resource) -> None:
    """Hand what was submitted, or only scheduled, back to whoever prepares it."""
    if resource.is_scheduled:
        resource.published_at = None
        resource.status = Status.REVIEW
    _from_preparing(resource, Status.DRAFT)


def _from_preparing(resource: Resource, status: str) -> None:
    if resource.status not in (Status.DRAFT, Status.REVIEW):
        raise ValidationError("Ya fue público: se retira, no vuelve a ser borrador.")
    resource.status = status
    resource.save()


def publish(resource: Resource, *, at: dt.datetime | None = None) -> None:
    """Publish `resource` (the child) at the instant `at`, or at the one it holds, or now: a future one schedules.

    Raises ValidationError by field where something is missing.
    """
    at = at or resource.published_at
    if problems := publication_problems(resource, at):
        raise ValidationError(problems)
    resource.status = Status.PUBLISHED
    resource.published_at = at or timezone.now()
    resource.awaits_clock = False  # but for a future date, which save() sees
    if resource.withdrawn_on:
        resource.withdrawn_on, resource.withdrawn_reason = None, ""
        if resource.withdraw_at and resource.withdraw_at <= timezone.now():
            resource.withdraw_at = None  # the end that has passed; one that is still to come stands
    resource.save()


def withdraw(resource: Resource, reason: str) -> None:
    """Withdraw `resource`: its address answers 410 with `reason`, which visitors read. Raise ValidationError without one."""
    _refuse_unpublished(resource)
    if not reason.strip():
        raise ValidationError({"withdrawn_reason": NO_REASON})
    resource.status = Status.WITHDRAWN
    resource.withdrawn_reason = reason.strip()
    resource.withdrawn_on = timezone.now()
    resource.preview_series += 1  # a link given while it was a draft does not bring it back
    resource.save()


def _refuse_unpublished(resource: Resource) -> None:
    if resource.status != Status.PUBLISHED:
        raise ValidationError(NOT_PUBLISHED)
    if not resource.was_public:
        raise ValidationError(NEVER_PUBLIC)


def arrive(resource: Resource) -> None:
    """Store that the clock has published `resource`; its `updated` is that instant, so that feeds and sitemaps date it right.

    Nothing that a form shows changes: no new revision, so that nobody who has the form open is told of a conflict.
    """
    resource.awaits_clock = False
    resource.updated = max(resource.updated, resource.published_at)
    values = {"awaits_clock": False, "updated": resource.updated}
    # `status` stays as it is: naming it has the search entry written, whose words are suggested from now on.
    Resource.objects.filter(pk=resource.pk).update(**values, status=Status.PUBLISHED)


def expire(resource: Resource) -> None:
    """Store that the clock has withdrawn `resource` at its date; the reason that an editor gave is kept."""
    resource.status = Status.WITHDRAWN
    resource.withdrawn_reason = resource.withdrawn_reason or EXPIRED
    resource.withdrawn_on = resource.withdraw_at
    resource.preview_series += 1
    resource.save()


def plan_withdrawal(resource: Resource, at: dt.datetime, reason: str) -> None:
    """Have the clock withdraw `resource` at `at` (publishing/settle.py), with `reason`."""
    _refuse_unpublished(resource)
    if not reason.strip():
        raise ValidationError({"withdrawn_reason": NO_REASON})
    if at <= timezone.now() or (resource.published_at and at <= resource.published_at):
        raise ValidationError(
            {"withdraw_at": "Elija una fecha futura, posterior a la publicación."}
        )
    resource.withdraw_at, resource.withdrawn_reason = at, reason.strip()
    resource.save()


def verify(resource: Resource) -> None:
    """Record that someone checked `resource` against its source today. Raise ValidationError where there is none."""
    if isinstance(resource, LegalInstrument) and not resource.has_evidence:
        raise ValidationError({"evidence_url": NO_EVIDENCE})
    resource.verified_on = timezone.localdate()
    resource.review_by = next_review(resource.review_by)
    resource.save()


def confirm_links(resource: Resource) -> None:
    """Take a person's word that the addresses of `resource` lead where they should: nothing is held against them."""
    urls = {resource.source_url, getattr(resource, "evidence_url", "")}
    Link.objects.filter(url__in=urls - {""}).forget()


def next_review(review_by: dt.date | None) -> dt.date:
    """Return until when a check of today holds: a date to come stays, otherwise VERIFICATION_VALID_DAYS from now."""
    today = timezone.localdate()
    if review_by and review_by > today:
        return review_by
    return today + dt.timedelta(days=settings.VERIFICATION_VALID_DAYS)


def move_to_bin(resource: Resource) -> None:
    """Put `resource` into the bin: nobody sees it, nothing is lost. What was only scheduled comes out as a draft."""
    if resource.deleted_at is not None:
        raise ValidationError(ALREADY_IN_BIN)
    if resource.is_scheduled:
        resource.status, resource.published_at = Status.DRAFT, None
    resource.deleted_at = timezone.now()
    resource.save()


def restore(resource: Resource) -> None:
    """Take `resource` out of the bin, in the state in which it went in."""
    if resource.deleted_at is None:
        raise ValidationError(NOT_IN_BIN)
    resource.deleted_at = None
    resource.save()


STEPS: dict[str, Callable[..., None]] = {
    Action.SUBMITTED: submit,
    Action.RETURNED: give_back,
    Action.PUBLISHED: publish,
    Action.WITHDRAWN: withdraw,
    Action.VERIFIED: verify,
    Action.TRASHED: move_to_bin,
    Action.RESTORED: restore,
}
"""What is stored in each step."""


@transaction.atomic
def take(
    resource: Resource,
    step: str,
    *,
    user: Any,
    note: str = "",
    allowed: Allowed | None = None,
    **details: Any,
) -> str:
    """Lock `resource` (the child), read it again and take `step`; return the action recorded.

    `allowed` is asked of the row as it is now. Raises ValidationError as it and the step's function do.
    """
    with batch_index_updates():
        lock(resource, allowed)
        if step not in (Action.TRASHED, Action.RESTORED) and resource.deleted_at:
            raise ValidationError(IN_BIN)
        record_external_change(resource)
        return transition(resource, step, user=user, note=note, **details)


def transition(resource: Resource, step: str, *, user: Any, note: str = "", **details: Any) -> str:
    """Take `step` with a row that the caller has locked and caught up with; return the action recorded.

    Every change of status comes through here: button, bulk step, import, form and clock.
    """
    STEPS[step](resource, **details)
    if step == Action.PUBLISHED and resource.is_scheduled:
        step = Action.SCHEDULED
    return tell(resource, step, user, note)


CLOCK_STEPS: dict[str, Callable[[Resource], None]] = {
    Action.PUBLISHED: arrive,
    Action.WITHDRAWN: expire,
}
"""What is stored where the date of a step has come."""


def transition_by_clock(resource: Resource, step: str) -> None:
    """Take `step` with a locked row whose date has come: recorded without a person, and told as if by one."""
    record_external_change(resource)
    CLOCK_STEPS[step](resource)
    tell(resource, step, None, BY_CLOCK)


def tell(resource: Resource, step: str, user: Any, note: str) -> str:
    """Record a step that has been taken, and write to whom it concerns; return the action recorded.

    Whoever verified is believed about the links.
    """
    if step == Action.VERIFIED:
        confirm_links(resource)
    record(resource, user, step, note)
    if resource.deleted_at is None:  # of what is in the bin nobody is told
        notify(resource, step, user, note)
    return step


def schedule_withdrawal(
    resource: Resource,
    at: dt.datetime,
    reason: str,
    *,
    user: Any,
    note: str = "",
    allowed: Allowed | None = None,
) -> None:
    """Have `resource` withdrawn at the future instant `at`, with the reason that visitors will then read."""
    with transaction.atomic():
        lock(resource, allowed)
        record_external_change(resource)
        plan_withdrawal(resource, at, reason)
        record(resource, user, Action.CHANGED, note)
