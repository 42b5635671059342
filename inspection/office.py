"""Read office files: a complete ZIP without programs or passwords; title, language, date and text."""

import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from inspection.facts import FileRefused, Job, ReportLine
from inspection.inline_strings import inline_strings
from inspection.mojibake import repair_mojibake
from inspection.office_actions import refuse_active_office
from inspection.signatures import FileType
from inspection.text_cleanup import (
    MAX_PIECES,
    clean_text,
    language_tag,
    one_line,
    split_bytes,
    stated_date,
)
from inspection.zip_container import chunks, open_zip, parse_xml, read_member

_PARTS = {
    "docx": ("word/document", "word/footnotes", "word/endnotes", "word/header", "word/footer"),
    "xlsx": ("xl/sharedstrings.xml",),
    "pptx": ("ppt/slides/slide", "ppt/notesslides/notesslide"),
    "odt": ("content.xml",),
    "ods": ("content.xml",),
    "odp": ("content.xml",),
}
"""The parts that hold text, in reading order, in small letters; a workbook's sheets besides."""
_TABLES = ("xlsx", "ods")
_BREAKS = {"p", "h", "si", "br", "tab", "line-break"}


def read(job: Job, found: FileType) -> Iterator[ReportLine]:
    """Yield the facts of an office file, then its text, which has no pages until it is printed."""
    with open_zip(job.path, job.limits) as archive:
        for entry in archive.infolist():
            for _ in chunks(archive, entry):
                pass
        _refuse_encrypted(archive)
        refuse_active_office(archive, job)
        yield {"facts": _stated(archive, found)}
        if not job.member:
            yield from _text(archive, found, job.limits.max_page_text)


def _refuse_encrypted(archive: zipfile.ZipFile) -> None:
    """Refuse encrypted members of OpenDocument, whose ZIP itself stays open (part 2, 4.3)."""
    manifest = "META-INF/manifest.xml"
    if manifest in archive.namelist() and b"encryption-data" in read_member(archive, manifest):
        raise FileRefused(
            "encrypted",
            "El documento está protegido con contraseña y nadie podría abrirlo. Guárdelo sin "
            "contraseña y súbalo de nuevo.",
        )


def _stated(archive: zipfile.ZipFile, found: FileType) -> ReportLine:
    """Return title, language and date from docProps/core.xml (ECMA-376-2, 11) or meta.xml."""
    member = "meta.xml" if found.extension.startswith("od") else "docProps/core.xml"
    if member not in archive.namelist():
        return {}
    values: dict[str, str] = {}
    for element in parse_xml(read_member(archive, member)).iter():
        values.setdefault(local(element), element.text or "")
    created = stated_date(values.get("creation-date") or values.get("created") or "")
    return {
        "title": one_line(repair_mojibake(values.get("title", ""))),
        "language": language_tag(values.get("language", "")),
        "created_on": created.isoformat() if created else None,
    }


def _text(archive: zipfile.ZipFile, found: FileType, max_bytes: int) -> Iterator[ReportLine]:
    texts: list[str] = []
    is_whole = True
    for name in _text_members(archive, found):
        root = parse_xml(read_member(archive, name))
        texts.extend(flow(root, mixed=found.extension.startswith("od")))
    if found.extension == "xlsx":
        words, is_whole = inline_strings(archive, max_bytes * MAX_PIECES)
        texts += ["\n", *words]
    whole = clean_text("".join(texts))
    kept, is_all = split_bytes(whole, max_bytes)
    for piece in kept:
        yield {"page": piece}
    without = "" if found.extension in _TABLES else "empty"  # figures alone are no scan
    yield {
        "facts": {
            "text_status": without if not whole else "ok" if is_all and is_whole else "partial"
        }
    }


def _text_members(archive: zipfile.ZipFile, found: FileType) -> list[str]:
    names = [name for name in archive.namelist() if name.lower().endswith(".xml")]
    return [
        name
        for start in _PARTS[found.extension]
        for name in sorted(names, key=lambda name: (len(name), name))
        if name.lower().startswith(start)
    ]


def flow(root: Element, *, mixed: bool) -> Iterator[str]:
    """Yield the visible text in reading order, without recursion: the file chooses its nesting depth.

    In OOXML only `t` elements hold text; in OpenDocument any element inside a paragraph may.
    """
    waiting: list[Element | str] = [root]
    while waiting:
        here = waiting.pop()
        if isinstance(here, str):
            yield here
            continue
        name = local(here)
        if name in ("tracked-changes", "delText", "instrText", "rPh", "Fallback"):
            continue
        if name in _BREAKS:
            waiting.append("\n")
        for child in reversed(here):
            if mixed and child.tail and child.tail.strip():
                waiting.append(child.tail)
            waiting.append(child)
        if here.text and (mixed or name == "t"):
            yield here.text


def local(element: Element) -> str:
    """Return the name of an element without its namespace; "" of a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
