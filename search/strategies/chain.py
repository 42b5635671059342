"""The chain of strategies: each decides by the results so far whether it applies."""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from search import synonyms
from search.backends.types import Found
from search.language.analyzer import fold
from search.language.spelling import phonetic_key
from search.query.parser import Clause, Query, parse
from search.results.ranking import has_in_head, in_order
from search.results.response import Place, Step
from search.strategies.context import Answer, Search
from search.strategies.exact_phrases import (
    MOST_READ,
    filter_exact_phrases,
    has_exact_phrase,
    is_written,
)
from search.strategies.prefix_completion import completions, may_be_wrong
from search.strategies.spellcheck import Correction, correct, did_you_mean, no_spanish_words
from search.strategies.word_breaks import joined_pairs

HINTED = 10  # results at most beside which another spelling is offered
FEW = 3  # results with all words; fewer do not answer a question
SOME = 10  # results at most beside which documents with any of the words may be better
QUESTION = re.compile(
    r"[?¿]|\b(como|que|quien|cual|cuales|donde|cuando|cuanto|cuantos|puedo|quiero|necesito)\b"
)


class Strategy(ABC):
    """One way to answer."""

    label: str  # in Spanish, for the trail

    @abstractmethod
    def applies(self, search: Search, answer: Answer) -> bool:
        """Return True if the strategy may have a better answer."""

    @abstractmethod
    def run(self, search: Search, answer: Answer) -> Answer | None:
        """Return the better answer, None if there is none."""


class Exact(Strategy):
    """All of the words, in any order."""

    label = "Todas las palabras"

    def applies(self, search: Search, answer: Answer) -> bool:
        """Apply always."""
        return True

    def run(self, search: Search, answer: Answer) -> Answer:
        """Query the engine; with a phrase, for as many documents as are read to verify it."""
        if has_exact_phrase(answer.query):
            found = search.run(answer.query, Place(0, MOST_READ, "relevance"))
            return search.matched(answer.query, found)
        return search.answer(answer.query)


class ExactPhrase(Strategy):
    """Quoted phrases to the letter."""

    label = "Frase exacta"

    def applies(self, search: Search, answer: Answer) -> bool:
        """Apply to phrases with words that the index does not have."""
        return has_exact_phrase(answer.query) and answer.found.total > 0

    def run(self, search: Search, answer: Answer) -> Answer:
        """Leave out the documents without the phrase, if all were read; else those with it come first."""
        exact = filter_exact_phrases(answer.matches, answer.query)
        are_all = len(answer.matches) == answer.found.total
        return replace(
            answer,
            exact=exact,
            is_narrowed=are_all and 0 < len(exact) < answer.found.total,
            is_loose=are_all and not exact,
        )


class Corrected(Strategy):
    """Another spelling of words that no document has."""

    label = "Ortografía corregida"

    def applies(self, search: Search, answer: Answer) -> bool:
        """Apply if too little was found, or only by the stem of a word that nobody writes."""
        return search.queries_left > 0 and (
            needs_more(search, answer) or bool(strange_words(search, answer))
        )

    def run(self, search: Search, answer: Answer) -> Answer | None:
        """Answer the corrected query; a single word must have an answer."""
        strange = strange_words(search, answer)
        correction = corrected(search, answer.query, strange)
        return instead(search, correction) if correction else None


class Completed(Strategy):
    """Whole words for unfinished ones, by their neighbours."""

    label = "Palabras completadas"

    def applies(self, search: Search, answer: Answer) -> bool:
        """Apply if few documents have the words, none in title, tags and summary."""
        return is_doubtful(search, answer)

    def run(self, search: Search, answer: Answer) -> Answer | None:
        """Answer with the whole words, if title, tags or summary of a document has them."""
        correction = Correction(answer.query.text)
        for typed, whole in completions(answer.query, search.frequencies(answer.query)).items():
            correction.replace([typed], whole)
        return in_head(instead(search, correction)) if correction else None


class WordBreaks(Strategy):
    """One word for two that are never side by side (co creación)."""

    label = "Palabras unidas"

    def applies(self, search: Search, answer: Answer) -> bool:
        """Apply as the completion does."""
        return is_doubtful(search, answer)

    def run(self, search: Search, answer: Answer) -> Answer | None:
        """Join neighbours of which one is no word that anybody writes."""
        query = answer.query
        sides = zip(*(doc.pairs for doc in answer.matches.values()), strict=True)
        apart = [
            (one.text, other.text)
            for (one, other), lines in zip(pairwise(query.clauses), sides, strict=True)
            if not any(lines)
        ]
        written = search.frequencies(query)
        pieces = {
            clause.text
            for clause in query.clauses
            if may_be_wrong(clause) and fold(clause.text) not in written
        }
        correction = Correction(query.text)
        for pair in joined_pairs(query.text, pieces, search.existing, least=1) if pieces else ():
            if pair in apart:
                correction.replace(pair, "".join(pair))
        return in_head(instead(search, correction)) if correction else None


class Relaxed(Strategy):
    """Any of the words."""

    label = "Alguna de las palabras"

    def applies(self, search: Search, answer: Answer) -> bool:
        """Apply if too little was found, or few documents that are not about the whole query."""
        return len(answer.query.loosened().clauses) > 1 and (
            needs_more(search, answer) or self._may_be_nearer(search, answer)
        )

    def run(self, search: Search, answer: Answer) -> Answer | None:
        """Answer with any word, those with most of them first.

        If there are results with all words, only if the best with any word is none of them: long files have most words
        somewhere, and do not hide the law that a question is about.
        """
        loose = answer.query.loosened()
        if needs_more(search, answer):
            is_apart = answer.found.total > 0 and is_strewn(search, answer)
            complete = () if is_apart else tuple(answer.found.ids)
            if not search.is_direct:  # the page will be queried by itself
                return replace(
                    answer, query=loose, matches={}, exact={}, is_apart=is_apart, complete=complete
                )
            better = search.answer(loose)
            return replace(
                better,
                corrected=answer.corrected,
                literal=answer.literal,
                is_apart=is_apart,
                complete=complete,
            )
        better = search.answer(loose)
        best = in_order(better.found.ids[:20], better.matches, loose)
        best = best[: FEW if is_question(answer.query) else 1]
        if all(pk in answer.found.ids for pk in best):
            return None
        return replace(
            better,
            corrected=answer.corrected,
            literal=answer.literal,
            complete=tuple(answer.found.ids),
            is_nearer=True,
        )

    @staticmethod
    def _may_be_nearer(search: Search, answer: Answer) -> bool:
        """Not for two words, nor if a document has all that was asked for in title, tags and summary."""
        query = answer.query
        asked = sum(len(clause.alternatives[0]) for clause in query.clauses)
        return (
            search.queries_left > 0
            and search.is_few(answer, SOME)
            and (asked > 2 or is_question(query))
            and not any(has_in_head(doc, query) for doc in answer.matches.values())
        )


class Suggested(Strategy):
    """Did you mean: an offer beside few results; an answer if it sounds the same."""

    label = "¿Quiso decir…?"

    def applies(self, search: Search, answer: Answer) -> bool:
        """Apply to uncorrected queries with few results for all words."""
        return (
            not answer.corrected
            and not answer.is_nearer
            and (answer.query.any_word or answer.found.total <= HINTED)
        )

    def run(self, search: Search, answer: Answer) -> Answer | None:
        """Offer another query that has an answer."""
        query = search.read(answer.query.text) if answer.query.any_word else answer.query
        is_rare = answer.query.any_word or answer.found.total < FEW
        offer = did_you_mean(query, search.frequencies(query), search.existing, is_rare=is_rare)
        sounds = phonetic_key(fold(offer.text)) == phonetic_key(fold(query.text))
        if offer and sounds and not answer.query.any_word and search.queries_left > 0:
            return instead(search, offer)  # cotad, COOTAD
        texts = [offer.text] if offer else []
        if answer.query.any_word or not (texts or answer.found.total):
            texts += filter(None, [quotes_corrected(search, query)])
        found = [
            text for text, is_found in zip(texts, search.answered(texts), strict=True) if is_found
        ]
        return replace(answer, hint=found[0]) if found else None


STRATEGIES: Sequence[Strategy] = (
    Exact(),
    ExactPhrase(),
    Corrected(),
    Completed(),
    WordBreaks(),
    Relaxed(),
    Suggested(),
)


def decide(search: Search, query: Query) -> Answer:
    """Answer a query by the strategies, without filters, and record their trail."""
    answer = Answer(query, Found([], 0))
    for strategy in STRATEGIES:
        if strategy.applies(search, answer):
            better = strategy.run(search, answer)
            last = better or answer
            search.trail.append(
                Step(strategy.label, last.query.text, last.found.total, better is not None)
            )
            answer = last
    return answer


def needs_more(search: Search, answer: Answer) -> bool:
    """Return True if nothing was found, too little for a question, or only documents with strewn words."""
    total = answer.found.total
    is_question_of_few = total < FEW and not search.is_inside and is_question(answer.query)
    return not answer.query.any_word and (
        not total or is_question_of_few or is_strewn(search, answer)
    )


def is_strewn(search: Search, answer: Answer) -> bool:
    """Return True if few documents have the words, and none together."""
    return search.is_few(answer) and answer.is_strewn()


def is_doubtful(search: Search, answer: Answer) -> bool:
    """Return True if few documents have the typed words, none of them in title, tags and summary."""
    return (
        not answer.corrected
        and search.queries_left > 0
        and search.is_few(answer, SOME)
        and not needs_more(search, answer)
        and not any(has_in_head(doc, answer.query) for doc in answer.matches.values())
    )


def strange_words(search: Search, answer: Answer) -> list[Clause]:
    """Return the words that nobody writes, though documents have their stems."""
    odd = odd_words(search, answer.query)
    if not odd or not answer.matches or answer.corrected or answer.query.any_word:
        return []
    return [clause for clause in odd if not is_written(clause, answer.matches, answer.query)]


def odd_words(search: Search, query: Query) -> list[Clause]:
    """Return the words of a query that are neither Spanish nor a term."""
    odd = no_spanish_words(query)
    written = search.frequencies(query) if odd else {}
    return [clause for clause in odd if fold(clause.text) not in written]


def corrected(search: Search, query: Query, strange: Sequence[Clause] = ()) -> Correction:
    """Correct the words of a query."""
    return correct(
        query,
        search.frequencies(query),
        search.existing,
        search.answered,
        strange=strange,
        others=synonyms.single_words(search.version),
    )


def instead(search: Search, correction: Correction) -> Answer | None:
    """Answer another query; None if it has no answer, not even to any of its words."""
    answer = search.answer(
        search.read(correction.text), corrected=correction.text, literal=correction.literal
    )
    is_answered = answer.found.total or len(answer.query.loosened().clauses) > 1
    return answer if is_answered else None


def in_head(answer: Answer | None) -> Answer | None:
    """Return an answer if a document has all words in title, tags and summary."""
    shown = answer.matches.values() if answer else ()
    return answer if answer and any(has_in_head(doc, answer.query) for doc in shown) else None


def quotes_corrected(search: Search, query: Query) -> str:
    """Return the query with the words in its quotes corrected; "" if none is misspelt."""
    text = query.text
    for clause in query.clauses:
        meant = corrected(search, parse(clause.text)) if clause.is_quoted else None
        text = text.replace(clause.text, meant.text) if meant else text
    return text if text != query.text else ""


def is_question(query: Query) -> bool:
    """Return True for a person's sentences, of which no text need have every word."""
    count, words = len(query.clauses), query.text.split()
    asks = count > 4 or len(words) > 2 * count or QUESTION.search(fold(query.text))
    return bool(asks) and count > 1 and not any(clause.is_quoted for clause in query.clauses)
