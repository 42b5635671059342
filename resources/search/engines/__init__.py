"""The engines: each stores SearchDocs its own way and answers the same questions alike.

A third engine is a module here with a subclass of `Engine`, and a line in `choose.py`.
"""

import math
import re
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from typing import Any

from resources.search.parser import Alternative, Parsed

TABLE = "resources_searchdoc"
CONSULTATIONS = "resources_consultation"
NEWEST = "d.visible_from DESC, d.resource_id DESC"
ORDERS = {
    "newest": NEWEST,
    "title": "d.sort_title, d.resource_id",
    "consulted": f"coalesce((SELECT c.times FROM {CONSULTATIONS} c WHERE c.resource_id = d.resource_id), 0) DESC, {NEWEST}",
}
_IS_VISIBLE = (
    "+d.visible_from <= %s AND d.visible_until > %s"  # +: the order's own index is walked along
)
WALKS = {
    "newest": (f"{TABLE} d WHERE {_IS_VISIBLE}", NEWEST),
    "title": (f"{TABLE} d WHERE {_IS_VISIBLE}", ORDERS["title"]),
    "consulted": (  # CROSS: for SQLite, in this order
        f"{CONSULTATIONS} c CROSS JOIN {TABLE} d WHERE d.resource_id = c.resource_id AND c.times > 0 AND {_IS_VISIBLE}",
        f"c.times DESC, {NEWEST}",
    ),
    "never consulted": (
        f"{TABLE} d WHERE {_IS_VISIBLE} AND NOT EXISTS (SELECT 1 FROM {CONSULTATIONS} c "
        "WHERE c.resource_id = d.resource_id AND c.times > 0)",
        NEWEST,
    ),
}
"""Order → what stands behind FROM, with twice `now` as parameters, and the keys of the order.

Those that were consulted come first and then the others, for no index has both.
"""
CAP = 2000  # hits that are counted; "más de 2.000" says the rest
HELD = 1000  # documents with one word that are weighed
IN_HEAD = 0.5  # what a word weighs more that stands in title, tags or summary
LOOKED_AT = 300  # documents with one stem among which the nearest are looked for
FOREVER = 2**62  # microseconds since 1970: never withdrawn

APART = "_"  # stands between tags, so that no phrase runs from one to the next
EVERY = "x_every"  # a facet token that every document carries, for questions that only exclude
WHICH = "r"  # the facet group of a document itself: a filter for one, which nobody counts
_WHICH = re.compile(r"\br_(\d+)")

Filters = Mapping[str, Sequence[str]]
"""Facet group → tokens, any of which will do. A group without tokens finds nothing."""


@dataclass(frozen=True)
class Doc:
    """What is stored of one resource. Texts are stems between spaces; `body` has one line a page.

    `visible_from` and `visible_until` are microseconds since 1970: outside them no engine returns it.
    """

    id: int
    title: str
    tags: str
    summary: str
    body: str
    facets: str
    layout: str
    words: str
    sort_title: str
    visible_from: int
    visible_until: int
    analyzer: int


@dataclass(frozen=True)
class Found:
    """An answer: the ids of the page asked for, how many there are (`capped`: at least so many), and facet counts."""

    ids: list[int]
    total: int
    capped: bool = False
    counts: Counter = field(default_factory=Counter)


@dataclass(frozen=True)
class Matched:
    """What answers: how many, up to one more than `cap`, and the facet tokens of each, one line a document."""

    total: int
    lines: str
    cap: int

    @property
    def is_capped(self) -> bool:
        """Tell whether there are more than are counted."""
        return self.total > self.cap

    def joined(self, more: "Matched") -> "Matched":
        """Return these together with `more`, counted up to what was left of this cap."""
        lines = "\n".join(filter(None, (self.lines, more.lines)))
        return Matched(self.total + more.total, lines, self.cap)

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
        parts = self.lines.replace("\n", f" {EVERY} ").split(f" {EVERY} ")
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

    parsed: Parsed
    is_head: bool


def parts_of(parsed: Parsed) -> list[Part]:
    """Return what a document is weighed by: each word, and each phrase. A synonym of several words has no weight."""
    parts = []
    for clause in parsed.clauses:
        chosen = clause.alternatives
        if len(chosen[0]) == 1:
            chosen = tuple(stems for stems in chosen if len(stems) == 1)
        part = replace(parsed, clauses=(replace(clause, alternatives=chosen),), any_word=False)
        parts += [Part(part, is_head=False), Part(part, is_head=True)]
    return parts


def with_the_rest(ids: dict[int, None], matched: "Matched", page: Page) -> list[int]:
    """Return a page of `ids` and, after what was ranked, the newest first of what was counted."""
    if len(ids) < page.end:
        ids = ids | dict.fromkeys(sorted(matched.ids(), reverse=True))
    return list(ids)[page.offset : page.end]


class Engine(ABC):
    """What an engine can do. `cursor` is a DB-API cursor inside the caller's transaction; nothing is committed here."""

    walked: int
    """Documents that are looked at one by one in an order, whatever it would take to sort all that answer."""
    sorted_at_once: int
    """Documents that are sorted in the time in which one is looked at by itself."""

    def query(
        self,
        cursor: Any,
        parsed: Parsed,
        filters: Filters,
        *,
        now: int,
        offset: int = 0,
        limit: int = 20,
        order: str = "relevance",
    ) -> Found:
        """Answer `parsed` (empty: everything) among what passes `filters` and is visible at `now` (microseconds).

        `order` is relevance or one of ORDERS. Counts of a facet group disregard that group's own filter.
        """
        if not all(filters.values()):
            return Found([], 0)
        cap = self.cap(cursor, parsed)
        wider = {
            group: self.count(cursor, parsed, without(filters, group), now, cap)
            for group in filters
            if group != WHICH
        }
        matched = next(
            (found.among(filters[group]) for group, found in wider.items() if not found.is_capped),
            None,
        ) or self.count(cursor, parsed, filters, now, cap)
        counts = matched.counts()
        for group, found in wider.items():
            counts = Counter({t: n for t, n in counts.items() if group_of(t) != group})
            counts.update({t: n for t, n in found.counts().items() if group_of(t) == group})
        page, total = Page(now, offset, limit, order), min(matched.total, cap)
        if not limit or offset >= total:  # nobody computes a page that no list has
            ids = []
        elif order == "consulted" and parsed.is_empty and not filters:
            ids = most_consulted(cursor, page)
        else:
            ids = self._walked(cursor, parsed, filters, page, matched)
            ids = ids or self.ids(cursor, parsed, filters, page, matched)
        return Found(ids, total, matched.is_capped, counts)

    def _walked(
        self, cursor: Any, parsed: Parsed, filters: Filters, page: Page, matched: "Matched"
    ) -> list[int]:
        """Return the ids of one page of many answers, of the first documents in its order; [] if these do not fill it.

        What many documents answer is soon found so, and would be long to sort. Not tried where that is not to be expected.
        """
        if page.order not in WALKS or not matched.is_capped or (parsed.is_empty and not filters):
            return []
        share, last = matched.share()
        rows = page.end / share
        if rows > max(self.walked / 2, share * last / self.sorted_at_once):
            return []
        limit = max(self.walked, int(2 * rows))
        ids = self._along(cursor, parsed, filters, page, limit)
        if page.order == "consulted" and len(ids) < page.end and self._are_few(cursor, limit):
            others = replace(page, offset=0, limit=page.end - len(ids), order="never consulted")
            ids += self._along(cursor, parsed, filters, others, limit)
        return ids[page.offset :] if len(ids) == page.end else []

    def _along(
        self, cursor: Any, parsed: Parsed, filters: Filters, page: Page, limit: int
    ) -> list[int]:
        cursor.execute(*self.walk_sql(parsed, filters, page, limit))
        return [row[0] for row in cursor.fetchall()]

    def _are_few(self, cursor: Any, limit: int) -> bool:
        """Tell whether `limit` is enough to look at all that were ever consulted."""
        cursor.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {CONSULTATIONS} WHERE times > 0 LIMIT %s) consulted",
            [limit + 1],
        )
        return cursor.fetchone()[0] <= limit

    @abstractmethod
    def install(self, cursor: Any) -> None:
        """Make, where they are missing, the tables, triggers and indexes beside SearchDoc's table."""

    @abstractmethod
    def store(self, cursor: Any, docs: Sequence[Doc]) -> None:
        """Write `docs` over what was stored under their ids."""

    def cap(self, cursor: Any, parsed: Parsed) -> int:
        """Return how many hits are counted; "más de" says the rest."""
        return CAP

    @abstractmethod
    def count(self, cursor: Any, parsed: Parsed, filters: Filters, now: int, cap: int) -> "Matched":
        """Return what answers, up to one more than `cap`."""

    @abstractmethod
    def ids(
        self, cursor: Any, parsed: Parsed, filters: Filters, page: Page, matched: "Matched"
    ) -> list[int]:
        """Return the ids of one page, of what `count` found."""

    @abstractmethod
    def walk_sql(
        self, parsed: Parsed, filters: Filters, page: Page, limit: int
    ) -> tuple[str, list]:
        """Return a query, with its parameters, of the ids that answer among the first `limit` of WALKS, up to the page's end.

        It looks at one after another, in the order, and stops where the page ends.
        """

    @abstractmethod
    def having(
        self, cursor: Any, parts: Sequence[Part], filters: Filters, now: int, limit: int
    ) -> list[tuple[list[int], float]]:
        """Return for each part which documents have it, and about how many do.

        Where these are many, about `limit` of the newest will do; what has an excluded phrase may be among them.
        """

    def without_phrases(
        self, cursor: Any, ids: Sequence[int], phrases: Sequence[Alternative]
    ) -> list[int]:
        """Return those that have none of the excluded phrases, where `having` has not seen to that."""
        return list(ids)

    def by_weight(
        self, cursor: Any, parsed: Parsed, filters: Filters, page: Page, matched: "Matched"
    ) -> list[int]:
        """Return the ids of one page of many that have any of the words: more of them, and rarer ones, come first.

        Of a frequent word only some documents are looked at, so that the time does not grow with what is asked.
        """
        weights: Counter[int] = Counter()
        parts = parts_of(parsed)
        having = self.having(cursor, parts, filters, page.now, HELD)
        for part, (ids, total) in zip(parts, having, strict=True):
            weight = math.log2(1 + 2 * HELD / (1 + total)) * (IN_HEAD if part.is_head else 1)
            for pk in set(ids):
                weights[pk] += weight
        phrases = [stems for stems in parsed.excluded if len(stems) > 1]
        count = 2 * page.end if phrases else page.end
        best = nsmallest(count, weights, key=lambda pk: (-weights[pk], -pk))
        if phrases:
            best = self.without_phrases(cursor, best, phrases)
        return with_the_rest(dict.fromkeys(best), matched, page)

    @abstractmethod
    def matching_sql(self, parsed: Parsed, filters: Filters, now: int) -> tuple[str, list]:
        """Return a query, with its parameters, of the ids of all that answers, in no order."""

    @abstractmethod
    def known(self, cursor: Any, stems: Sequence[str], now: int) -> set[str]:
        """Return which of `stems` any document has that is visible at `now`."""

    @abstractmethod
    def with_stem_sql(self, stem: str, limit: int) -> tuple[str, list]:
        """Return a query, with its parameters, of `id`s of documents that have `stem` in title, tags or summary."""

    def nearest_sql(self, stems: Sequence[str], limit: int) -> tuple[str, list]:
        """Return a query, with its parameters, of the ids of the documents nearest to `stems`: rarer ones weigh more.

        Of a frequent stem only some documents are looked at, so that the time does not grow with the catalogue.
        """
        if not stems:
            return f"SELECT resource_id FROM {TABLE} WHERE false", []
        parts = [self.with_stem_sql(stem, LOOKED_AT) for stem in stems]
        weighed = " UNION ALL ".join(
            f"SELECT id, 1.0 / (20 + count(*) OVER ()) AS weight FROM ({sql}) has"
            for sql, _ in parts
        )
        near = f"SELECT id, sum(weight) AS nearness FROM ({weighed}) words GROUP BY id"
        return (
            f"SELECT id FROM ({near} ORDER BY nearness DESC, id DESC LIMIT {limit:d}) nearest",
            [value for _, params in parts for value in params],
        )


def most_consulted(cursor: Any, page: Page) -> list[int]:
    """Return the ids of one page of the whole catalogue, along the index of what was counted, then along that of the newest."""
    counted, others = (
        f"SELECT d.resource_id AS id, {times} AS times, d.visible_from AS since "
        "FROM {} ORDER BY {} LIMIT %s".format(*WALKS[order])
        for order, times in (("consulted", "c.times"), ("never consulted", "0"))
    )
    part = [page.now, page.now, page.end]
    cursor.execute(
        f"SELECT id FROM (SELECT * FROM ({counted}) counted UNION ALL SELECT * FROM ({others}) others) hits "
        "ORDER BY times DESC, since DESC, id DESC LIMIT %s OFFSET %s",
        [*part, *part, page.limit, page.offset],
    )
    return [row[0] for row in cursor.fetchall()]


def group_of(token: str) -> str:
    """Return the facet group of a token: "k" of "k_document"."""
    return token.partition("_")[0]


def without(filters: Filters, group: str) -> dict[str, Sequence[str]]:
    """Return `filters` without those of `group`."""
    return {key: tokens for key, tokens in filters.items() if key != group}
