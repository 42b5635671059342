"""Autocomplete: words, tags and titles of public resources."""

import re
from collections.abc import Collection

from django.db import connection, transaction

from search.backends.base import get_backend
from search.language.analyzer import analyze, fold, tokens
from search.language.spelling import begins_nearly, spelt_alike
from search.language.stemming import stem
from search.language.words import STOP_WORDS
from search.models import Term
from search.query.parser import QUOTES
from search.source import get_source
from search.strategies.candidates import Candidates
from search.strategies.prefix_completion import beginning_with, completed_beside, pairs_begun
from search.utils import now_micros

SHORTEST = 4  # letters that begin a word inside files, or one with a slip
SURE = 3  # first letters in which no slip is looked for
MOST_TITLES = 30  # in which a word is looked for that begins as the last one
MOST_NEAR = 100  # words that begin with these
QUOTE = re.compile(f'["{QUOTES}]')
BEFORE_WORDS = "#@¿¡\"'«“([{-"


def autocomplete(typed: str, count: int = 8) -> list[str]:
    """Return completions of `typed`: whole words and tags, its last word completed, titles by prefix, titles by infix.

    Where all these are few, a word that stands inside files; where there are none, the words without slips. A quote that it
    begins with is kept; nothing is suggested for what is excluded, or in a quote that begins after other words.
    """
    quotes, last = QUOTE.findall(typed), (typed.split() or [""])[-1]
    if last.startswith("-") or (len(quotes) % 2 and not QUOTE.match(typed.lstrip())):
        return []
    found = _suggested(typed, count)
    return [f'"{label}"' for label in found] if len(quotes) % 2 else found


def _suggested(typed: str, count: int) -> list[str]:
    words = [word for written in typed.split() if (word := written.lstrip(BEFORE_WORDS))]
    start = " ".join(map(fold, words))
    if not start:
        return []
    found = [label for _, label in beginning_with(start, count + 1)]
    if not typed[-1].isspace():
        found += completed_beside(words, count // 2)
    if len(found) < count:
        found += get_source().titles_starting(start, count)
    if len(found) < count:
        found += _titles_with(words, count)
    if not found and len(words) > 1 and not typed[-1].isspace():
        pairs = pairs_begun(*map(fold, words[-2:]))
        found += [" ".join([*words[:-2], pair]) for pair in pairs[:count]]
    if not found and not typed[-1].isspace():
        found += _titles_with_beginning(start, count)
    if len(found) < count // 2:
        found += _inside_files(start, count // 2)
    if not found:
        found = _without_slip(words, count)
    distinct: dict[str, str] = {}
    for label in found:
        distinct.setdefault(fold(label), label)
    distinct.pop(start, None)
    return list(distinct.values())[:count]


def _titles_with(words: list[str], count: int) -> list[str]:
    """Return titles that have these words somewhere, the last one perhaps completed; the newest first.

    Where none has one word alone, those whose tags, initials or summary have it (cootad).
    """
    last = fold(words[-1])
    if last not in STOP_WORDS:
        likely = [text for text, _ in beginning_with(last, count) if " " not in text]
        words = [*words[:-1], last if last in likely else (likely or [last])[0]]
    stems = list(dict.fromkeys(analyze(" ".join(words))))
    if not stems:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        engine = get_backend(connection.vendor)
        ids = engine.title_matches(cursor, stems, 2 * count)
        if not ids and len(stems) == 1:
            cursor.execute(*engine.term_sql(stems[0], 2 * count))
            ids = [row[0] for row in cursor.fetchall()]
    return get_source().titles(ids)[:count]


def _titles_with_beginning(start: str, count: int) -> list[str]:
    """Return titles that have the words of `start` but the last, and one that begins as that (sgapg-20), of some that have them."""
    words = list(tokens(start))
    stems = list(dict.fromkeys(word.stem for word in words[:-1] if word.stem))
    if not stems:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        ids = get_backend(connection.vendor).title_matches(cursor, stems, MOST_TITLES)
    begins = re.compile(rf"\b{re.escape(words[-1].folded)}")
    return [title for title in get_source().titles(ids) if begins.search(fold(title))][:count]


def _inside_files(start: str, count: int) -> list[str]:
    """Return words of public files by prefix, the shortest of each stem; none for a few letters."""
    if len(start) < SHORTEST or " " in start:
        return []
    terms = Term.objects.beginning_with(start).filter(frequency=0)
    rows = sorted(terms.order_by("text").values_list("text", "label")[: 8 * count], key=_length)
    by_stem: dict[str, str] = {}
    for text, label in rows:
        by_stem.setdefault(stem(text), label)
    stems = [one for one in by_stem if one][: 2 * count]
    public = _public(stems)
    return [by_stem[one] for one in stems if one in public][:count]


def _without_slip(words: list[str], count: int) -> list[str]:
    """Return the words without slips, the last one completed, as titles, summaries and tags have them."""
    folded = [fold(word) for word in words]
    written = set(Term.objects.filter(text__in=folded).values_list("text", flat=True)) | STOP_WORDS
    before = [
        word if text in written else _nearest(text) or word
        for word, text in zip(words[:-1], folded, strict=False)
    ]
    found = list(completed_beside([*before, words[-1]], count)) if before != words[:-1] else []
    last = folded[-1]
    if last in written:
        found += [" ".join([*before, words[-1]])] if before != words[:-1] else []
    elif len(last) >= SHORTEST:
        labels = (
            [
                label
                for text, label in beginning_with(last[:SURE], MOST_NEAR)
                if " " not in text and begins_nearly(last, text)
            ]
            or _spelt_otherwise(last, count)
            or [_nearest(last)]
        )
        found += [" ".join([*before, label]) for label in labels if label]
    return found[:count]


def _spelt_otherwise(start: str, count: int) -> list[str]:
    """Return the most frequent words that begin as `start` sounds, but are spelt otherwise (avier, abierto)."""
    begun = Term.objects.beginning_with(*spelt_alike(start))
    terms = begun.filter(frequency__gt=0).exclude(text__contains=" ")
    return list(terms.order_by("-frequency", "text").values_list("label", flat=True)[:count])


def _nearest(word: str) -> str:
    """Return the term of a title, summary or tag that was meant by a folded word; or ""."""
    return Candidates([word], _public).nearest(word, least=1)


def _public(stems: Collection[str]) -> set[str]:
    """Return which of these any document has that a visitor may see."""
    with transaction.atomic(), connection.cursor() as cursor:
        return get_backend(connection.vendor).existing_terms(cursor, sorted(stems), now_micros())


def _length(row: tuple[str, str]) -> int:
    return len(row[0])
