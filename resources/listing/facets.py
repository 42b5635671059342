"""The nine facets of resources: parameters, tokens in the index, labels."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import slugify

from resources.kinds.legislation.description import FORCE_LABELS
from resources.models import Organization, Resource, Tag
from resources.models.kind_spec import all_kinds
from resources.models.taxonomy import sections
from resources.text import slug_of
from search.facets import ChoiceFacet, FacetField, Label
from search.utils import cached_for_version

NO_YEAR = "sin-fecha"
UNKNOWN_YEAR = 0


@dataclass(frozen=True)
class FacetRow:
    """A resource as its facets read it."""

    kind: str
    section: int
    issuer: int | None
    year: int
    force: str
    formats: Sequence[str]
    languages: Sequence[str]
    accessible: bool | None  # None: it has no file
    tags: Sequence[int]


class ResourceFacet(FacetField):
    """A facet of resources."""

    def keys(self, row: FacetRow) -> Iterable[object]:
        """Return the keys of a resource."""
        raise NotImplementedError


class KindFacet(ChoiceFacet, ResourceFacet):
    """The kind of resource."""

    param, code, title = "tipo", "k", "Tipo"

    def keys(self, row: FacetRow) -> Iterable[object]:
        """Return the kind."""
        return (row.kind,)

    def choices(self) -> Mapping[str, Label]:
        """Return the kinds."""
        return {spec.name: Label(spec.slug, spec.label, icon=spec.slug) for spec in all_kinds()}


class ForceFacet(ChoiceFacet, ResourceFacet):
    """Whether a law is in force."""

    param, code, title = "vigencia", "v", "Vigencia"

    def keys(self, row: FacetRow) -> Iterable[object]:
        """Return the force, of a law."""
        return (row.force,) if row.force else ()

    def choices(self) -> Mapping[str, Label]:
        """Return the labels of force."""
        return {str(force): Label(word.slug, word.label) for force, word in FORCE_LABELS.items()}


class SectionFacet(ChoiceFacet, ResourceFacet):
    """The section, in the order of the sections."""

    param, code, title = "seccion", "s", "Sección"

    def keys(self, row: FacetRow) -> Iterable[object]:
        """Return the section."""
        return (row.section,)

    def labels(self, keys: Sequence[str], version: int) -> Mapping[str, Label]:
        """Return all sections."""
        return {
            str(section.pk): Label(section.slug, section.title, order)
            for order, section in enumerate(sections(version))
        }

    def lookup(self, slugs: Sequence[str], version: int) -> Iterable[tuple[str, str, Label]]:
        """Find sections by slug."""
        labels = self.labels((), version)
        return [(label.slug, key, label) for key, label in labels.items() if label.slug in slugs]


class TagFacet(ResourceFacet):
    """The tags."""

    param, code, title = "etiqueta", "t", "Etiqueta"
    is_shared = False

    def keys(self, row: FacetRow) -> Iterable[object]:
        """Return the tags."""
        return row.tags

    def labels(self, keys: Sequence[str], version: int) -> Mapping[str, Label]:
        """Read the names of these tags."""
        rows = Tag.objects.filter(pk__in=keys).order_by().values_list("pk", "slug", "name")
        return {str(pk): Label(slug, name) for pk, slug, name in rows}

    def lookup(self, slugs: Sequence[str], version: int) -> Iterable[tuple[str, str, Label]]:
        """Find tags by slug."""
        rows = Tag.objects.filter(slug__in=slugs).order_by().values_list("pk", "slug", "name")
        return [(slug, str(pk), Label(slug, name)) for pk, slug, name in rows]


class IssuerFacet(ResourceFacet):
    """The issuing organization."""

    param, code, title = "entidad", "o", "Entidad emisora"

    def keys(self, row: FacetRow) -> Iterable[object]:
        """Return the issuer."""
        return (row.issuer,) if row.issuer else ()

    def labels(self, keys: Sequence[str], version: int) -> Mapping[str, Label]:
        """Return the labels of all organizations."""
        return cached_for_version("issuers", version, _issuers)

    def lookup(self, slugs: Sequence[str], version: int) -> Iterable[tuple[str, str, Label]]:
        """Find organizations by slug, or by that of addresses written before punctuation became hyphens."""
        labels = self.labels((), version)
        present = {label.slug for label in labels.values()}
        former = {slugify(label.name): label.slug for label in labels.values()}
        return [
            (slug, key, label)
            for slug in slugs
            for key, label in labels.items()
            if label.slug == (slug if slug in present else former.get(slug))
        ]


def _issuers() -> dict[str, Label]:
    rows = Organization.objects.order_by().values_list("pk", "name")
    return {str(pk): Label(slug_of(name), name) for pk, name in rows}


class YearFacet(ResourceFacet):
    """The year of issue, the newest first."""

    param, code, title = "anio", "y", "Año"

    def keys(self, row: FacetRow) -> Iterable[object]:
        """Return the year."""
        return (row.year,)

    def labels(self, keys: Sequence[str], version: int) -> Mapping[str, Label]:
        """Return the years themselves."""
        unknown = Label(NO_YEAR, "Sin fecha conocida", 1)
        return {key: Label(key, key, -int(key)) if int(key) else unknown for key in keys}

    def lookup(self, slugs: Sequence[str], version: int) -> Iterable[tuple[str, str, Label]]:
        """Find years of up to four digits."""
        keys = {NO_YEAR: str(UNKNOWN_YEAR)} | {
            slug: slug
            for slug in slugs
            if slug.isascii() and slug.isdigit() and len(slug) <= 4 and slug != "0"
        }
        labels = self.labels(list(keys.values()), version)
        return [(slug, keys[slug], labels[keys[slug]]) for slug in slugs if slug in keys]


class FormatFacet(ResourceFacet):
    """The formats of the files."""

    param, code, title = "formato", "f", "Formato del archivo"

    def keys(self, row: FacetRow) -> Iterable[object]:
        """Return the formats."""
        return sorted({name.lower() for name in row.formats})

    def read(self, value: str) -> str:
        """Read it in lower case: people write PDF."""
        return super().read(value).lower()

    def labels(self, keys: Sequence[str], version: int) -> Mapping[str, Label]:
        """Return the formats in capitals."""
        return {key: Label(key, key.upper()) for key in keys}

    def lookup(self, slugs: Sequence[str], version: int) -> Iterable[tuple[str, str, Label]]:
        """Find formats of letters and digits."""
        found = [slug for slug in slugs if slug.isascii() and slug.isalnum() and len(slug) <= 10]
        return [(slug, slug, Label(slug, slug.upper())) for slug in found]


class LanguageFacet(ChoiceFacet, ResourceFacet):
    """The languages of the resource and its files."""

    param, code, title = "idioma", "l", "Idioma"

    def keys(self, row: FacetRow) -> Iterable[object]:
        """Return the languages."""
        return sorted(set(row.languages))

    def choices(self) -> Mapping[str, Label]:
        """Return the languages."""
        return {each.value: Label(each.value, each.label) for each in Resource.Language}


class AccessibleFacet(ChoiceFacet, ResourceFacet):
    """Whether any file is accessible."""

    param, code, title = "accesible", "a", "Archivo accesible"

    def keys(self, row: FacetRow) -> Iterable[object]:
        """Return yes or no, of a resource with files."""
        return () if row.accessible is None else ("si" if row.accessible else "no",)

    def choices(self) -> Mapping[str, Label]:
        """Return yes and no."""
        return {"si": Label("si", "Sí"), "no": Label("no", "No")}


FACETS: tuple[ResourceFacet, ...] = (
    KindFacet(),
    ForceFacet(),
    SectionFacet(),
    TagFacet(),
    IssuerFacet(),
    YearFacet(),
    FormatFacet(),
    LanguageFacet(),
    AccessibleFacet(),
)
"""In the order of the page."""


def choice_slugs(param: str) -> list[str]:
    """Return the words of a closed facet in addresses."""
    facet = next(facet for facet in FACETS if facet.param == param)
    return (
        [label.slug for label in facet.choices().values()] if isinstance(facet, ChoiceFacet) else []
    )
