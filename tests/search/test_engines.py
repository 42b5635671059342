"""The contract of the engines, on whichever database is configured."""

import pytest
from django.db import connection

from resources.models import Resource, SearchDoc
from resources.search.engines import EVERY, FOREVER, Doc
from resources.search.engines.choose import engine_for
from resources.search.parser import Synonyms, parse
from tests.makers import make_document, make_section

pytestmark = pytest.mark.django_db
NOW = 1_000


@pytest.fixture
def engine():
    return engine_for(connection.vendor)


@pytest.fixture
def store(engine):
    """Return a function that stores a document under the id of a new resource."""
    section = make_section()
    SearchDoc.objects.all().delete()

    def put(**values):
        resource = make_document(section=section, status="draft")
        facets = f"{EVERY} r_{resource.pk} {values.pop('facets', '')}".strip()
        texts = {"title": "", "tags": "", "summary": "", "body": ""} | {
            key: values.pop(key)
            for key in list(values)
            if key in ("title", "tags", "summary", "body")
        }
        defaults = {
            "layout": "{}",
            "words": "",
            "sort_title": "",
            "visible_from": 1,
            "visible_until": FOREVER,
            "analyzer": 1,
        }
        with connection.cursor() as cursor:
            engine.store(cursor, [Doc(id=resource.pk, facets=facets, **texts, **defaults | values)])
        return resource.pk

    return put


@pytest.fixture
def ask(engine):
    def run(text, filters=None, any_word=False, synonyms=None, **options):
        parsed = parse(text, synonyms)
        parsed = parsed.loosened() if any_word else parsed
        with connection.cursor() as cursor:
            return engine.query(cursor, parsed, filters or {}, **{"now": NOW} | options)

    return run


def test_all_words_are_needed_wherever_they_stand(store, ask):
    both = store(title="gobiern", body="abiert")
    store(title="gobiern")
    assert ask("gobierno abierto").ids == [both]


def test_any_word_will_do_when_it_is_asked_for(store, ask):
    both, one = store(body="gobiern abiert"), store(body="gobiern")
    found = ask("gobierno abierto", any_word=True)
    assert (set(found.ids), found.ids[0], found.total) == ({both, one}, both, 2)


def test_a_phrase_wants_its_words_side_by_side(store, ask):
    phrase = store(body="control social fuert")
    store(body="social control")
    store(body="control muy social")
    assert ask('"control social"').ids == [phrase]
    assert ask("control-social").ids == [phrase]


def test_a_long_phrase_in_any_field(store, ask):
    ids = {
        store(title="sgapg 2023 001"),
        store(summary="acuerd sgapg 2023 001 x"),
        store(body="sgapg 2023 001"),
    }
    store(body="sgapg 2023 002")
    assert set(ask("SGAPG-2023-001").ids) == ids


def test_a_phrase_runs_on_from_one_page_to_the_next(store, ask):
    across = store(body="primer control\nsocial segund")
    assert ask('"control social"').ids == [across]


def test_what_is_excluded_is_left_out(store, ask):
    kept = store(body="agu potabl")
    other = store(body="agu rieg")
    assert ask("agua -riego").ids == [kept]
    assert ask("-riego").ids == [kept]
    assert ask('-"agua potable"').ids == [other]


def test_what_is_excluded_may_stand_in_another_field_than_what_is_asked(store, ask):
    store(title="plan", body="rieg")
    store(tags="plan", body="agu rieg")
    store(summary="plan", title="rieg")
    kept = [store(body="plan"), store(tags="plan"), store(title="plan", body="agu")]
    assert ask("plan -riego").ids == kept[::-1]
    assert ask("plan -riego").total == 3
    assert ask('plan -"agua riego"').total == 5
    assert set(ask("plan agua -riego", any_word=True).ids) == set(kept)


def test_alternatives_of_a_clause(store, ask):
    synonyms = Synonyms.read(["GAD, gobierno autónomo descentralizado"])
    phrase, word = store(body="gobiern autonom descentralic"), store(body="gad")
    store(body="gobiern descentralic")
    for text in ("GAD", "gobiernos autónomos descentralizados"):
        assert set(ask(text, synonyms=synonyms).ids) == {phrase, word}


def test_many_clauses_with_words_and_phrases_are_all_needed(store, ask):
    synonyms = Synonyms.read([f"uno{n}, otro{n} largo{n}" for n in range(6)])
    question = " ".join(f"uno{n}" for n in range(6))
    mixed = store(body=" ".join(f"otro{n} largo{n}" if n % 2 else f"uno{n}" for n in range(6)))
    words = store(body=question)
    store(body=" ".join(f"uno{n}" for n in range(5)))
    store(body=f"{question[:-5]} largo5 otro5")
    found = ask(question, synonyms=synonyms)
    assert (found.total, set(found.ids)) == (2, {mixed, words})


def test_titles_come_before_tags_before_summaries_before_bodies(store, ask):
    body, summary, tags, title = (
        store(body="plan"),
        store(summary="plan"),
        store(tags="plan"),
        store(title="plan"),
    )
    assert ask("plan").ids == [title, tags, summary, body]


def test_a_body_that_speaks_of_it_often_comes_before_one_that_mentions_it(store, ask):
    filling = " ".join(f"palabr{n}" for n in range(20))
    often = store(body=f"{filling} uno dos {'plan ' * 12}".strip())
    some = store(body=f"{filling} uno {'plan ' * 4} {'otr ' * 8}".strip())
    once = store(body=f"{filling} plan {'otr ' * 11}".strip())
    assert ask("plan").ids == [often, some, once]


def test_filters_and_counts_that_respect_the_others(store, ask):
    a = store(body="plan", facets="k_document y_2022")
    b = store(body="plan", facets="k_video y_2022")
    c = store(body="plan", facets="k_video y_2010")
    store(body="otr", facets="k_video y_2010")
    assert set(ask("plan", {"k": ["k_video"]}).ids) == {b, c}
    assert set(ask("plan", {"k": ["k_video", "k_document"], "y": ["y_2022"]}).ids) == {a, b}
    counts = ask("plan", {"k": ["k_video"], "y": ["y_2010"]}).counts
    assert (counts["k_video"], counts["k_document"], counts["y_2010"], counts["y_2022"]) == (
        1,
        0,
        1,
        1,
    )


def test_a_filter_without_values_finds_nothing_and_one_alone_needs_no_words(store, ask):
    found = store(facets="k_video")
    store(facets="k_document")
    assert ask("", {"k": []}).total == 0
    assert ask("", {"k": ["k_video"]}).ids == [found]
    assert ask("").total == 2


def test_nothing_is_found_outside_its_time(store, ask):
    store(body="plan", visible_from=NOW + 1)
    store(body="plan", visible_until=NOW)
    now = store(body="plan", visible_from=NOW, visible_until=NOW + 1)
    found = ask("plan")
    assert (found.ids, found.total) == ([now], 1)
    assert ask("").ids == [now]
    assert ask("plan", any_word=True, order="newest").ids == [now]


def test_pages_follow_one_another_without_gap_or_repeat(store, ask):
    ids = {store(title="plan" if n % 3 else "", body="plan") for n in range(25)}
    for order in ("relevance", "newest", "title"):
        pages = [ask("plan", offset=start, limit=10, order=order).ids for start in (0, 10, 20, 30)]
        assert [len(page) for page in pages] == [10, 10, 5, 0]
        assert {pk for page in pages for pk in page} == ids


def test_orders(store, ask):
    old, new = (
        store(body="plan", visible_from=1, sort_title="a"),
        store(body="plan", visible_from=2, sort_title="b"),
    )
    assert ask("plan", order="newest").ids == [new, old]
    assert ask("plan", order="title").ids == [old, new]


def test_many_results_are_ranked_by_tiers(store, ask, engine, monkeypatch):
    module = __import__(type(engine).__module__, fromlist=["RANKED"])
    monkeypatch.setattr(module, "RANKED", 3)
    body = [store(body="plan") for _ in range(4)]
    head = [store(summary="plan") for _ in range(2)]
    title = [store(title="plan") for _ in range(2)]
    found = ask("plan")
    assert set(found.ids[:2]) == set(title)
    assert set(found.ids[2:4]) == set(head)
    assert set(found.ids[4:]) == set(body)
    assert set(ask("plan nada", any_word=True).ids) == {*body, *head, *title}


def test_of_many_documents_the_newest_come_first_and_none_is_lost(store, ask, engine, monkeypatch):
    monkeypatch.setattr("resources.search.engines.postgres_columns.BAND", 1)
    monkeypatch.setattr("resources.search.engines.postgres.NEWEST", 2)
    monkeypatch.setattr("resources.search.engines.postgres.READ", 1)
    monkeypatch.setattr(__import__(type(engine).__module__, fromlist=["RANKED"]), "RANKED", 1)
    oldest = store(body="lejan plan", facets="y_2001")
    rest = [
        store(title="plan" if n % 4 == 0 else "", body="verd plan" if n % 2 else "plan verd")
        for n in range(12)
    ]
    newest = rest[::-1]
    titled = rest[8::-4]
    order = [*titled, *(pk for pk in newest if pk not in titled), oldest]
    assert ask("plan").ids == order
    assert ask("plan", offset=10, limit=5).ids == order[10:]
    assert ask('"plan verde"').ids == rest[10::-2]
    assert ask("lejano").ids == ask("plan", {"y": ["y_2001"]}).ids == [oldest]
    assert ask("plan -lejano").total == 12
    with connection.cursor() as cursor:
        known = engine.known(cursor, ["lejan", "verd", "otr"], NOW)
        assert known == {"lejan", "verd"}
    monkeypatch.setattr("resources.search.engines.CAP", 1)
    assert (ask("plan").total, ask("plan").capped, ask("lejano").capped) == (1, True, False)


@pytest.mark.parametrize("cap", range(2, 14))
def test_wherever_counting_stops_no_document_is_counted_twice(store, ask, monkeypatch, cap):
    monkeypatch.setattr("resources.search.engines.postgres_columns.BAND", 1)
    monkeypatch.setattr("resources.search.engines.postgres.NEWEST", 2)
    monkeypatch.setattr("resources.search.engines.CAP", cap)
    for year in range(2001, 2013):
        store(body="plan", facets=f"f_pdf y_{year}")
    found = ask("plan")
    assert (found.total, found.capped) == (min(cap, 12), cap < 12)
    counted = min(cap + 1, 12)  # one more says that there are more
    assert found.counts["f_pdf"] == counted
    assert sum(n for token, n in found.counts.items() if token.startswith("y_")) == counted
    assert max(found.counts[f"y_{year}"] for year in range(2001, 2013)) == 1


def test_counting_stops_at_a_cap(store, ask, engine, monkeypatch):
    monkeypatch.setattr("resources.search.engines.CAP", 4)
    for _ in range(6):
        store(body="plan")
    found = ask("plan")
    assert (found.total, found.capped) == (4, True)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="FTS5 reads positions to count")
def test_sqlite_counts_fewer_phrases_and_only_where_their_words_stand_in_many_documents(
    store, ask, monkeypatch
):
    monkeypatch.setattr("resources.search.engines.sqlite.CAP_PHRASES", 2)
    for _ in range(3):
        store(body="plan verd")
    assert ask('"plan verde"').total == 3
    monkeypatch.setattr("resources.search.engines.sqlite.RANKED", 2)
    found = ask('"plan verde"')
    assert (found.total, found.capped, len(found.ids)) == (2, True, 3)
    assert ask("plan verde").total == 3


def test_storing_again_replaces_and_deleting_takes_out(store, ask, engine):
    pk = store(title="viej")
    row = SearchDoc.objects.get(pk=pk)
    values = {name: getattr(row, name) for name in Doc.__dataclass_fields__ if name != "id"}
    with connection.cursor() as cursor:
        engine.store(cursor, [Doc(id=pk, **values | {"title": "nuev"})])
    assert ask("viejo").ids == []
    assert ask("nuevo").ids == [pk]
    Resource.objects.get(pk=pk).delete()
    assert ask("nuevo").total == 0


def test_known_stems(store, engine):
    store(body="plan accion")
    store(body="tard", visible_from=NOW + 1)
    with connection.cursor() as cursor:
        assert engine.known(cursor, ["plan", "otr", "政府", "tard"], NOW) == {"plan"}


def test_words_and_facets_are_never_confused(store, ask):
    store(body="plan", facets="k_document")
    assert ask("k_document").total == 0
    assert ask("x_every").total == 0


def test_installing_again_changes_nothing_and_brings_lost_triggers_back(store, ask, engine):
    pk = store(body="plan")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER search_update")
        engine.install(cursor)
    assert ask("plan").ids == [pk]
