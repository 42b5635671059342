"""The words that suggestions and corrections draw on, kept in step with what is public."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from resources.models import Term, TermKey
from resources.publishing.batches import batched
from resources.search import spelling

AT_ONCE = 400  # words, or keys, in one query


class Vocabulary:
    """Gathers what entries lend and take back, and writes it at once: a batch of entries shares most of its words.

    It remembers which words it has seen, so that a long run of entries asks the database less.
    """

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self._new: dict[str, str] = {}
        self._lent: Counter[str] = Counter()

    def replace(
        self, before: Iterable[str], after: Iterable[str], labels: Mapping[str, str]
    ) -> None:
        """Count the words `after` a change instead of those `before`: both folded, "_" between the words of a phrase."""
        old, new = {_text(word) for word in before}, {_text(word) for word in after}
        self._lent.subtract(old - new)
        self._lent.update(new - old)
        self.learn({word: labels.get(word, word) for word in new - old})

    def learn(self, words: Mapping[str, str]) -> None:
        """Take in words that only stand inside files (folded → as written): they are corrected to, never suggested."""
        self._new |= {word: label for word, label in words.items() if word not in self.seen}
        self.seen.update(words)

    def write(self) -> None:
        """Store what was gathered, in the transaction of the entries."""
        for batch in batched(sorted(self._new), AT_ONCE):  # everyone locks them in the same order
            known = set(Term.objects.filter(text__in=batch).values_list("text", flat=True))
            missing = [word for word in batch if word not in known]
            _insert(
                Term, ("text", "label", "frequency"), [(w, self._new[w][:100], 0) for w in missing]
            )
            _write_keys(Term.objects.filter(text__in=missing))
        self._count()
        self._new.clear()
        if len(self.seen) > 300_000:
            self.seen.clear()

    def _count(self) -> None:
        """Add to the frequencies what was lent more than taken back."""
        changes = sorted((word, change) for word, change in self._lent.items() if change)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {Term._meta.db_table} SET frequency = "  # noqa: S608 our own names and placeholders
                "CASE WHEN frequency + %s < 0 THEN 0 ELSE frequency + %s END WHERE text = %s",
                [(change, change, word) for word, change in changes],
            )
        self._lent.clear()

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

    @staticmethod
    def renew_keys() -> None:
        """Give every word the ways to misspell it that the present code knows."""
        last = 0
        while terms := list(Term.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
            last = terms[-1].pk
            _write_keys(terms)


def _write_keys(terms: Iterable[Term]) -> None:
    keys = [
        (term.pk, key)
        for term in terms
        if " " not in term.text
        for key in sorted(spelling.keys(term.text))
    ]
    _insert(TermKey, ("term_id", "key"), keys)


def _text(word: str) -> str:
    return word.replace("_", " ")[:100]


def _insert(model: type[Term] | type[TermKey], columns: Sequence[str], rows: list[tuple]) -> None:
    """Write rows past the models, those aside that stand already: three hundred thousand objects take minutes to make."""
    with connection.cursor() as cursor:
        for batch in batched(rows, AT_ONCE):
            marks = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(batch))
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES {marks} "  # noqa: S608 our own names and placeholders
                "ON CONFLICT DO NOTHING",
                [value for row in batch for value in row],
            )
