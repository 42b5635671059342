"""Any question to any catalogue, by chance: an engine answers what follows from reading every document.

Whatever bounds what an engine looks at is drawn by chance too, small, so that a few documents are many.
"""

import random
from collections import Counter

import pytest
from django.db import connection

from resources.models import ViewCount
from search.backends.schema import MAX_TIMESTAMP
from search.backends.types import group_of
from search.query.parser import Query, Synonyms, parse
from tests.search.asking import NOW

pytestmark = pytest.mark.django_db

WORDS = {"plan": "plan", "agu": "agua", "rio": "río", "verd": "verde", "sol": "sol", "mar": "mar"}
SYNONYMS = Synonyms.read(["mar, sol río, verde"])
BACKENDS = "search.backends"
BOUNDS = {
    f"{BACKENDS}.base.COUNT_LIMIT": [1, 3, 6, 12, 2000],
    f"{BACKENDS}.base.POSTINGS_LIMIT": [1, 3, 8, 1000],
    f"{BACKENDS}.sqlite.RANKED": [1, 4, 8, 1000],
    f"{BACKENDS}.sqlite.CAP_PHRASES": [1, 3, 300],
    f"{BACKENDS}.sqlite.SqliteBackend.scan_window": [0, 5, 12, 400],
    f"{BACKENDS}.postgres.RANKED": [1, 4, 8, 1000],
    f"{BACKENDS}.postgres_tiers.READ": [1, 5, 100],
    f"{BACKENDS}.postgres.NEWEST_BANDS": [1, 2, 4],
    f"{BACKENDS}.postgres.MOST_BANDS": [2, 6, 32],
    f"{BACKENDS}.postgres.PostgresBackend.scan_window": [0, 5, 12, 1500],
    f"{BACKENDS}.postgres_conditions.MOST_WAYS": [1, 2, 16],
}
FIRST_IDS = [1, 1000, 1023, 4980, 100_000]
"""Where a catalogue may begin: a database that has gone back in its tests goes on counting, and bands follow the ids."""
ORDERS = {
    "newest": lambda doc: (-doc["visible_from"], -doc["id"]),
    "title": lambda doc: (doc["sort_title"], doc["id"]),
    "popular": lambda doc: (-doc["times"], -doc["visible_from"], -doc["id"]),
}


class Catalogue:
    """Some documents, and what answers among them: each is read."""

    def __init__(self, rng, store):
        first, count = rng.choice(FIRST_IDS), rng.choice([5, 30, 40])
        self.docs = [self._make(rng, store, first + n) for n in range(count)]

    @staticmethod
    def _make(rng, store, pk):
        doc = {
            name: " ".join(rng.choices(list(WORDS), k=rng.randrange(most)))
            for name, most in (("title", 3), ("tags", 3), ("summary", 3), ("body", 6))
        }
        doc["facets"] = f"f_{rng.choice('ab')} y_{rng.choice([1, 12, 2])}"
        doc["visible_from"] = rng.choice([1, 2, 2, 3, 4, 5, NOW + 1])
        doc["visible_until"] = rng.choice([MAX_TIMESTAMP] * 6 + [NOW, NOW + 1])
        doc["sort_title"] = f"t{rng.randrange(6)}"
        doc["id"] = store(**doc, id=pk)
        doc["times"] = rng.choice([0, 0, 1, 2, 3])
        if doc["times"] or rng.random() < 0.2:
            ViewCount.objects.create(resource_id=doc["id"], times=doc["times"])
        return doc

    def answering(self, parsed, filters):
        """Return what a visitor finds now."""
        return [doc for doc in self.docs if self._answers(doc, parsed, filters)]

    @staticmethod
    def _answers(doc, parsed: Query, filters):
        tokens = {*doc["facets"].split(), f"r_{doc['id']}"}
        is_chosen = all(tokens.intersection(chosen) for chosen in filters.values())
        if not (is_chosen and doc["visible_from"] <= NOW < doc["visible_until"]):
            return False
        if any(has(doc, stems) for stems in parsed.excluded):
            return False
        found = [any(has(doc, stems) for stems in c.alternatives) for c in parsed.clauses]
        return not found or (any(found) if parsed.any_word else all(found))


def has(doc, stems):
    """Tell whether a document has these stems side by side."""
    return any(
        f" {' '.join(stems)} " in f" {doc[name]} " for name in ("title", "tags", "summary", "body")
    )


def any_question(rng):
    """Return a question of one to four words, phrases, compounds and exclusions, perhaps with any of them enough."""
    kinds = ["{a}"] * 5 + ['"{a} {b}"', "{a}-{b}", "-{a}"] + ['-"{a} {b}"'] * 2
    parts = []
    for _ in range(rng.choice([0, 1, 1, 2, 2, 3, 4])):
        a, b = rng.sample(list(WORDS.values()), 2)
        parts.append(rng.choice(kinds).format(a=a, b=b))
    parsed = parse(" ".join(parts), rng.choice([None, SYNONYMS]))
    return parsed.loosened() if parsed.clauses and rng.random() < 0.5 else parsed


def any_filters(rng, catalogue):
    """Return up to three filters, some of values that do not exist."""
    filters = {}
    if rng.random() < 0.4:
        filters["f"] = rng.choice([["f_a"], ["f_b"], ["f_a", "f_b"], ["f_none"]])
    if rng.random() < 0.3:
        filters["y"] = rng.choice([["y_1"], ["y_12", "y_2"], []])
    if rng.random() < 0.05:
        filters["r"] = [f"r_{rng.choice(catalogue.docs)['id']}"]
    return filters


@pytest.mark.parametrize("seed", range(20))
def test_any_question_is_answered_as_if_every_document_was_read(engine, store, monkeypatch, seed):
    rng = random.Random(seed)
    monkeypatch.setattr(f"{BACKENDS}.postgres_columns.BAND", rng.choice([1, 2, 1024]))
    catalogue = Catalogue(rng, store)
    for _ in range(40):
        for name, choices in BOUNDS.items():
            monkeypatch.setattr(name, rng.choice(choices))
        parsed, filters = any_question(rng), any_filters(rng, catalogue)
        order, limit = rng.choice(["relevance", *ORDERS]), rng.choice([1, 2, 5, 20])
        try:
            Asked(type(engine), catalogue, parsed, filters).check(order, limit)
        except AssertionError as error:
            error.add_note(f"{parsed} {filters} {order}, {limit} a page; {catalogue.docs}")
            raise


class Asked:
    """A question that was put to an engine and to the catalogue itself."""

    def __init__(self, engine, catalogue, parsed, filters):
        self.engine, self.parsed, self.filters = engine, parsed, filters
        self.docs = {doc["id"]: doc for doc in catalogue.answering(parsed, filters)}
        self.wider = {
            group: catalogue.answering(parsed, {k: v for k, v in filters.items() if k != group})
            for group in "fy"
        }

    def query(self, **place):
        with connection.cursor() as cursor:
            return self.engine().query(cursor, self.parsed, self.filters, now=NOW, **place)

    def check(self, order, limit):
        """Compare total, counts, every page, and the query of all."""
        found = self.query(limit=0)
        if found.capped:
            assert found.total < len(self.docs)
        else:
            assert found.total == len(self.docs)
        if not all(self.filters.values()):
            return
        self.check_counts(found)
        self.check_pages(found, order, limit)
        with connection.cursor() as cursor:
            cursor.execute(*self.engine().matching_sql(self.parsed, self.filters, NOW))
            assert sorted(row[0] for row in cursor.fetchall()) == sorted(self.docs)

    def check_counts(self, found):
        for group, docs in self.wider.items():
            every = Counter(
                token for doc in docs for token in doc["facets"].split() if group_of(token) == group
            )
            counted = Counter({t: n for t, n in found.counts.items() if group_of(t) == group})
            assert counted <= every
            assert counted == every or found.capped or counted.total() > found.total

    def check_pages(self, found, order, limit):
        ids = []
        for offset in range(0, found.total + limit, limit):
            page = self.query(offset=offset, limit=limit, order=order)
            assert (page.total, page.capped) == (found.total, found.capped)
            assert len(page.ids) >= min(limit, max(0, found.total - offset))
            ids += page.ids
        assert len(ids) == len(set(ids))
        assert self.docs.keys() >= set(ids)
        assert found.capped or self.docs.keys() == set(ids)
        if order in ORDERS:
            in_order = [doc["id"] for doc in sorted(self.docs.values(), key=ORDERS[order])]
            assert ids == in_order[: len(ids)]
