"""The answer to a question, and how one is made of what an engine found: the documents are read and put in order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from search.backends import prepared
from search.backends.base import TABLE, Found
from search.query.parser import Alternative, Query
from search.results.matches import FIELDS, DocumentMatch, match_document
from search.results.ranking import in_order, stand_together

BLOCK = 20  # results whose texts are read to put them in order: the order is the same however many a page shows


@dataclass(frozen=True)
class SearchResponse:
    """What was found, for what (`parsed`), and how it differs from what was asked.

    `found.ids` are those of the page; `evidence` is how their documents match. `corrected` is the question that was answered instead,
    `literal` the one that is answered as it stands, `hint` one that may have been meant; `is_apart` tells that some have
    all the words, but strewn over their pages; `is_loose` that none has a phrase in quotes to the letter; `complete` how many
    have them all where those with any are shown as well; `counts_all` that the facets count those with all, though none of
    them passes the filters and those with any are shown.
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
    evidence: dict[int, DocumentMatch] = field(default_factory=dict)

    @property
    def is_any_word(self) -> bool:
        """Tell whether any of the words was enough."""
        return self.parsed.any_word

    def stand_together(self) -> bool:
        """Tell whether any of what was read has the words together."""
        return any(stand_together(doc, self.parsed) for doc in self.evidence.values())


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
        """Return where what is decided ends."""
        end = self.offset + self.limit
        return end + -end % BLOCK if self.order == "relevance" else end

    def of(self, ids: list[int]) -> list[int]:
        """Return what is shown of the ids from `start` to `end`."""
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


def page_of(
    parsed: Query,
    found: Found,
    evidence: dict[int, DocumentMatch],
    place: Place,
    first: Collection[int] = (),
) -> SearchResponse:
    """Return the answer with the ids of its page, by relevance in the order of `ranking`, what is `first` before the rest."""
    ids = [pk for pk in found.ids if pk in evidence]
    if place.order == "relevance":
        blocks = [ids[start : start + BLOCK] for start in range(0, len(ids), BLOCK)]
        ids = [
            pk
            for block in blocks
            for pk in sorted(in_order(block, evidence, parsed), key=lambda pk: pk not in first)
        ]
    ids = place.of(ids)
    return SearchResponse(
        parsed, replace(found, ids=ids), evidence={pk: evidence[pk] for pk in ids}
    )
