"""The words that suggestions and corrections draw on, kept in step with what is public."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import F

from resources.models import Term, TermKey
from resources.search import spelling

AT_ONCE = 400  # words in one query


class Vocabulary:
    """Writes Terms. It remembers which it has seen, so that a long run of entries asks the database less."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def replace(
        self, before: Iterable[str], after: Iterable[str], labels: Mapping[str, str]
    ) -> None:
        """Count the words `after` a change instead of those `before`: both folded, "_" between the words of a phrase."""
        old, new = {_text(word) for word in before}, {_text(word) for word in after}
        for batch in _batches(old - new):
            Term.objects.filter(text__in=batch, frequency__gt=0).update(
                frequency=F("frequency") - 1
            )
        self._add({word: labels.get(word, word) for word in new - old})
        for batch in _batches(new - old):
            Term.objects.filter(text__in=batch).update(frequency=F("frequency") + 1)

    def learn(self, words: Mapping[str, str]) -> None:
        """Take in words that only stand inside files (folded → as written): they are corrected to, never suggested."""
        self._add({word: label for word, label in words.items() if word not in self.seen})

    def _add(self, labels: Mapping[str, str]) -> None:
        for batch in _batches(labels):
            known = set(Term.objects.filter(text__in=batch).values_list("text", flat=True))
            missing = [word for word in batch if word not in known]
            Term.objects.bulk_create(
                [Term(text=word, label=labels[word][:100]) for word in missing],
                ignore_conflicts=True,
            )
            stored = Term.objects.filter(text__in=[word for word in missing if " " not in word])
            keys = [
                TermKey(term_id=pk, key=key)
                for pk, text in stored.values_list("pk", "text")
                for key in spelling.keys(text)
            ]
            TermKey.objects.bulk_create(keys, ignore_conflicts=True, batch_size=AT_ONCE)
        self.seen.update(labels)
        if len(self.seen) > 300_000:
            self.seen.clear()

    @staticmethod
    def recount(words: Iterable[str]) -> None:
        """Set every frequency anew from the `words` of all entries, and forget what no entry lends any more."""
        counts = Counter(_text(word) for line in words for word in line.split())
        stale = [
            term
            for term in Term.objects.iterator(chunk_size=2000)
            if term.frequency != counts.get(term.text, 0)
        ]
        for term in stale:
            term.frequency = counts.get(term.text, 0)
        Term.objects.bulk_update(stale, ["frequency"], batch_size=AT_ONCE)


def _text(word: str) -> str:
    return word.replace("_", " ")[:100]


def _batches(words: Iterable[str]) -> Iterable[list[str]]:
    ordered = sorted(words)  # everyone locks them in the same order
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))
