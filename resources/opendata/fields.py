"""Declare each field of a resource once, with its name in the API, the public table and the editors' list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, Literal, TypeVar

from django.db import models

from resources.dates import in_figures, instant
from resources.kinds.legislation.description import ForceLabel
from resources.models.kind_spec import KindField, KindSpec, all_kinds
from resources.opendata.record import (
    SAMPLE_NOTE,
    FileRecord,
    OwnValue,
    PublisherRef,
    ResourceRecord,
    TermRef,
)

Value = (
    OwnValue
    | KindSpec
    | ForceLabel
    | TermRef
    | PublisherRef
    | FileRecord
    | tuple[TermRef, ...]
    | tuple[FileRecord, ...]
    | None
)
Type = Literal[
    "text",
    "url",
    "day",
    "moment",
    "number",
    "flag",
    "kind",
    "force",
    "language",
    "sha256",
    "Seccion",
    "Etiqueta[]",
    "Entidad",
    "Archivo[]",
]
R = TypeVar("R")
WIDTHS: dict[Type, int] = {
    "number": 10,
    "flag": 10,
    "language": 10,
    "day": 14,
    "moment": 26,
    "url": 40,
}

KEY, KIND, TITLE, SECTION, TAGS = "direccion", "tipo", "titulo", "seccion", "etiquetas"
ISSUER, ISSUED, STATUS = "entidad", "fecha_de_emision", "estado"
"""Headings of the editors' list whose cells hold more than one field, or a name for a row."""


@dataclass(frozen=True)
class Field(Generic[R]):
    """A field with its name in each format; an empty name leaves it out there."""

    api: str
    description: str
    read: Callable[[R], Value]
    table_name: str | None = None  # heading in the public CSV and XLSX; None for that of the API
    desk: str = ""  # heading in the list that editors export and import
    type: Type = "text"
    is_optional: bool = False  # null in the API where it is not known
    column: str = ""  # model field of `desk`; empty where the list reads it in a way of its own
    own: Mapping[KindSpec, str] = field(default_factory=dict)  # the same, for kinds that have it

    @property
    def width(self) -> int:
        """The width of the column of a workbook, in characters."""
        return WIDTHS.get(self.type, 30)

    @property
    def table(self) -> str:
        """The heading in the public table."""
        return self.api if self.table_name is None else self.table_name


RECORD = Field[ResourceRecord]
FILE = Field[FileRecord]

COMMON: tuple[Field[ResourceRecord], ...] = (
    RECORD("id", "Número que no cambia aunque cambie la dirección.", lambda r: r.pk, type="number"),
    RECORD("slug", "El nombre del recurso en su dirección.", lambda r: r.slug, desk=KEY),
    RECORD(
        "url",
        "La página del recurso: la dirección para citar y enlazar.",
        lambda r: r.url,
        type="url",
    ),
    RECORD("api", "Este recurso en la API.", lambda r: r.api_url, table_name="", type="url"),
    RECORD("tipo", "Qué es.", lambda r: r.kind, desk=KIND, type="kind"),
    RECORD("clase", "Qué es, con más detalle: «Ley orgánica», «Guía».", lambda r: r.type_label),
    RECORD("titulo", "El título completo.", lambda r: r.title, desk=TITLE),
    RECORD(
        "descripcion",
        "De qué trata.",
        lambda r: r.summary,
        desk="descripcion",
        is_optional=True,
        column="summary",
    ),
    RECORD(
        "seccion", "La sección en la que está.", lambda r: r.section, desk=SECTION, type="Seccion"
    ),
    RECORD("", "", lambda r: None, desk=STATUS),
    RECORD(
        "etiquetas",
        "Sus etiquetas; en la tabla, separadas por «; ».",
        lambda r: r.tags,
        desk=TAGS,
        type="Etiqueta[]",
    ),
    RECORD(
        "entidad",
        "Quién lo emitió; vacío si no consta.",
        lambda r: r.issuer,
        desk=ISSUER,
        type="Entidad",
        is_optional=True,
    ),
    RECORD(
        "fecha_emision",
        "Cuándo se emitió: AAAA, AAAA-MM o AAAA-MM-DD, según lo que conste.",
        lambda r: r.issued,
        desk=ISSUED,
        is_optional=True,
    ),
    RECORD(
        "idioma",
        "Código del idioma del recurso.",
        lambda r: r.language,
        desk="idioma",
        type="language",
        column="language",
    ),
    RECORD(
        "licencia",
        "La licencia, si el recurso la declara.",
        lambda r: r.licence,
        desk="licencia",
        is_optional=True,
        column="licence",
    ),
    RECORD(
        "licencia_url",
        "La dirección de esa licencia, si se reconoce.",
        lambda r: r.licence_url,
        table_name="",
        type="url",
        is_optional=True,
    ),
    RECORD(
        "fuente",
        "La página de la institución donde está el original.",
        lambda r: r.source_url,
        desk="fuente",
        type="url",
        is_optional=True,
        column="source_url",
    ),
    RECORD(
        "enlace_por_verificar",
        "Si todavía no se conoce el archivo ni su dirección pública.",
        lambda r: r.link_pending,
        desk="enlace_por_verificar",
        type="flag",
        column="link_pending",
    ),
    RECORD(
        "publicado",
        "Desde cuándo está en este portal.",
        lambda r: instant(r.published_at),
        type="moment",
    ),
    RECORD(
        "modificado",
        "Cuándo cambió por última vez: sus datos o un archivo.",
        lambda r: instant(r.modified),
        type="moment",
    ),
    RECORD(
        "revisar_antes_de",
        "Hasta cuándo vale la última comprobación.",
        lambda r: in_figures(r.review_by),
        table_name="",
        desk="revisar_antes_de",
        type="day",
        is_optional=True,
        column="review_by",
    ),
    RECORD(
        "verificado",
        "Cuándo comprobó alguien los datos en su fuente.",
        lambda r: in_figures(r.verified_on),
        desk="ultima_verificacion",
        type="day",
        is_optional=True,
        column="verified_on",
    ),
    RECORD("", "", lambda r: None, desk="nota_interna", column="editor_note"),
    RECORD(
        "portada",
        "Una imagen JPEG de la portada.",
        lambda r: r.picture.url if r.picture else None,
        table_name="",
        type="url",
        is_optional=True,
    ),
    RECORD(
        "vigencia",
        "De un instrumento legal: si está vigente.",
        lambda r: r.law.word if r.law else None,
        type="force",
        is_optional=True,
    ),
)
FILES = RECORD(
    "archivos",
    "La versión actual de cada archivo; primero, el principal.",
    lambda r: r.files,
    table_name="",
    type="Archivo[]",
)
FILE_FIELDS: tuple[Field[FileRecord], ...] = (
    FILE("nombre", "El nombre del archivo.", lambda f: f.file_name, table_name="archivo"),
    FILE(
        "titulo",
        "Cómo se llama el archivo para quien lo lee.",
        lambda f: f.title,
        table_name="archivo_titulo",
    ),
    FILE(
        "funcion",
        "Para qué sirve: archivo principal, anexo, datos.",
        lambda f: f.role_label,
        table_name="archivo_funcion",
    ),
    FILE(
        "url",
        "La dirección que da siempre la versión actual.",
        lambda f: f.url,
        table_name="archivo_url",
        type="url",
    ),
    FILE("version", "El número de la versión actual.", lambda f: f.version, type="number"),
    FILE(
        "url_version",
        "La dirección que da siempre esta versión.",
        lambda f: f.version_url,
        table_name="",
        type="url",
    ),
    FILE(
        "cambio",
        "Qué cambió en esta versión.",
        lambda f: f.change_note,
        table_name="",
        is_optional=True,
    ),
    FILE(
        "fecha",
        "Desde cuándo es la actual.",
        lambda f: instant(f.created),
        table_name="version_fecha",
        type="moment",
    ),
    FILE("tipo_de_medio", "El tipo de medio (IANA).", lambda f: f.media_type),
    FILE("bytes", "El tamaño del archivo.", lambda f: f.size, type="number"),
    FILE("paginas", "Cuántas páginas tiene.", lambda f: f.pages, type="number", is_optional=True),
    FILE(
        "ancho",
        "Ancho en píxeles.",
        lambda f: f.width,
        table_name="",
        type="number",
        is_optional=True,
    ),
    FILE(
        "alto",
        "Alto en píxeles.",
        lambda f: f.height,
        table_name="",
        type="number",
        is_optional=True,
    ),
    FILE(
        "idioma",
        "Código del idioma del archivo.",
        lambda f: f.language,
        table_name="archivo_idioma",
        type="language",
    ),
    FILE(
        "accesible",
        "Si se comprobó que el archivo es accesible.",
        lambda f: f.accessible,
        type="flag",
    ),
    FILE(
        "muestra",
        "Es una muestra, no el documento oficial.",
        lambda f: f.is_sample,
        table_name="",
        type="flag",
    ),
    FILE(
        "aviso",
        "Qué decir a quien lo reciba, si es una muestra.",
        lambda f: SAMPLE_NOTE if f.is_sample else "",
        table_name="muestra",
        is_optional=True,
    ),
    FILE("sha256", "La huella SHA-256 del archivo.", lambda f: f.sha256, type="sha256"),
)


def resource_fields() -> tuple[Field[ResourceRecord], ...]:
    """Return the fields that all kinds share, then those of each kind, in the order of every format."""
    return _fields_of(all_kinds())


@lru_cache(maxsize=2)
def _fields_of(specs: tuple[KindSpec, ...]) -> tuple[Field[ResourceRecord], ...]:
    # Kinds that give a field the same names share its column.
    shared: dict[tuple[str, str, str], dict[KindSpec, KindField]] = {}
    for spec in specs:
        for own in spec.fields:
            if own.desk or own.api or own.table:
                shared.setdefault((own.desk, own.api, own.table), {})[spec] = own
    return (*COMMON, *(_own(fields) for fields in shared.values()), FILES)


def _own(fields: Mapping[KindSpec, KindField]) -> Field[ResourceRecord]:
    spec, first = next(iter(fields.items()))
    names = {spec: own.name for spec, own in fields.items()}
    model_field = spec.model_field(first.name)
    return RECORD(
        first.api,
        first.description or f"{model_field.verbose_name.capitalize()}.",
        lambda r: r.own.get(names[r.kind]) if r.kind in names else None,
        table_name=first.table,
        desk=first.desk,
        type=_type_of(model_field),
        is_optional=True,
        own=names,
    )


def _type_of(model_field: models.Field) -> Type:
    if isinstance(model_field, models.URLField):
        return "url"
    if isinstance(model_field, models.BooleanField):
        return "flag"
    if isinstance(model_field, models.IntegerField):
        return "number"
    return "day" if isinstance(model_field, models.DateField) else "text"
