"""The response to a search, its place among the results, and the matches read for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from search.backends import prepared
from search.backends.base import TABLE, Found
from search.query.parser import Alternative, Query
from search.results.matches import FIELDS, DocumentMatch, match_document

BLOCK = 20  # results whose texts are read to put them in order: the order is the same however many a page shows


class Step(NamedTuple):
    """A strategy that was run: its name, the query that it answered, how many results, and whether its answer was taken."""

    strategy: str
    query: str
    total: int
    is_taken: bool


@dataclass(frozen=True)
class SearchResponse:
    """One page of results: `found.ids` in order, and how each of them matches `parsed`.

    `corrected` is the query that was answered instead, `literal` the typed one to be searched as it stands, `hint` another
    that may have been meant. `is_apart`: some have all words, never together; `is_loose`: none has a quoted phrase to the
    letter; `complete`: how many have all words where those with any are shown too; `counts_all`: the facets count those with
    all words, though those with any are shown.
    """

    parsed: Query
    found: Found
    corrected: str = ""
    literal: str = ""
    hint: str = ""
    is_apart: bool = False
    is_loose: bool = False
    complete: int = 0
    counts_all: bool = False
    evidence: Mapping[int, DocumentMatch] = field(default_factory=dict)
    trail: Sequence[Step] = ()

    @property
    def is_any_word(self) -> bool:
        """Whether any of the words was enough."""
        return self.parsed.any_word


@dataclass(frozen=True)
class Place:
    """Which results are shown, and of which (`start` to `end`) that is decided: whole blocks where these are put in order."""

    offset: int
    limit: int
    order: str

    @property
    def start(self) -> int:
        """Return the first result that is decided."""
        return self.offset - self.offset % BLOCK if self.order == "relevance" else self.offset

    @property
    def end(self) -> int:
        """Return the end of the rescored block."""
        end = self.offset + self.limit
        return end + -end % BLOCK if self.order == "relevance" else end

    def of(self, ids: list[int]) -> list[int]:
        """Return the slice of ids from `start` to `end`."""
        return ids[self.offset - self.start :][: self.limit]


FIRST = Place(0, BLOCK, "relevance")


def read_matches(
    ids: Sequence[int], parsed: Query, left_out: Sequence[Alternative]
) -> dict[int, DocumentMatch]:
    """Look through the documents that are to be put in order, one after another: their bodies may be long.

    In plain SQL: for twenty of them the ORM takes as long again.
    """
    if not ids:
        return {}
    rows = prepared.rows(
        f"SELECT doc_id, {', '.join(FIELDS)} FROM {TABLE} WHERE {prepared.in_list('doc_id')}",  # noqa: S608 our own names
        [prepared.list_param(ids)],
    )
    return {pk: match_document(texts, parsed, left_out) for pk, *texts in rows}
