"""Facets: from the words of an address to filters, and from counted tokens to labelled values."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.http import QueryDict

from search.query.parser import normalise

TOP = 8  # values of a facet that are shown before "more"
MOST = 60  # values that are shown at all
MOST_ASKED = 20  # values of one parameter that are read


class Label(NamedTuple):
    """The word of a value in addresses, and its name on screen. `order` comes before the count in the order of values."""

    slug: str
    name: str
    order: int = 0
    icon: str = ""


class FacetField:
    """A field with facets. Its tokens in the index are `code`_`key`; a subclass maps keys to labels.

    `version` is the version of the content, a cache key.
    """

    param: str  # in addresses
    code: str
    title: str
    is_shared = True  # the same value is in many documents

    def tokens(self, keys: Iterable[object]) -> list[str]:
        """Return the tokens of these keys."""
        return [f"{self.code}_{key}" for key in keys]

    def read(self, value: str) -> str:
        """Return a value of an address in its normal form."""
        return normalise(value)

    def labels(self, keys: Sequence[str], version: int) -> Mapping[str, Label]:
        """Return the labels of these keys; without a label a value is not shown."""
        raise NotImplementedError

    def lookup(self, slugs: Sequence[str], version: int) -> Iterable[tuple[str, str, Label]]:
        """Return asked slug, key and label of the values with these slugs, also by a former slug."""
        raise NotImplementedError


class ChoiceFacet(FacetField):
    """A facet whose values are a closed list."""

    def choices(self) -> Mapping[str, Label]:
        """Return the label of each key."""
        raise NotImplementedError

    def labels(self, keys: Sequence[str], version: int) -> Mapping[str, Label]:
        """Return all of them: they are few."""
        return self.choices()

    def lookup(self, slugs: Sequence[str], version: int) -> Iterable[tuple[str, str, Label]]:
        """Filter the choices by slug."""
        choices = self.choices().items()
        return [(label.slug, key, label) for key, label in choices if label.slug in slugs]


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet, with the number of results that it would leave."""

    slug: str
    label: str
    count: int
    is_on: bool
    icon: str = ""


@dataclass(frozen=True)
class FacetGroup:
    """One facet as the page shows it."""

    name: str  # the parameter
    title: str
    values: list[FacetValue]
    more: list[FacetValue]
    is_cut: bool = False  # there are values beyond MOST


@dataclass(frozen=True)
class ActiveFilter:
    """A selected facet value with the parameter to remove; not `is_known`: no such value exists."""

    name: str
    value: str
    title: str
    label: str
    is_known: bool


class Facets:
    """The filters of an address, and the facets of its results."""

    def __init__(self, fields: Collection[FacetField], params: QueryDict, version: int) -> None:
        self.fields, self._version = fields, version
        self.asked: dict[str, list[str]] = {}
        self._known: dict[str, dict[str, Label]] = {}  # by parameter and key
        for field in fields:
            values = (field.read(value) for value in params.getlist(field.param)[:MOST_ASKED])
            slugs = list(dict.fromkeys(filter(None, values)))
            found = list(field.lookup(slugs, version)) if slugs else []
            present = {slug: label.slug for slug, _, label in found}
            self.asked[field.param] = list(dict.fromkeys(present.get(s, s) for s in slugs))
            self._known[field.param] = {key: label for _, key, label in found}

    @property
    def filters(self) -> dict[str, list[str]]:
        """The chosen values as tokens, by the code of their facet; a facet of unknown values has none and finds nothing."""
        return {
            field.code: field.tokens(self._known[field.param])
            for field in self.fields
            if self.asked[field.param]
        }

    def read(self, param: str, value: str) -> str:
        """Return a value of a parameter in its normal form."""
        return next(field.read(value) for field in self.fields if field.param == param)

    def active(self) -> list[ActiveFilter]:
        """Return the chosen values; an unknown one is shown as it was asked."""
        found = []
        for field in self.fields:
            names = {label.slug: label.name for label in self._known[field.param].values()}
            found += [
                ActiveFilter(field.param, slug, field.title, names.get(slug, slug), slug in names)
                for slug in self.asked[field.param]
            ]
        return found

    def groups(self, counts: Counter[str], total: int) -> list[FacetGroup]:
        """Return the facets with their counts: values without results only where chosen, none that all results have and nothing else."""
        by_code: dict[str, list[tuple[str, int]]] = {}
        for token, count in counts.items():
            code, _, key = token.partition("_")
            by_code.setdefault(code, []).append((key, count))
        groups = [self._group(field, by_code.get(field.code, [])) for field in self.fields]
        return [group for group in groups if any(v.is_on or v.count < total for v in group.values)]

    def _group(self, field: FacetField, counted: list[tuple[str, int]]) -> FacetGroup:
        ranked = sorted(counted, key=lambda item: -item[1])
        keys = [key for key, _ in ranked[:MOST]]
        labels = field.labels(keys, self._version) if keys else {}
        rows = [(labels[key], count) for key, count in ranked if key in labels]
        seen = {label.slug for label, _ in rows}
        chosen = {label.slug: label for label in self._known[field.param].values()}
        asked = self.asked[field.param]
        rows += [(chosen.get(slug) or Label(slug, slug), 0) for slug in asked if slug not in seen]
        rows.sort(key=lambda row: (row[0].order, -row[1], row[0].name))
        values = [
            FacetValue(label.slug, label.name, count, label.slug in asked, label.icon)
            for label, count in rows
        ]
        top = values
        if len(values) > TOP + 2:
            top = [value for n, value in enumerate(values) if n < TOP or value.is_on]
        more = [value for value in values[:MOST] if value not in top]
        return FacetGroup(field.param, field.title, top, more, is_cut=len(counted) > MOST)
