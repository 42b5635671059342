"""Open a PDF with PDFium, repaired once where it is broken."""

from pathlib import Path
from typing import NoReturn

import pypdfium2
import pypdfium2.raw as pdfium

from inspection.facts import FileRefused
from inspection.pdf_repair import refuse_encrypted, repair_pdf

_TAIL = 65_536


def open_pdf(path: Path) -> pypdfium2.PdfDocument:
    """Open a document that was accepted before. Raises FileRefused as `open_with_notes` does."""
    return open_with_notes(path)[0]


def open_with_notes(path: Path) -> tuple[pypdfium2.PdfDocument, Path | bytes, list[str]]:
    """Open a document, after one repair when it is broken; return it with its source and the notes for the editor.

    Raises FileRefused for one that is encrypted or of which no page can be read.
    """
    if _is_cut_short(path):
        source = repair_pdf(path, cut_short=True)
        return (
            _load(source),
            source,
            [
                "Al PDF le falta el final, aunque se pudieron leer todas sus páginas. Conviene "
                "descargarlo o exportarlo de nuevo y reemplazarlo."
            ],
        )
    try:
        return _load(path), path, []
    except pypdfium2.PdfiumError:
        source = repair_pdf(path, cut_short=False)
        return (
            _load(source),
            source,
            [
                "El PDF tiene errores internos y hubo que repararlo para leerlo. Conviene exportarlo "
                "de nuevo y reemplazarlo."
            ],
        )


def _load(source: Path | bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            refuse_encrypted()
        if isinstance(source, bytes):
            refuse_unreadable(str(error))
        raise


def refuse_unreadable(why: str) -> NoReturn:
    """Raise the refusal of a PDF without one readable page."""
    raise FileRefused(
        "damaged",
        "El PDF está dañado y no se puede leer ninguna de sus páginas. Ábralo en su programa de "
        "origen, expórtelo de nuevo como PDF y súbalo otra vez.",
        detail=why,
    )


def _is_cut_short(path: Path) -> bool:
    """Return whether the end-of-file marker (ISO 32000-1, 7.5.5) is missing from the last kilobyte."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _TAIL))
        tail = stream.read().rstrip(b"\0 \t\r\n")
    return b"%%EOF" not in tail[-1_024:]
