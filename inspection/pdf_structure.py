"""Read a PDF's structure with qpdf: refuse active content, decode title and subject, detect shell documents."""

import re
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pikepdf

from inspection.facts import FileRefused, Job
from inspection.mojibake import decode_pdf_string
from inspection.pdf_actions import refuse_active_pdf, xfa
from inspection.pdf_repair import refuse_encrypted
from inspection.text_cleanup import one_line

MAX_SUBJECT = 600
"""Characters kept of what a PDF says it is about."""
MAX_SHELL_PAGES = 2
"""A document of more pages is read as it is."""
_PLACEHOLDER = re.compile(
    r"if this message is not eventually replaced|your pdf viewer may not be able to display this type of document|"
    r"si (?:este mensaje|el mensaje) no (?:se|es) (?:reemplaza|sustituye)|"
    r"(?:open|view) this pdf portfolio in|for the best experience, open this pdf portfolio|"
    r"abra (?:este|esta|la) (?:portafolio|cartera|portfolio)(?: de)? pdf",
    re.IGNORECASE,
)
_FORM_NOTE = (
    "Es un formulario que solo se ve en Adobe Reader (XFA): en un celular o en un navegador, quien lo abra verá una página que dice "
    "«Please wait…». Ábralo en Adobe Reader, imprímalo como PDF («Imprimir», «Microsoft Print to PDF» o «Guardar como PDF») y "
    "reemplácelo por esa copia."
)
_PORTFOLIO_NOTE = (
    "Es una cartera PDF, que lleva otros archivos dentro: en un celular o en un navegador, quien la abra verá solo su carátula. "
    "Súbalos por separado, o únalos en un solo PDF común, y reemplácela."
)
_PRINTED_NOTE = (
    "El PDF solo tiene la página de espera de Adobe («Please wait…») y no el documento. Abra el original en Adobe Reader, "
    "imprímalo desde allí como PDF y reemplácelo por esa copia."
)


class PdfMetadata(NamedTuple):
    """Metadata from the document's own objects."""

    title: str
    subject: str
    notes: list[str]
    is_form_shell: bool
    """Return whether its pages only stand in for an XFA form, which most viewers do not draw."""


def read_metadata(source: Path | bytes, job: Job) -> PdfMetadata:
    """Return the PDF's own metadata. Raises FileRefused for active content."""
    try:
        with pikepdf.open(_opened(source)) as document:
            refuse_active_pdf(document, job)
            return _described(document)
    except pikepdf.PasswordError:
        refuse_encrypted()
    except pikepdf.PdfError as error:
        raise FileRefused(
            "damaged",
            "El PDF está dañado por dentro y no se puede revisar. Ábralo en su programa de origen, expórtelo de nuevo como PDF y "
            "súbalo otra vez.",
            detail=str(error)[:500],
        ) from error


def is_shell(described: PdfMetadata, page_texts: list[str]) -> bool:
    """Return whether pages with these texts only tell viewers that they cannot draw the document."""
    if len(page_texts) > MAX_SHELL_PAGES:
        return False
    return described.is_form_shell or any(map(_PLACEHOLDER.search, page_texts))


def shell_notes(described: PdfMetadata) -> list[str]:
    """Return the notes on a shell that its structure has not given already."""
    return [] if described.notes else [_PRINTED_NOTE]


def _opened(source: Path | bytes) -> Path | BytesIO:
    return BytesIO(source) if isinstance(source, bytes) else source


def _described(document: pikepdf.Pdf) -> PdfMetadata:
    notes = []
    is_form_shell = bool(document.Root.get("/NeedsRendering", False)) and bool(xfa(document))
    if is_form_shell:
        notes.append(_FORM_NOTE)
    if "/Collection" in document.Root:
        notes.append(_PORTFOLIO_NOTE)
    return PdfMetadata(
        _stated(document, "/Title"),
        _stated(document, "/Subject", MAX_SUBJECT),
        notes,
        is_form_shell,
    )


def _stated(document: pikepdf.Pdf, key: str, longest: int = 300) -> str:
    info = document.trailer.get("/Info")
    value = info.get(key) if isinstance(info, pikepdf.Dictionary) else None
    if not isinstance(value, pikepdf.String):
        return ""
    return one_line(decode_pdf_string(bytes(value), str(value)), longest)
