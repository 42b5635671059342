"""Errors of an admin form in the order of the page."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django import template
from django.forms import BaseForm

register = template.Library()


class Problem(NamedTuple):
    """One error: its message, the label of its field and the id to link to ("" for the form as a whole)."""

    message: str
    label: str
    anchor: str


@register.simple_tag
def problems(adminform: Any, inline_admin_formsets: Iterable[Any]) -> list[Problem]:
    """Return the errors of an admin page: the form's fields in their order, then each inline's rows."""
    found = [*_of_form(adminform.form, _ordered(adminform))]
    for inline in inline_admin_formsets:
        formset = inline.formset
        group = f"{formset.prefix}-group"
        found += [Problem(str(m), "", group) for m in formset.non_form_errors()]
        for form in formset.forms:
            found += _of_form(form, list(form.fields), f"{form.prefix}")
    return list(dict.fromkeys(found))


def _ordered(adminform: Any) -> list[str]:
    """Return the names of the fields in the order of the page."""
    return [
        field.field.name
        for fieldset in adminform
        for line in fieldset
        for field in line
        if hasattr(field.field, "name")
    ]


def _of_form(form: BaseForm, order: list[str], row: str = "") -> Iterator[Problem]:
    place = {name: number for number, name in enumerate(order)}
    for name in sorted(form.errors, key=lambda name: place.get(name, -1)):
        field = form[name] if name in form.fields else None
        for message in form.errors[name]:
            if field is None:
                yield Problem(str(message), "", row)
            else:
                yield Problem(str(message), str(field.label), field.auto_id)
