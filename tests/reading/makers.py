"""Documents with type of several sizes, and readings made of them in this process."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pikepdf
from django.utils import timezone

from inspection import DocumentText
from inspection.blocks import Block, ReadPage, from_json, to_json
from inspection.child_report import ChildReport
from inspection.facts import Job
from inspection.reading import draw_pages, read_blocks
from reading.articles import store_articles
from reading.making import READER, show
from reading.models import Reading, ReadingPage
from resources.models import FileVersion

Line = tuple[float, str]
"""Size of the type in points, and the text; a text that begins with * is bold."""

ORDINANCE = (
    ("Ordenanza que crea el consejo consultivo", 20),
    ("TÍTULO I", 11),
    ("DISPOSICIONES GENERALES", 11),
    ("Art. 1.- Objeto.- Esta ordenanza crea el consejo consultivo del cantón.", 11),
    ("Art. 2.- Integración.- El consejo tiene siete integrantes elegidos por las parroquias.", 11),
    ("Art. 3.- Sesiones.- Las sesiones son públicas y se convocan con cinco días.", 11),
    ("DISPOSICIONES TRANSITORIAS", 11),
    ("PRIMERA.- El primer consejo se convoca dentro de sesenta días.", 11),
)
"""A law that nobody ever passed."""


def typeset_pdf(*pages: Sequence[Line], left: int = 60) -> bytes:
    """Draw a PDF without tags: each line stands one and a half of its size below the one before."""
    pdf = pikepdf.new()
    fonts = pikepdf.Dictionary(
        F1=_font(pikepdf.Name.Helvetica), F2=_font(pikepdf.Name("/Helvetica-Bold"))
    )
    for lines in pages:
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=fonts)
        height, drawn = 800.0, []
        for size, text in lines:
            height -= 1.5 * size
            font, words = ("F2", text[1:]) if text.startswith("*") else ("F1", text)
            escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            if words:
                drawn.append(f"BT /{font} {size} Tf {left} {height:.1f} Td ({escaped}) Tj ET")
        page.Contents = pdf.make_stream("\n".join(drawn).encode("cp1252"))
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _font(name: pikepdf.Name) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=name,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )


def law_pdf(*lines: tuple[str, int]) -> bytes:
    """Draw a law: each line a paragraph, with room before it."""
    spaced: list[Line] = []
    for text, size in lines or ORDINANCE:
        spaced += [(size, ""), (size, text)]
    return typeset_pdf(spaced)


def read_here(path: Path, **ignored: Any) -> DocumentText:
    """Read a document as the child does, in this process."""
    report = ChildReport()
    for line in read_blocks(Job(Path(path))):
        report.read_pages += [_page(line)] if "read_page" in line else []
        report.known |= line.get("facts", {})
    report.ended = True
    return report.read("ok")


def _page(line: dict[str, Any]) -> ReadPage:
    page = line["read_page"]
    return ReadPage(from_json(page["blocks"]), page["doubt"])


def draw_here(path: Path, numbers: Sequence[int], folder: Path, **ignored: Any) -> dict:
    """Draw pages as the child does, in this process."""
    job = Job(Path(path), picture=folder, draw=tuple(numbers))
    return {
        number: (width, height)
        for number, width, height in (line["drawn"] for line in draw_pages(job))
    }


def store_reading(version: FileVersion, *texts: str) -> Reading:
    """Store a reading with one paragraph a page, without the file being read; a law's articles are confirmed."""
    reading = Reading.objects.create(
        version=version, reader=READER, words=len(" ".join(texts).split())
    )
    for number, text in enumerate(texts, 1):
        lines = [Block("paragraph", line) for line in text.split("\n")]
        ReadingPage.objects.create(reading=reading, number=number, blocks=to_json(lines))
    if version.file.resource.kind == "legalinstrument":
        store_articles(reading)
        reading.articles_confirmed_on = timezone.now()
        reading.save()
    show(reading)
    return reading


def reading_of(version: FileVersion) -> Reading:
    """Return the reading of a version, as it is stored now."""
    return Reading.objects.get(version=version)
