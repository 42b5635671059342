"""Repair a broken PDF with qpdf; the given file is never changed."""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from inspection.facts import FileRefused

if TYPE_CHECKING:
    from pikepdf import Pdf


def repair_pdf(path: Path, *, cut_short: bool) -> bytes:
    """Return the same document with a sound structure, in memory: a killed child leaves no file.

    With `cut_short` the file has lost its end: it is refused unless every object that it refers to
    is still there. qpdf puts a null in the place of each one that is not.
    """
    import pikepdf  # a tenth of a second that sound files need not wait

    try:
        with pikepdf.open(path) as document:
            if cut_short and _has_lost_objects(document):
                _refuse_cut_short()
            out = BytesIO()
            document.save(out)
    except pikepdf.PasswordError:
        refuse_encrypted()
    except (pikepdf.PdfError, ValueError, RuntimeError, OverflowError, KeyError) as error:
        if cut_short:
            _refuse_cut_short(str(error))
        raise FileRefused(
            "damaged",
            "El PDF está dañado y no se puede abrir. Ábralo en su programa de origen, expórtelo "
            "de nuevo como PDF y súbalo otra vez.",
            detail=str(error)[:500],
        ) from error
    return out.getvalue()


def refuse_encrypted() -> NoReturn:
    """Raise the refusal of a PDF that needs a password to open."""
    raise FileRefused(
        "encrypted",
        "El PDF está protegido con contraseña y nadie podría abrirlo. Ábralo con su contraseña, "
        "guárdelo o imprímalo como PDF sin protección y suba esa copia.",
    )


def _has_lost_objects(document: "Pdf") -> bool:
    lost = any(found is None for found in document.objects)
    return lost or any("recover stream" in warning for warning in document.get_warnings())


def _refuse_cut_short(why: str = "") -> NoReturn:
    raise FileRefused(
        "truncated",
        "El PDF está incompleto: le falta el final, quizá porque se interrumpió una descarga o "
        "una copia. Vuelva a descargarlo o a exportarlo, compruebe que se abre y súbalo de nuevo.",
        detail=why[:500],
    )
