"""Compare two versions of a document: by article where both have articles, else by paragraph; words removed and added."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

Change = Literal["same", "changed", "added", "removed"]
Op = Literal["same", "removed", "added"]

_WORD = re.compile(r"\s+|[^\s\w]|\w+")
_ALIKE = 0.4
"""Paragraphs of which a smaller share is equal are not shown word by word."""
_MOST_WORDS = 20_000
"""Words of two paragraphs together that are compared."""


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed, went or came."""

    op: Op
    text: str


@dataclass(frozen=True)
class Difference:
    """One article or paragraph in both versions. `number` counts the paragraphs that differ, for addresses."""

    change: Change
    title: str
    key: str
    paragraphs: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True)
class Part:
    """An article (its key, title and paragraphs) or one paragraph without a title."""

    key: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """What differs between two versions, in the order of the newer one."""

    differences: tuple[Difference, ...]
    by_article: bool

    def count(self, change: Change) -> int:
        """Return how many articles or paragraphs changed in this way."""
        return sum(difference.change == change for difference in self.differences)

    @property
    def is_equal(self) -> bool:
        """Return whether the texts are the same."""
        return all(difference.change == "same" for difference in self.differences)

    @property
    def summary(self) -> str:
        """Count in words: "Cambian 3 artículos; 1 se agrega; 2 se suprimen"."""
        if self.is_equal:
            return "El texto es el mismo en las dos versiones"
        noun = "artículo" if self.by_article else "párrafo"
        changed, added, removed = self.count("changed"), self.count("added"), self.count("removed")
        parts = []
        if changed:
            parts.append(f"cambia 1 {noun}" if changed == 1 else f"cambian {changed} {noun}s")
        for number, one, more in (
            (added, "se agrega", "se agregan"),
            (removed, "se suprime", "se suprimen"),
        ):
            if number:
                named = "" if parts else f" {noun}{'s' if number > 1 else ''}"
                parts.append(f"{number}{named} {one if number == 1 else more}")
        text = "; ".join(parts)
        return text[:1].upper() + text[1:]

    @property
    def groups(self) -> list[tuple[bool, list[Difference]]]:
        """The differences with those that are equal and follow one another together."""
        return [
            (is_same, list(group))
            for is_same, group in groupby(self.differences, key=lambda each: each.change == "same")
        ]


def compare_articles(old: Sequence[Part], new: Sequence[Part]) -> Comparison:
    """Compare two laws by the keys of their articles; what was removed stands where it stood."""
    before = {part.key: part for part in old}
    after = {part.key for part in new}
    found: list[Difference] = []
    removed = [part for part in old if part.key not in after]
    places = {part.key: at for at, part in enumerate(old)}
    for part in new:
        here = places.get(part.key)
        while removed and here is not None and places[removed[0].key] < here:
            found.append(_removed(removed.pop(0)))
        if part.key not in before:
            found.append(_added(part))
        else:
            found.append(_compared(before[part.key], part))
    found += map(_removed, removed)
    return Comparison(tuple(found), by_article=True)


def compare_paragraphs(old: Sequence[str], new: Sequence[str]) -> Comparison:
    """Compare two texts by paragraphs."""
    found: list[Difference] = []
    for op, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            found += (_of_one("same", text, (Piece("same", text),)) for text in old[i:j])
        else:
            found += _replaced(old[i:j], new[k:m])
    numbered = (
        Difference(each.change, "", f"cambio-{n}", each.paragraphs)
        for n, each in enumerate(found, 1)
    )
    return Comparison(tuple(numbered), by_article=False)


def words_changed(old: str, new: str) -> tuple[Piece, ...]:
    """Return a paragraph with the words that went and came; whole where hardly anything stayed."""
    one, other = _WORD.findall(old), _WORD.findall(new)
    if len(one) + len(other) > _MOST_WORDS:
        return (Piece("removed", old), Piece("added", new))
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return (Piece("removed", old), Piece("added", new))
    return tuple(_joined(_pieces(matcher, one, other)))


def _pieces(matcher: SequenceMatcher, one: list[str], other: list[str]) -> Iterator[Piece]:
    for op, i, j, k, m in matcher.get_opcodes():
        if op == "equal":
            yield Piece("same", "".join(one[i:j]))
            continue
        if removed := "".join(one[i:j]):
            yield Piece("removed", removed)
        if added := "".join(other[k:m]):
            yield Piece("added", added)


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Join changes that only a blank parts: a phrase reads better than its words one by one."""
    removed = added = ""
    blank = ""
    for piece in pieces:
        if piece.op == "same" and piece.text.isspace() and (removed or added):
            blank += piece.text
            continue
        if piece.op == "same":
            yield from _closed(removed, added, blank)
            removed = added = blank = ""
            yield piece
            continue
        if blank:
            removed, added, blank = (
                removed + blank if removed else removed,
                added + blank if added else added,
                "",
            )
        removed += piece.text if piece.op == "removed" else ""
        added += piece.text if piece.op == "added" else ""
    yield from _closed(removed, added, blank)


def _closed(removed: str, added: str, blank: str) -> Iterator[Piece]:
    if removed:
        yield Piece("removed", removed)
    if added:
        yield Piece("added", added)
    if blank:
        yield Piece("same", blank)


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Difference]:
    """Yield the changes of paragraphs that stand in each other's place: alike ones as one that changed."""
    waiting = list(old)
    for text in new:
        alike = next((other for other in waiting if _is_alike(other, text)), None)
        if alike is None:
            yield _of_one("added", text, (Piece("added", text),))
            continue
        while waiting[0] != alike:
            gone = waiting.pop(0)
            yield _of_one("removed", gone, (Piece("removed", gone),))
        waiting.pop(0)
        yield _of_one("changed", text, words_changed(alike, text))
    for text in waiting:
        yield _of_one("removed", text, (Piece("removed", text),))


def _is_alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one.split(), other.split(), autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _of_one(change: Change, title: str, pieces: tuple[Piece, ...]) -> Difference:
    return Difference(change, title, "", (pieces,))


def _removed(part: Part) -> Difference:
    return Difference("removed", part.title, f"{part.key}-antes", _all("removed", part))


def _added(part: Part) -> Difference:
    return Difference("added", part.title, part.key, _all("added", part))


def _all(op: Op, part: Part) -> tuple[tuple[Piece, ...], ...]:
    return tuple((Piece(op, text),) for text in part.paragraphs)


def _compared(old: Part, new: Part) -> Difference:
    if old.paragraphs == new.paragraphs:
        return Difference("same", new.title, new.key, _all("same", new))
    inner = compare_paragraphs(old.paragraphs, new.paragraphs)
    return Difference(
        "changed", new.title, new.key, tuple(p for d in inner.differences for p in d.paragraphs)
    )
