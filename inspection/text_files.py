"""Read plain text, tables and captions: no binary data, and an encoding that every program reads."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from inspection.captions import passages
from inspection.detect import looks_binary
from inspection.facts import FileRefused, Job, ReportLine
from inspection.formulas import has_active_cell
from inspection.signatures import FileType
from inspection.text_cleanup import MAX_PIECES, clean_text, split_bytes

_CHUNK = 1 << 20


def read(job: Job, found: FileType) -> Iterator[ReportLine]:
    """Yield the charset, then the text in pieces."""
    charset, keep = "utf-8", job.limits.max_page_text * MAX_PIECES
    try:
        whole, beginning = _decoded(job.path, "utf-8-sig", keep)
    except UnicodeDecodeError:
        charset = "windows-1252"
        whole, beginning = _windows(job, found, keep)
    if found.extension == "csv":
        _refuse_formulas(job.path, charset)
    text = beginning
    if found.extension in ("vtt", "srt"):
        if "-->" not in beginning:
            raise FileRefused(
                "damaged",
                f"El archivo es {found.label}, pero no contiene ningún subtítulo con su tiempo. "
                "Expórtelo de nuevo desde su editor de subtítulos.",
            )
        yield from _transcript(job, found, charset, beginning, whole=whole)
        return
    text = clean_text(text)
    kept, is_all = split_bytes(text, job.limits.max_page_text)
    status = "empty" if not text else "ok" if whole and is_all else "partial"
    notes = [] if charset == "utf-8" else [_advice(found)]
    yield {"facts": {"charset": charset, "notes": notes}}
    if not job.member:
        for piece in kept:
            yield {"page": piece}
        yield {"facts": {"text_status": status}}


def _transcript(
    job: Job, found: FileType, charset: str, captions: str, *, whole: bool
) -> Iterator[ReportLine]:
    """Yield the passages of captions as pages, and the second at which each begins."""
    notes = [] if charset == "utf-8" else [_advice(found)]
    yield {"facts": {"charset": charset, "notes": notes}}
    if job.member:
        return
    seconds = []
    for second, text in passages(captions):
        if spoken := clean_text(text):
            seconds.append(second)
            yield {"page": spoken}
    status = "empty" if not seconds else "ok" if whole else "partial"
    yield {"facts": {"text_status": status, "page_numbers": seconds}}


def _refuse_formulas(path: Path, charset: str) -> None:
    if has_active_cell(path, charset):
        raise FileRefused(
            "active",
            "La tabla contiene una fórmula que, al abrirla en una hoja de cálculo, llama a otro programa o carga datos de otra "
            "dirección. Reemplace esas fórmulas por sus valores, guárdela de nuevo como CSV y súbala otra vez.",
        )


def _advice(found: FileType) -> str:
    how = "En Excel: «Guardar como», «CSV UTF-8»." if found.extension == "csv" else ""
    return (
        "El archivo usa la codificación Windows-1252. Conviene guardarlo en UTF-8 para que las "
        f"tildes y la ñ se vean bien en todos los equipos. {how}"
    ).strip()


def _windows(job: Job, found: FileType, keep: int) -> tuple[bool, str]:
    if found.extension == "vtt":
        raise FileRefused(
            "encoding",
            "Los subtítulos VTT deben estar en UTF-8 para que las tildes se vean bien. Ábralos en "
            "un editor de texto, guárdelos con la codificación UTF-8 y súbalos de nuevo.",
        )
    try:
        return _decoded(job.path, "cp1252", keep)
    except UnicodeDecodeError as error:
        raise FileRefused(
            "encoding",
            f"El archivo parece {found.label}, pero sus letras no están en UTF-8 ni en "
            "Windows-1252. Ábralo en un editor de texto, guárdelo como UTF-8 y súbalo de nuevo.",
        ) from error


def _decoded(path: Path, encoding: str, keep: int) -> tuple[bool, str]:
    """Decode a file to its end; return its first `keep` bytes or more, and whether that is all."""
    decoder = codecs.getincrementaldecoder(encoding)()
    kept: list[str] = []
    length = 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            if looks_binary(chunk):
                raise FileRefused(
                    "unknown",
                    "El archivo empieza como texto, pero contiene datos que no lo son. Compruebe "
                    "que es el archivo correcto, guárdelo de nuevo y súbalo otra vez.",
                )
            text = decoder.decode(chunk)
            if length <= keep:
                kept.append(text)
            length += len(text)
    decoder.decode(b"", final=True)
    beginning = "".join(kept)
    return len(beginning) == length and length <= keep, beginning
