"""The answer to a question, and how one is made of what an engine found: the documents are read and put in order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

from resources.listing.cards import cards
from resources.models import Resource
from search.backends import prepared
from search.backends.base import TABLE, Filters, Found, get_backend
from search.query.parser import Alternative, Query
from search.results.matches import FIELDS, DocumentMatch, match_document
from search.results.ranking import in_order, stand_together

BLOCK = 20  # results whose texts are read to put them in order: the order is the same however many a page shows


@dataclass(frozen=True)
class SearchResponse:
    """What was found, for what (`parsed`), and how it differs from what was asked.

    `shown` are the resources of the page that was asked for, none where `found.ids` alone tell which (no words, an order by
    itself); `evidence` is what their entries say to the question. `corrected` is the question that was answered instead,
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
    shown: list[Resource] = field(default_factory=list)
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


def now_micros() -> int:
    """Return the present instant as the engines compare it."""
    return int(timezone.now().timestamp() * 1_000_000)


def browse(
    parsed: Query, found: Found, filters: Filters, offset: int, limit: int
) -> SearchResponse:
    """Return what passes the filters as the home page orders it; a whole catalogue is counted to its end."""
    resources = Resource.objects.published().in_page_order()
    if any(filters.values()):
        sql, params = get_backend(connection.vendor).matching_sql(parsed, filters, now_micros())
        resources = resources.filter(pk__in=RawSQL(sql, params))  # noqa: S611 our own words and placeholders
    elif filters:
        resources = resources.none()
    if found.capped and not filters:
        found = replace(found, total=resources.order_by().count(), capped=False)
    if offset >= found.total:  # no list has such a page
        return SearchResponse(parsed, found)
    # Sorted are only keys: with all that a card shows, thousands of wide rows would be.
    page = Resource.objects.filter(pk__in=resources.values("pk")[offset : offset + limit])
    return SearchResponse(parsed, found, shown=list(page.with_card().in_page_order()))


def read_matches(
    ids: Sequence[int], parsed: Query, left_out: Sequence[Alternative]
) -> dict[int, DocumentMatch]:
    """Look through the documents that are to be put in order, one after another: their bodies may be long.

    In plain SQL: for twenty of them the ORM takes as long again.
    """
    if not ids:
        return {}
    rows = prepared.rows(
        f"SELECT resource_id, {', '.join(FIELDS)} FROM {TABLE} WHERE {prepared.in_list('resource_id')}",  # noqa: S608 our own names
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
    """Return the answer with the resources of its page, by relevance in the order of `ranking`, what is `first` before the rest."""
    ids = [pk for pk in found.ids if pk in evidence]
    if place.order == "relevance":
        blocks = [ids[start : start + BLOCK] for start in range(0, len(ids), BLOCK)]
        ids = [
            pk
            for block in blocks
            for pk in sorted(in_order(block, evidence, parsed), key=lambda pk: pk not in first)
        ]
    shown = cards(place.of(ids))
    ids = [resource.pk for resource in shown]
    kept = {pk: evidence[pk] for pk in ids}
    return SearchResponse(parsed, replace(found, ids=ids), shown=shown, evidence=kept)
