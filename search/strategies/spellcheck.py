"""Spell checking: corrections of words that no document contains."""

import re
from collections.abc import Mapping, Sequence
from itertools import islice, takewhile

from search.language import spelling
from search.language.analyzer import fold
from search.language.stemming import stem
from search.language.words import STOP_WORDS
from search.query.parser import Clause, Query
from search.strategies.candidates import LONG, SHORTEST_BEGINNING, Candidates, Existing, sound_alike
from search.strategies.prefix_completion import completed_neighbours, completions, may_be_wrong
from search.strategies.word_breaks import Answered, joined_pairs, replaced, split_words

MOST_WORDS = 6  # of a query that are corrected
MOST_WAYS = 3  # to read one of several words
FORM = re.compile(
    "(?:[aeí]ndo|[ai]d[oa]s?|[ae]mos|a?ron|aban?|cion|ciones|mente|dor|dora|doras|dores|mientos?|idad|izar|bles?)$"
)
"""Endings of words that are formed by rule and need not be in a dictionary (cocreando)."""
_STOP_SOUNDS = frozenset(map(spelling.phonetic_key, STOP_WORDS))


class Correction:
    """A query with words replaced: `text`, and `literal`, which is searched as it was typed."""

    def __init__(self, text: str) -> None:
        self.typed = self.text = self.literal = text

    def replace(self, words: Sequence[str], meant: str) -> None:
        """Replace neighbouring words by others, or by none."""
        self.text = " ".join(replaced(self.text, " ".join(words), meant).split())
        for word in words:
            self.literal = replaced(self.literal, word, f'"{word}"')

    def __bool__(self) -> bool:
        return self.text != self.typed


def no_spanish_words(query: Query) -> list[Clause]:
    """Return the clauses that look like a word and are none in Spanish."""
    return [
        clause
        for clause in query.clauses
        if may_be_wrong(clause)
        and len(clause.text) >= SHORTEST_BEGINNING
        and not FORM.search(fold(clause.text))
        and not spelling.is_spanish(fold(clause.text))
    ]


def correct(
    query: Query,
    frequencies: Mapping[str, int],
    existing: Existing,
    answered: Answered,
    *,
    strange: Sequence[Clause] = (),
    others: Mapping[str, str],
) -> Correction:
    """Correct the unknown words of a query, and those that are `strange` though their stem is known.

    Unfinished words come first, then words cut in two, words that sound like a stop word, misspelt ones. Quotes, numbers
    and words with hyphens are meant. `others`: synonyms of one word, folded → as written, which no document need have.
    """
    correction = Correction(query.text)
    words = [clause for clause in query.clauses if may_be_wrong(clause)]
    stems = existing(set[str]().union(*map(_stems, words)))
    unknown = [c for c in words if c in strange or not stems & _stems(c)]
    begun = completions(query, frequencies)
    for typed, whole in begun.items():
        correction.text = replaced(correction.text, f"{typed}.", whole)  # gob. abierto
        correction.replace([typed], whole)
    unknown = [clause for clause in unknown if clause.text not in begun]
    for pair in joined_pairs(query.text, {clause.text for clause in words}, existing):
        correction.replace(pair, "".join(pair))
        unknown = [clause for clause in unknown if clause.text not in pair]
    needless = [c for c in unknown if spelling.phonetic_key(fold(c.text)) in _STOP_SOUNDS]
    if len(needless) < len(query.clauses):
        for clause in needless:
            correction.replace([clause.text], "")
        unknown = [clause for clause in unknown if clause not in needless]
    _correct_words(correction, query, unknown[:MOST_WORDS], existing, answered, strange, others)
    return correction


def _correct_words(
    correction: Correction,
    query: Query,
    unknown: Sequence[Clause],
    existing: Existing,
    answered: Answered,
    strange: Sequence[Clause],
    others: Mapping[str, str],
) -> None:
    """Replace each word by the first way to read it that has an answer beside the rest of the query."""
    if not unknown:
        return
    candidates = Candidates([fold(clause.text) for clause in unknown], existing)
    ways = {
        clause: _readings(clause, candidates, others, is_last=query.text.endswith(clause.text))
        for clause in unknown
    }
    glued = [
        clause.text
        for clause, readings in ways.items()
        if len(clause.text) >= spelling.SHORTEST
        and not spelling.is_spanish(fold(clause.text))
        and not (readings and sound_alike(readings[0], clause.text))
    ]
    splits = split_words(glued, existing, answered)
    for clause, readings in ways.items():
        if clause in strange:  # another form of the word is not meant
            readings = list(takewhile(lambda way: stem(fold(way)) not in _stems(clause), readings))  # noqa: B023
        if clause.text in splits:
            readings = [*readings, splits[clause.text]]
        chosen = list(islice(dict.fromkeys(readings), MOST_WAYS))
        if len(chosen) > 1 and len(query.clauses) > 1:
            texts = [replaced(correction.text, clause.text, way) for way in chosen]
            chosen = [
                w for w, is_found in zip(chosen, answered(texts), strict=True) if is_found
            ] or chosen
        if chosen:
            correction.replace([clause.text], chosen[0])


def _readings(
    clause: Clause, candidates: Candidates, others: Mapping[str, str], *, is_last: bool
) -> list[str]:
    """Return the corrections of an unknown word, most likely first; of a Spanish word only its variants."""
    word = fold(clause.text)
    if spelling.is_spanish(word):
        meant = candidates.spanish(word, others) if len(word) >= LONG else []
        near = filter(None, [longer_or_shorter(word, candidates), *meant])
        return [one for one in near if spelling.is_variant(word, fold(one))]
    if len(word) < spelling.SHORTEST:
        is_begun = len(word) >= SHORTEST_BEGINNING and is_last
        return candidates.completed(word, least=1) if is_begun else []
    nearest = candidates.nearest(word, is_sure=True)
    in_dictionary = candidates.spanish(word, others)
    heard = [meant for meant in (nearest, *in_dictionary) if meant and sound_alike(meant, word)]
    whole = candidates.completed(word, least=1)
    synonyms = [others[one] for one in spelling.near(word, [(one, 1) for one in others])]
    found = [*heard, *whole, nearest, *candidates.completed(word), *synonyms]
    return list(filter(None, [*found, *(in_dictionary if len(word) >= LONG else [])]))


def did_you_mean(
    query: Query, frequencies: Mapping[str, int], existing: Existing, *, is_rare: bool = False
) -> Correction:
    """Correct words that hardly anybody writes: an offer, not an answer.

    If the stem is known (goberno), only by a term of a title, summary or tag. If the whole query `is_rare`, also long words
    that only pages have (trasparencia), and words that begin another one.
    """
    correction = Correction(query.text)
    words = {fold(clause.text): clause for clause in query.clauses if may_be_wrong(clause)}
    words = {word: clause for word, clause in words.items() if len(word) >= spelling.SHORTEST}
    bodies = {word for word in words if is_rare and frequencies.get(word) == 0}
    doubtful = sorted(words.keys() - (frequencies.keys() - bodies))[:MOST_WORDS]
    if not doubtful:
        return correction
    stems = existing(set[str]().union(*(_stems(words[word]) for word in doubtful)))
    typed = query.text.split()
    places = {word: typed.index(words[word].text) for word in doubtful if words[word].text in typed}
    beside = completed_neighbours(typed, [n for n in places.values() if n])
    candidates = Candidates(doubtful, existing)
    for word in doubtful:
        clause = words[word]
        label = beside.get(places.get(word, -1)) or _offered(
            word, candidates, is_known=bool(_stems(clause) & stems), is_written=word in bodies
        )
        if label and stem(fold(label)) not in _stems(clause):
            correction.replace([clause.text], label)
    return correction


def _offered(word: str, candidates: Candidates, *, is_known: bool, is_written: bool) -> str:
    """Return the correction of a word whose stem `is_known` and that `is_written` on pages, or ""."""
    label, is_spanish = "", spelling.is_spanish(word)
    if len(word) >= LONG or not (is_written or is_spanish):
        if is_spanish:
            label = longer_or_shorter(word, candidates)
        else:
            label = candidates.nearest(word, least=int(is_known))
            if not label and not is_known:
                label = next(iter(candidates.spanish(word, {})), "")
        if is_written and fold(label).startswith(word[:-2]):  # publicar, pública
            label = ""
    if label or (is_spanish and is_known) or not (is_spanish or is_written):
        return label
    return next(iter(candidates.completed(word, least=1)), "")


def longer_or_shorter(word: str, candidates: Candidates) -> str:
    """Return the term of a title meant by a long Spanish word, if it has another length: hierba is no hierva."""
    near = candidates.nearest(word, least=1, is_sure=True) if len(word) >= LONG else ""
    return near if len(fold(near)) != len(word) else ""


def _stems(clause: Clause) -> set[str]:
    """Return the stems of the word that was typed, as it may be read."""
    return {stems[0] for stems in clause.typed if len(stems) == 1}
