"""What can be done to many resources at once: for each step what it asks, what it would change, and how it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from resources.admin.forms import DateInput, DateTimeInput
from resources.admin.permissions import (
    can_publish,
    may_bin,
    may_change,
    may_restore,
    next_states,
)
from resources.admin.tags import TagsField
from resources.models import Edit, LegalInstrument, Resource, Section
from resources.publishing import steps, workflow
from resources.publishing.differences import EMPTY, Difference, between
from resources.publishing.history import catch_up, record
from resources.publishing.indexing import indexed_once

Action, Status = Edit.Action, Resource.Status
NOT_ALLOWED = "Su estado no lo permite o hace falta el permiso de publicar."
NO_CHANGE = "Ya está así."
IN_BIN = "Está en la papelera."


class NoteForm(forms.Form):
    """What every step of the workflow may carry."""

    note = forms.CharField(
        label="Nota para la otra persona",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField desk-short"}),
        help_text="Queda en la historia de cada recurso; nunca se publica.",
    )


class SectionForm(forms.Form):
    """Where they go."""

    section = forms.ModelChoiceField(
        Section.objects.all(), label="Sección", widget=forms.RadioSelect, empty_label=None
    )


class TagsForm(forms.Form):
    """Which tags they gain and lose."""

    add = TagsField(label="Agregar estas etiquetas", required=False)
    remove = TagsField(label="Quitar estas etiquetas", required=False)

    def clean(self) -> dict[str, Any]:
        """Something must be said."""
        cleaned = super().clean()
        if not self.errors and not (cleaned["add"] or cleaned["remove"]):
            raise ValidationError("Escriba al menos una etiqueta, para agregar o para quitar.")
        return cleaned


class ReviewForm(forms.Form):
    """Until when they hold."""

    review_by = forms.DateField(
        label="Revisar antes de",
        required=False,
        widget=DateInput,
        help_text="Vacío quita la fecha que tengan.",
    )


class PublishForm(NoteForm):
    """When they appear."""

    at = forms.DateTimeField(
        label="Publicar el",
        required=False,
        widget=DateTimeInput,
        help_text="Vacío: ahora mismo. Con una fecha futura se publicarán solos en ese momento.",
    )
    field_order = ("at", "note")

    def clean_at(self) -> Any:
        """A date is a date to come."""
        at = self.cleaned_data["at"]
        if at and at <= timezone.now():
            raise ValidationError("Esa fecha ya pasó: elija una futura, o déjela vacía.")
        return at


class WithdrawForm(NoteForm):
    """Why they go."""

    reason = forms.CharField(
        label="Motivo",
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Lo leerán quienes lleguen a la dirección de cada recurso.",
    )
    field_order = ("reason", "note")


@dataclass(frozen=True)
class BulkStep:
    """One thing done to many. `plan` tells what it changes in one of them, or raises ValidationError with why not."""

    name: str
    label: str
    verb: str
    plan: Callable[[HttpRequest, Resource, dict[str, Any]], list[Difference]]
    do: Callable[[HttpRequest, Resource, dict[str, Any]], None]
    form: type[forms.Form] | None = None
    permission: str = "bulk"


def require(condition: bool, why: str = NOT_ALLOWED) -> None:
    """Raise ValidationError with `why` unless `condition` holds."""
    if not condition:
        raise ValidationError(why)


def _changeable(request: HttpRequest, resource: Resource) -> None:
    require(resource.deleted_at is None, IN_BIN)
    require(may_change(request, resource))


def _status(resource: Resource, after: str) -> list[Difference]:
    return [between("estado", resource.get_status_display(), after)]


def plan_section(request: HttpRequest, resource: Resource, values: dict) -> list[Difference]:
    """Tell from where to where."""
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
    """Tell the tags before and after."""
    _changeable(request, resource)
    before, after = _tags_after(resource, values)
    require(before != after, NO_CHANGE)
    return [between("etiquetas", ", ".join(before), ", ".join(after))]


def do_tags(request: HttpRequest, resource: Resource, values: dict) -> None:
    """Set them."""
    _, after = _tags_after(resource, values)
    with indexed_once():
        catch_up(resource)
        resource.tags.set(after)
        resource.save()
        record(resource, request.user)


def plan_review(request: HttpRequest, resource: Resource, values: dict) -> list[Difference]:
    """Tell the date before and after."""
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
    with indexed_once():
        catch_up(resource)
        resource.save()
        record(resource, request.user)


def plan_submit(request: HttpRequest, resource: Resource, values: dict) -> list[Difference]:
    """Only drafts are submitted."""
    _changeable(request, resource)
    require(resource.status != Status.REVIEW, NO_CHANGE)
    require(resource.status == Status.DRAFT, "Solo un borrador se envía a revisión.")
    return _status(resource, Status.REVIEW.label)


def plan_publish(request: HttpRequest, resource: Resource, values: dict) -> list[Difference]:
    """Tell what still stops it."""
    _changeable(request, resource)
    require(can_publish(request))
    require(not resource.is_public, "Ya está publicado.")
    require(
        resource.status == Status.PUBLISHED
        or Status.PUBLISHED in next_states(resource, can_publish(request))
    )
    if problems := workflow.blockers(resource):
        raise ValidationError(list(problems.values()))
    at = values.get("at")
    after = f"programado para el {date_format(timezone.localtime(at), 'j/n/Y H:i')}" if at else None
    return _status(resource, after or Status.PUBLISHED.label)


def do_publish(request: HttpRequest, resource: Resource, values: dict) -> None:
    """Publish it now or then; what was scheduled for later comes now where no date is given."""
    at = values.get("at") or (None if resource.was_public else timezone.now())
    steps.take(resource, Action.PUBLISHED, user=request.user, note=values["note"], at=at)


def plan_withdraw(request: HttpRequest, resource: Resource, values: dict) -> list[Difference]:
    """Only what was published is withdrawn."""
    _changeable(request, resource)
    require(can_publish(request))
    require(resource.status != Status.WITHDRAWN, NO_CHANGE)
    require(resource.status == Status.PUBLISHED, "No está publicado: no hay nada que retirar.")
    return _status(resource, Status.WITHDRAWN.label)


def plan_bin(request: HttpRequest, resource: Resource, values: dict) -> list[Difference]:
    """Drafts for whoever prepares, anything for whoever publishes."""
    require(resource.deleted_at is None, "Ya está en la papelera.")
    require(may_bin(request, resource))
    return [between("lugar", "en el catálogo", "en la papelera")]


def plan_restore(request: HttpRequest, resource: Resource, values: dict) -> list[Difference]:
    """What is in the bin comes out in the state it had."""
    require(resource.deleted_at is not None, "No está en la papelera.")
    require(may_restore(request, resource))
    return [between("lugar", "en la papelera", "en el catálogo")]


def plan_verify(request: HttpRequest, resource: Resource, values: dict) -> list[Difference]:
    """Only a law whose record says where it is checked."""
    _changeable(request, resource)
    require(isinstance(resource, LegalInstrument), "No es un instrumento legal.")
    require(resource.has_evidence, workflow.NO_EVIDENCE)
    before = date_format(resource.verified_on, "j/n/Y") if resource.verified_on else EMPTY
    return [between("última verificación", before, date_format(timezone.localdate(), "j/n/Y"))]


def _take(step: str) -> Callable[[HttpRequest, Resource, dict], None]:
    def do(request: HttpRequest, resource: Resource, values: dict) -> None:
        with transaction.atomic():
            steps.take(resource, step, user=request.user, **values)

    return do


BULK_STEPS = (
    BulkStep("set_section", "Cambiar de sección", "Cambiar", plan_section, do_section, SectionForm),
    BulkStep("set_tags", "Agregar o quitar etiquetas", "Cambiar", plan_tags, do_tags, TagsForm),
    BulkStep(
        "set_review", "Poner fecha de revisión", "Cambiar", plan_review, do_review, ReviewForm
    ),
    BulkStep(
        "submit", "Enviar a revisión", "Enviar", plan_submit, _take(Action.SUBMITTED), NoteForm
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
        _take(Action.WITHDRAWN),
        WithdrawForm,
        "publish",
    ),
    BulkStep(
        "put_into_bin",
        "Mover a la papelera",
        "Mover",
        plan_bin,
        _take(Action.BINNED),
        None,
        "delete",
    ),
    BulkStep(
        "take_out_of_bin",
        "Restaurar de la papelera",
        "Restaurar",
        plan_restore,
        _take(Action.RESTORED),
        None,
        "delete",
    ),
)
VERIFY = BulkStep(
    "mark_as_verified",
    "Marcar como verificadas hoy",
    "Verificar",
    plan_verify,
    _take(Action.VERIFIED),
)
