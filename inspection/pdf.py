"""Read a PDF: pages, text, outline, language, tags, and its cover as a picture."""

import ctypes
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from inspection.checksums import picture_line
from inspection.facts import FileRefused, Job, ReportLine
from inspection.pdf_layout import page_text
from inspection.pdf_opening import open_with_notes, refuse_unreadable
from inspection.pdf_structure import (
    MAX_SHELL_PAGES,
    PdfMetadata,
    is_shell,
    read_metadata,
    shell_notes,
)
from inspection.signatures import FileType
from inspection.text_cleanup import language_tag, one_line, stated_date, truncate_bytes
from inspection.text_quality import SAMPLE, quality_warning
from inspection.title_detection import detect_title

PICTURE_WIDTH = 1_200
"""Pixels of the first page's picture."""
MAX_LOPSIDED = 20
"""A page whose sides differ more than so many times is not drawn."""
_MAX_BOOKMARKS = 2_000
_OUTPUT_RESERVE = 2_000_000


def read(job: Job, found: FileType) -> Iterator[ReportLine]:
    """Yield facts first, then one line per page, then outline and picture, which may still fail."""
    document, source, notes = open_with_notes(job.path)
    described = read_metadata(source, job)
    pages = len(document)
    if pages > job.limits.max_pages:
        raise FileRefused(
            "too_many_pages",
            f"El PDF tiene {pages} páginas y el máximo es {job.limits.max_pages}. Divídalo en "
            "varias partes y súbalas por separado.",
        )
    yield {"facts": _head(document, described) | {"notes": notes + described.notes}}
    if job.member:
        return
    if _is_shell(document, described):
        yield from ({"page": ""} for _ in range(pages))
        yield {"facts": {"text_status": "failed", "notes": shell_notes(described)}}
        return
    yield from _page_lines(document, job)
    try:
        yield {"facts": {"headline": detect_title(document[0])}}
        yield outline(document)
        if job.picture:
            yield from _first_page(document, job.picture)
    except (pypdfium2.PdfiumError, MemoryError, OSError, ValueError):
        note = "No se pudo leer el índice del PDF o dibujar su primera página; lo demás se leyó."
        yield {"facts": {"notes": [note]}}


def _is_shell(document: pypdfium2.PdfDocument, described: PdfMetadata) -> bool:
    """Return whether the pages only state that another viewer is needed."""
    if len(document) > MAX_SHELL_PAGES:
        return False
    try:
        return is_shell(described, [page_text(document[n]) for n in range(len(document))])
    except (pypdfium2.PdfiumError, MemoryError, ValueError):
        return False


def _head(document: pypdfium2.PdfDocument, described: PdfMetadata) -> ReportLine:
    created = stated_date(document.get_metadata_value("CreationDate"))
    return {
        "pages": len(document),
        "title": described.title,
        "subject": described.subject,
        "language": language_tag(_stated_language(document)),
        "tagged": document.is_tagged(),
        "created_on": created.isoformat() if created else None,
    }


def _stated_language(document: pypdfium2.PdfDocument) -> str:
    size = pdfium.FPDFCatalog_GetLanguage(document, None, 0)
    if not 2 < size <= 200:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFCatalog_GetLanguage(
        document, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size
    )
    return buffer.raw[: size - 2].decode("utf-16-le", "ignore")


def _page_lines(document: pypdfium2.PdfDocument, job: Job) -> Iterator[ReportLine]:
    """Yield one line per page, then the status and notes that follow from all of them."""
    unopened, unread, with_text, cut, sample = 0, 0, 0, False, ""
    room = job.limits.max_output - _OUTPUT_RESERVE
    for number in range(len(document)):
        text = ""
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            unopened += 1
        else:
            try:
                text = page_text(page)
            except (pypdfium2.PdfiumError, MemoryError, ValueError):
                unread += 1
            page.close()
        kept = truncate_bytes(text, max(0, min(job.limits.max_page_text, room)))
        room -= len(kept.encode("utf-8", "replace")) * 11 // 10 + 20
        cut = cut or len(kept) < len(text)
        with_text += bool(kept)
        if len(sample) < SAMPLE:
            sample += f"{kept}\n"
        yield {"page": kept}
    if unopened == len(document):
        refuse_unreadable("no page could be loaded")
    note = quality_warning(sample, language_tag(_stated_language(document)))
    yield {"facts": _outcome(len(document), unopened + unread, with_text, cut, note)}


def _outcome(pages: int, unread: int, with_text: int, cut: bool, note: str) -> ReportLine:
    """Return the text status of a whole PDF and its note for the editor, doubts about its text included."""
    if unread and not with_text:
        return {
            "text_status": "failed",
            "notes": [
                "No se pudo leer el texto del PDF, así que no se podrá buscar en él. Expórtelo de "
                "nuevo desde su programa de origen."
            ],
        }
    if not with_text:
        return {
            "text_status": "empty",
            "notes": [
                "El PDF no tiene texto que se pueda buscar ni leer en voz alta. Si es un documento "
                "escaneado, páselo por un reconocimiento de texto (OCR) y reemplácelo."
            ],
        }
    notes = [note] if note else []
    if unread:
        notes.append(f"No se pudo leer {unread} de las {pages} páginas del PDF. Revíselo.")
    if cut:
        notes.append("El PDF tiene más texto del que se puede indexar; el resto no se buscará.")
    if with_text + unread < pages:
        empty = pages - with_text - unread
        notes.append(
            f"1 de las {pages} páginas no tiene texto. Si es escaneada, pásela por un reconocimiento de texto (OCR)."
            if empty == 1
            else f"{empty} de las {pages} páginas no tienen texto. Si son "
            "escaneadas, páselas por un reconocimiento de texto (OCR)."
        )
    return {"text_status": "partial" if unread or cut or note else "ok", "notes": notes}


def outline(document: pypdfium2.PdfDocument) -> ReportLine:
    """Return the bookmarks, at most 2,000 and 15 levels deep; PDFium's walk stops at cycles."""
    bookmarks = []
    for bookmark in islice(document.get_toc(), _MAX_BOOKMARKS):
        title = one_line(bookmark.get_title())
        destination = bookmark.get_dest()
        index = destination.get_index() if destination else None
        if title:
            page = index + 1 if index is not None and index < len(document) else None
            bookmarks.append([title, page, bookmark.level + 1])
    return {"facts": {"bookmarks": bookmarks}}


def _first_page(document: pypdfium2.PdfDocument, out: Path) -> Iterator[ReportLine]:
    page = document[0]
    width, height = page.get_size()
    if min(width, height) <= 0 or max(width, height) > MAX_LOPSIDED * min(width, height):
        note = "La primera página tiene una forma extrema y no se usa como portada."
        yield {"facts": {"notes": [note]}}
        return
    drawn = page.render(scale=(PICTURE_WIDTH - 0.5) / width).to_pil().convert("RGB")
    kind = "PNG" if out.suffix.lower() == ".png" else "JPEG"
    drawn.save(out, kind, quality=88, optimize=True)
    yield picture_line(out, f"image/{kind.lower()}", drawn.size)
