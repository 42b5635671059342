"""Two people at one resource: the second sees both values of each field, decides, and loses nothing typed."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.http import QueryDict

from resources.models import Resource, Revision, Tag
from resources.text import yes_or_no
from resources.workflow.diff import EMPTY, Difference, differences
from resources.workflow.revisions import state_of

PREFIX = "merge-"
MINE, THEIRS = "mine", "theirs"
NOT_MERGED = frozenset({"read_revision", "step_note", "cover"})


@dataclass(frozen=True)
class FieldConflict:
    """One field whose typed value differs from the stored one."""

    name: str
    label: str
    mine: str
    theirs: str
    chosen: str
    """Which one stands unless the person says otherwise; "" where both changed it and nobody can know."""

    @property
    def field_name(self) -> str:
        """The name under which the decision is sent."""
        return f"{PREFIX}{self.name}"


@dataclass(frozen=True)
class EditConflict:
    """The context of the edit conflict page."""

    other: Revision | None
    choices: list[FieldConflict]
    elsewhere: list[Difference]
    """What the other changed outside the fields: files and relations. It stands."""
    revision: int
    began: int | None
    """The revision that the person had opened."""

    @property
    def names(self) -> str:
        """The fields that someone must decide, as they are sent along."""
        return ",".join(choice.name for choice in self.choices)


def undecided(data: QueryDict) -> list[str]:
    """Return the fields that the person was asked about and has not decided."""
    asked = [name for name in data.get("merge_asked", "").split(",") if name]
    return [name for name in asked if data.get(f"{PREFIX}{name}") not in (MINE, THEIRS)]


def use_stored_values(form: forms.ModelForm) -> None:
    """Replace typed values by stored ones in the fields that the user chose."""
    chosen = [name for name in form.fields if form.data.get(f"{PREFIX}{name}") == THEIRS]
    if not chosen:
        return
    data = cast(QueryDict, form.data).copy()
    for name in chosen:
        field = form.fields[name]
        put_value(data, form.add_prefix(name), field, form.get_initial_for_field(field, name))
    form.data = data


def put_value(data: QueryDict, html_name: str, field: forms.Field, value: Any) -> None:
    """Write `value` into the submitted `data` as a browser would send it."""
    value = field.prepare_value(value)
    if isinstance(field, forms.BooleanField):
        data.pop(html_name, None)
        if value:
            data[html_name] = "on"
    elif isinstance(field, forms.ModelMultipleChoiceField):
        data.setlist(html_name, [str(part) for part in value])
    else:
        written = field.widget.format_value(value)
        data[html_name] = (
            (written[0] if written else "") if isinstance(written, list) else (written or "")
        )


def edit_conflict_of(form: forms.ModelForm, read_revision: int | None) -> EditConflict:
    """Compare typed values with stored ones, and both with the values that the form was opened with."""
    resource: Resource = form.instance
    edits = Revision.objects.of(resource).select_related("by")
    base = edits.filter(revision=read_revision).first() if read_revision is not None else None
    now = type(resource)._base_manager.get(pk=resource.pk)
    changed = differences(type(now), base.state, state_of(now)) if base else None
    touched = None if changed is None else {difference.name for difference in changed}
    choices = [_choice(form, name, base, touched) for name in form.fields if name not in NOT_MERGED]
    return EditConflict(
        other=edits.first(),
        choices=[choice for choice in choices if choice],
        elsewhere=[d for d in changed or [] if d.name in ("files", "relations")],
        revision=now.revision,
        began=read_revision,
    )


def _choice(
    form: forms.ModelForm, name: str, base: Revision | None, touched: set[str] | None
) -> FieldConflict | None:
    field = form.fields[name]
    typed = field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
    stored = form.get_initial_for_field(field, name)
    if not field.has_changed(stored, typed):
        return None
    if form.data.get(f"{PREFIX}{name}") == MINE:
        chosen = MINE
    elif touched is None or base is None:
        chosen = ""
    elif name not in touched:
        chosen = MINE
    else:
        chosen = "" if field.has_changed(_base_value(form, name, base), typed) else THEIRS
    return FieldConflict(
        name, str(field.label), in_words(field, typed), in_words(field, stored), chosen
    )


def _base_value(form: forms.ModelForm, name: str, base: Revision) -> Any:
    """Return the value that the person had opened, as the form's field has its initial one."""
    if name == "tags":
        return list(Tag.objects.filter(pk__in=[pk for pk, _ in base.state["tags"]]))
    if name in base.state["links"]:
        link = base.state["links"][name]
        return link[0] if link else None
    try:
        column = form.instance._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return column.to_python(base.state["fields"].get(name))


def _rows(field: forms.ModelChoiceField) -> QuerySet[Model]:
    return cast(QuerySet[Model], field.queryset)


def in_words(field: forms.Field, value: Any) -> str:
    """Return a value of a form's field as people say it."""
    if isinstance(field, forms.BooleanField):
        return yes_or_no(value)
    if isinstance(field, forms.ModelMultipleChoiceField):
        chosen = _rows(field).filter(pk__in=field.prepare_value(value) or ())
        return ", ".join(str(row) for row in chosen) or EMPTY
    if isinstance(field, forms.ModelChoiceField):
        row = _rows(field).filter(pk=value).first() if str(value or "").isdecimal() else None
        return str(row) if row else EMPTY
    if isinstance(field, forms.ChoiceField):
        return str(dict(cast(list[tuple[Any, Any]], field.choices)).get(value, value)) or EMPTY
    if isinstance(value, list | tuple) or hasattr(value, "all"):
        return ", ".join(str(tag) for tag in value) or EMPTY
    written = field.widget.format_value(field.prepare_value(value))
    return str(written).strip() if written else EMPTY
