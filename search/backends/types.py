"""Types of a backend's requests and results: filters, pages, matches, facet counts."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from search.backends.schema import ALL_DOCS_TOKEN, TABLE
from search.query.parser import Query

_WHICH = re.compile(r"\br_(\d+)")

Filters = Mapping[str, Sequence[str]]
"""Facet group → tokens, any of which will do. A group without tokens finds nothing."""
NOTHING: tuple[str, list] = (f"SELECT doc_id AS id FROM {TABLE} WHERE false", [])
"""The query of ids where nothing can answer."""


@dataclass(frozen=True)
class Found:
    """A result: ids of the requested page, total (`capped`: at least so many), facet counts."""

    ids: list[int]
    total: int
    capped: bool = False
    counts: Counter = field(default_factory=Counter)


@dataclass(frozen=True)
class Matched:
    """The matches, up to one more than `cap`, with the facet tokens of each as one line."""

    total: int
    lines: str
    cap: int

    @property
    def is_capped(self) -> bool:
        """Return whether the total exceeds the cap."""
        return self.total > self.cap

    def joined(self, more: "Matched") -> "Matched":
        """Return the matches together with `more`, up to the cap."""
        lines = "\n".join(filter(None, (self.lines, more.lines)))
        return Matched(self.total + more.total, lines, self.cap)

    def with_lines(self, lines: str) -> "Matched":
        """Return the matches and those of `lines`, up to one more than `cap`; the documents are distinct."""
        if self.total and lines:
            every = dict.fromkeys([*self.lines.split("\n"), *lines.split("\n")])
            lines = "\n".join(list(every)[: self.cap + 1])
        lines = lines or self.lines
        return Matched(lines.count("\n") + 1 if lines else 0, lines, self.cap)

    def among(self, tokens: Sequence[str]) -> "Matched":
        """Return those that have one of the facet `tokens`. Only of answers that were counted to the end."""
        wanted = [f" {token} " for token in tokens]
        lines = [
            line for line in self.lines.split("\n") if any(token in f" {line} " for token in wanted)
        ]
        return Matched(len(lines), "\n".join(lines), self.cap)

    def ids(self) -> list[int]:
        """Return which documents these are, in no order."""
        return [int(number) for number in _WHICH.findall(self.lines)]

    def share(self) -> tuple[float, int]:
        """Return which share of the documents among which these stand they are, and the last id.

        Engines count one stretch of the ids.
        """
        ids = self.ids()
        return len(ids) / (max(ids) - min(ids) + 1), max(ids)

    def counts(self) -> Counter:
        """Count the facet tokens.

        What stands before EVERY is shared by many documents, so equal lines are counted before they are taken apart;
        right after it stands which document it is, and nobody counts that.
        """
        parts = self.lines.replace("\n", f" {ALL_DOCS_TOKEN} ").split(f" {ALL_DOCS_TOKEN} ")
        counts = Counter(" ".join([part.partition(" ")[2] for part in parts[1::2]]).split())
        as_often: defaultdict[int, list[str]] = defaultdict(list)
        for shared, times in Counter(parts[::2]).items():
            as_often[times].append(shared)
        for times, lines in as_often.items():
            for token, number in Counter(" ".join(lines).split()).items():
                counts[token] += number * times
        return counts


@dataclass(frozen=True)
class Page:
    """Which part of an answer is wanted: `order` is relevance or one of ORDERS; `now` is in microseconds since 1970."""

    now: int
    offset: int
    limit: int
    order: str

    @property
    def end(self) -> int:
        """How many results from the first one on have to be known."""
        return self.offset + self.limit


@dataclass(frozen=True)
class Part:
    """One of the things that any of which will do, as a question of its own; in title, tags and summary, or anywhere."""

    parsed: Query
    is_head: bool


def parts_of(parsed: Query) -> list[Part]:
    """Return the weighted fields of a document: words in title, tags and summary, words anywhere, phrases.

    A synonym of several words has no weight.
    """
    parts = []
    for clause in parsed.clauses:
        is_word = len(clause.alternatives[0]) == 1
        chosen = tuple(a for a in clause.alternatives if len(a) == 1 or not is_word)
        part = replace(parsed, clauses=(replace(clause, alternatives=chosen),), any_word=False)
        parts += [Part(part, is_head) for is_head in ((False, True) if is_word else (False,))]
    return parts


def with_the_rest(ids: dict[int, None], matched: "Matched", page: Page) -> list[int]:
    """Return a page of ranked `ids`, filled up with the newest of the counted ones."""
    if len(ids) < page.end:
        ids = ids | dict.fromkeys(sorted(matched.ids(), reverse=True))
    return list(ids)[page.offset : page.end]


def group_of(token: str) -> str:
    """Return the facet group of a token: "k" of "k_document"."""
    return token.partition("_")[0]


def without(filters: Filters, group: str) -> dict[str, Sequence[str]]:
    """Return `filters` without those of `group`."""
    return {key: tokens for key, tokens in filters.items() if key != group}
