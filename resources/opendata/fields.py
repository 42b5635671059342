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

KEY, KIND, TITLE, SECTION, TAGS = "direccion", "tipo", "titulo", "seccion", "etiquetas"
ISSUER, ISSUED, STATUS = "entidad", "fecha_de_emision", "estado"
"""Headings of the editors' list whose cells hold more than one field, or a name for a row."""


@dataclass(frozen=True)
class Field(Generic[R]):
    """A field with its name in each format; an empty name leaves it out there."""

    description: str
    read: Callable[[R], Value]
    api: str = ""
    table: str = ""  # heading in the public CSV and XLSX
    desk: str = ""  # heading in the list that editors export and import
    width: int = 16  # of the column of a workbook, in characters
    type: Type = "text"
    is_optional: bool = False  # null in the API where it is not known
    column: str = ""  # model field of `desk`; empty where the list reads it in a way of its own
    own: Mapping[KindSpec, str] = field(default_factory=dict)  # the same, for kinds that have it


RECORD = Field[ResourceRecord]
FILE = Field[FileRecord]

COMMON: tuple[Field[ResourceRecord], ...] = (
    RECORD(
        "Número que no cambia aunque cambie la dirección.",
        lambda r: r.pk,
        api="id",
        table="id",
        width=8,
        type="number",
    ),
    RECORD(
        "El nombre del recurso en su dirección.",
        lambda r: r.slug,
        api="slug",
        table="slug",
        desk=KEY,
        width=24,
    ),
    RECORD(
        "La página del recurso: la dirección para citar y enlazar.",
        lambda r: r.url,
        api="url",
        table="url",
        width=40,
        type="url",
    ),
    RECORD("Este recurso en la API.", lambda r: r.api_url, api="api", type="url"),
    RECORD(
        "Qué es.",
        lambda r: r.kind,
        api="tipo",
        table="tipo",
        desk=KIND,
        width=18,
        type="kind",
    ),
    RECORD(
        "Qué es, con más detalle: «Ley orgánica», «Guía».",
        lambda r: r.type_label,
        api="clase",
        table="clase",
        width=18,
    ),
    RECORD(
        "El título completo.",
        lambda r: r.title,
        api="titulo",
        table="titulo",
        desk=TITLE,
        width=50,
    ),
    RECORD(
        "De qué trata.",
        lambda r: r.summary,
        api="descripcion",
        table="descripcion",
        desk="descripcion",
        width=50,
        is_optional=True,
        column="summary",
    ),
    RECORD(
        "La sección en la que está.",
        lambda r: r.section,
        api="seccion",
        table="seccion",
        desk=SECTION,
        width=30,
        type="Seccion",
    ),
    RECORD("", lambda r: None, desk=STATUS),
    RECORD(
        "Sus etiquetas; en la tabla, separadas por «; ».",
        lambda r: r.tags,
        api="etiquetas",
        table="etiquetas",
        desk=TAGS,
        width=30,
        type="Etiqueta[]",
    ),
    RECORD(
        "Quién lo emitió; vacío si no consta.",
        lambda r: r.issuer,
        api="entidad",
        table="entidad",
        desk=ISSUER,
        width=30,
        type="Entidad",
        is_optional=True,
    ),
    RECORD(
        "Cuándo se emitió: AAAA, AAAA-MM o AAAA-MM-DD, según lo que conste.",
        lambda r: r.issued,
        api="fecha_emision",
        table="fecha_emision",
        desk=ISSUED,
        width=14,
        is_optional=True,
    ),
    RECORD(
        "Código del idioma del recurso.",
        lambda r: r.language,
        api="idioma",
        table="idioma",
        desk="idioma",
        width=8,
        type="language",
        column="language",
    ),
    RECORD(
        "La licencia, si el recurso la declara.",
        lambda r: r.licence,
        api="licencia",
        table="licencia",
        desk="licencia",
        width=24,
        is_optional=True,
        column="licence",
    ),
    RECORD(
        "La dirección de esa licencia, si se reconoce.",
        lambda r: r.licence_url,
        api="licencia_url",
        type="url",
        is_optional=True,
    ),
    RECORD(
        "La página de la institución donde está el original.",
        lambda r: r.source_url,
        api="fuente",
        table="fuente",
        desk="fuente",
        width=30,
        type="url",
        is_optional=True,
        column="source_url",
    ),
    RECORD(
        "Si todavía no se conoce el archivo ni su dirección pública.",
        lambda r: r.link_pending,
        api="enlace_por_verificar",
        table="enlace_por_verificar",
        desk="enlace_por_verificar",
        width=10,
        type="flag",
        column="link_pending",
    ),
    RECORD(
        "Desde cuándo está en este portal.",
        lambda r: instant(r.published_at),
        api="publicado",
        table="publicado",
        width=26,
        type="moment",
    ),
    RECORD(
        "Cuándo cambió por última vez: sus datos o un archivo.",
        lambda r: instant(r.modified),
        api="modificado",
        table="modificado",
        width=26,
        type="moment",
    ),
    RECORD(
        "Hasta cuándo vale la última comprobación.",
        lambda r: in_figures(r.review_by),
        api="revisar_antes_de",
        desk="revisar_antes_de",
        type="day",
        is_optional=True,
        column="review_by",
    ),
    RECORD(
        "Cuándo comprobó alguien los datos en su fuente.",
        lambda r: in_figures(r.verified_on),
        api="verificado",
        table="verificado",
        desk="ultima_verificacion",
        width=12,
        type="day",
        is_optional=True,
        column="verified_on",
    ),
    RECORD("", lambda r: None, desk="nota_interna", column="editor_note"),
    RECORD(
        "Una imagen JPEG de la portada.",
        lambda r: r.picture.url if r.picture else None,
        api="portada",
        type="url",
        is_optional=True,
    ),
    RECORD(
        "De un instrumento legal: si está vigente.",
        lambda r: r.law.word if r.law else None,
        api="vigencia",
        table="vigencia",
        width=20,
        type="force",
        is_optional=True,
    ),
)
FILES = RECORD(
    "La versión actual de cada archivo; primero, el principal.",
    lambda r: r.files,
    api="archivos",
    type="Archivo[]",
)
FILE_FIELDS: tuple[Field[FileRecord], ...] = (
    FILE("El nombre del archivo.", lambda f: f.file_name, api="nombre", table="archivo", width=30),
    FILE(
        "Cómo se llama el archivo para quien lo lee.",
        lambda f: f.title,
        api="titulo",
        table="archivo_titulo",
        width=30,
    ),
    FILE(
        "Para qué sirve: archivo principal, anexo, datos.",
        lambda f: f.role_label,
        api="funcion",
        table="archivo_funcion",
        width=18,
    ),
    FILE(
        "La dirección que da siempre la versión actual.",
        lambda f: f.url,
        api="url",
        table="archivo_url",
        width=40,
        type="url",
    ),
    FILE(
        "El número de la versión actual.",
        lambda f: f.version,
        api="version",
        table="version",
        width=8,
        type="number",
    ),
    FILE(
        "La dirección que da siempre esta versión.",
        lambda f: f.version_url,
        api="url_version",
        type="url",
    ),
    FILE("Qué cambió en esta versión.", lambda f: f.change_note, api="cambio", is_optional=True),
    FILE(
        "Desde cuándo es la actual.",
        lambda f: instant(f.created),
        api="fecha",
        table="version_fecha",
        width=26,
        type="moment",
    ),
    FILE(
        "El tipo de medio (IANA).",
        lambda f: f.media_type,
        api="tipo_de_medio",
        table="tipo_de_medio",
        width=18,
    ),
    FILE(
        "El tamaño del archivo.",
        lambda f: f.size,
        api="bytes",
        table="bytes",
        width=12,
        type="number",
    ),
    FILE(
        "Cuántas páginas tiene.",
        lambda f: f.pages,
        api="paginas",
        table="paginas",
        width=8,
        type="number",
        is_optional=True,
    ),
    FILE("Ancho en píxeles.", lambda f: f.width, api="ancho", type="number", is_optional=True),
    FILE("Alto en píxeles.", lambda f: f.height, api="alto", type="number", is_optional=True),
    FILE(
        "Código del idioma del archivo.",
        lambda f: f.language,
        api="idioma",
        table="archivo_idioma",
        width=8,
        type="language",
    ),
    FILE(
        "Si se comprobó que el archivo es accesible.",
        lambda f: f.accessible,
        api="accesible",
        table="accesible",
        width=10,
        type="flag",
    ),
    FILE(
        "Es una muestra, no el documento oficial.",
        lambda f: f.is_sample,
        api="muestra",
        type="flag",
    ),
    FILE(
        "Qué decir a quien lo reciba, si es una muestra.",
        lambda f: SAMPLE_NOTE if f.is_sample else "",
        api="aviso",
        table="muestra",
        width=20,
        is_optional=True,
    ),
    FILE(
        "La huella SHA-256 del archivo.",
        lambda f: f.sha256,
        api="sha256",
        table="sha256",
        width=20,
        type="sha256",
    ),
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
        first.description or f"{model_field.verbose_name.capitalize()}.",
        lambda r: r.own.get(names[r.kind]) if r.kind in names else None,
        api=first.api,
        table=first.table,
        desk=first.desk,
        width=first.table_width,
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
