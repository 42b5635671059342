"""Collect the report of the child process, line by line, and judge what it says when it has ended."""

import json
from datetime import date
from typing import Any

from inspection.blocks import DocumentText, ReadPage, Recognised, from_json
from inspection.child import crash_refusal
from inspection.facts import Bookmark, FileFacts, FileRefused, SheetPreview, Table, WrittenPicture
from inspection.headers_footers import rejoin_split_words, strip_headers_footers


class ChildReport:
    """The partial report of the child process."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}
        self.notes: list[str] = []
        self.pages: list[str] = []
        self.rows: list[tuple[int, tuple[str, ...]]] = []
        self.sheets: list[SheetPreview] = []
        self.picture: WrittenPicture | None = None
        self.read_pages: list[ReadPage] = []
        self.recognised: Recognised | None = None
        self.drawn: dict[int, tuple[int, int]] = {}
        self.refused: dict[str, str] | None = None
        self.ended = False

    def add(self, raw: bytes) -> None:
        """Add one line; a line cut short by the child's death is ignored."""
        try:
            line = json.loads(raw)
        except (ValueError, RecursionError):
            return
        facts = line.get("facts", {})
        self.notes.extend(facts.pop("notes", ()))
        self.known.update(facts)
        if "page" in line:
            self.pages.append(line["page"])
        if "row" in line:
            number, texts = line["row"]
            self.rows.append((int(number), tuple(map(str, texts))))
        if "sheet" in line:
            self.sheets.append(_sheet(line["sheet"]))
        if "read_page" in line:
            page = line["read_page"]
            self.read_pages.append(ReadPage(from_json(page["blocks"]), page["doubt"]))
        if "recognised" in line:
            page = line["recognised"]
            self.recognised = Recognised(from_json(page["blocks"]), int(page["confidence"]))
        if "drawn" in line:
            number, width, height = map(int, line["drawn"])
            self.drawn[number] = (width, height)
        if "picture" in line:
            self.picture = WrittenPicture(**line["picture"])
        self.refused = line.get("refused", self.refused)
        self.ended = self.ended or "end" in line

    def facts(self, how: str) -> FileFacts:
        """Return the facts, or raise the refusal. `how` the child ended counts only if it did not finish."""
        if self.refused:
            raise FileRefused(**self.refused)
        if not self.ended:
            self._save_what_came(how)
        known = dict(self.known)
        created = known.pop("created_on", None)
        bookmarks = tuple(Bookmark(*entry) for entry in known.pop("bookmarks", ()))
        numbers = tuple(map(int, known.pop("page_numbers", ())))
        has_pages = known.get("pages") is not None
        return FileFacts(
            **known,
            page_texts=tuple(_as_read(self.pages) if has_pages else self.pages),
            page_numbers=numbers,
            created_on=date.fromisoformat(created) if created else None,
            bookmarks=bookmarks,
            picture=self.picture,
            notes=tuple(self.notes),
        )

    def table(self, how: str) -> Table:
        """Return the table, or raise the refusal; a partly read table is discarded."""
        if self.refused:
            raise FileRefused(**self.refused)
        if not self.ended:
            raise refusal(how)
        return Table(self.known["extension"], tuple(self.rows), tuple(self.notes))

    def read(self, how: str) -> DocumentText:
        """Return the pages as blocks, or raise the refusal."""
        if self.refused:
            raise FileRefused(**self.refused)
        if not self.ended:
            raise refusal(how)
        marks = self.known.get("bookmarks", ())
        return DocumentText(
            tuple(self.read_pages),
            tuple((str(title), page and int(page), int(level)) for title, page, level in marks),
        )

    def recognition(self, how: str) -> Recognised:
        """Return the recognised page, or raise the refusal."""
        if self.refused:
            raise FileRefused(**self.refused)
        if not self.ended or self.recognised is None:
            raise refusal(how)
        return self.recognised

    def drawings(self, how: str) -> dict[int, tuple[int, int]]:
        """Return the pages that were drawn before the child ended, or raise the refusal."""
        if self.refused:
            raise FileRefused(**self.refused)
        if not self.ended and not self.drawn:
            raise refusal(how)
        return self.drawn

    def preview(self, how: str) -> tuple[SheetPreview, ...]:
        """Return the sheets, or raise the refusal; partly read sheets are discarded."""
        if self.refused:
            raise FileRefused(**self.refused)
        if not self.ended:
            raise refusal(how)
        return tuple(self.sheets)

    def _save_what_came(self, how: str) -> None:
        """Accept the pages read before a PDF crashed its reader; raise the refusal for any other file."""
        if self.known.get("pages") is None or not self.pages:
            raise refusal(how)
        self.picture = None
        if "text_status" in self.known:
            self.notes.append(
                "El texto del PDF se leyó entero, pero no se pudo leer su índice o dibujar su "
                "primera página. Conviene exportarlo de nuevo."
            )
            return
        read, pages = len(self.pages), self.known["pages"]
        self.pages.extend([""] * (pages - read))
        self.known["text_status"] = "partial"
        self.notes.append(
            f"La lectura del PDF se detuvo después de la página {read} de {pages}, quizá porque "
            "la siguiente está dañada. Ábralo, compruebe que se ve entero y expórtelo de nuevo."
        )


def _sheet(told: dict[str, Any]) -> SheetPreview:
    return SheetPreview(
        str(told["name"]),
        _texts(told["above"]),
        _texts(told["headings"]),
        tuple(map(_texts, told["rows"])),
        int(told["total"]),
        int(told["columns"]),
        _texts(told["notes"]),
    )


def _texts(told: list) -> tuple[str, ...]:
    return tuple(map(str, told))


def _as_read(pages: list[str]) -> list[str]:
    return rejoin_split_words(strip_headers_footers(pages))


def refusal(how: str) -> FileRefused:
    """Return the refusal of a file whose child ended in this way: `time`, `output` or a crash."""
    if how == "time":
        return FileRefused(
            "timeout",
            "El archivo tardó demasiado en abrirse. Redúzcalo (menos páginas, imágenes de menor "
            "resolución), expórtelo de nuevo desde su programa de origen y súbalo otra vez.",
        )
    if how == "output":
        return FileRefused(
            "too_much_text",
            "El archivo contiene más texto del que se puede procesar. Divídalo en partes y súbalas "
            "por separado.",
        )
    return FileRefused("crashed", crash_refusal(how).message, how)
