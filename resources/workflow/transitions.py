"""Change the status of a resource: lock, refuse, change, record, notify. Nothing else sets a status."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from resources.kinds.legislation.force import verification_ends
from resources.kinds.legislation.models import LegalInstrument
from resources.locking import Allowed, lock
from resources.models import Link, Resource, Revision
from resources.workflow.notifications import notify
from resources.workflow.requirements import NO_EVIDENCE, publication_problems
from resources.workflow.revisions import record, record_external_change
from search.index.writer import batch_index_updates

Action = Revision.Action
Status = Resource.Status
EXPIRED = "El plazo de publicación terminó."
NEVER_PUBLIC = "Todavía no se ha publicado: devuélvalo a borrador, o muévalo a la papelera."
NO_REASON = "Escriba el motivo: lo leerán quienes lleguen a esta dirección."
NOT_LATER = "Elija una fecha futura, posterior a la publicación."
NOT_PUBLISHED = "No está publicado: no hay nada que retirar."
ALREADY_IN_TRASH = "Ya está en la papelera."
IN_TRASH = "Está en la papelera: restáurelo primero."
NOT_IN_TRASH = "No está en la papelera."


def _submit(resource: Resource) -> None:
    """Move a draft to review."""
    _from_preparing(resource, Status.REVIEW)


def _return_to_draft(resource: Resource) -> None:
    """Move a submitted or scheduled resource back to draft."""
    if resource.is_scheduled:
        resource.published_at = None
        resource.status = Status.REVIEW
    _from_preparing(resource, Status.DRAFT)


def _from_preparing(resource: Resource, status: str) -> None:
    if resource.status not in (Status.DRAFT, Status.REVIEW):
        raise ValidationError("Ya fue público: se retira, no vuelve a ser borrador.")
    resource.status = status
    resource.save()


def _publish(resource: Resource, *, at: dt.datetime | None = None) -> str:
    """Publish `resource` at the instant `at`, at the one it holds, or now; a future instant schedules it."""
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
    return Action.SCHEDULED if resource.is_scheduled else Action.PUBLISHED


def _withdraw(resource: Resource, *, reason: str, at: dt.datetime | None = None) -> str:
    """Withdraw `resource` with the `reason` that its 410 page shows; a future `at` schedules the withdrawal."""
    if resource.status != Status.PUBLISHED:
        raise ValidationError(NOT_PUBLISHED)
    if not resource.was_public:
        raise ValidationError(NEVER_PUBLIC)
    if not reason.strip():
        raise ValidationError({"withdrawn_reason": NO_REASON})
    if at:
        if at <= timezone.now() or (resource.published_at and at <= resource.published_at):
            raise ValidationError({"withdraw_at": NOT_LATER})
        resource.withdraw_at, resource.withdrawn_reason = at, reason.strip()
        resource.save()
        return Action.CHANGED
    resource.status = Status.WITHDRAWN
    resource.withdrawn_reason = reason.strip()
    resource.withdrawn_on = timezone.now()
    resource.preview_series += 1  # a link given while it was a draft does not bring it back
    resource.save()
    return Action.WITHDRAWN


def _publish_due(resource: Resource) -> None:
    """Store that a scheduled publication took place, dated by its instant for feeds and sitemaps."""
    # An update of the row, not save(): no form field changes, so an open form gets no edit conflict.
    resource.awaits_clock = False
    resource.updated = max(filter(None, (resource.updated, resource.published_at)))
    values = {"awaits_clock": False, "updated": resource.updated}
    # `status` stays as it is: naming it has the search entry written, whose words are suggested from now on.
    Resource.objects.filter(pk=resource.pk).update(**values, status=Status.PUBLISHED)


def _withdraw_due(resource: Resource) -> None:
    """Store that a scheduled withdrawal took place, with the editor's reason or EXPIRED."""
    resource.status = Status.WITHDRAWN
    resource.withdrawn_reason = resource.withdrawn_reason or EXPIRED
    resource.withdrawn_on = resource.withdraw_at
    resource.preview_series += 1
    resource.save()


def _verify(resource: Resource) -> None:
    """Store that `resource` was checked against its source today, and mark its links as working."""
    if isinstance(resource, LegalInstrument) and not resource.has_evidence:
        raise ValidationError({"evidence_url": NO_EVIDENCE})
    resource.verified_on = timezone.localdate()
    resource.review_by = next_review(resource.review_by)
    resource.save()
    urls = {resource.source_url, getattr(resource, "evidence_url", "")}
    Link.objects.filter(url__in=urls - {""}).forget()


def next_review(review_by: dt.date | None) -> dt.date:
    """Return the last day of a verification made today; a future `review_by` stays."""
    today = timezone.localdate()
    kept = review_by if review_by and review_by > today else None
    return verification_ends(today, kept, settings.VERIFICATION_VALID_DAYS) or today


def _trash(resource: Resource) -> None:
    """Move `resource` to the trash; a scheduled one becomes a draft."""
    if resource.deleted_at is not None:
        raise ValidationError(ALREADY_IN_TRASH)
    if resource.is_scheduled:
        resource.status, resource.published_at = Status.DRAFT, None
    resource.deleted_at = timezone.now()
    resource.save()


def _restore(resource: Resource) -> None:
    """Move `resource` out of the trash, in the status it had."""
    if resource.deleted_at is None:
        raise ValidationError(NOT_IN_TRASH)
    resource.deleted_at = None
    resource.save()


CHANGES: dict[str, Callable[..., str | None]] = {
    Action.SUBMITTED: _submit,
    Action.RETURNED: _return_to_draft,
    Action.PUBLISHED: _publish,
    Action.WITHDRAWN: _withdraw,
    Action.VERIFIED: _verify,
    Action.TRASHED: _trash,
    Action.RESTORED: _restore,
}
"""Action → function that stores it; it returns the action to record where that is another one."""
DUE_CHANGES: dict[str, Callable[[Resource], None]] = {
    Action.PUBLISHED: _publish_due,
    Action.WITHDRAWN: _withdraw_due,
}
"""Action → function that stores it when its scheduled date has come."""


@transaction.atomic
@batch_index_updates()
def transition(
    resource: Resource,
    action: str,
    *,
    actor: AbstractBaseUser | AnonymousUser | None,
    note: str = "",
    allowed: Allowed | None = None,
    is_due: bool = False,
    with_edit: bool = False,
    **details: Any,
) -> str:
    """Lock `resource` (the child), read it again, apply `action`, record and notify; return the action recorded.

    `allowed` judges the locked row. `is_due` applies a scheduled date. `with_edit` records the actor's edit, stored just
    before, in the same revision. `details` are `at` and `reason`, and `withdraw_at` for a new end. Raises ValidationError
    by field where the action is refused, StaleRowError where the row is gone or not allowed.
    """
    lock(resource, allowed)
    is_about_trash = action in (Action.TRASHED, Action.RESTORED)
    if resource.deleted_at and not (is_about_trash or is_due):
        raise ValidationError(IN_TRASH)
    if not with_edit:
        record_external_change(resource)
    if "withdraw_at" in details:
        resource.withdraw_at = details.pop("withdraw_at")
    change = (DUE_CHANGES if is_due else CHANGES)[action]
    recorded = change(resource, **details) or action
    record(resource, actor, recorded, note)
    if resource.deleted_at is None:
        notify(resource, recorded, actor, note)
    return recorded
