"""Filters of the list: from the Spanish words of an address to an engine's tokens, and from counted tokens to labels."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import connection
from django.http import QueryDict
from django.utils.text import slugify

from resources.kinds.legislation.description import FORCE_LABELS
from resources.models import Organization, Resource, Section, Tag
from resources.models.kind_spec import all_kinds
from resources.text import slug_of
from search.query.parser import normalise

TOP = 8  # values of a group that are shown before "more"
MOST = 60  # values that are shown at all
NO_YEAR = "sin-fecha"


@dataclass(frozen=True)
class Facet:
    """One value of a facet: its word in addresses, its label, how many results it has, whether it is chosen."""

    slug: str
    label: str
    count: int
    is_on: bool
    kind_slug: str = ""


@dataclass(frozen=True)
class FacetGroup:
    """One facet as the page shows it."""

    name: str  # the parameter
    title: str
    values: list[Facet]
    more: list[Facet]
    is_cut: bool = False  # there are values beyond MOST


@dataclass(frozen=True)
class ActiveFilter:
    """An active filter, and the parameter and value whose removal takes it away; `is_known`: there is such a value."""

    name: str
    value: str
    title: str
    label: str
    is_known: bool


GROUPS = {
    "tipo": ("k", "Tipo"),
    "vigencia": ("v", "Vigencia"),
    "seccion": ("s", "Sección"),
    "etiqueta": ("t", "Etiqueta"),
    "entidad": ("o", "Entidad emisora"),
    "anio": ("y", "Año"),
    "formato": ("f", "Formato del archivo"),
    "idioma": ("l", "Idioma"),
    "accesible": ("a", "Archivo accesible"),
}
"""Parameter → the engine's group and its title, in the order of the page."""

FIXED = {
    "v": {force.value: (word.slug, word.label) for force, word in FORCE_LABELS.items()},
    "l": {language.value: (language.value, language.label) for language in Resource.Language},
    "a": {"si": ("si", "Sí"), "no": ("no", "No")},
}
"""Groups whose values the code knows: stored value → its word in addresses, its label."""


def read_value(name: str, value: str) -> str:
    """Return a value of an address as it is compared; formats are known in lower case, and people write PDF."""
    return normalise(value).lower() if name == "formato" else normalise(value)


class Facets:
    """The filters that an address asks for."""

    def __init__(self, params: QueryDict, sections: Iterable[Section]) -> None:
        self.asked = {
            name: list(
                dict.fromkeys(
                    v for value in params.getlist(name)[:20] if (v := read_value(name, value))
                )
            )
            for name in GROUPS
        }
        self._sections = {str(section.pk): (section.slug, section.title) for section in sections}
        self._named: dict[str, dict[str, tuple[str, str]]] = {
            "k": {spec.name: (spec.slug, spec.label) for spec in all_kinds()},
            "s": self._sections,
            **FIXED,
        }
        if self.asked["etiqueta"]:
            rows = Tag.objects.filter(slug__in=self.asked["etiqueta"]).values_list(
                "pk", "slug", "name"
            )
            self._named["t"] = {str(pk): (slug, name) for pk, slug, name in rows}
        if self.asked["entidad"]:
            rows = Organization.objects.values_list("pk", "name")
            self._named["o"] = {str(pk): (slug_of(name), name) for pk, name in rows}
            self.asked["entidad"] = _present_slugs(self.asked["entidad"], [n for _, n in rows])
        self.filters = {
            GROUPS[name][0]: [t for value in values for t in self._tokens(name, value)]
            for name, values in self.asked.items()
            if values
        }

    def _tokens(self, name: str, value: str) -> list[str]:
        """Return the engine's tokens of one value; none for a value that does not exist."""
        letter = GROUPS[name][0]
        if letter == "y":
            if value == NO_YEAR:
                return ["y_0"]
            is_year = value.isascii() and value.isdigit() and len(value) <= 4 and value != "0"
            return [f"y_{value}"] if is_year else []
        if letter == "f":
            return (
                [f"f_{value}"] if value.isascii() and value.isalnum() and len(value) <= 10 else []
            )
        return [
            f"{letter}_{key}"
            for key, (slug, _) in self._named.get(letter, {}).items()
            if slug == value
        ]

    def active(self) -> list[ActiveFilter]:
        """Return what is chosen; a value that does not exist is shown as it was asked."""
        return [
            ActiveFilter(
                name,
                value,
                GROUPS[name][1],
                self._label_of(name, value),
                bool(self._tokens(name, value)),
            )
            for name, values in self.asked.items()
            for value in values
        ]

    def _label_of(self, name: str, value: str) -> str:
        letter = GROUPS[name][0]
        if letter == "y":
            return "Sin fecha conocida" if value == NO_YEAR else value
        if letter == "f":
            return value.upper()
        return next(
            (label for slug, label in self._named.get(letter, {}).values() if slug == value), value
        )

    def groups(self, counts: Counter, total: int) -> list[FacetGroup]:
        """Return the facets with their counts: values without results only where they are chosen, and no one value of all."""
        by_letter: dict[str, list[tuple[str, int]]] = {}
        for token, count in counts.items():
            letter, _, key = token.partition("_")
            by_letter.setdefault(letter, []).append((key, count))
        self._name_vocabulary(by_letter)
        groups = [
            self._group(name, by_letter.get(letter, [])) for name, (letter, _) in GROUPS.items()
        ]
        return [
            group
            for group in groups
            if len(group.values) > 1 or any(v.is_on or v.count < total for v in group.values)
        ]

    def _name_vocabulary(self, by_letter: dict[str, list[tuple[str, int]]]) -> None:
        """Read the names of the tags and entities that are shown: one query."""
        parts, params = [], []
        for letter, model, slug in (("t", Tag, "slug"), ("o", Organization, "''")):
            ranked = sorted(by_letter.get(letter, []), key=lambda item: -item[1])[:MOST]
            if ranked:
                marks = ", ".join(["%s"] * len(ranked))
                parts.append(
                    f"SELECT '{letter}', id, {slug}, name FROM {model._meta.db_table} WHERE id IN ({marks})"  # noqa: S608 our own names and placeholders
                )
                params += [int(key) for key, _ in ranked]
        if not parts:
            return
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), params)
            for letter, pk, slug, name in cursor.fetchall():
                named = self._named.setdefault(letter, {})
                named[str(pk)] = (slug or slug_of(name), name)

    def _group(self, name: str, counted: list[tuple[str, int]]) -> FacetGroup:
        letter, title = GROUPS[name]
        chosen = set(self.asked[name])
        values = []
        for key, count in counted:
            slug, label = self._slug_and_label(letter, key)
            if slug:
                values.append(
                    Facet(slug, label, count, slug in chosen, slug if letter == "k" else "")
                )
        seen = {value.slug for value in values}
        values += [Facet(slug, self._label_of(name, slug), 0, True) for slug in chosen - seen]
        values.sort(key=self._order(letter))
        top = (
            values
            if len(values) <= TOP + 2
            else [v for n, v in enumerate(values) if n < TOP or v.is_on]
        )
        more = [value for value in values[:MOST] if value not in top]
        return FacetGroup(name, title, top, more, is_cut=len(counted) > MOST)

    def _slug_and_label(self, letter: str, key: str) -> tuple[str, str]:
        if letter == "y":
            return (NO_YEAR, "Sin fecha conocida") if key == "0" else (key, key)
        if letter == "f":
            return key, key.upper()
        return self._named.get(letter, {}).get(key, ("", ""))

    def _order(self, letter: str) -> Callable[[Facet], tuple]:
        if letter == "y":
            return lambda value: (
                value.slug == NO_YEAR,
                -int(value.slug) if value.slug.isdecimal() else 0,
            )
        if letter == "s":
            places = {slug: place for place, (slug, _) in enumerate(self._sections.values())}
            return lambda value: (places.get(value.slug, 0),)
        return lambda value: (-value.count, value.label)


def _present_slugs(asked: list[str], names: list[str]) -> list[str]:
    """Return the slugs of issuers that `asked` means: addresses written before punctuation became hyphens still lead there."""
    present = {slug_of(name) for name in names}
    former = {slugify(name): slug_of(name) for name in names}
    return list(dict.fromkeys(s if s in present else former.get(s, s) for s in asked))
