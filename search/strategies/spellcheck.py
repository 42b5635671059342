"""What was probably meant by words that no document has: misspelt ones, beginnings, diminutives, pieces (see `piecing`)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from itertools import takewhile

from search.language import spelling
from search.language.analyzer import fold
from search.language.stemming import stem
from search.language.words import STOP_WORDS
from search.models import Term
from search.query.parser import Clause, Query
from search.strategies.prefix_completion import (
    Count,
    Known,
    completed,
    finished,
    finished_beside,
    may_be_wrong,
)
from search.strategies.word_breaks import replaced, split_once, split_words

MOST_WORDS = 6  # of a question that are corrected
MOST_TERMS = 500  # near one word that are compared with it
MOST_NEAR = 5  # of them that are looked for in the documents
SHORTEST_BEGINNING = 3  # letters of a word that may be the beginning of another
LONG = 7  # letters of a word that hardly becomes another one by a slip
FORM = re.compile(
    "(?:[aeí]ndo|[ai]d[oa]s?|[ae]mos|a?ron|aban?|cion|ciones|mente|dor|dora|doras|dores|mientos?|idad|izar|bles?)$"
)
"""Endings of words that no dictionary need have, for they are made by rule (cocreando)."""
_STOP_SOUNDS = frozenset(map(spelling.phonetic_key, STOP_WORDS))


def no_words(parsed: Query) -> list[Clause]:
    """Return what is asked for that looks like a word and is no Spanish one."""
    return [
        clause
        for clause in parsed.clauses
        if may_be_wrong(clause)
        and len(clause.text) >= SHORTEST_BEGINNING
        and not FORM.search(fold(clause.text))
        and not spelling.is_spanish(fold(clause.text))
    ]


def correct_query(
    parsed: Query,
    known: Known,
    count: Count,
    written: Mapping[str, int],
    strange: Sequence[Clause] = (),
    others: Mapping[str, str] | None = None,
) -> tuple[str, str]:
    """Return the question with its unknown words corrected, and as it must be typed to be taken literally; or two "".

    The beginnings of words come first (see `finished`). Words in quotes, numbers and words with hyphens are meant as they
    are. A word that sounds as one of those that are never looked for (nesesito) is left out, if another is left. What is
    `strange` is corrected though its stem is known (contr, whose stem is that of contraste). `written`, here and below: see
    `frequencies`; `others`: the synonyms, which nobody need write (alkaldia, alcaldía), folded → as written.
    """
    words = [clause for clause in parsed.clauses if may_be_wrong(clause)]
    stems = known(sorted(set[str]().union(*map(_stems, words))))
    unknown = [c for c in words if c in strange or not stems & _stems(c)]
    corrected, literal, begun = complete(parsed, count, written)
    unknown = [clause for clause in unknown if clause.text not in begun]
    for pair in split_once(parsed.text, {clause.text for clause in words}, known):
        corrected = replaced(corrected, " ".join(pair), "".join(pair))
        for word in pair:
            literal = replaced(literal, word, f'"{word}"')
        unknown = [clause for clause in unknown if clause.text not in pair]
    needless = [clause for clause in unknown if _sounds_needless(clause.text)]
    if len(needless) < len(parsed.clauses):
        for clause in needless:
            literal = replaced(literal, clause.text, f'"{clause.text}"')
            corrected = " ".join(replaced(corrected, clause.text, "").split())
        unknown = [clause for clause in unknown if clause not in needless]
    is_alone = len(parsed.clauses) == 1
    for clause in unknown[:MOST_WORDS]:
        is_last = parsed.text.endswith(clause.text)
        ways = _readings(clause.text, known, count, others or {}, is_last=is_last)
        if clause in strange:  # what is only another form of it is not meant
            ways = takewhile(partial(_is_other_word, clause), ways)
        changed = _with_first(
            corrected, clause.text, ways, lambda text: is_alone or count(text) > 0
        )
        if changed != corrected:
            corrected, literal = changed, replaced(literal, clause.text, f'"{clause.text}"')
    return (corrected, literal) if corrected != parsed.text else ("", "")


def _is_other_word(clause: Clause, way: str) -> bool:
    return stem(fold(way)) not in _stems(clause)


def _with_first(
    text: str, typed: str, ways: Iterable[str], is_enough: Callable[[str], bool]
) -> str:
    """Return a question with the first of the `ways` to read a word that `is_enough`, else with the first; without any, itself."""
    first = text
    for way in ways:
        changed = replaced(text, typed, way)
        if is_enough(changed):
            return changed
        first = changed if first == text else first
    return first


def complete(parsed: Query, count: Count, written: Mapping[str, int]) -> tuple[str, str, Set[str]]:
    """Return the question with whole words for those only begun, as it is typed to be taken literally, and the beginnings."""
    text = literal = parsed.text
    meant = finished(parsed, count, written)
    for typed, whole in meant.items():
        text = replaced(replaced(text, f"{typed}.", whole), typed, whole)  # gob. abierto
        literal = replaced(literal, typed, f'"{typed}"')
    return text, literal, meant.keys()


def did_you_mean(
    parsed: Query, known: Known, written: Mapping[str, int], *, is_rare: bool = False
) -> tuple[str, str]:
    """Return the question with other words for those that hardly anybody writes, and as it is taken literally; or two "".

    Where their stem is known (goberno), offered is only what stands in a title, summary or tag: pido is no slip of what some
    page has. If the whole question `is_rare`, so it is for a long word that only pages have (trasparencia), and for one that
    begins another (trans), rather one that stands beside the word before it (voces ciudad). Else it is what is near, but not
    so near that it is answered at once (see `nearest_word`).
    """
    words = {fold(clause.text): clause for clause in parsed.clauses if may_be_wrong(clause)}
    typed = parsed.text.split()
    hinted = literal = parsed.text
    words = {word: clause for word, clause in words.items() if len(word) >= spelling.SHORTEST}
    bodies = {word for word in words if is_rare and written.get(word) == 0}
    doubtful = sorted(words.keys() - (written.keys() - bodies))
    stems = known(sorted(set[str]().union(*(_stems(words[word]) for word in doubtful))))
    for word in doubtful[:MOST_WORDS]:
        clause = words[word]
        place = typed.index(clause.text) if clause.text in typed else 0
        label = finished_beside(typed, place) or _offered(
            word, known, is_known=bool(_stems(clause) & stems), is_written=word in bodies
        )
        if label and stem(fold(label)) not in _stems(clause):
            hinted = replaced(hinted, clause.text, label)
            literal = replaced(literal, clause.text, f'"{clause.text}"')
    return (hinted, literal) if hinted != parsed.text else ("", "")


def _offered(word: str, known: Known, *, is_known: bool, is_written: bool) -> str:
    """Return what may have been meant by a folded word whose stem `is_known`, and which `is_written` on pages; or ""."""
    label, is_spanish = "", spelling.is_spanish(word)
    if len(word) >= LONG or not (is_written or is_spanish):
        label = (
            _longer_or_shorter(word, known)
            if is_spanish
            else nearest_word(word, known, least=int(is_known))
            or ("" if is_known else next(iter(_in_dictionary(word, known, {})), ""))
        )
        if is_written and fold(label).startswith(word[:-2]):  # publicar, pública
            label = ""
    if label or (is_spanish and is_known) or not (is_spanish or is_written):
        return label
    return next(iter(completed(word, known, least=1)), "")


def _longer_or_shorter(word: str, known: Known) -> str:
    """Return what may have been meant by a long Spanish word, that of a title of another length: estrategas; hierba is no hierva."""
    near = nearest_word(word, known, least=1, is_sure=True) if len(word) >= LONG else ""
    return near if len(fold(near)) != len(word) else ""


def _stems(clause: Clause) -> set[str]:
    """Return the stems of the word that was typed, as it may be read."""
    return {stems[0] for stems in clause.typed if len(stems) == 1}


def _sound_alike(one: str, other: str) -> bool:
    return spelling.phonetic_key(fold(one)) == spelling.phonetic_key(fold(other))


def _sounds_needless(word: str) -> bool:
    return spelling.phonetic_key(fold(word)) in _STOP_SOUNDS


def _readings(
    word: str, known: Known, count: Count, others: Mapping[str, str], *, is_last: bool
) -> Iterator[str]:
    """Yield what may have been meant by a word that no document has, the likeliest first: nothing else by a Spanish one."""
    folded = fold(word)
    if small := _not_small(folded, known):
        yield small
    if spelling.is_spanish(folded):
        meant = _in_dictionary(folded, known, others) if len(word) >= LONG else []
        near = [_longer_or_shorter(folded, known), *meant]
        yield from (one for one in near if spelling.is_variant(folded, fold(one)))
        return
    if len(word) >= spelling.SHORTEST:
        near = nearest_word(folded, known, is_sure=True)
        whole = completed(folded, known, least=1)
        in_dictionary = _in_dictionary(folded, known, others)
        heard = [meant for meant in (near, *in_dictionary) if _sound_alike(meant, folded)]
        yield from filter(None, [*heard, *whole, near, *completed(folded, known)])
        if cut := split_words(word, known, count):
            yield cut
        yield from (others[one] for one in spelling.near(folded, [(one, 1) for one in others]))
        if len(word) >= LONG:
            yield from in_dictionary
            yield from _twice_misspelt(folded, known)
    elif len(word) >= SHORTEST_BEGINNING and is_last:
        yield from completed(folded, known, least=1)


def _in_dictionary(word: str, known: Known, others: Mapping[str, str]) -> list[str]:
    """Return the Spanish words that were perhaps meant by a folded one, of which any document has a form, or which are `others`.

    Of a short one those that sound or at least begin alike.
    """
    near = [
        meant
        for meant in spelling.from_dictionary(word)
        if len(word) >= LONG or fold(meant)[0] == word[0] or _sound_alike(meant, word)
    ][: 2 * MOST_NEAR]
    stems = {meant: stem(fold(meant)) for meant in near}
    public = known(sorted(set(stems.values()) - {""})) | set(map(stem, others))
    return [meant for meant in near if stems[meant] in public]


def _twice_misspelt(word: str, known: Known) -> list[str]:
    """Return what a title, summary or tag has that begins as the long folded `word` and is two slips away (partcipcion)."""
    begun = Term.objects.beginning_with(word[:SHORTEST_BEGINNING]).filter(frequency__gt=0)
    rows = begun.exclude(text__contains=" ").order_by("-frequency", "text")
    labels = dict(rows.values_list("text", "label")[:MOST_TERMS])
    near = spelling.twice_misspelt(word, labels)
    public = known(sorted({stemmed for text in near if (stemmed := stem(text))}))
    return [labels[text] for text in near if stem(text) in public]


def _not_small(word: str, known: Known) -> str:
    """Return the word of which a folded one is the diminutive (perrito), if any document has it; else ""."""
    made_of = spelling.not_small(word)
    forms = {form: base for base in made_of for form in (base, f"{base}s", f"{base}es")}
    written = Term.objects.filter(text__in=forms).values_list("text", flat=True) if forms else ()
    stems = {forms[form]: stem(form) for form in written}
    has = known(sorted({stemmed for stemmed in stems.values() if stemmed}))
    plural = "s" if word.endswith("s") else ""
    return next((base + plural for base in made_of if stems.get(base) in has), "")


def nearest_word(word: str, known: Known, *, least: int = 0, is_sure: bool = False) -> str:
    """Return how the word is written that was probably meant by the folded `word`; "" where none is near.

    It stands in a document that a visitor may see, and in so many titles, summaries or tags at `least`. Only where it sounds
    alike, stands in one of these and begins alike, or `word` is long it `is_sure`: gato is no slip of dato. Else one of both is
    enough: Loja is no slip of what begins otherwise and only pages have.
    """
    keys = spelling.deletion_variants(word) | spelling.deletion_variants(
        spelling.other_gender(word)
    )
    rows = (
        Term.objects.filter(keys__key__in=keys, frequency__gte=least)
        .distinct()
        .values_list("text", "frequency", "label")
    )
    labels = {text: (frequency, label) for text, frequency, label in rows[:MOST_TERMS]}
    near = spelling.near(word, [(text, frequency) for text, (frequency, _) in labels.items()])
    if len(word) < LONG:
        heard, alike = spelling.phonetic_key(word), 2 if is_sure else 1
        near = [
            text
            for text in near
            if spelling.phonetic_key(text) == heard
            or (labels[text][0] > 0) + (text[0] == word[0]) >= alike
        ]
    stems = known([stemmed for text in near[:MOST_NEAR] if (stemmed := stem(text))])
    return next((labels[text][1] for text in near[:MOST_NEAR] if stem(text) in stems), "")
