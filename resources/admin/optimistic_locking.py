"""Edit conflicts of the desk's plain forms: each form carries hashes of the stored values that it was opened with."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict

from resources.admin.edit_conflicts import in_words, put_value

TOKEN = "read_values"  # noqa: S105 the name of a hidden field
STALE = (
    "Mientras usted escribía, alguien guardó otros cambios aquí. Lo que usted escribió sigue en el formulario, sin guardar: "
    "compárelo con lo que está guardado, deje en cada campo lo que debe quedar y guarde otra vez."
)
UNREADABLE = "Este formulario no llegó completo. Lo que escribió sigue aquí: guarde otra vez."


@dataclass(frozen=True)
class Conflict:
    """One field that someone else has changed since the form was opened."""

    label: str
    stored: str
    typed: str
    is_touched: bool
    """Whether both changed it; where only the other did, the form shows the stored value again."""


def value_hash(field: forms.Field, value: Any) -> str:
    """Return a short hash of a field's value that is the same whether the value is stored or was just sent."""
    value = field.prepare_value(value)
    if isinstance(field, forms.ModelMultipleChoiceField):
        plain = ",".join(sorted(str(part) for part in value or ()))
    elif isinstance(value, bool) or value is None:
        plain = str(value or "")
    elif isinstance(field.widget, forms.FileInput | forms.Select | forms.CheckboxSelectMultiple):
        plain = str(value)
    else:
        plain = str(field.widget.format_value(value) or "")
    text = plain.replace("\r\n", "\n").strip()
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _stored(form: forms.ModelForm) -> Iterable[tuple[str, Any]]:
    """Yield the name and the stored value of each field that the person could change."""
    for name, field in form.fields.items():
        if not field.disabled and name in form.initial:
            yield name, form.initial[name]


class ConflictForm(forms.ModelForm):
    """A form that is invalid if another user saved the object since it was opened."""

    conflicts: tuple[Conflict, ...] = ()

    def clean(self) -> dict[str, Any] | None:
        """Compare the stored values with those that the form was opened with."""
        cleaned = super().clean()
        token = self.data.get(self.token_name)
        if self.instance.pk and token:
            self._refuse_overwriting(_opened(token))
        return cleaned

    @property
    def token_name(self) -> str:
        """The name of the hidden field with the token."""
        return self.add_prefix(TOKEN)

    @property
    def token(self) -> str:
        """Return the hashes of the stored values by field, as the hidden field carries them; "" for a new row."""
        if not self.instance.pk:
            return ""
        return json.dumps({name: value_hash(self.fields[name], v) for name, v in _stored(self)})

    def _refuse_overwriting(self, opened: Mapping[str, str]) -> None:
        """Raise ValidationError with `conflicts` set; a field that only the other changed takes the stored value."""
        found, data = [], cast(QueryDict, self.data).copy()
        for name, stored in _stored(self):
            field, html_name = self.fields[name], self.add_prefix(name)
            now = value_hash(field, stored)
            typed = field.widget.value_from_datadict(self.data, self.files, html_name)
            is_file = isinstance(field.widget, forms.FileInput)
            mine = now if is_file and typed is None else value_hash(field, typed)
            if now == opened.get(name, now) or (now == mine and not is_file):
                continue
            is_touched = mine != opened[name] and not (is_file and typed is None)
            found.append(_conflict(field, stored, typed, is_touched))
            if not is_touched and not is_file:
                put_value(data, html_name, field, stored)
        if found:
            self.conflicts, self.data = tuple(found), data
            raise ValidationError(STALE, code="stale")


def _opened(token: str) -> dict[str, str]:
    try:
        opened = json.loads(token)
    except ValueError:
        opened = None
    if not isinstance(opened, dict):
        raise ValidationError(UNREADABLE, code="stale")
    return opened


def _conflict(field: forms.Field, stored: Any, typed: Any, is_touched: bool) -> Conflict:
    if isinstance(field.widget, forms.FileInput):
        return Conflict(str(field.label), str(stored or ""), str(typed or ""), is_touched)
    return Conflict(str(field.label), in_words(field, stored), in_words(field, typed), is_touched)


class EditConflictMixin(admin.ModelAdmin):
    """A ModelAdmin whose forms show the other's values instead of overwriting them."""

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Make the form one that compares before it saves."""
        form = super().get_form(request, obj, change=change, **kwargs)
        make: Any = type(form)  # the metaclass of forms
        return make(form.__name__, (ConflictForm, form), {}) if obj else form

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Model | None:
        """Return the object, locked for update while it is saved."""
        obj = super().get_object(request, object_id, from_field)
        if (
            obj is None
            or request.method != "POST"
            or not transaction.get_connection().in_atomic_block
        ):
            return obj
        self.model._base_manager.select_for_update().filter(pk=obj.pk).first()
        return super().get_object(request, object_id, from_field)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the version token and the other user's changes to the context."""
        form = context["adminform"].form
        if isinstance(form, ConflictForm):
            context |= {"form_token": form.token, "conflicts": form.conflicts}
        return super().render_change_form(request, context, *args, **kwargs)
