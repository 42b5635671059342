"""Bulk operations: for each its form, its plan for one resource, and its execution."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from resources.admin.bulk.forms import (
    NoteForm,
    PublishForm,
    ReviewForm,
    SectionForm,
    TagsForm,
    WithdrawForm,
)
from resources.admin.permissions import (
    can_publish,
    may_change,
    may_restore,
    may_trash,
    next_states,
)
from resources.admin.transition_messages import publication_in_words
from resources.kinds.legislation.models import LegalInstrument
from resources.models import Resource, Revision
from resources.workflow import requirements, transitions
from resources.workflow.diff import EMPTY, Difference, between
from resources.workflow.revisions import record, record_external_change

Action, Status = Revision.Action, Resource.Status
NOT_ALLOWED = "Su estado no lo permite o hace falta el permiso de publicar."
NO_CHANGE = "Ya está así."
IN_TRASH = "Está en la papelera."


@dataclass(frozen=True)
class BulkStep:
    """One bulk operation. `plan` describes the change of one resource, or raises ValidationError with the reason against it.

    `do` is called for one of them at a time, in a transaction that has locked its row and planned it again.
    """

    name: str
    label: str
    verb: str
    plan: Callable[[HttpRequest, Resource, dict[str, Any]], list[Difference]]
    do: Callable[[HttpRequest, Resource, dict[str, Any]], str | None]
    """Returns what to tell of the one that was done, where its title does not say it all."""
    form: type[forms.Form] | None = None
    permission: str = "bulk"


def require(condition: bool, why: str = NOT_ALLOWED) -> None:
    """Raise ValidationError with `why` unless `condition` holds."""
    if not condition:
        raise ValidationError(why)


def _changeable(request: HttpRequest, resource: Resource) -> None:
    require(resource.deleted_at is None, IN_TRASH)
    require(may_change(request, resource))


def _status(resource: Resource, after: str) -> list[Difference]:
    return [between("estado", resource.get_status_display(), after)]


def plan_section(request: HttpRequest, resource: Resource, values: dict) -> list[Difference]:
    """Describe the move between sections."""
    _changeable(request, resource)
    require(resource.section_id != values["section"].pk, NO_CHANGE)
    return [between("sección", str(resource.section), str(values["section"]))]


def do_section(request: HttpRequest, resource: Resource, values: dict) -> None:
    """Move it."""
    resource.section = values["section"]
    _save(request, resource)


def _tags_after(resource: Resource, values: dict) -> tuple[list[str], list[str]]:
    before = [tag.name for tag in resource.tags.all()]
    kept = [name for name in before if name not in values["remove"]]
    return before, [*kept, *(name for name in values["add"] if name not in kept)]


def plan_tags(request: HttpRequest, resource: Resource, values: dict) -> list[Difference]:
    """Describe the tags before and after."""
    _changeable(request, resource)
    before, after = _tags_after(resource, values)
    require(before != after, NO_CHANGE)
    return [between("etiquetas", ", ".join(before), ", ".join(after))]


def do_tags(request: HttpRequest, resource: Resource, values: dict) -> None:
    """Set them."""
    _, after = _tags_after(resource, values)
    record_external_change(resource)
    resource.tags.set(after)
    resource.save()
    record(resource, request.user)


def plan_review(request: HttpRequest, resource: Resource, values: dict) -> list[Difference]:
    """Describe the review date before and after."""
    _changeable(request, resource)
    require(resource.review_by != values["review_by"], NO_CHANGE)
    before, after = (
        date_format(day, "j/n/Y") if day else EMPTY
        for day in (resource.review_by, values["review_by"])
    )
    return [between("revisar antes de", before, after)]


def do_review(request: HttpRequest, resource: Resource, values: dict) -> None:
    """Set it."""
    resource.review_by = values["review_by"]
    _save(request, resource)


def _save(request: HttpRequest, resource: Resource) -> None:
    record_external_change(resource)
    resource.save()
    record(resource, request.user)


def plan_submit(request: HttpRequest, resource: Resource, values: dict) -> list[Difference]:
    """Only drafts are submitted."""
    _changeable(request, resource)
    require(resource.status != Status.REVIEW, NO_CHANGE)
    require(resource.status == Status.DRAFT, "Solo un borrador se envía a revisión.")
    return _status(resource, Status.REVIEW.label)


def plan_publish(request: HttpRequest, resource: Resource, values: dict) -> list[Difference]:
    """Describe the publication; raise ValidationError with its blockers."""
    _changeable(request, resource)
    require(can_publish(request))
    require(not resource.is_public, "Ya está publicado.")
    require(
        resource.status == Status.PUBLISHED
        or Status.PUBLISHED in next_states(resource, can_publish(request))
    )
    at = _instant(resource, values)
    if problems := requirements.publication_problems(resource, at):
        raise ValidationError(list(problems.values()))
    at = at or resource.published_at
    now, was = timezone.now(), resource.published_at
    after = _scheduled(at) if at and at > now else Status.PUBLISHED.label
    before = _scheduled(was) if was and resource.is_scheduled else ""
    return [between("estado", before or resource.get_status_display(), after)]


def _instant(resource: Resource, values: dict) -> dt.datetime | None:
    """Return the date of publication: the requested one, now for a scheduled resource, the stored one for a draft."""
    return values.get("at") or (timezone.now() if resource.is_scheduled else None)


def _scheduled(at: dt.datetime) -> str:
    return f"programado para el {date_format(timezone.localtime(at), 'j/n/Y H:i')}"


def do_publish(request: HttpRequest, resource: Resource, values: dict) -> str:
    """Publish it now or then; return which of both."""
    at = _instant(resource, values)
    transitions.transition(
        resource, Action.PUBLISHED, actor=request.user, note=values["note"], at=at
    )
    return publication_in_words(resource)


def plan_withdraw(request: HttpRequest, resource: Resource, values: dict) -> list[Difference]:
    """Describe the withdrawal; raise ValidationError unless it was published."""
    _changeable(request, resource)
    require(can_publish(request))
    require(resource.status != Status.WITHDRAWN, NO_CHANGE)
    require(resource.status == Status.PUBLISHED, transitions.NOT_PUBLISHED)
    require(resource.was_public, transitions.NEVER_PUBLIC)
    return _status(resource, Status.WITHDRAWN.label)


def plan_trash(request: HttpRequest, resource: Resource, values: dict) -> list[Difference]:
    """Describe the move to the trash; only publishers may trash published resources."""
    require(resource.deleted_at is None, transitions.ALREADY_IN_TRASH)
    require(may_trash(request, resource))
    return [between("lugar", "en el catálogo", "en la papelera")]


def plan_restore(request: HttpRequest, resource: Resource, values: dict) -> list[Difference]:
    """Return the restoration from the trash, in the state before it; refuse resources outside the trash."""
    require(resource.deleted_at is not None, transitions.NOT_IN_TRASH)
    require(may_restore(request, resource))
    return [between("lugar", "en la papelera", "en el catálogo")]


def plan_verify(request: HttpRequest, resource: Resource, values: dict) -> list[Difference]:
    """Only a law whose record says where it is checked."""
    _changeable(request, resource)
    if not isinstance(resource, LegalInstrument):
        raise ValidationError("No es un instrumento legal.")
    require(resource.has_evidence, requirements.NO_EVIDENCE)
    before = date_format(resource.verified_on, "j/n/Y") if resource.verified_on else EMPTY
    until = date_format(transitions.next_review(resource.review_by), "j/n/Y")
    review_by = date_format(resource.review_by, "j/n/Y") if resource.review_by else EMPTY
    return [
        between("última verificación", before, date_format(timezone.localdate(), "j/n/Y")),
        between("revisar antes de", review_by, until),
    ]


def _transition(step: str) -> Callable[[HttpRequest, Resource, dict], None]:
    def do(request: HttpRequest, resource: Resource, values: dict) -> None:
        transitions.transition(resource, step, actor=request.user, **values)

    return do


BULK_STEPS = (
    BulkStep("set_section", "Cambiar de sección", "Cambiar", plan_section, do_section, SectionForm),
    BulkStep("set_tags", "Agregar o quitar etiquetas", "Cambiar", plan_tags, do_tags, TagsForm),
    BulkStep(
        "set_review", "Poner fecha de revisión", "Cambiar", plan_review, do_review, ReviewForm
    ),
    BulkStep(
        "submit",
        "Enviar a revisión",
        "Enviar",
        plan_submit,
        _transition(Action.SUBMITTED),
        NoteForm,
    ),
    BulkStep(
        "publish",
        "Publicar o programar",
        "Publicar",
        plan_publish,
        do_publish,
        PublishForm,
        "publish",
    ),
    BulkStep(
        "withdraw",
        "Retirar",
        "Retirar",
        plan_withdraw,
        _transition(Action.WITHDRAWN),
        WithdrawForm,
        "publish",
    ),
    BulkStep(
        "move_to_trash",
        "Mover a la papelera",
        "Mover",
        plan_trash,
        _transition(Action.TRASHED),
        None,
        "delete",
    ),
    BulkStep(
        "take_out_of_bin",
        "Restaurar de la papelera",
        "Restaurar",
        plan_restore,
        _transition(Action.RESTORED),
        None,
        "delete",
    ),
)
VERIFY = BulkStep(
    "mark_as_verified",
    "Marcar como verificadas hoy",
    "Verificar",
    plan_verify,
    _transition(Action.VERIFIED),
)
