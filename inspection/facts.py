"""The data types of an inspection: limits, facts, refusal."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

MB = 1_000_000

ReportLine = dict[str, Any]
"""One line of a child's report.

Its keys: `facts`, a `page` of text, a `row`, a `sheet`, a `picture`, `read_page`, `drawn`, `recognised`, `refused` or `end`.
"""


@dataclass(frozen=True)
class Limits:
    """The limits of one inspection, in bytes, pixels and seconds as each name says."""

    max_bytes: int = 100 * MB
    max_pages: int = 5_000
    max_pixels: int = 100_000_000
    max_page_text: int = 200_000
    """Bytes of UTF-8 kept of one page; ten times as much of a file that has no pages."""
    max_output: int = 32 * MB
    """Bytes of report, text included, that the child may write to its parent."""
    max_members: int = 2_000
    max_unpacked: int = 500 * MB
    """Bytes of all the members of a ZIP or an office file together, unpacked."""
    wall_seconds: float = 25.0
    cpu_seconds: int = 20
    memory: int = 1_000 * MB
    """Bytes of address space of the child, its libraries included."""
    max_rows: int = 500
    """Rows of a list below its headings: all of them are stored in one import."""
    max_columns: int = 100
    max_cells: int = 500_000
    """Cells of a worksheet, empty ones with a format included."""
    max_sheet_rows: int = 20_000
    """Rows of a worksheet, empty ones included."""
    at_once: int = 2
    """Inspections under way on this machine, over all processes that share a slots directory."""
    wait_seconds: float = 30.0
    """How long a caller waits for its turn before it is asked to try again."""


@dataclass(frozen=True)
class Bookmark:
    """An entry of a PDF's outline. Page and level count from 1; page None has no target."""

    title: str
    page: int | None
    level: int


@dataclass(frozen=True)
class WrittenPicture:
    """The picture that an inspection wrote: a PDF's first page, or a clean copy of a picture.

    Size in bytes, sides in pixels; the checksum is of the picture, not of the inspected file.
    """

    media_type: str
    size: int
    sha256: str
    width: int
    height: int


@dataclass(frozen=True)
class FileFacts:
    """Facts of a file, read from its content alone."""

    media_type: str
    extension: str
    """The usual one for the type, without a dot."""
    size: int
    """Bytes."""
    sha256: str
    """64 lower-case hexadecimal digits (FIPS 180-4) of the file as it was given."""
    pages: int | None = None
    """Pages of a PDF; None for everything else."""
    page_texts: tuple[str, ...] = ()
    """One text per page of a PDF, without what heads and foots most of them. Where `pages` is None, the whole text in one
    piece or a few; of captions, passages of some sentences.
    """
    page_numbers: tuple[int, ...] = ()
    """Of captions: the second at which each of `page_texts` begins. Empty for everything else, whose pages count from 1."""
    text_status: str = ""
    """`ok`, `partial`, `failed`, `empty` (a scan), or nothing where there is no text to read.

    `encrypted` is for records of files stored elsewhere: here such a file is refused.
    """
    tagged: bool | None = None
    """Return whether a PDF says it is tagged (ISO 32000-1, 14.8); None for everything else."""
    language: str = ""
    """BCP 47, as stated by the file, or empty."""
    title: str = ""
    subject: str = ""
    """What a PDF's metadata say it is about."""
    headline: str = ""
    """What stands largest on a PDF's first page, on one line; empty where no line stands out."""
    created_on: date | None = None
    bookmarks: tuple[Bookmark, ...] = ()
    width: int | None = None
    """Pixels of a picture as it is seen, its orientation applied."""
    height: int | None = None
    duration: float | None = None
    """Seconds of sound or video."""
    charset: str = ""
    """`utf-8` or `windows-1252` for text files: what belongs in their Content-Type."""
    picture: WrittenPicture | None = None
    notes: tuple[str, ...] = ()
    """Advice to the editor, in Spanish; none of it stands in the way of publishing."""

    def numbered_pages(self) -> list[tuple[int, str]]:
        """Return the pages that have text, each with its number: of captions the second."""
        numbers = self.page_numbers or range(1, len(self.page_texts) + 1)
        return [
            (number, text) for number, text in zip(numbers, self.page_texts, strict=True) if text
        ]


@dataclass(frozen=True)
class Table:
    """A CSV or XLSX file as text: number and cells of each row with content."""

    extension: str
    """`csv` for any text, or `xlsx`."""
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    notes: tuple[str, ...] = ()
    """Advice to the editor, in Spanish: what else is in the file and was not read."""


@dataclass(frozen=True)
class SheetPreview:
    """The beginning of one sheet of a table, as text; its rows are as long as its headings."""

    name: str
    """Empty for a CSV, which has no sheets."""
    above: tuple[str, ...]
    """Titles and notes in the rows above the headings."""
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int
    """Rows with content below the headings, in the whole sheet."""
    columns: int
    """Columns of the whole sheet."""
    notes: tuple[str, ...] = ()
    """What a reader of the rows should know, in Spanish."""


class FileRefused(Exception):
    """A file that cannot be accepted. `message` is Spanish: the problem and its remedy.

    `code` is for programs and never changes; `detail` is for the log and never shown.
    """

    def __init__(self, code: str, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.detail = detail


@dataclass(frozen=True)
class Job:
    """One file for the child to read, with its limits."""

    path: Path
    name: str = ""
    """What its owner calls it; empty when unknown."""
    picture: Path | None = None
    """Where to write the picture, if one is wanted. A PDF's is PNG or JPEG by this suffix."""
    limits: Limits = field(default_factory=Limits)
    table: bool = False
    """Return whether the rows of a CSV or XLSX file are wanted, and not its facts."""
    reading: bool = False
    """Return whether the blocks of a document are wanted, and not its facts."""
    draw: tuple[int, ...] = ()
    """The pages of a PDF, from 1, whose pictures are wanted, and not its facts; `picture` is the folder for them."""
    recognise: int = 0
    """The page of a PDF, from 1, whose text is to be recognised from its picture; 0 for none."""
    preview: bool = False
    """Return whether the beginning of every sheet is wanted, and not the facts."""
    member: bool = False
    """Return whether this is a file inside a ZIP: recognised and opened, but its text is not read."""
    depth: int = 0
    """How many files this one lies inside, attachments and embedded objects counted."""
