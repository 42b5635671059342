"""Forms of the bulk actions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from resources.admin.forms import DateInput, DateTimeInput
from resources.admin.tag_field import TagsField
from resources.models import Section


class NoteForm(forms.Form):
    """The optional note of a transition."""

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
        cleaned = super().clean() or self.cleaned_data
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
        help_text="Vacío: ahora mismo, también los que estaban programados para más tarde. Con una fecha futura se publicarán solos "
        "en ese momento.",
    )
    field_order = ("at", "note")

    def clean_at(self) -> Any:
        """Refuse a past date."""
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
    field_order: tuple[str, ...] = ("reason", "note")
