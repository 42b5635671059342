"""Find broken links in the fields of resources."""

from typing import NamedTuple

from django.db.models import (
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    URLField,
    Value,
    When,
)
from django.db.models.functions import Concat, StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.formats import date_format

from resources.kinds.legislation.models import LegalRelation
from resources.models import Link, Resource
from resources.models.kind_spec import all_kinds

MARKS = (("(", ")"), ("(", " "), ("<", ">"))
"""Characters around an address in Markdown."""


class LinkField(NamedTuple):
    """A field that holds an address, or Markdown with addresses in it."""

    model: type[Model]
    field: str
    words: str
    """Label of the field in Spanish."""
    resource: str = ""
    """How its row finds the resource that it belongs to, if it belongs to one."""
    anchor: str = ""
    """Form field to correct; the field itself by default."""
    is_prose: bool = False

    @property
    def mended_at(self) -> str:
        """Return the anchor in the form."""
        return self.anchor or f"id_{self.field}"

    def rows_with(self, links: QuerySet) -> QuerySet:
        """Return the rows that contain one of `links` in this field."""
        rows, links = self.model._default_manager.order_by(), links.order_by()
        if not self.is_prose:
            return rows.filter(**{f"{self.field}__in": links.values("url")})
        text = ExpressionWrapper(OuterRef(self.field), output_field=TextField())
        shapes = (Concat(Value(a), F("url"), Value(b), output_field=TextField()) for a, b in MARKS)
        standing = Q(pk=None)
        for shape in shapes:
            standing |= Q(GreaterThan(StrIndex(text, shape), 0))
        return rows.filter(Exists(links.filter(standing)))

    def has(self, url: str, value: str) -> bool:
        """Return whether the field's `value` contains `url`, as `rows_with` does in SQL."""
        return resources_with(url, value) if self.is_prose else url == value


def link_fields() -> tuple[LinkField, ...]:
    """Return every field of a resource with addresses, in the order of the findings of its form."""
    addresses, prose = [], []
    for spec in all_kinds():
        for own in spec.fields:
            field = spec.model_field(own.name)
            link = LinkField(spec.model, own.name, str(field.verbose_name), "pk")
            if isinstance(field, URLField):
                addresses.append(link)
            elif own.index == "body":
                prose.append(link._replace(is_prose=True))
    return (
        LinkField(Resource, "source_url", "dirección de origen", "pk"),
        *addresses,
        LinkField(LegalRelation, "target_url", "dirección de una cita", "source", "outgoing-group"),
        LinkField(LegalRelation, "source_url", "dirección de una cita", "target", "incoming-group"),
        *prose,
    )


def resources_with(url: str, text: str) -> bool:
    """Return whether a Markdown text contains exactly `url`."""
    return any(f"{opening}{url}{closing}" in text for opening, closing in MARKS)


def has_broken_link() -> Q:
    """Return the condition of a resource with a broken link anywhere."""
    condition = Q(pk=None)
    for place in link_fields():
        condition |= _broken_at(place)
    return condition


def first_broken_place() -> Case:
    """Return, for a list of resources, where the form of each mends its first broken link; empty without one."""
    cases = (When(_broken_at(place), then=Value(place.mended_at)) for place in link_fields())
    return Case(*cases, default=Value(""), output_field=CharField())


def _broken_at(place: LinkField) -> Q:
    rows = place.rows_with(Link.objects.broken())
    return Q(Exists(rows.filter(**{place.resource: OuterRef("pk")})))


def broken_links(resource: Resource) -> list[tuple[LinkField, Link]]:
    """Return the broken links of one resource, each with its place."""
    broken = list(Link.objects.broken())
    found = []
    for place in link_fields() if broken else ():
        rows = place.model._default_manager.filter(**{place.resource: resource.pk})
        for value in rows.values_list(place.field, flat=True):
            found += [(place, link) for link in broken if place.has(link.url, value)]
    return found


def told(link: Link) -> str:
    """Return the fault of a link and its date, in Spanish."""
    since = date_format(link.failed_on) if link.failed_on else ""
    return f"{link.get_finding_display()}, desde el {since}"
