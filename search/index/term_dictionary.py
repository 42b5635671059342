"""The dictionary of terms for suggestions and spell checking, kept in step with public documents."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db import connection, transaction

from search.language import spelling
from search.models import DeletionVariant, Term
from search.utils import batched

AT_ONCE = 400  # words, or keys, in one query


class TermDictionary:
    """Collects term changes of a batch of documents and writes them at once.

    It remembers which words it has seen, so that a long run of entries asks the database less; `counts` is False where
    `recount` follows.
    """

    def __init__(self, *, counts: bool = True) -> None:
        self.seen: set[str] = set()
        self._counts = counts
        self._new: dict[str, str] = {}
        self._lent: Counter[str] = Counter()

    def replace(
        self, before: Iterable[str], after: Iterable[str], labels: Mapping[str, str]
    ) -> None:
        """Count the words `after` a change instead of those `before`: both folded, "_" between the words of a phrase."""
        old, new = {_text(word) for word in before}, {_text(word) for word in after}
        if self._counts:
            self._lent.subtract(old - new)
            self._lent.update(new - old)
        self.learn({word: labels.get(word, word) for word in new - old})

    def learn(self, words: Mapping[str, str]) -> None:
        """Add terms found only inside files (folded → spelling): candidates of spell checking, never suggested."""
        self._new |= {word: label for word, label in words.items() if word not in self.seen}
        self.seen.update(words)

    def write(self) -> None:
        """Store the collected changes, in the transaction of the documents."""
        for batch in batched(sorted(self._new), AT_ONCE):  # everyone locks them in the same order
            known = set(Term.objects.filter(text__in=batch).values_list("text", flat=True))
            missing = [word for word in batch if word not in known]
            _insert(
                Term, ("text", "label", "frequency"), [(w, self._new[w][:100], 0) for w in missing]
            )
            _write_keys(Term.objects.filter(text__in=missing).values_list("pk", "text"))
        _add(self._lent)
        self._lent.clear()
        self._new.clear()
        if len(self.seen) > 300_000:
            self.seen.clear()

    @staticmethod
    def recount(words: Iterable[str]) -> None:
        """Recount every term from the `words` of all documents; delete unused terms."""
        counts = Counter(_text(word) for line in words for word in line.split())
        for some in _all_terms("text", "frequency"):
            _add({text: counts[text] - times for text, times in some})

    @staticmethod
    def renew_keys() -> None:
        """Regenerate the deletion variants of every term."""
        for some in _all_terms("pk", "text"):
            _write_keys(some)


def _all_terms(*columns: str) -> Iterator[list[tuple]]:
    """Yield columns of every term in batches; terms may be written meanwhile."""
    last, rows = 0, Term.objects.order_by("pk").values_list("pk", *columns)
    while some := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        last = some[-1][0]
        yield [rest for _, *rest in some]


def _add(changes: Mapping[str, int]) -> None:
    """Add to the frequencies of these words; everyone locks them in the same order."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {Term._meta.db_table} SET frequency = "  # noqa: S608 our own names and placeholders
            "CASE WHEN frequency + %s < 0 THEN 0 ELSE frequency + %s END WHERE text = %s",
            [(change, change, word) for word, change in sorted(changes.items()) if change],
        )


def _write_keys(terms: Iterable[tuple[int, str]]) -> None:
    """Store the ways to misspell these words, each with its id; nobody misspells a phrase."""
    keys = [
        (pk, key)
        for pk, word in terms
        if " " not in word
        for key in sorted(spelling.deletion_variants(word))
    ]
    _insert(DeletionVariant, ("term_id", "key"), keys)


def _text(word: str) -> str:
    return word.replace("_", " ")[:100]


def _insert(
    model: type[Term] | type[DeletionVariant], columns: Sequence[str], rows: list[tuple]
) -> None:
    """Write rows past the models, those aside that stand already: three hundred thousand objects take minutes to make."""
    with connection.cursor() as cursor:
        for batch in batched(rows, AT_ONCE):
            marks = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(batch))
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES {marks} "  # noqa: S608 our own names and placeholders
                "ON CONFLICT DO NOTHING",
                [value for row in batch for value in row],
            )
