"""Read a document to be shown as a page: its blocks page by page, and pictures of its pages."""

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image

from inspection.blocks import Block, ReadPage, to_json
from inspection.detect import identify
from inspection.facts import Job, ReportLine
from inspection.office_blocks import docx_blocks, odt_blocks
from inspection.pdf import outline
from inspection.pdf_blocks import build_pages
from inspection.pdf_lines import Line, has_picture, page_lines
from inspection.pdf_opening import open_pdf
from inspection.reading_types import DOCUMENT_TYPES

PICTURE_WIDTH = 1_000
"""Pixels of the picture of a page."""
PICTURE_BYTES = 60_000
"""Bytes that the picture of a page may take."""
_QUALITIES = (60, 45, 30, 20)
_NARROWEST = 500
"""Pixels."""
_PAGE_TEXT = 4_000
"""Characters of an office document, which has no pages, that are shown as one."""


def read_blocks(job: Job) -> Iterator[ReportLine]:
    """Yield one `read_page` for each page of a PDF, then its bookmarks.

    An office document has no pages: there is one for each few thousand characters.
    """
    kind = DOCUMENT_TYPES.get(identify(job.path, job.name).media_type, "")
    if kind != "pdf":
        yield from map(_line, _office_pages(job.path, kind))
        return
    document = open_pdf(job.path)
    yield from map(_line, _pdf_pages(document))
    with suppress(pypdfium2.PdfiumError, ValueError):
        yield outline(document)


def _line(page: ReadPage) -> ReportLine:
    return {"read_page": {"blocks": to_json(page.blocks), "doubt": page.doubt}}


def _pdf_pages(document: pypdfium2.PdfDocument) -> list[ReadPage]:
    lines: list[list[Line]] = []
    pictured = []
    for number in range(len(document)):
        try:
            page = document[number]
            lines.append(page_lines(page))
            pictured.append(not lines[-1] and has_picture(page))
            page.close()
        except (pypdfium2.PdfiumError, MemoryError, ValueError):
            lines[number:] = [[]]
            pictured[number:] = [True]
    return build_pages(lines, pictured)


def _office_pages(path: Path, kind: str) -> Iterator[ReadPage]:
    with zipfile.ZipFile(path) as archive:
        blocks = list(docx_blocks(archive) if kind == "docx" else odt_blocks(archive))
    some: list[Block] = []
    length = 0
    for block in blocks:
        if length > _PAGE_TEXT and block.kind == "heading":
            yield ReadPage(tuple(some))
            some, length = [], 0
        some.append(block)
        length += len(block.plain)
    yield ReadPage(tuple(some))


def draw_pages(job: Job) -> Iterator[ReportLine]:
    """Draw the pages of a PDF that the job names into its folder, as `<number>.webp`; yield a `drawn` for each."""
    document = open_pdf(job.path)
    for number in job.draw:
        try:
            page = document[number - 1]
            width, height = page.get_size()
            drawn = page.render(scale=PICTURE_WIDTH / max(width, 1)).to_pil().convert("RGB")
            page.close()
        except (pypdfium2.PdfiumError, MemoryError, ValueError, IndexError):
            continue
        if job.picture and max(width, height) <= 6 * min(width, height):
            content, (across, down) = _squeezed(drawn)
            (job.picture / f"{number}.webp").write_bytes(content)
            yield {"drawn": [number, across, down]}


def _squeezed(picture: Image.Image) -> tuple[bytes, tuple[int, int]]:
    """Return a picture as WebP of at most PICTURE_BYTES, and its size in pixels: coarser first, then smaller."""
    while True:
        for quality in _QUALITIES:
            target = BytesIO()
            picture.save(target, "WEBP", quality=quality, method=4)
            if target.tell() <= PICTURE_BYTES:
                return target.getvalue(), picture.size
        if picture.width <= _NARROWEST:
            return target.getvalue(), picture.size
        picture = picture.resize((picture.width * 4 // 5, picture.height * 4 // 5))
