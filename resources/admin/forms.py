"""The form of a resource: fields, chosen status and publication errors."""

import datetime as dt
from copy import copy
from typing import Any, cast

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict
from django.utils import timezone

from resources.admin.edit_conflicts import (
    EditConflict,
    edit_conflict_of,
    undecided,
    use_stored_values,
)
from resources.admin.file_inline import will_have_file
from resources.admin.permissions import PREPARING, Status, next_states
from resources.admin.tag_field import TagsField
from resources.admin.uploads import InspectedUploads, PictureField
from resources.models import Resource, Revision
from resources.workflow.requirements import NO_EVIDENCE, publication_blockers, publication_problems
from resources.workflow.transitions import NO_REASON, next_review

STALE = (
    "Mientras usted escribía, alguien guardó otros cambios en este recurso. Lo que usted escribió sigue aquí, "
    "sin guardar: decida qué queda en cada campo y guarde otra vez."
)
UNDECIDED = (
    "Falta decidir qué queda en algún campo: elija uno de los dos valores y guarde otra vez."
)
ALREADY_PUBLIC = "Ya es público. Para que deje de verse, retírelo y escriba el motivo."
PUBLISH, REVIEW, RETURN, VERIFIED = "_publish", "_review", "_return", "_verified"
PUBLISH_NOW, UNSCHEDULE = "_publish_now", "_unschedule"
BUTTONS = (PUBLISH, PUBLISH_NOW, UNSCHEDULE, REVIEW, RETURN, VERIFIED)
"""Names of the submit buttons that say in one click what fields could say too."""
STATES = {
    PUBLISH: Status.PUBLISHED,
    PUBLISH_NOW: Status.PUBLISHED,
    UNSCHEDULE: Status.DRAFT,
    REVIEW: Status.REVIEW,
    RETURN: Status.DRAFT,
}
"""Button → status it requests."""
STEP_TO = {
    Status.DRAFT: Revision.Action.RETURNED,
    Status.REVIEW: Revision.Action.SUBMITTED,
    Status.PUBLISHED: Revision.Action.PUBLISHED,
    Status.WITHDRAWN: Revision.Action.WITHDRAWN,
}
"""Status → action that leads to it."""


class DateInput(forms.DateInput):
    """The browser's own date field: one label, any keyboard, any phone."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own field for a day and an hour, in the site's time zone."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class DateTimeField(forms.DateTimeField):
    """A day and an hour in one field."""

    widget = DateTimeInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare to the minute: the browser's field has no seconds."""
        return super().has_changed(to_the_minute(initial), data)


def address_to_be(resource: Resource) -> str:
    """Return in a sentence which address the page will have."""
    if not resource.pk:
        return "Su dirección se formará con el título."
    return f"Su dirección será {resource.get_absolute_url()}."


def to_the_minute(instant: dt.datetime | None) -> dt.datetime | None:
    """Return `instant` without its seconds."""
    return instant.replace(second=0, microsecond=0) if instant else instant


class TitleInput(AdminTextInputWidget):
    """The field of a title, with the address that it makes beneath it."""

    template_name = "admin/resources/widgets/title.html"
    address = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the address in a sentence."""
        return super().get_context(name, value, attrs) | {"address": self.address}


class ResourceForm(forms.ModelForm):
    """The base of each kind's form. The class that the admin makes of it knows the person and the uploads."""

    read_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    step_note = forms.CharField(
        label="Nota para la otra persona",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField desk-short"}),
        help_text="Queda en la historia y, si el portal tiene correo, llega con el próximo paso: al enviar a revisión, a quienes "
        "publican; al publicar, devolver o retirar, a quien lo preparó. Nunca se publica.",
    )

    publishes = False  # whether the person may publish
    bench: InspectedUploads

    class Meta:
        field_classes = {"tags": TagsField, "cover": PictureField}
        widgets = {"title": TitleInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was_public = self.instance.was_public
        self.was_scheduled = self.instance.is_scheduled
        self.is_stale = False
        self.step = ""  # the action of the transition that follows when the form is saved
        self.step_details: dict[str, Any] = {}
        self.merge: EditConflict | None = None
        self.fields["read_revision"].initial = self.instance.revision
        if "position" in self.fields:
            self.fields["position"].show_hidden_initial = True
        if self.instance.pk is None and not self.is_bound and "title" in self.fields:
            self.fields["title"].widget.attrs["autofocus"] = True
        if "status" in self.fields:
            states = next_states(self.instance, self.publishes)
            cast(forms.ChoiceField, self.fields["status"]).choices = [
                (state.value, state.label) for state in states
            ]
        if "cover" in self.fields and self.instance.cover_from_file:
            self.fields["cover"].widget.is_derived = True
        self._tell_address()
        if self.is_bound and self.instance.pk:
            use_stored_values(self)

    def _tell_address(self) -> None:
        """Show the address that the title makes below it; the slug field stays empty while it follows the title."""
        if "slug" in self.fields and self.instance.address_follows_title:
            self.initial["slug"] = ""
        if "title" in self.fields and not self.instance.was_public:
            self.fields["title"].widget.address = address_to_be(self.instance)

    @property
    def was_pressed(self) -> str:
        """The name of the button that says more than "save", or nothing."""
        return next((name for name in BUTTONS if name in self.data), "")

    def _step_asked(self) -> str:
        """Return the action that leads from the stored status to the chosen one; "" for none."""
        stored, cleaned = self.instance, self.cleaned_data
        status = cleaned.get("status", stored.status)
        if status != stored.status:
            return STEP_TO[status]
        if self.was_scheduled and cleaned.get("published_at") not in (None, stored.published_at):
            return Revision.Action.PUBLISHED
        return Revision.Action.VERIFIED if self.was_pressed == VERIFIED else ""

    def _take_out_status(self) -> None:
        """Move status and dates from `cleaned_data` to `step_details`: the transition stores them, not the form."""
        cleaned = self.cleaned_data
        cleaned.pop("status", None)
        at = cleaned.pop("published_at", None)
        if "withdraw_at" in cleaned:
            self.step_details["withdraw_at"] = cleaned.pop("withdraw_at")
        if self.step == Revision.Action.PUBLISHED:
            self.step_details["at"] = at
        elif self.step == Revision.Action.WITHDRAWN:
            self.step_details["reason"] = cleaned.get("withdrawn_reason", "")
            if not self.step_details["reason"].strip():
                self.add_error("withdrawn_reason", NO_REASON)

    def clean_slug(self) -> str:
        """Return the stored address where the field is empty: it follows the title, or is public; one that was typed gives way."""
        slug = self.cleaned_data["slug"]
        if not slug and self.instance.pk:
            if not self.instance.slug_typed or self.was_public:
                return self.instance.slug
            return self.instance.free_slug_for(self.cleaned_data.get("title", ""))
        if self.instance.pk is None and Resource.objects.filter(slug=slug).exists():
            return ""
        return slug

    def clean_cover(self) -> Any:
        """Return the cleaned copy of an uploaded picture; False clears it."""
        cover = self.cleaned_data["cover"]
        return self.bench.picture(self.add_prefix("cover")) if "cover" in self.files else cover

    def clean(self) -> dict[str, Any]:
        """Map the pressed button to its field; refuse a form that is stale."""
        cleaned = super().clean() or self.cleaned_data
        self._refuse_stale(cleaned.get("read_revision"))
        self._press_button(cleaned)
        self._check_dates(cleaned)
        if "position" in cleaned and "position" not in self.changed_data:
            cleaned["position"] = self.instance.position  # the section may have been ordered anew
        return cleaned

    def _refuse_stale(self, read: int | None) -> None:
        """Raise ValidationError for an edit conflict that is not resolved."""
        if not self.instance.pk:
            return
        is_stale = self._stored_revision() != read
        open_fields = undecided(cast(QueryDict, self.data))
        if is_stale or open_fields:
            self.is_stale = True
            self.merge = edit_conflict_of(self, self._opened(read))
            raise ValidationError(STALE if is_stale else UNDECIDED, code="stale")

    def _opened(self, read: int | None) -> int | None:
        """Return the revision that the person began with, before anyone told of another."""
        began = self.data.get("merge_began", "")
        return int(began) if began.isdecimal() else read

    def _press_button(self, cleaned: dict[str, Any]) -> None:
        """Set the field that the pressed button stands for. Raise PermissionDenied where it is not offered."""
        if self.was_pressed == VERIFIED:
            cleaned["verified_on"] = timezone.localdate()
            cleaned["review_by"] = next_review(cleaned.get("review_by"))
            if not (cleaned.get("evidence_url") or cleaned.get("evidence_note")):
                self.add_error("evidence_url", NO_EVIDENCE)
        elif self.was_pressed:
            if self.was_pressed == UNSCHEDULE and self.was_public:
                self.add_error("status", ALREADY_PUBLIC)  # its date came while the form was open
                return
            state = STATES[self.was_pressed]
            if state not in next_states(self.instance, self.publishes):
                raise PermissionDenied
            cleaned["status"] = state
            if self.was_pressed == RETURN and not cleaned.get("step_note", "").strip():
                self.add_error("step_note", "Escriba qué falta: quien lo preparó lo leerá.")
            if self.was_pressed == PUBLISH_NOW and not self.was_public:
                cleaned["published_at"] = timezone.now()

    def _stored_revision(self) -> int | None:
        """Return the revision stored now, with the row held until this request has saved."""
        rows = Resource.objects.select_for_update().order_by("pk").filter(pk=self.instance.pk)
        return rows.values_list("revision", flat=True).first()

    def _check_dates(self, cleaned: dict[str, Any]) -> None:
        """Refuse a publication date of an unpublished resource, and a date that would hide a public one.

        A scheduled resource whose date was emptied is a draft again, unless the button publishes it.
        """
        if not {"published_at", "status"} <= cleaned.keys():
            return
        at, before = cleaned["published_at"], self.instance.published_at
        if at and at == to_the_minute(before):
            at = before
        if cleaned["status"] in PREPARING and at:
            if self.was_scheduled:
                at = None  # it was scheduled, and is taken back
            else:
                self.add_error(
                    "status",
                    "Para que se publique en esa fecha, use el botón «Programar…» o elija aquí «Publicado».",
                )
        elif self.was_public and (at is None or at > timezone.now()):
            self.add_error("published_at", ALREADY_PUBLIC)
        elif self.was_scheduled and at is None and self.was_pressed != PUBLISH:
            cleaned["status"] = Status.DRAFT
        elif cleaned["status"] == Status.PUBLISHED and at is None:
            at = timezone.now()
        cleaned["published_at"] = at

    def _get_validation_exclusions(self) -> set[str]:
        """Leave out an empty address: the model makes one of the title when it saves."""
        exclusions = super()._get_validation_exclusions()  # type: ignore[misc]  # not in the stubs
        return exclusions if self.cleaned_data.get("slug") else exclusions | {"slug"}

    def _post_clean(self) -> None:
        """Add the model's errors, then those that stop the publication, by field."""
        self.step = self._step_asked()
        is_published = self.cleaned_data.get("status") == Status.PUBLISHED
        if self.step not in ("", Revision.Action.VERIFIED):
            self._take_out_status()
        super()._post_clean()  # type: ignore[misc]  # not in the stubs
        for field, problem in self._publication_errors().items() if is_published else ():
            if field not in self.errors:
                self.add_error(field, problem)

    def _publication_errors(self) -> dict[str, str]:
        has_file = will_have_file(self.instance, self.data, self.files)
        if self.step != Revision.Action.PUBLISHED:
            return publication_blockers(self.instance, has_file=has_file)
        wanted = copy(self.instance)
        wanted.withdraw_at = self.step_details.get("withdraw_at", wanted.withdraw_at)
        return publication_problems(wanted, self.step_details["at"], has_file=has_file)
