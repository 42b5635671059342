"""Detect the type of a file by its content; its name may only contradict that, not decide it."""

import re
from pathlib import Path
from typing import BinaryIO

from inspection.facts import FileRefused
from inspection.signatures import ALLOWED, ALLOWED_IN_WORDS, OLE2, REFUSED, FileType, Refused
from inspection.text_cleanup import one_line
from inspection.zip_container import office_type, zip_at_end

HEAD = 4_096
_PDF = b"%PDF-"
_PDF_WINDOW = 1_024
_TEXT_LIKE = {"csv", "txt", "vtt", "srt"}
_CONTROL_BYTES = bytes(c for c in range(32) if c not in b"\t\n\r\f\x1a\x1b") + b"\x7f"

_MARKUP_START = re.compile(
    rb"(?:<\?xml[^>]*+>|<!--(?:(?!-->).)*+-->|\s)*+"
    rb"<(?:!doctype\s+(?P<doctype>[a-z]+)|(?P<tag>[a-z][a-z0-9:]*))",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP_INSIDE = re.compile(rb"<(html|script|svg|iframe|body)[\s>/]", re.IGNORECASE)
_SRT_CUE = re.compile(
    rb"\s*\d+[ \t]*\r?\n\d{1,2}:\d\d:\d\d[,.]\d{1,3}[ \t]*-->[ \t]*\d{1,2}:\d\d:\d\d[,.]\d{1,3}"
)
_DELIMITERS = (b",", b";", b"\t", b"|")


def identify(path: Path, name: str = "") -> FileType:
    """Return the accepted type of a file.

    Raises FileRefused when it is of none, when it is two at once, or when its name claims another.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD)
        if not head:
            raise FileRefused(
                "empty",
                "El archivo está vacío (0 bytes). Compruebe que se guardó bien y súbalo de nuevo.",
            )
        found = _binary_type(stream, head)
        if found is None:
            _refuse_signature(head, name)
            found = _text_type(head, name)
        _refuse_second_nature(stream, head, found)
    _refuse_lie(found, name)
    return found


def claimed_extension(name: str) -> str:
    """Return the extension of a file name in lower case, without its dot; empty when it has none."""
    return Path(name.strip()).suffix.lower().lstrip(".")


def looks_binary(chunk: bytes) -> bool:
    """Return whether bytes hold control characters that no text file has."""
    return len(chunk.translate(None, _CONTROL_BYTES)) != len(chunk)


def _binary_type(stream: BinaryIO, head: bytes) -> FileType | None:
    if head.lstrip(b"\xef\xbb\xbf\0 \t\r\n\f").startswith(_PDF):
        return ALLOWED["pdf"]
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return ALLOWED["png"]
    if head.startswith(b"\xff\xd8\xff"):
        return ALLOWED["jpg"]
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return ALLOWED["webp"]
    if head.startswith(b"PK\x03\x04"):
        return office_type(stream) or ALLOWED["zip"]
    if head[4:8] == b"ftyp" and not signature(head):
        return ALLOWED["mp4"]
    if head.startswith(b"ID3") or (
        head[0] == 0xFF and len(head) > 2 and head[1] & 0xE6 == 0xE2 and head[2] & 0xF0 != 0xF0
    ):
        return ALLOWED["mp3"]
    return None


def signature(head: bytes) -> Refused | None:
    """Return the refused type whose magic number these first bytes have, or None."""
    for refused in REFUSED:
        if head[refused.offset :].startswith(refused.magic):
            is_text = refused.magic.isalnum() and len(refused.magic) < 4 and not looks_binary(head)
            if not is_text:
                return refused
    return None


def _refuse_signature(head: bytes, name: str) -> None:
    if head.startswith(b"PK\x05\x06"):
        raise FileRefused(
            "empty", "El ZIP está vacío. Añada los archivos que quiere publicar y súbalo de nuevo."
        )
    if head.startswith(OLE2):
        raise FileRefused(
            "old_office",
            f"{refusal_intro(name)} un archivo de Office antiguo (DOC, XLS, PPT) o protegido con "
            "contraseña. Ábralo, quite la contraseña si la tiene, guárdelo como DOCX, XLSX o PPTX "
            "y suba ese archivo.",
        )
    refused = signature(head)
    if refused:
        raise FileRefused(refused.code, f"{refusal_intro(name)} {refused.label}. {refused.advice}")


def _text_type(head: bytes, name: str) -> FileType:
    head = head.removeprefix(b"\xef\xbb\xbf")
    _refuse_markup(head, name)
    if _PDF in head[:_PDF_WINDOW] and (looks_binary(head) or claimed_extension(name) == "pdf"):
        raise FileRefused(
            "polyglot",
            "El archivo tiene otros datos delante del PDF. Ábralo, guárdelo o imprímalo de nuevo "
            "como PDF y suba ese archivo.",
        )
    if looks_binary(head):
        raise FileRefused(
            "unknown",
            f"No se reconoce el tipo de este archivo, o está dañado. {ALLOWED_IN_WORDS} "
            "Guárdelo en uno de esos formatos y súbalo de nuevo.",
        )
    if re.match(rb"WEBVTT(?:[ \t\r\n]|$)", head):
        return ALLOWED["vtt"]
    if _SRT_CUE.match(head):
        return ALLOWED["srt"]
    claim = claimed_extension(name)
    if claim == "csv" or (claim not in _TEXT_LIKE and _is_table(head)):
        return ALLOWED["csv"]
    return ALLOWED["txt"]


def _is_table(head: bytes) -> bool:
    lines = [line for line in head.splitlines()[:20] if line.strip()][:10]
    if len(lines) < 2:
        return False
    return any(
        lines[0].count(mark)
        and all(line.count(mark) == lines[0].count(mark) for line in lines[:-1])
        for mark in _DELIMITERS
    )


def markup_kind(head: bytes) -> bytes:
    """Return `html`, `svg` or the first tag of a document in mark-up; "" for anything else."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    start = _MARKUP_START.match(head)
    if start:
        return (start["doctype"] or start["tag"]).lower().removeprefix(b"svg:")
    return b"html" if head.lstrip().startswith(b"<!--") else b""


def _refuse_markup(head: bytes, name: str) -> None:
    kind = markup_kind(head)
    if not kind:
        inside = _MARKUP_INSIDE.search(head[:_PDF_WINDOW])
        kind = inside[1].lower() if inside else b""
    if kind == b"svg":
        raise FileRefused(
            "svg",
            f"{refusal_intro(name)} una imagen SVG, que puede llevar dentro código que se ejecuta en el "
            "navegador de quien la abre. Expórtela como PNG o PDF y súbala de nuevo.",
        )
    if kind and (not head.lstrip().startswith(b"<?xml") or kind == b"html"):
        raise FileRefused(
            "html",
            f"{refusal_intro(name)} una página web (HTML), que puede llevar dentro código que se ejecuta en "
            "el navegador de quien la abre. Guárdela como PDF y súbala de nuevo.",
        )
    if head.lstrip().startswith(b"<?xml"):
        raise FileRefused(
            "unsupported",
            f"{refusal_intro(name)} un archivo XML. {ALLOWED_IN_WORDS} Conviértalo primero.",
        )


def _refuse_second_nature(stream: BinaryIO, head: bytes, found: FileType) -> None:
    """Refuse polyglots: a file that another program would open as something else."""
    if found.reader not in ("office", "archives") and zip_at_end(stream):
        other = "un archivo ZIP escondido al final"
    elif found.reader in ("pictures", "media") and _PDF in head[:_PDF_WINDOW]:
        other = "un PDF escondido"
    elif found.reader == "pdf" and _MARKUP_INSIDE.search(head[:_PDF_WINDOW]):
        other = "una página web escondida"
    else:
        return
    raise FileRefused(
        "polyglot",
        f"El archivo es {found.label}, pero lleva dentro {other}. Ábralo en su programa, "
        "guárdelo de nuevo con otro nombre y suba esa copia.",
    )


def _refuse_lie(found: FileType, name: str) -> None:
    claim = claimed_extension(name)
    if not claim or claim in found.names:
        return
    if not _is_known(claim):
        raise FileRefused(
            "lying",
            f"El nombre termina en «.{one_line(claim, 12)}», que no se acepta, y el contenido es "
            f"{found.label}. {ALLOWED_IN_WORDS} Suba el archivo en uno de esos formatos.",
        )
    raise FileRefused(
        "lying",
        f"El archivo dice ser {claim.upper()} (.{claim}) y es {found.label}. Cambie la terminación "
        f"del nombre a «.{found.extension}», o suba el archivo correcto.",
    )


def refusal_intro(name: str) -> str:
    """Return the first sentence of a refusal, with the extension that the file name claims where it is wrong."""
    claim = claimed_extension(name)
    if _is_known(claim):
        return f"El archivo dice ser {claim.upper()} (.{claim}) y es"
    return "El archivo es"


def _is_known(claim: str) -> bool:
    return any(claim in accepted.names for accepted in ALLOWED.values())
