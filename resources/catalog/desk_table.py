"""The catalogue as a table: one row for each resource, whatever its kind, with the columns that an editor knows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from resources.kinds.document import Document
from resources.kinds.infographic import Infographic
from resources.kinds.legislation.models import LegalInstrument
from resources.kinds.video import Video
from resources.models import Resource
from resources.opendata import cells

KIND_BY_SLUG = {kind.slug: kind for kind in Resource.Kind}


@dataclass(frozen=True)
class Column:
    """One column: its heading, the field it holds, and the only kind that has it (None: every kind)."""

    name: str
    field: str
    model: type[Resource] = Resource

    @property
    def column(self) -> models.Field:
        """The model's field."""
        return self.model._meta.get_field(self.field)

    @property
    def label(self) -> str:
        """What the field is called on its form."""
        return str(self.column.verbose_name)

    def fits(self, resource: Resource) -> bool:
        """Tell whether the kind of `resource` has this column."""
        return isinstance(resource, self.model)

    def written(self, resource: Resource) -> str:
        """Return the cell of `resource` (the child); "" where its kind has no such column."""
        return (
            cells.written(self.column, getattr(resource, self.field)) if self.fits(resource) else ""
        )


COLUMNS = (
    Column("descripcion", "summary"),
    Column("idioma", "language"),
    Column("licencia", "licence"),
    Column("fuente", "source_url"),
    Column("enlace_por_verificar", "link_pending"),
    Column("revisar_antes_de", "review_by"),
    Column("ultima_verificacion", "verified_on"),
    Column("nota_interna", "editor_note"),
    Column("texto_alternativo", "alt_text", Infographic),
    Column("alternativa_en_texto", "text_alternative", Infographic),
    Column("clase_de_documento", "document_type", Document),
    Column("edicion", "edition", Document),
    Column("clase_de_norma", "instrument_type", LegalInstrument),
    Column("numero", "number", LegalInstrument),
    Column("registro_oficial", "gazette", LegalInstrument),
    Column("fecha_registro_oficial", "gazette_date", LegalInstrument),
    Column("en_vigencia_desde", "in_force_on", LegalInstrument),
    Column("derogada_desde", "repealed_on", LegalInstrument),
    Column("evidencia", "evidence_url", LegalInstrument),
    Column("nota_de_evidencia", "evidence_note", LegalInstrument),
    Column("direccion_del_video", "url", Video),
    Column("duracion", "duration", Video),
    Column("transcripcion", "transcript", Video),
)
"""The columns that hold one field each. Those that need more are written below and read by resources/admin/import_export/planner.py."""

KEY, KIND, TITLE, SECTION, TAGS = "direccion", "tipo", "titulo", "seccion", "etiquetas"
ISSUER, ISSUED, STATUS = "entidad", "fecha_de_emision", "estado"
LEADING = (KEY, KIND, TITLE, SECTION, STATUS, TAGS, ISSUER, ISSUED)
TOLD = ("vigencia", "publicado_desde", "archivos")
"""Columns that the export tells and an import leaves alone."""

FAULTS = "errores"
"""The column that the list of faulty lines adds, so that they can be mended and sent again."""

HEADINGS = (*LEADING, *(column.name for column in COLUMNS), *TOLD)


def rows_of(resources: models.QuerySet[Resource]) -> Iterator[list[str]]:
    """Return the headings, then the row of each resource: a fixed number of queries for each thousand."""
    yield list(HEADINGS)
    found = (
        resources.with_kind().select_related("section", "issuer").prefetch_related("tags", "files")
    )
    for resource in found.iterator(chunk_size=1000):
        values = leading_cells(resource) | told_cells(resource)
        specific = resource.specific
        values |= {column.name: column.written(specific) for column in COLUMNS}
        yield [values[name] for name in HEADINGS]


def leading_cells(resource: Resource) -> dict[str, str]:
    """Return the cells that hold more than one field, or a name instead of a number."""
    return {
        KEY: resource.slug,
        KIND: resource.kind_slug if resource.kind else "",
        TITLE: resource.title,
        SECTION: resource.section.title if resource.section_id else "",
        STATUS: resource.get_status_display(),
        TAGS: ", ".join(tag.name for tag in resource.tags.all()) if resource.pk else "",
        ISSUER: resource.issuer.name if resource.issuer_id else "",
        ISSUED: cells.written_issue(resource),
    }


def told_cells(resource: Resource) -> dict[str, Any]:
    """Return what is only told."""
    field = Resource._meta.get_field("published_at")
    return {
        "vigencia": resource.get_force_display(),
        "publicado_desde": cells.written(field, resource.published_at),
        "archivos": ", ".join(sorted(file.file_name for file in resource.files.all())),
    }


def unknown_headings(names: Iterable[str]) -> list[str]:
    """Return the headings that mean nothing here."""
    return [name for name in names if name and name not in (*HEADINGS, FAULTS)]
