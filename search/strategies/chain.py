"""A question is answered: by all its words, else by those that were probably meant, else by any of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from django.db import connection

from search import synonyms
from search.backends.base import Backend, Filters, Found, get_backend
from search.backends.schema import DOC_ID_FACET
from search.language.analyzer import fold
from search.language.spelling import phonetic_key
from search.query.parser import Alternative, Clause, Query, parse
from search.results.matches import DocumentMatch
from search.results.ranking import has_in_head
from search.results.response import (
    BLOCK,
    FIRST,
    Place,
    SearchResponse,
    page_of,
    read_matches,
)
from search.strategies import exact_phrases
from search.strategies.prefix_completion import frequencies
from search.strategies.spellcheck import complete as finish
from search.strategies.spellcheck import correct_query, did_you_mean, no_words
from search.strategies.word_breaks import join_words
from search.utils import cached_for_version, now_micros

HINTED = 10  # results at most beside which another spelling is offered
FEW = 3  # results with all the words; fewer do not answer a question
SOME = 10  # results at most beside which what has only some of the words may be the better answer
QUESTION = re.compile(
    r"[?¿]|\b(como|que|quien|cual|cuales|donde|cuando|cuanto|cuantos|puedo|quiero|necesito)\b"
)


def ask(
    text: str,
    filters: Filters,
    *,
    version: int = 0,
    offset: int = 0,
    limit: int = 20,
    order: str = "relevance",
) -> SearchResponse:
    """Answer `text` among what passes `filters`. `version` is the portal's content_version: synonyms are kept by it."""
    parsed, left_out = _read(text, version, filters)
    if parsed.text and parsed.is_empty:
        return SearchResponse(parsed, Found([], 0))
    engine = get_backend(connection.vendor)
    with connection.cursor() as cursor:
        if not parsed.is_empty:
            engine.known_newest_id = cached_for_version(
                "highest-id", version, lambda: engine.read_newest_id(cursor)
            )
        place = Place(offset, limit, order)
        return SearchChain(engine, cursor, filters, place, left_out, version).answer(parsed)


@dataclass(frozen=True)
class SearchChain:
    """A question on its way: to which engine, among what, and which of its results are wanted; pages with `left_out` are not.

    `version` is the portal's content_version. `is_long`: without filters it has more results than are read for a phrase.
    `is_meant`: its words are what was meant by others; by these nothing else was.
    """

    engine: Backend
    cursor: Any
    filters: Filters
    place: Place
    left_out: Sequence[Alternative]
    version: int
    is_long: bool = False
    is_meant: bool = False
    _written: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def everywhere(self) -> Filters:
        """What stays of the filters where none count: in one resource, or in all."""
        return {group: tokens for group, tokens in self.filters.items() if group == DOC_ID_FACET}

    def answer(self, parsed: Query) -> SearchResponse:
        """Answer by the chain. What is asked in the end is decided without filters: each facet gives as many as it says.

        Only where nothing passes them so, any of its words is enough.
        """
        if self.everywhere == self.filters:
            return self.decided(parsed)
        everywhere = replace(self, filters=self.everywhere, place=FIRST)
        if exact_phrases.is_asked(parsed) and not self.is_long:
            total = everywhere.run(parsed).total
            if total > exact_phrases.MOST_READ:
                return replace(self, is_long=True).answer(parsed)
        found = self.run(parsed)
        if not parsed.clauses or (found.total > BLOCK and not self.strange(parsed)):
            return self.ordered(parsed, found)
        wider = everywhere.decided(parsed)
        meant = _read(wider.corrected, self.version, self.filters)[0] if wider.corrected else parsed
        found = found if wider.parsed is parsed else self.run(wider.parsed)
        answer = self.ordered(wider.parsed, found)
        if not found.total and not wider.is_any_word:
            loose = self.by_any_word(wider.parsed, found, is_apart=False)
            loose_found = replace(loose.found, counts=found.counts)
            answer = replace(loose, found=loose_found, counts_all=loose.is_any_word)
        return replace(
            answer,
            corrected=wider.corrected,
            literal=wider.literal,
            hint=wider.hint,
            is_apart=wider.is_apart,
            complete=self.run(meant).total if wider.complete else 0,
        )

    def decided(self, parsed: Query) -> SearchResponse:
        """Answer what was asked, or what was meant by words that nobody writes."""
        strange = self.strange(parsed)
        corrected = self.corrected(parsed, strange) if strange else None
        return corrected or self.by_chain(parsed, self.run(parsed))

    def by_chain(self, parsed: Query, found: Found) -> SearchResponse:
        """Answer by all of the words, which gave `found`, else by those that were probably meant, else by any."""
        is_apart = False
        if not parsed.clauses or (found.total and not _are_too_few(parsed, found, self.filters)):
            answer = self.ordered(parsed, found)
            few = self.first(answer) if _may_be_by_chance(parsed, found, self.filters) else None
            is_apart = few is not None and not few.stand_together()
            if not is_apart:
                return (few and (self.whole(few) or self.nearer(few))) or self.hinted(answer)
        return self.corrected(parsed) or self.by_any_word(parsed, found, is_apart=is_apart)

    def by_any_word(self, parsed: Query, found: Found, *, is_apart: bool) -> SearchResponse:
        """Answer by any of the words, where all of them gave `found`."""
        loose = parsed.loosened()
        if len(loose.clauses) < 2:
            return self.hinted(SearchResponse(parsed, found))
        answer = self.ordered(loose, self.run(loose))
        complete = 0 if is_apart else found.total
        return replace(answer, is_apart=is_apart, complete=complete, hint=self.hint(parsed))

    def run(self, parsed: Query, place: Place | None = None) -> Found:
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

    def ordered(self, parsed: Query, found: Found, place: Place | None = None) -> SearchResponse:
        """Read the documents of what was found, and put them in order."""
        if not parsed.clauses:
            return SearchResponse(parsed, replace(found, ids=(place or self.place).of(found.ids)))
        evidence = read_matches(found.ids, parsed, self.left_out)
        if self.left_out:
            answering = [pk for pk in found.ids if any(evidence[pk].clauses)]
            found = replace(found, ids=answering, total=len(answering))
        exact: dict[int, DocumentMatch] = {}
        is_loose = False
        if exact_phrases.is_asked(parsed):
            found, exact, is_loose = self.to_the_letter(parsed, found, evidence, place)
        answer = page_of(parsed, found, evidence | exact, place or self.place, exact)
        return replace(answer, is_loose=is_loose)

    def to_the_letter(
        self, parsed: Query, found: Found, evidence: dict[int, DocumentMatch], place: Place | None
    ) -> tuple[Found, dict[int, DocumentMatch], bool]:
        """Return what was found with its phrases in quotes to the letter, as far as it can be read: all of it, or its first block.

        And what was read that has them so; and whether nothing has, so that their stems have to be enough.
        """
        if len(evidence) < found.total <= exact_phrases.MOST_READ:
            every = self.run(parsed, Place(0, exact_phrases.MOST_READ, "newest"))
            evidence = read_matches(every.ids, parsed, self.left_out)
        exact = exact_phrases.filter_exact_phrases(evidence, parsed)
        are_all = len(evidence) == found.total <= exact_phrases.MOST_READ
        if exact and are_all and not self.is_long and len(exact) < found.total:
            tokens = [f"{DOC_ID_FACET}_{pk}" for pk in exact]
            among = replace(self, filters=dict(self.filters) | {DOC_ID_FACET: tokens})
            found = among.run(parsed, place)
        return found, exact, are_all and bool(found.total) and not exact

    def known(self, stems: Sequence[str]) -> set[str]:
        """Return which of these any document has that a visitor may see."""
        return self.engine.existing_terms(self.cursor, stems, now_micros())

    def written(self, parsed: Query) -> dict[str, int]:
        """Return which of its words somebody writes, looked up once."""
        if parsed.text not in self._written:
            self._written[parsed.text] = frequencies(parsed)
        return self._written[parsed.text]

    def count(self, text: str) -> int:
        """Return how many documents answer, whatever the filters."""
        return self.engine.query(self.cursor, parse(text), {}, now=now_micros(), limit=0).total

    def first(self, answer: SearchResponse) -> SearchResponse:
        """Return the same answer with its first results, whichever page was asked for."""
        if len(answer.found.ids) == answer.found.total:
            return answer
        return self.ordered(answer.parsed, self.run(answer.parsed, FIRST), FIRST)

    def nearer(self, few: SearchResponse) -> SearchResponse | None:
        """Return the results with any of the words where the best of them is none of the `few` with all words.

        For a whole sentence, any of the best counts.
        So long files do not hide the law that a question is about: in hundreds of pages most words stand somewhere.
        None for two words, and where one of the few has all that was asked for in title, tags and summary.
        """
        parsed = few.parsed
        asked = sum(len(clause.alternatives[0]) for clause in parsed.clauses)
        if few.found.total > SOME or (asked < 3 and not _is_question(parsed)):
            return None
        if any(has_in_head(doc, parsed) for doc in few.evidence.values()):
            return None
        loose = parsed.loosened()
        best = self.ordered(loose, self.run(loose, FIRST), FIRST).found.ids
        best = best[: FEW if _is_question(parsed) else 1]
        if all(pk in few.found.ids for pk in best):
            return None
        return replace(self.ordered(loose, self.run(loose)), complete=few.found.total)

    def whole(self, few: SearchResponse) -> SearchResponse | None:
        """Answer by the whole words of which only beginnings or pieces were typed, where title, tags or summary have these.

        None where any of the `few` that have what was typed has it there, or pieces side by side.
        """
        parsed, docs = few.parsed, few.evidence.values()
        if self.is_meant or few.found.total > SOME or any(has_in_head(d, parsed) for d in docs):
            return None
        text, literal, beginnings = finish(parsed, self.count, self.written(parsed))
        if not beginnings:
            beside = zip(
                pairwise(parsed.clauses),
                zip(*(doc.pairs for doc in docs), strict=True),
                strict=True,
            )
            text, literal = join_words(
                parsed,
                self.known,
                {words for words, lines in beside if not any(lines)},
                self.written(parsed),
            )
        answer = self.instead(text, literal) if text and text != parsed.text else None
        shown = answer.evidence.values() if answer else ()
        return answer if answer and any(has_in_head(doc, answer.parsed) for doc in shown) else None

    def hinted(self, answer: SearchResponse) -> SearchResponse:
        """Add what may have been meant instead, where little was found; answer that where it sounds the same (cotad, COOTAD)."""
        if self.is_meant or answer.found.total > HINTED:
            return answer
        text, literal = did_you_mean(
            answer.parsed, self.known, self.written(answer.parsed), is_rare=answer.found.total < FEW
        )
        if text and phonetic_key(fold(text)) == phonetic_key(fold(answer.parsed.text)):
            return self.instead(text, literal) or answer
        text = text or ("" if answer.found.total else self.quoted(answer.parsed))
        return replace(answer, hint=text) if text and self.count(text) else answer

    def hint(self, parsed: Query) -> str:
        """Return what may have been meant instead, if that has an answer: no junio 2018 where there is none; else ""."""
        if self.is_meant:
            return ""
        text, _ = did_you_mean(parsed, self.known, self.written(parsed), is_rare=True)
        return next(
            (meant for meant in (text, self.quoted(parsed)) if meant and self.count(meant)), ""
        )

    def quoted(self, parsed: Query) -> str:
        """Return the question with the words in its quotes corrected, as nobody has them together; "" where none is misspelt."""
        text = parsed.text
        for clause in parsed.clauses:
            meant, _ = self.meant(parse(clause.text)) if clause.is_quoted else ("", "")
            text = text.replace(clause.text, meant) if meant else text
        return text if text != parsed.text else ""

    def strange(self, parsed: Query) -> list[Clause]:
        """Return the words of a question that nobody writes, though something is found by their stems, whatever the filters."""
        odd = no_words(parsed)
        doubtful = [clause for clause in odd if fold(clause.text) not in self.written(parsed)]
        if not doubtful:
            return []
        found = replace(self, filters=self.everywhere).run(parsed, FIRST)
        evidence = read_matches(found.ids, parsed, self.left_out)
        return [
            c for c in doubtful if evidence and not exact_phrases.is_written(c, evidence, parsed)
        ]

    def corrected(self, parsed: Query, strange: Sequence[Clause] = ()) -> SearchResponse | None:
        """Answer what was probably meant; None where that is nothing, or nothing found."""
        corrected, literal = ("", "") if self.is_meant else self.meant(parsed, strange)
        return self.instead(corrected, literal) if corrected else None

    def meant(self, parsed: Query, strange: Sequence[Clause] = ()) -> tuple[str, str]:
        """Return what was probably meant, and how it is taken literally; or two ""."""
        others = synonyms.single_words(self.version)
        return correct_query(parsed, self.known, self.count, self.written(parsed), strange, others)

    def instead(self, text: str, literal: str) -> SearchResponse | None:
        """Answer another question as if it had been typed; None where nothing is found."""
        meant, _ = _read(text, self.version, self.filters)
        asking = replace(self, is_meant=True)
        answer = asking.by_chain(meant, asking.run(meant))
        return replace(answer, corrected=text, literal=literal) if answer.found.total else None


def _read(text: str, version: int, filters: Filters) -> tuple[Query, tuple[Alternative, ...]]:
    """Return the question, and what its pages must not have: inside one resource, pages are left out and not the resource."""
    parsed = parse(text, synonyms.synonyms_of(version) if text.strip() else None)
    if not (parsed.clauses and DOC_ID_FACET in filters):
        return parsed, ()
    return replace(parsed, excluded=()), parsed.excluded


def _may_be_by_chance(parsed: Query, found: Found, filters: Filters) -> bool:
    """Tell whether it has to be looked at if these few results have all the words by chance; nobody quotes by chance."""
    return (
        len(parsed.clauses) > 1
        and 0 < found.total <= BLOCK
        and DOC_ID_FACET not in filters
        and not any(clause.is_quoted for clause in parsed.clauses)
    )


def _are_too_few(parsed: Query, found: Found, filters: Filters) -> bool:
    """Tell whether more should answer a person's sentences than these; inside one resource there is no more."""
    return found.total < FEW and DOC_ID_FACET not in filters and _is_question(parsed)


def _is_question(parsed: Query) -> bool:
    """Tell whether these are a person's sentences, of which no text need have every word."""
    count, words = len(parsed.clauses), parsed.text.split()
    asks = count > 4 or len(words) > 2 * count or QUESTION.search(fold(parsed.text))
    return bool(asks) and count > 1 and not any(clause.is_quoted for clause in parsed.clauses)
