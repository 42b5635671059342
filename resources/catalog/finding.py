"""A question is answered: by all its words, else by those that were probably meant, else by any of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

from resources.catalog.correcting import correct, hint
from resources.catalog.kept import kept
from resources.models import Resource, Synonym
from resources.search.analysis import fold
from resources.search.engines import TABLE, Engine, Filters, Found
from resources.search.engines.choose import engine_for
from resources.search.engines.stored import WHICH
from resources.search.evidence import FIELDS, Evidence, evidence_in
from resources.search.parser import Alternative, Parsed, Synonyms, parse
from resources.search.ranking import has_in_head, in_order, stand_together

HINTED = 10  # results at most beside which another spelling is offered
FEW = 3  # results with all the words; fewer do not answer a question
SOME = 10  # results at most beside which what has only some of the words may be the better answer
BLOCK = 20  # results whose texts are read to put them in order: the order is the same however many a page shows
QUESTION = re.compile(
    r"[?¿]|\b(como|que|quien|cual|cuales|donde|cuando|cuanto|cuantos|puedo|quiero|necesito)\b"
)
MOST_SYNONYMS = 2000


@dataclass(frozen=True)
class Answer:
    """What was found, for what (`parsed`), and how it differs from what was asked.

    `shown` are the resources of the page that was asked for, none where `found.ids` alone tell which (no words, an order by
    itself); `evidence` is what their entries say to the question. `corrected` is the question that was answered instead,
    `literal` the one that is answered as it stands, `hint` one that may have been meant; `is_apart` tells that some have
    all the words, but strewn over their pages; `complete` how many have them all where those with any are shown as well.
    """

    parsed: Parsed
    found: Found
    corrected: str = ""
    literal: str = ""
    hint: str = ""
    is_apart: bool = False
    complete: int = 0
    shown: list[Resource] = field(default_factory=list)
    evidence: dict[int, Evidence] = field(default_factory=dict)

    @property
    def is_any_word(self) -> bool:
        """Tell whether any of the words was enough."""
        return self.parsed.any_word

    def stand_together(self) -> bool:
        """Tell whether any of what was read has the words together."""
        return any(stand_together(doc, self.parsed) for doc in self.evidence.values())


@dataclass(frozen=True)
class _Place:
    """Which results are shown, and of which (`start` to `end`) that is decided: whole blocks where these are put in order."""

    offset: int
    limit: int
    order: str

    @property
    def start(self) -> int:
        return self.offset - self.offset % BLOCK if self.order == "relevance" else self.offset

    @property
    def end(self) -> int:
        end = self.offset + self.limit
        return end + -end % BLOCK if self.order == "relevance" else end

    def of(self, ids: list[int]) -> list[int]:
        """Return what is shown of the ids from `start` to `end`."""
        return ids[self.offset - self.start :][: self.limit]


FIRST = _Place(0, BLOCK, "relevance")


def now_micros() -> int:
    """Return the present instant as the engines compare it."""
    return int(timezone.now().timestamp() * 1_000_000)


def ask(
    text: str,
    filters: Filters,
    *,
    version: int = 0,
    offset: int = 0,
    limit: int = 20,
    order: str = "relevance",
) -> Answer:
    """Answer `text` among what passes `filters`. `version` is the portal's content_version: synonyms are kept by it."""
    parsed, left_out = _read(text, version, filters)
    if parsed.text and parsed.is_empty:
        return Answer(parsed, Found([], 0))
    engine = engine_for(connection.vendor)
    with connection.cursor() as cursor:
        if not parsed.text and order == "relevance":
            found = engine.query(cursor, parsed, filters, now=now_micros(), limit=0)
            return _browse(parsed, found, filters, offset, limit)
        place = _Place(offset, limit, order)
        return _Asking(engine, cursor, filters, place, left_out, version).answer(parsed)


@dataclass(frozen=True)
class _Asking:
    """A question on its way: to which engine, among what, and which of its results are wanted; pages with `left_out` are not.

    `version` is the portal's content_version.
    """

    engine: Engine
    cursor: Any
    filters: Filters
    place: _Place
    left_out: Sequence[Alternative]
    version: int

    def answer(self, parsed: Parsed) -> Answer:
        """Answer by the chain. Among what passes filters it goes as far as without them: each facet gives as many as it says."""
        found = self.run(parsed)
        inside = {group: tokens for group, tokens in self.filters.items() if group == WHICH}
        if inside == self.filters or len(parsed.clauses) < 2 or found.total > BLOCK:
            return self.by_chain(parsed, found)
        wider = replace(self, filters=inside, place=FIRST).answer(parsed)
        if found.total and not (wider.is_any_word or wider.corrected):
            return self.hinted(self.ordered(parsed, found))
        corrected = wider.corrected and self.corrected(parsed)
        return corrected or self.by_any_word(parsed, found, is_apart=wider.is_apart)

    def by_chain(self, parsed: Parsed, found: Found) -> Answer:
        """Answer by all of the words, which gave `found`, else by those that were probably meant, else by any."""
        is_apart = False
        if not parsed.clauses or (found.total and not _are_too_few(parsed, found, self.filters)):
            answer = self.ordered(parsed, found)
            few = self.first(answer) if _may_be_by_chance(parsed, found, self.filters) else None
            is_apart = few is not None and not few.stand_together()
            if not is_apart:
                return (few and self.nearer(few)) or self.hinted(answer)
        return self.corrected(parsed) or self.by_any_word(parsed, found, is_apart=is_apart)

    def by_any_word(self, parsed: Parsed, found: Found, *, is_apart: bool) -> Answer:
        """Answer by any of the words, where all of them gave `found`."""
        loose = parsed.loosened()
        if len(loose.clauses) < 2:
            return self.hinted(Answer(parsed, found))
        answer = self.ordered(loose, self.run(loose))
        complete = 0 if is_apart else found.total
        return replace(answer, is_apart=is_apart, complete=complete, hint=self.hint(parsed))

    def run(self, parsed: Parsed, place: _Place | None = None) -> Found:
        """Ask the engine."""
        place = place or self.place
        return self.engine.query(
            self.cursor,
            parsed,
            self.filters,
            now=now_micros(),
            offset=place.start,
            limit=place.end - place.start,
            order=place.order,
        )

    def ordered(self, parsed: Parsed, found: Found, place: _Place | None = None) -> Answer:
        """Read the documents of what was found, and put them in order."""
        if not parsed.clauses:
            return Answer(parsed, replace(found, ids=(place or self.place).of(found.ids)))
        evidence = _evidence(self.cursor, found.ids, parsed, self.left_out)
        if self.left_out:
            answering = [pk for pk in found.ids if any(evidence[pk].clauses)]
            found = replace(found, ids=answering, total=len(answering))
        return _ordered(parsed, found, evidence, place or self.place)

    def known(self, stems: Sequence[str]) -> set[str]:
        """Return which of these any document has that a visitor may see."""
        return self.engine.known(self.cursor, stems, now_micros())

    def count(self, text: str) -> int:
        """Return how many documents answer, whatever the filters."""
        return self.engine.query(self.cursor, parse(text), {}, now=now_micros(), limit=0).total

    def first(self, answer: Answer) -> Answer:
        """Return the same answer with its first results, whichever page was asked for."""
        if len(answer.shown) == answer.found.total:
            return answer
        return self.ordered(answer.parsed, self.run(answer.parsed, FIRST), FIRST)

    def nearer(self, few: Answer) -> Answer | None:
        """Return what has any of the words where the best of that is none of the `few` that have them all.

        So long files do not hide the law that a question is about: in hundreds of pages most words stand somewhere.
        None for two words, and where one of the few has all that was asked for in title, tags and summary.
        """
        parsed = few.parsed
        if few.found.total > SOME or sum(len(c.alternatives[0]) for c in parsed.clauses) < 3:
            return None
        if any(has_in_head(doc, parsed) for doc in few.evidence.values()):
            return None
        loose = parsed.loosened()
        best = self.ordered(loose, self.run(loose, FIRST), FIRST).shown[:1]
        if not best or best[0].pk in few.found.ids:
            return None
        return replace(self.ordered(loose, self.run(loose)), complete=few.found.total)

    def hinted(self, answer: Answer) -> Answer:
        """Add what may have been meant instead, where little was found."""
        few = answer.found.total <= HINTED
        return replace(answer, hint=self.hint(answer.parsed)) if few else answer

    def hint(self, parsed: Parsed) -> str:
        """Return what may have been meant instead, if that has an answer: no junio 2018 where there is none; else ""."""
        text = hint(parsed, self.known)
        return text if text and self.count(text) else ""

    def corrected(self, parsed: Parsed) -> Answer | None:
        """Answer what was probably meant, by all of its words or else by any; None where that is nothing, or nothing found."""
        corrected, literal = correct(parsed, self.known, self.count)
        if not corrected:
            return None
        meant, _ = _read(corrected, self.version, self.filters)
        for question in (meant, meant.loosened()):
            if (found := self.run(question)).total:
                return replace(self.ordered(question, found), corrected=corrected, literal=literal)
        return None


def _read(text: str, version: int, filters: Filters) -> tuple[Parsed, tuple[Alternative, ...]]:
    """Return the question, and what its pages must not have: inside one resource, pages are left out and not the resource."""
    parsed = parse(text, synonyms(version) if text.strip() else None)
    if not (parsed.clauses and WHICH in filters):
        return parsed, ()
    return replace(parsed, excluded=()), parsed.excluded


def _browse(parsed: Parsed, found: Found, filters: Filters, offset: int, limit: int) -> Answer:
    """Return what passes the filters as the home page orders it; a whole catalogue is counted to its end."""
    resources = Resource.objects.published().in_page_order()
    if any(filters.values()):
        sql, params = engine_for(connection.vendor).matching_sql(parsed, filters, now_micros())
        resources = resources.filter(pk__in=RawSQL(sql, params))  # noqa: S611 our own words and placeholders
    elif filters:
        resources = resources.none()
    if found.capped and not filters:
        found = replace(found, total=resources.order_by().count(), capped=False)
    if offset >= found.total:  # no list has such a page
        return Answer(parsed, found)
    # Sorted are only keys: with all that a card shows, thousands of wide rows would be.
    page = Resource.objects.filter(pk__in=resources.values("pk")[offset : offset + limit])
    return Answer(parsed, found, shown=list(page.with_card().in_page_order()))


def _may_be_by_chance(parsed: Parsed, found: Found, filters: Filters) -> bool:
    """Tell whether it has to be looked at if these few results have all the words by chance; nobody quotes by chance."""
    return (
        len(parsed.clauses) > 1
        and 0 < found.total <= BLOCK
        and WHICH not in filters
        and not any(clause.is_quoted for clause in parsed.clauses)
    )


def _are_too_few(parsed: Parsed, found: Found, filters: Filters) -> bool:
    """Tell whether more should answer a person's sentences than these; inside one resource there is no more."""
    return found.total < FEW and WHICH not in filters and _is_question(parsed)


def _is_question(parsed: Parsed) -> bool:
    """Tell whether these are a person's sentences, of which no text need have every word."""
    asks = QUESTION.search(fold(parsed.text)) or len(parsed.clauses) > 4
    return (
        bool(asks)
        and len(parsed.clauses) > 2
        and not any(clause.is_quoted for clause in parsed.clauses)
    )


def _evidence(
    cursor: Any, ids: Sequence[int], parsed: Parsed, left_out: Sequence[Alternative]
) -> dict[int, Evidence]:
    """Look through the documents that are to be put in order, one after another: their bodies may be long.

    In plain SQL: for twenty of them the ORM takes as long again.
    """
    if not ids:
        return {}
    marks = ", ".join(["%s"] * len(ids))
    cursor.execute(
        f"SELECT resource_id, {', '.join(FIELDS)} FROM {TABLE} WHERE resource_id IN ({marks})",  # noqa: S608 our own names and placeholders
        list(ids),
    )
    return {pk: evidence_in(texts, parsed, left_out) for pk, *texts in cursor}


def _ordered(parsed: Parsed, found: Found, evidence: dict[int, Evidence], place: _Place) -> Answer:
    """Return the answer with the resources of its page, by relevance in the order of `ranking`."""
    ids = [pk for pk in found.ids if pk in evidence]
    if place.order == "relevance":
        blocks = [ids[start : start + BLOCK] for start in range(0, len(ids), BLOCK)]
        ids = [pk for block in blocks for pk in in_order(block, evidence, parsed)]
    ids = place.of(ids)
    cards = Resource.objects.published().with_card().filter(pk__in=ids).order_by()
    shown = {resource.pk: resource for resource in cards}
    ids = [pk for pk in ids if pk in shown]
    return Answer(
        parsed,
        replace(found, ids=ids),
        shown=[shown[pk] for pk in ids],
        evidence={pk: evidence[pk] for pk in ids},
    )


def synonyms(version: int) -> Synonyms:
    """Return the desk's synonyms."""
    groups = Synonym.objects.values_list("words", flat=True)[:MOST_SYNONYMS]
    return _synonyms_of(kept("synonyms", version, lambda: tuple(groups)))


@lru_cache(maxsize=2)
def _synonyms_of(groups: tuple[str, ...]) -> Synonyms:
    return Synonyms.read(groups)
