"""Candidate terms for unknown words, read for all words of a query in few statements."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from search.language import spelling
from search.language.analyzer import fold
from search.language.stemming import stem
from search.models import Term

LONG = 7  # letters of a word that hardly becomes another one by a slip
MOST_TERMS = 500  # near one word that are compared with it
MOST_NEAR = 5  # of them that are looked for in the documents
MOST_LIKELY = 5  # terms with a prefix that are looked for in the documents
SHORTEST_BEGINNING = 3  # letters of a word that may be the beginning of another

Existing = Callable[[Collection[str]], set[str]]
"""Stems → those that a visible document has."""


class Candidates:
    """Terms near some folded words, and terms that begin with them, as far as a visible document has them."""

    def __init__(self, words: Collection[str], existing: Existing) -> None:
        near = {word: _keys_of(word) for word in words}
        keys = set[str]().union(*near.values())
        self._labels: dict[str, tuple[int, str]] = {}  # term → frequency, as it is written
        by_key: dict[str, set[str]] = {}
        if keys:
            rows = Term.objects.filter(keys__key__in=keys).values_list(
                "keys__key", "text", "frequency", "label"
            )
            for key, text, frequency, label in rows[: MOST_TERMS * len(near)]:
                self._labels[text] = frequency, label
                by_key.setdefault(key, set()).add(text)
        self._near = {
            word: spelling.near(
                word,
                [
                    (text, self._labels[text][0])
                    for text in set[str]().union(*(by_key.get(key, set()) for key in own))
                ],
            )
            for word, own in near.items()
        }
        self._begun = self._read_begun([w for w in words if len(w) >= SHORTEST_BEGINNING])
        self._spanish: dict[str, list[str]] | None = None
        self._look_up = existing
        stems = {stem(text) for texts in self._near.values() for text in texts[: 2 * MOST_NEAR]}
        stems |= {stem(text) for texts in self._begun.values() for text in texts}
        self._existing = existing(stems - {""})

    def _read_begun(self, words: Sequence[str]) -> dict[str, list[str]]:
        """Return for each word the most frequent terms that begin with it, one of each stem."""
        if not words:
            return {}
        terms = Term.objects.beginning_with(*words).exclude(text__contains=" ")
        rows = terms.order_by("-frequency", "text").values_list("text", "frequency", "label")
        found: dict[str, dict[str, str]] = {word: {} for word in words}
        for text, frequency, label in rows[: 4 * MOST_LIKELY * len(words)]:
            self._labels[text] = frequency, label
            for word in words:
                if text.startswith(word):
                    found[word].setdefault(stem(text), text)
        return {word: list(by_stem.values())[: 2 * MOST_LIKELY] for word, by_stem in found.items()}

    def nearest(self, word: str, *, least: int = 0, is_sure: bool = False) -> str:
        """Return how the term is written that was probably meant by `word`; "" if none is near.

        It is in at least so many titles, summaries or tags. Of a short word it must sound alike, or begin alike or be in
        one of these; if it must be `is_sure`, both: gato is no slip of dato.
        """
        near = [text for text in self._near.get(word, ()) if self._labels[text][0] >= least]
        if len(word) < LONG:
            heard, alike = spelling.phonetic_key(word), 2 if is_sure else 1
            near = [
                text
                for text in near
                if spelling.phonetic_key(text) == heard
                or (self._labels[text][0] > 0) + (text[0] == word[0]) >= alike
            ]
        return next((self._labels[text][1] for text in self._public(near[:MOST_NEAR])), "")

    def completed(self, word: str, *, least: int = 0) -> list[str]:
        """Return the terms with the prefix `word`, most frequent first, of a minimal document frequency."""
        begun = [text for text in self._begun.get(word, ()) if self._labels[text][0] >= least]
        return [self._labels[text][1] for text in self._public(begun[:MOST_LIKELY])]

    def spanish(self, word: str, others: Mapping[str, str]) -> list[str]:
        """Return the words of the dictionary one slip away whose stem is in a document or among `others`.

        The dictionary is read only for words without a term that sounds alike: its search takes milliseconds.
        """
        if self._spanish is None:
            sure = {other: self.nearest(other, is_sure=True) for other in self._near}
            self._spanish = {
                other: _from_dictionary(other)
                for other, near in sure.items()
                if not (near and sound_alike(near, other))
                and (len(other) >= LONG or not spelling.is_spanish(other))
            }
            stems = {stem(fold(text)) for texts in self._spanish.values() for text in texts}
            self._existing |= self._look_up(stems - {""})
        known = self._existing | {stem(other) for other in others}
        return [text for text in self._spanish.get(word, ()) if stem(fold(text)) in known]

    def _public(self, texts: Iterable[str]) -> list[str]:
        return [text for text in texts if stem(text) in self._existing]


def sound_alike(one: str, other: str) -> bool:
    """Return True if two words sound the same."""
    return spelling.phonetic_key(fold(one)) == spelling.phonetic_key(fold(other))


def _keys_of(word: str) -> set[str]:
    return spelling.deletion_variants(word) | spelling.deletion_variants(
        spelling.other_gender(word)
    )


def _from_dictionary(word: str) -> list[str]:
    """Return words of the dictionary near `word`; a short one's sound or begin alike."""
    near = [
        meant
        for meant in spelling.from_dictionary(word)
        if len(word) >= LONG or fold(meant)[0] == word[0] or sound_alike(meant, word)
    ]
    return near[: 2 * MOST_NEAR]
