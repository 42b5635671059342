"""Open ZIP containers without trust: check counts, sizes, names and layout before any content."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NoReturn
from xml.etree import ElementTree

from inspection.facts import FileRefused, Limits
from inspection.file_names import refuse_disguised
from inspection.signatures import ALLOWED, ODF, OOXML, FileType
from inspection.text_cleanup import one_line

_END = b"PK\x05\x06"
_END_SIZE = 22
_LOCAL_HEADER = 30
_IS_UTF8 = 0x800  # general purpose flag, bit 11 (APPNOTE, appendix D)
_UNICODE_PATH = 0x7075  # Info-ZIP's extra field, which takes the place of the name (APPNOTE 4.6.9)
_BOMB_BYTES = 50_000_000
_BOMB_RATIO = 200
_CHUNK = 1 << 20
_MAX_XML = 30_000_000
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,  # NotImplementedError, too: a version or a method that zipfile does not know
)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def zip_at_end(stream: BinaryIO) -> bool:
    """Return whether a file ends in a ZIP's end record (APPNOTE 4.3.16), so that unpackers would open it."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _END_SIZE - 65_535))
    tail = stream.read()
    at = tail.find(_END)
    while at >= 0:
        record = tail[at : at + _END_SIZE]
        if len(record) == _END_SIZE:
            (comment,) = struct.unpack("<H", record[20:])
            if at + _END_SIZE + comment >= len(tail):
                return True
        at = tail.find(_END, at + 1)
    return False


def office_type(stream: BinaryIO) -> FileType | None:
    """Return the office type that a ZIP declares inside, or None for a plain archive.

    Raises FileRefused for damaged containers and for formats that only look like office files.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
            if "[Content_Types].xml" in names:
                return _ooxml_type(read_member(archive, "[Content_Types].xml"))
            if "mimetype" in names:
                return _odf_type(read_member(archive, "mimetype", 200))
            if "META-INF/MANIFEST.MF" in names or "AndroidManifest.xml" in names:
                raise FileRefused(
                    "executable",
                    "El archivo es un programa de Java o de Android. Los programas no se publican "
                    "aquí, porque podrían dañar el equipo de quien los descargue.",
                )
    except _BROKEN as error:
        refuse_damaged(error)
    return None


def open_zip(path: Path, limits: Limits) -> zipfile.ZipFile:
    """Open an archive and check its directory; its members have not been read yet."""
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        refuse_damaged(error)
    entries = archive.infolist()
    if len(entries) > limits.max_members:
        raise FileRefused(
            "too_many_members",
            f"El archivo contiene {len(entries)} archivos y el máximo es {limits.max_members}. "
            "Divídalo en varios y súbalos por separado.",
        )
    _refuse_bomb(entries, path.stat().st_size, limits)
    _refuse_layout(entries, path.stat().st_size)
    seen: set[str] = set()
    for entry in entries:
        _refuse_entry(entry)
        if entry.filename.casefold() in seen:
            raise FileRefused(
                "bad_member",
                f"El archivo contiene dos veces «{one_line(entry.filename, 80)}». Vuelva a "
                "comprimirlo y súbalo de nuevo.",
            )
        seen.add(entry.filename.casefold())
    return archive


def chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of a member, a megabyte at a time; its checksum is verified at the end."""
    try:
        with archive.open(entry) as member:
            while chunk := member.read(_CHUNK):
                yield chunk
    except _BROKEN as error:
        refuse_damaged(error)


def read_member(archive: zipfile.ZipFile, name: str, max_bytes: int = _MAX_XML) -> bytes:
    """Return a member's content. Raises FileRefused above `max_bytes`."""
    content = b""
    for chunk in chunks(archive, archive.getinfo(name)):
        content += chunk
        if len(content) > max_bytes:
            _refuse_bomb_now()
    return content


def parse_xml(content: bytes) -> ElementTree.Element:
    """Parse an XML document without a DTD, which no office format uses and every entity bomb needs."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        refuse_damaged("DTD in office XML")
    try:
        return ElementTree.fromstring(content)  # noqa: S314 - no DTD, and the child has its limits
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        refuse_damaged(error)


def refuse_damaged(why: object) -> NoReturn:
    """Raise the refusal of a truncated or broken container."""
    raise FileRefused(
        "damaged",
        "El archivo está incompleto o dañado y no se puede abrir. Ábralo en su equipo, guárdelo "
        "de nuevo (o vuelva a descargarlo del original) y súbalo otra vez.",
        detail=f"{type(why).__name__}: {why}",
    )


def _ooxml_type(content: bytes) -> FileType:
    """Return the type by the main part that [Content_Types].xml declares (ECMA-376-2, 10.1.2)."""
    declared = {element.get("ContentType", "") for element in parse_xml(content)}
    if any("macroenabled" in media_type.lower() for media_type in declared):
        refuse_macros()
    for extension in ("docx", "xlsx", "pptx"):
        if f"{ALLOWED[extension].media_type}.main+xml" in declared:
            return ALLOWED[extension]
    if any(media_type == OOXML + "presentationml.slideshow.main+xml" for media_type in declared):
        what = "una presentación con diapositivas automáticas (PPSX)"
    else:
        what = "una plantilla u otro formato de Office que no se acepta"
    raise FileRefused(
        "unsupported",
        f"El archivo es {what}. Ábralo, guárdelo como DOCX, XLSX, PPTX o PDF y suba ese archivo.",
    )


def _odf_type(content: bytes) -> FileType:
    """Return the type by the `mimetype` member (OpenDocument 1.3, part 2, 3.3)."""
    declared = content.decode("ascii", "replace").strip()
    for extension in ("odt", "ods", "odp"):
        if declared == ALLOWED[extension].media_type:
            return ALLOWED[extension]
    what = "de OpenDocument" if declared.startswith(ODF) else f"({one_line(declared, 60)})"
    raise FileRefused(
        "unsupported",
        f"El archivo es de un formato {what} que no se acepta. Ábralo, guárdelo como PDF, ODT, "
        "ODS u ODP y suba ese archivo.",
    )


def refuse_macros() -> NoReturn:
    """Raise the refusal of an office file with macros."""
    raise FileRefused(
        "macros",
        "El documento contiene macros, que son programas y podrían dañar el equipo de quien lo "
        "abra. Guárdelo sin macros (DOCX, XLSX, PPTX, ODT, ODS u ODP) y súbalo de nuevo.",
    )


def _refuse_bomb(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.max_unpacked:
        _refuse_bomb_now()
    if unpacked > _BOMB_BYTES and unpacked > _BOMB_RATIO * size:
        _refuse_bomb_now()


def _refuse_bomb_now() -> NoReturn:
    raise FileRefused(
        "bomb",
        "El archivo ocupa demasiado al descomprimirse, como los que se hacen para bloquear "
        "equipos. Quite lo que no haga falta o divídalo en varios y súbalo de nuevo.",
    )


def _refuse_layout(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse members that overlap, or data before the first member."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            _refuse_bomb_now()
        if end == 0 and entry.header_offset > 0:
            refuse_damaged("data before the first member")
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size
        if end > size:
            refuse_damaged("member beyond the end of the file")


def _refuse_entry(entry: zipfile.ZipInfo) -> None:
    shown = one_line(entry.filename, 80)
    if entry.flag_bits & 0x1:
        raise FileRefused(
            "encrypted",
            f"«{shown}» está protegido con contraseña. Vuelva a crear el archivo sin contraseña "
            "y súbalo de nuevo.",
        )
    names = _names(entry)
    for name in names:
        refuse_disguised(name)
    if len({PurePosixPath(name).suffix.lower() for name in names}) > 1:
        raise FileRefused(
            "disguised",
            f"«{shown}» lleva en el ZIP dos nombres con terminaciones distintas. Vuelva a comprimir los archivos y súbalo de "
            "nuevo.",
        )
    if any(_leaves_its_folder(name) for name in names) or _is_link(entry):
        raise FileRefused(
            "bad_member",
            f"El archivo contiene «{shown}», un nombre o un enlace que podría escribir fuera de "
            "su carpeta al descomprimirse. Vuelva a comprimir los archivos desde su carpeta y "
            "súbalo de nuevo.",
        )
    if entry.compress_type not in _METHODS:
        raise FileRefused(
            "compression",
            f"«{shown}» está comprimido con un método poco común. Vuelva a comprimir los archivos "
            "como ZIP normal (deflate) y súbalo de nuevo.",
        )


def _names(entry: zipfile.ZipInfo) -> list[str]:
    """Return every name under which a program may unpack a member: the stored one, and its readings in UTF-8."""
    names = [entry.orig_filename]
    if not entry.flag_bits & _IS_UTF8:
        with suppress(UnicodeError):
            names.append(entry.orig_filename.encode("cp437").decode("utf-8"))
    rest = entry.extra
    while len(rest) >= 4:
        kind, size = struct.unpack("<HH", rest[:4])
        if kind == _UNICODE_PATH:
            names.append(rest[9 : 4 + size].decode("utf-8", "replace"))
        rest = rest[4 + size :]
    return names


def _leaves_its_folder(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return (
        not parts
        or name.startswith("/")
        or ".." in parts
        or "\\" in name
        or ":" in parts[0]
        or any(ord(c) < 32 for c in name)
    )


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)
