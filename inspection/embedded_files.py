"""Inspect files inside a file: attachments of a PDF, media and objects of an office document, nested ones too.

Any data may be there except programs, and documents that would be refused as active themselves.
"""

import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import olefile

from inspection.detect import HEAD, markup_kind, signature
from inspection.facts import FileRefused, Job
from inspection.file_names import is_program_name, refuse_disguised
from inspection.signatures import OLE2, PROGRAM_ADVICE
from inspection.text_cleanup import one_line
from inspection.zip_container import chunks

MAX_DEPTH = 4
"""How deep files may lie in one another: deeper, nobody looks for a document."""
_MAX_MARKUP = 5_000_000
_ACTIVE_MARKUP = re.compile(
    rb"<(?:\w+:)?(?:script|iframe|object|embed|applet)\b|[\s\"']on[a-z]{3,}\s*=|(?:java|vb)script:|"
    rb"<(?:\w+:)?(?:image|use|img|link)\b[^>]{0,500}(?:href|src)\s*=\s*[\"']?https?:",
    re.IGNORECASE,
)
_MARKUP = frozenset([b"html", b"svg", b"head", b"body", b"script", b"meta", b"iframe", b"object"])
_MACRO_STORAGES = frozenset(["vba", "_vba_project", "_vba_project_cur", "macros"])
_INSTALLERS = ("000C1084-0000-0000-C000-000000000046", "000C1086-0000-0000-C000-000000000046")
"""Class identifiers of MSI packages and their patches."""
_PACKAGE = "\x01ole10native"
_LINK = "\x01ole"


def refuse_active_bytes(content: Iterable[bytes], name: str, job: Job) -> None:
    """Raise FileRefused where the embedded file `name`, given in chunks, is active."""
    with tempfile.NamedTemporaryFile() as copy:
        for chunk in content:
            copy.write(chunk)
        copy.flush()
        inner = replace(job, path=Path(copy.name), name=name, picture=None, member=True)
        refuse_active_file(replace(inner, depth=job.depth + 1))


def refuse_active_file(job: Job) -> None:
    """Raise FileRefused where an embedded file is a program, hides its type, or is an active document."""
    if job.depth > MAX_DEPTH:
        raise FileRefused("nested", "Hay archivos dentro de archivos a demasiada profundidad.")
    refuse_disguised(job.name)
    if is_program_name(job.name):
        _refuse_program(f"Por su nombre, «{one_line(job.name, 80)}», es un programa o un guion.")
    with job.path.open("rb") as stream:
        head = stream.read(HEAD)
    known = signature(_unpacked_drawing(head, job.name))
    if known and known.code in ("executable", "archive"):
        raise FileRefused(known.code, f"Es {known.label}. {known.advice}")
    if head.startswith(OLE2):
        _refuse_active_ole(job)
    elif head.startswith(b"PK\x03\x04"):
        _reader("office_actions").refuse_active_zip(job)
    elif b"%PDF-" in head[:1_024]:
        _reader("pdf_actions").refuse_active_pdf_file(job)
    elif markup_kind(head) in _MARKUP:
        _refuse_active_markup(job.path)


def may_be_active(head: bytes) -> bool:
    """Return whether a file with these first bytes may be active; anything else is data that nothing runs."""
    known = signature(head)
    is_document = head.startswith((OLE2, b"PK\x03\x04")) or b"%PDF-" in head[:1_024]
    return bool(known) or is_document or markup_kind(head) in _MARKUP


def _reader(name: str) -> Any:
    """Import a reader that itself inspects embedded files; imported late, as `examine` does."""
    return import_module(f"{__package__}.{name}")


def _unpacked_drawing(head: bytes, name: str) -> bytes:
    """Return the first bytes of a drawing, decompressed where office programs compress it (EMZ, WMZ)."""
    if not name.lower().endswith((".emz", ".wmz")):
        return head
    try:
        return zlib.decompressobj(31).decompress(head, HEAD)
    except zlib.error:
        return head


def _refuse_program(what: str) -> None:
    raise FileRefused("executable", f"{what} {PROGRAM_ADVICE}")


def _refuse_active_markup(path: Path) -> None:
    with path.open("rb") as stream:
        if _ACTIVE_MARKUP.search(stream.read(_MAX_MARKUP).replace(b"\0", b"")):
            raise FileRefused(
                "html", "Es una página web o una imagen SVG con código que se ejecuta al abrirla."
            )


def _refuse_active_ole(job: Job) -> None:
    """Inspect a compound file ([MS-CFB]) for macros, installers, links and packaged files."""
    try:
        found = list(_ole_streams(job.path))
    except (OSError, ValueError, IndexError, TypeError, AttributeError):
        return  # broken: no program opens it either
    for name, content in found:
        if name == _LINK:
            if len(content) >= 8 and content[4] & 1:
                raise FileRefused("external", "Es un objeto vinculado, que se carga de otro lugar.")
        elif name == _PACKAGE:
            inner_name, inner = _unpacked(content)
            refuse_active_bytes([inner], inner_name, job)
        elif may_be_active(content[:HEAD]):
            refuse_active_bytes([content], "", job)


def _ole_streams(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the streams of a compound file with the last part of their names. Raises FileRefused for macros and installers."""
    with olefile.OleFileIO(path) as ole:
        if ole.root.clsid in _INSTALLERS:
            _refuse_program("Es un instalador de Windows.")
        for parts in ole.listdir(streams=True, storages=True):
            lowered = [part.lower() for part in parts]
            if _MACRO_STORAGES & set(lowered):
                raise FileRefused("macros", "Contiene macros, que son programas.")
            if ole.get_type(parts) == olefile.STGTY_STREAM:
                yield lowered[-1], ole.openstream(parts).read()


def _unpacked(native: bytes) -> tuple[str, bytes]:
    """Return name and bytes of a file in an OLE package; no name and all bytes where its layout is unknown."""
    label, _, rest = native[6:].partition(b"\0")
    _, _, rest = rest.partition(b"\0")
    at = 8 + int.from_bytes(rest[4:8], "little")
    size = int.from_bytes(rest[at : at + 4], "little")
    content = rest[at + 4 : at + 4 + size]
    if not content:
        return "", native
    return label.decode("cp1252", "replace").rpartition("\\")[2], content


def refuse_active_members(archive: zipfile.ZipFile, job: Job, entries: Iterable[Any]) -> None:
    """Raise FileRefused, naming the member, where one of these members is an active file."""
    for entry in entries:
        head = next(chunks(archive, entry), b"")[:HEAD]
        if not (may_be_active(head) or is_program_name(entry.filename)):
            continue
        name = entry.filename.rpartition("/")[2]
        try:
            refuse_active_bytes(chunks(archive, entry), name, job)
        except FileRefused as inner:
            raise FileRefused(
                inner.code,
                f"El archivo lleva dentro «{one_line(name, 80)}», que no se publica. {inner.message} Ábralo en su "
                "programa, borre ese objeto o expórtelo como PDF, y súbalo de nuevo.",
                inner.detail,
            ) from inner
