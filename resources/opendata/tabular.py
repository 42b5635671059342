"""Facts as a table, one row a file: CSV and XLSX from the same columns, which the documentation lists too."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import xlsxwriter

from resources.csv_guard import csv_line
from resources.dates import in_figures, instant
from resources.opendata.record import SAMPLE_NOTE, FileRecord, ResourceRecord
from resources.text import yes_or_no

Cell = str | int | None
BOM = "\ufeff"  # without it Excel takes UTF-8 for something else
LONGEST_CELL = 32_767  # characters, Excel's limit


@dataclass(frozen=True)
class Column:
    """One column: its name, what it holds, and how it is read of a resource and one of its files (None without files)."""

    name: str
    description: str
    read: Callable[[ResourceRecord, FileRecord | None], Cell]
    width: int = 16  # in a spreadsheet, in characters


def _of(
    read: Callable[[ResourceRecord], Cell],
) -> Callable[[ResourceRecord, FileRecord | None], Cell]:
    return lambda facts, file: read(facts)


def _of_file(
    read: Callable[[FileRecord], Cell],
) -> Callable[[ResourceRecord, FileRecord | None], Cell]:
    return lambda facts, file: read(file) if file else None


def _of_law(read: Callable[..., Cell]) -> Callable[[ResourceRecord, FileRecord | None], Cell]:
    return lambda facts, file: read(facts.law) if facts.law else None


COLUMNS = (
    Column(
        "id", "Número del recurso; no cambia aunque cambie su dirección.", _of(lambda f: f.pk), 8
    ),
    Column("slug", "El nombre del recurso en su dirección.", _of(lambda f: f.slug), 24),
    Column("url", "La página del recurso.", _of(lambda f: f.url), 40),
    Column(
        "tipo", "Infografía, documento, instrumento legal o video.", _of(lambda f: f.kind.label), 18
    ),
    Column(
        "clase", "El tipo con más detalle: «Ley orgánica», «Guía».", _of(lambda f: f.type_label), 18
    ),
    Column("titulo", "El título completo.", _of(lambda f: f.title), 50),
    Column("descripcion", "De qué trata.", _of(lambda f: f.summary), 50),
    Column("seccion", "La sección en la que está.", _of(lambda f: f.section.title), 30),
    Column(
        "etiquetas",
        "Sus etiquetas, separadas por «; ».",
        _of(lambda f: "; ".join(t.title for t in f.tags)),
        30,
    ),
    Column(
        "entidad",
        "Quién lo emitió; vacío si no consta.",
        _of(lambda f: f.issuer.name if f.issuer else ""),
        30,
    ),
    Column(
        "fecha_emision",
        "AAAA, AAAA-MM o AAAA-MM-DD, según lo que conste.",
        _of(lambda f: f.issued),
        14,
    ),
    Column("idioma", "Código del idioma del recurso.", _of(lambda f: f.language), 8),
    Column("licencia", "La licencia, si el recurso la declara.", _of(lambda f: f.licence), 24),
    Column(
        "fuente",
        "La página de la institución donde está el original.",
        _of(lambda f: f.source_url),
        30,
    ),
    Column(
        "enlace_por_verificar",
        "«sí» si todavía no se conoce el archivo ni su dirección.",
        _of(lambda f: yes_or_no(f.link_pending)),
        10,
    ),
    Column(
        "publicado", "Desde cuándo está en este portal.", _of(lambda f: instant(f.published_at)), 26
    ),
    Column("modificado", "Cuándo cambió por última vez.", _of(lambda f: instant(f.modified)), 26),
    Column(
        "verificado",
        "Cuándo comprobó alguien los datos en su fuente.",
        _of(lambda f: in_figures(f.verified_on)),
        12,
    ),
    Column(
        "vigencia",
        "De un instrumento legal: si está vigente.",
        _of_law(lambda law: law.word.label),
        20,
    ),
    Column("numero", "De un instrumento legal: su número.", _of_law(lambda law: law.number), 16),
    Column(
        "registro_oficial",
        "De un instrumento legal: edición y número del Registro Oficial.",
        _of_law(lambda law: law.gazette),
        30,
    ),
    Column(
        "fecha_registro_oficial",
        "De un instrumento legal: la fecha del Registro Oficial.",
        _of_law(lambda law: in_figures(law.gazette_date)),
        14,
    ),
    Column("video", "De un video: dónde se ve.", _of(lambda f: f.video_url), 30),
    Column(
        "archivo",
        "El nombre del archivo; vacío, como lo que sigue, si el recurso no tiene archivos.",
        _of_file(lambda a: a.file_name),
        30,
    ),
    Column(
        "archivo_titulo",
        "Cómo se llama el archivo para quien lo lee.",
        _of_file(lambda a: a.title),
        30,
    ),
    Column(
        "archivo_funcion",
        "Para qué sirve: archivo principal, anexo, datos.",
        _of_file(lambda a: a.role_label),
        18,
    ),
    Column(
        "archivo_url",
        "La dirección que da siempre la versión actual.",
        _of_file(lambda a: a.url),
        40,
    ),
    Column("version", "El número de la versión actual.", _of_file(lambda a: a.version), 8),
    Column(
        "version_fecha", "Desde cuándo es la actual.", _of_file(lambda a: instant(a.created)), 26
    ),
    Column("tipo_de_medio", "El tipo de medio (IANA).", _of_file(lambda a: a.media_type), 18),
    Column("bytes", "El tamaño del archivo.", _of_file(lambda a: a.size), 12),
    Column("paginas", "Cuántas páginas tiene.", _of_file(lambda a: a.pages), 8),
    Column("archivo_idioma", "Código del idioma del archivo.", _of_file(lambda a: a.language), 8),
    Column(
        "accesible",
        "«sí» si se comprobó que el archivo es accesible.",
        _of_file(lambda a: yes_or_no(a.accessible)),
        10,
    ),
    Column(
        "muestra",
        f"«{SAMPLE_NOTE}» si el archivo lo es; si no, vacío.",
        _of_file(lambda a: SAMPLE_NOTE if a.is_sample else ""),
        20,
    ),
    Column("sha256", "La huella SHA-256 del archivo.", _of_file(lambda a: a.sha256), 20),
)


def rows(resources: Iterable[ResourceRecord]) -> Iterator[list[Cell]]:
    """Return one row for each file, and one for a resource without files."""
    for facts in resources:
        for file in facts.files or (None,):
            yield [column.read(facts, file) for column in COLUMNS]


def as_csv(resources: Iterable[ResourceRecord]) -> Iterator[str]:
    """Write the table as CSV (RFC 4180), a row at a time.

    A text that a spreadsheet would run as a formula is kept from it by an apostrophe.
    """
    yield BOM + csv_line(column.name for column in COLUMNS)
    yield from map(csv_line, rows(resources))


def write_xlsx(
    resources: Iterable[ResourceRecord], target: BinaryIO, title: str, author: str, now: dt.datetime
) -> None:
    """Write the table as a workbook, a row at a time: `constant_memory` keeps one row."""
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": title, "author": author, "created": now.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet("Catálogo")
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(COLUMNS):
            sheet.set_column(place, place, column.width)
        sheet.write_row(0, 0, [column.name for column in COLUMNS], bold)
        count = 0
        for count, row in enumerate(rows(resources), 1):
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(count, place, cell)
                elif cell:
                    sheet.write_string(count, place, cell[:LONGEST_CELL])
        sheet.autofilter(0, 0, count, len(COLUMNS) - 1)
