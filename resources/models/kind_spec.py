"""Declare the kinds of resources: all that differs by kind, as data, and the registry of kinds.

A kind's module declares its model and calls `register(KindSpec(...))`; docs/new-kind.md is the recipe.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Q
from django.db.models.expressions import Combinable
from django.utils.text import capfirst, slugify

from resources.models.base import PublicModel

MOTIFS = ("andenes", "cesta", "ola", "puntos", "rombo", "roseta", "sierra")


class Palette(NamedTuple):
    """Ground and threads of the placeholder covers; the style sheets have the same for `[data-kind=…]`."""

    ground: str
    mid: str
    light: str


@dataclass(frozen=True)
class KindField:
    """A field that only one kind has, with its name in each format; an empty name leaves it out there."""

    name: str
    description: str = (
        ""  # for the documentation of the API and of the table; else the field's name
    )
    desk: str = ""  # heading in the list that editors export and import
    api: str = ""
    table: str = ""  # heading in the public CSV and XLSX
    schema_org: str = ""
    dcat: str = ""  # a term of the vocabularies in opendata/rdf.py: "dct:temporal"
    index: Literal["", "tags", "summary", "body"] = ""  # of the search index; tags weigh most
    passage: str = ""  # of "body": the label of a passage in search results
    anchor: str = ""  # of "body": where the text is on the resource's page


class Fieldset(NamedTuple):
    """A part of the admin form, placed before the files."""

    title: str
    fields: tuple[str | tuple[str, ...], ...]
    description: str = ""


class Subtype(NamedTuple):
    """Types of one value of `type_field` where they are finer than those of its kind."""

    schema_type: str = ""
    bibtex_type: str = ""


class QualityRule(NamedTuple):
    """One thing that a resource may lack, and the condition of the rows that lack it."""

    harm: int  # rules are listed by it, the most harmful first, which has the lowest
    slug: str
    words: str
    advice: str
    fields: tuple[str, ...]  # those that mend it; empty where a file does
    condition: Combinable | Q
    place: str = ""  # where in the form it is mended, if that is not the first of `fields`
    kinds: frozenset[str] = frozenset()

    @property
    def flag(self) -> str:
        """The name of its annotation."""
        return f"lacks_{self.slug}"

    @property
    def anchor(self) -> str:
        """The id of the element of the form where it is mended."""
        return self.place or (f"id_{self.fields[0]}" if self.fields else "files-group")


_SUMMARY = {
    "summary": "Escriba de qué trata, en dos o tres frases: es lo que la gente lee para decidir."
}


@dataclass(frozen=True, eq=False)
class KindSpec:
    """Everything that differs by kind. A value that is missing is an error of `manage.py check`."""

    model: type[PublicModel]
    slug: str = ""  # in addresses, style sheets and names of drawings
    order: int = 100  # of the kinds in lists and menus
    hint: str = ""  # for the editor who chooses a kind
    help_chapter: str = ""  # title of a chapter of docs/manual-editorial.md
    palette: Palette | None = None
    cover_size: tuple[int, int] = (120, 160)  # pixels
    motifs: tuple[str, ...] = MOTIFS
    # Metadata for machines
    schema_type: str = ""  # schema.org
    schema_files: Literal["encoding", "image", "video"] = "encoding"
    ris_type: str = ""
    bibtex_type: str = "misc"
    dc_type: str = ""  # DCMI Type Vocabulary
    citation_medium: str = ""  # "{type}" stands for the type of the main file
    # Fields
    fields: tuple[KindField, ...] = ()
    type_field: str = ""  # the field with the finer type ("Guía", "Ley orgánica")
    subtypes: Mapping[str, Subtype] = field(default_factory=dict)
    address_field: str = ""  # the field with an address where the resource itself is, elsewhere
    stated: tuple[str, ...] = ()  # fields that the page names among what nobody knows yet
    # Admin
    fieldsets: tuple[Fieldset, ...] = ()
    # Publication
    requirements: Mapping[str, str] = field(default_factory=lambda: _SUMMARY)
    """Field that must not be blank → advice."""
    quality_rules: Callable[[], tuple[QualityRule, ...]] = tuple  # built when all models are loaded
    waived_rules: frozenset[str] = frozenset()  # slugs of common rules that do not apply

    REQUIRED = ("slug", "hint", "help_chapter", "palette", "schema_type", "ris_type", "dc_type")

    @property
    def name(self) -> str:
        """The stored value of `Resource.kind`: the name of the model."""
        return str(self.model._meta.model_name)

    @property
    def label(self) -> str:
        """The name on screen."""
        return capfirst(str(self.model._meta.verbose_name))

    @property
    def plural(self) -> str:
        """The name of several, in lower case."""
        return str(self.model._meta.verbose_name_plural)

    @property
    def icon(self) -> str:
        """The name of the symbol in static/img/icons.svg."""
        return self.slug

    @property
    def template(self) -> str:
        """The template of the resource's page."""
        return f"resources/{self.name}_detail.html"

    @property
    def help_anchor(self) -> str:
        """The anchor of the chapter of the manual."""
        return slugify(self.help_chapter)

    def model_field(self, name: str) -> Field:
        """Return a field of the model. Raises FieldDoesNotExist."""
        found = self.model._meta.get_field(name)
        if not isinstance(found, Field):
            raise FieldDoesNotExist(name)  # a reverse relation
        return found

    def indexed(self, index: str) -> tuple[KindField, ...]:
        """Return the fields in one field of the search index."""
        return tuple(field for field in self.fields if field.index == index)

    def schema_type_of(self, subtype: str) -> str:
        """Return the schema.org type of a resource with this value of `type_field`."""
        return self.subtypes.get(subtype, Subtype()).schema_type or self.schema_type

    def bibtex_type_of(self, subtype: str) -> str:
        """Return the BibTeX entry type of a resource with this value of `type_field`."""
        return self.subtypes.get(subtype, Subtype()).bibtex_type or self.bibtex_type

    def column(self, field: KindField) -> str:
        """Return the name of a field in a query of Resource."""
        return f"{self.name}__{field.name}"


_registry: dict[str, KindSpec] = {}


def register(spec: KindSpec) -> KindSpec:
    """Register a kind; a bulk write of its indexed fields queues an update of the search index."""
    _registry[spec.name] = spec
    spec.model.SEARCHED |= {field.name for field in spec.fields if field.index}
    return spec


def unregister(spec: KindSpec) -> None:
    """Remove a kind from the registry: for tests."""
    del _registry[spec.name]


def all_kinds() -> tuple[KindSpec, ...]:
    """Return the kinds in the order of lists and menus."""
    return tuple(sorted(_registry.values(), key=lambda spec: (spec.order, spec.name)))


def kind_names() -> tuple[str, ...]:
    """Return the stored value of each kind."""
    return tuple(spec.name for spec in all_kinds())


def kind_choices() -> list[tuple[str, str]]:
    """Return value and label of each kind: the choices of `Resource.kind`, read each time."""
    return [(spec.name, spec.label) for spec in all_kinds()]


def kind_spec(name: str) -> KindSpec:
    """Return a kind by its stored value. Raises KeyError."""
    return _registry[name]


def is_registered(name: str) -> bool:
    """Return whether there is a kind of this stored value."""
    return name in _registry
