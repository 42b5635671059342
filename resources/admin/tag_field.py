"""The tags of a resource in one field: separated by commas, and never a twin of a tag that exists."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from taggit.forms import TagField

from resources.models import Tag
from resources.text import fold, one_line

LONGEST = Tag._meta.get_field("name").max_length


class TagsInput(forms.TextInput):
    """A text field, with the tags that exist listed beneath it; static/desk/tags.js makes them buttons."""

    template_name = "admin/resources/widgets/tags.html"

    class Media:
        js = [forms.Script("desk/tags.js", type="module")]

    def format_value(self, value: Any) -> str:
        """Write tags as people type them: "gobierno abierto, transparencia"."""
        return value if isinstance(value, str) else ", ".join(tag.name for tag in value or [])

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the names of the tags that exist: one query."""
        context = super().get_context(name, value, attrs)
        context["widget"]["known"] = list(Tag.objects.values_list("name", flat=True))
        return context


class TagsField(TagField):
    """Names between commas, each written as the tag that exists if one differs only in case or accents.

    taggit's own field splits "gobierno abierto" into two where there is no comma, and would make
    "participacion" beside "participación", which the database refuses.
    """

    widget = TagsInput

    def clean(self, value: str) -> list[str]:
        """Return the names; raise ValidationError for one that is too long."""
        names = _distinct(forms.CharField.clean(self, value).split(","))
        for name in names.values():
            if len(name) > cast(int, LONGEST):
                raise forms.ValidationError(
                    f"Una etiqueta tiene como máximo {LONGEST} letras: separe las palabras con comas."
                )
        existing = Tag.objects.filter(folded__in=names).values_list("folded", "name")
        return list((names | dict(existing)).values())

    def has_changed(self, initial: Iterable[Tag] | None, data: str | None) -> bool:
        """Return whether the set of tags changed, regardless of order and case."""
        before = {tag.folded for tag in initial or []}
        return not self.disabled and before != _distinct((data or "").split(",")).keys()


def _distinct(names: Iterable[str]) -> dict[str, str]:
    """Return folded name → name as first typed, without blanks, hash signs and repetitions."""
    distinct: dict[str, str] = {}
    for name in names:
        bare = " ".join(one_line(name).replace('"', " ").replace("#", " ").split())
        if bare:
            distinct.setdefault(fold(bare), bare)
    return distinct
