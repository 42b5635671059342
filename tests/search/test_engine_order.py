"""In which order the engines answer, how far they count, and that pages follow one another."""

import pytest
from django.db import connection

from search.query.parser import Synonyms, parse
from tests.search.asking import NOW

pytestmark = pytest.mark.django_db
LETTERS = str.maketrans("0123456789", "abcdefghij")


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


def test_of_many_results_for_any_word_those_with_more_of_them_come_first(
    store, ask, engine, monkeypatch
):
    monkeypatch.setattr(__import__(type(engine).__module__, fromlist=["RANKED"]), "RANKED", 1)
    together = store(body="rio agu sgapg 2023 001")
    three = store(body="001 x sgapg x 2023")
    two = store(title="agu", body="001")
    one = store(title="2023")
    found = ask("agua laguna SGAPG-2023-001", any_word=True)
    assert (found.ids, found.total) == ([together, three, two, one], 4)


@pytest.mark.parametrize("held", [1, 3, 1000])
@pytest.mark.parametrize("cap", [5, 100])
def test_many_results_for_any_word_are_all_there_page_by_page_and_nothing_excluded(
    store, ask, engine, monkeypatch, held, cap
):
    module = __import__(type(engine).__module__, fromlist=["RANKED"])
    monkeypatch.setattr(module, "RANKED", 1)
    monkeypatch.setattr("search.backends.postgres_columns.BAND", 1)
    monkeypatch.setattr("search.backends.postgres.NEWEST_BANDS", 2)
    monkeypatch.setattr("search.backends.base.POSTINGS_LIMIT", held)
    kept, facets = set(), {"y": ["y_2001"]}
    for n in range(12):
        words = ["plan", "agu" if n % 2 else "rio", "verd" if n % 3 else ""]
        kept.add(store(title=words[n % 3], body=" ".join(words), facets="y_2001"))
    store(body="plan agu sec mar", facets="y_2001")
    store(title="sol lun", body="plan", facets="y_2001")
    store(body="plan agu", facets="y_2002")
    store(body="plan agu", facets="y_2001", visible_until=NOW)
    together = store(title="agu rar", body="plan verd rio", facets="y_2001")
    monkeypatch.setattr("search.backends.base.COUNT_LIMIT", cap)
    text = 'plan agua río verde rara-plan -seca -"sol luna"'
    pages = [
        ask(text, facets, any_word=True, offset=start, limit=4).ids for start in range(0, 16, 4)
    ]
    ids = [pk for page in pages for pk in page]
    assert ids[0] == together
    assert len(ids) == len(set(ids)) >= min(cap, 13)
    assert set(ids) <= {together, *kept}


def test_many_results_with_an_excluded_phrase_do_not_disturb_the_order_of_the_rest(
    store, ask, engine, monkeypatch
):
    module = __import__(type(engine).__module__, fromlist=["RANKED"])
    monkeypatch.setattr(module, "RANKED", 1)
    both = store(title="plan agu")
    one = store(title="plan", body="x")
    other = store(body="plan")
    for _ in range(7):
        store(title="plan agu", body="sol lun")
    store(title="x", body="x")
    pages = [
        ask('plan agua -"sol luna"', any_word=True, offset=start, limit=1).ids for start in range(3)
    ]
    assert pages == [[both], [one], [other]]


@pytest.mark.parametrize("order", ["relevance", "newest", "title"])
def test_words_and_phrases_are_found_once_in_any_order(store, ask, order):
    both = store(body="co creacion plan accion cocreacion")
    glued = store(body="cocreacion planaccion")
    store(body="creacion co accion plan")
    found = ask("co-creación plan-acción", order=order)
    assert (sorted(found.ids), found.total) == (sorted([both, glued]), 2)


def test_pages_follow_one_another_without_gap_or_repeat(store, ask):
    ids = {store(title="plan" if n % 3 else "", body="plan") for n in range(25)}
    for order in ("relevance", "newest", "title"):
        pages = [ask("plan", offset=start, limit=10, order=order).ids for start in (0, 10, 20, 30)]
        assert [len(page) for page in pages] == [10, 10, 5, 0]
        assert {pk for page in pages for pk in page} == ids


def test_a_page_that_no_list_has_is_not_computed(store, ask, engine, monkeypatch):
    def fail(*args):
        raise AssertionError("nobody has this page")

    for _ in range(3):
        store(body="plan")
    monkeypatch.setattr(type(engine), "ids", fail)
    monkeypatch.setattr("search.backends.base.most_popular", fail)
    for text, order in (("plan", "relevance"), ("plan", "title"), ("", "popular")):
        found = ask(text, offset=3, order=order)
        assert (found.ids, found.total) == ([], 3)


def test_orders(store, ask):
    old, new = (
        store(body="plan", visible_from=1, sort_title="a"),
        store(body="plan", visible_from=2, sort_title="b"),
    )
    assert ask("plan", order="newest").ids == [new, old]
    assert ask("plan", order="title").ids == [old, new]


@pytest.mark.parametrize("any_word", [False, True])
def test_what_has_but_a_synonym_of_several_words_is_found_page_by_page(store, ask, any_word):
    synonyms = Synonyms.read(["GAD, gobierno autónomo descentralizado"])
    phrase = "gobiern autonom descentralic"
    elsewhere = [store(body=f"otr {phrase}") for _ in range(3)]
    typed = [store(body="otr gad") for _ in range(3)]
    store(body="autonom gobiern descentralic")
    text = "gad inexistente" if any_word else "gad"
    pages = [
        ask(text, any_word=any_word, synonyms=synonyms, offset=start, limit=2).ids
        for start in (0, 2, 4, 6)
    ]
    assert [len(page) for page in pages] == [2, 2, 2, 0]
    assert {pk for page in pages for pk in page} == {*typed, *elsewhere}


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
    monkeypatch.setattr("search.backends.postgres_columns.BAND", 1)
    monkeypatch.setattr("search.backends.postgres.NEWEST_BANDS", 2)
    monkeypatch.setattr("search.backends.postgres_tiers.READ", 1)
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
        known = engine.existing_terms(cursor, ["lejan", "verd", "otr"], NOW)
        assert known == {"lejan", "verd"}
    monkeypatch.setattr("search.backends.base.COUNT_LIMIT", 1)
    assert (ask("plan").total, ask("plan").capped, ask("lejano").capped) == (1, True, False)


@pytest.mark.parametrize("cap", range(2, 14))
def test_wherever_counting_stops_no_document_is_counted_twice(store, ask, monkeypatch, cap):
    monkeypatch.setattr("search.backends.postgres_columns.BAND", 1)
    monkeypatch.setattr("search.backends.postgres.NEWEST_BANDS", 2)
    monkeypatch.setattr("search.backends.base.COUNT_LIMIT", cap)
    for year in range(2001, 2013):
        store(body="plan", facets=f"f_pdf y_{year}")
    found = ask("plan")
    assert (found.total, found.capped) == (min(cap, 12), cap < 12)
    counted = min(cap + 1, 12)  # one more says that there are more
    assert found.counts["f_pdf"] == counted
    assert sum(n for token, n in found.counts.items() if token.startswith("y_")) == counted
    assert max(found.counts[f"y_{year}"] for year in range(2001, 2013)) == 1


@pytest.mark.parametrize("cap", range(1, 14))
def test_wherever_counting_stops_filters_hold_and_each_group_is_counted_without_its_own(
    store, ask, monkeypatch, cap
):
    monkeypatch.setattr("search.backends.base.COUNT_LIMIT", cap)
    kept = [
        store(body="plan", facets=f"f_{'pdf' if n % 4 else 'csv'} y_{2001 + n % 3}")
        for n in range(12)
    ]
    both = {pk for n, pk in enumerate(kept) if n % 4 and n % 3 < 2}  # 6 of them
    found = ask("plan", {"f": ["f_pdf"], "y": ["y_2001", "y_2002"]}, limit=20)
    assert (found.total, found.capped) == (min(6, cap), cap < 6)
    assert set(found.ids) <= both
    assert len(found.ids) >= found.total
    of_years = {2001 + rest: 3 for rest in range(3)}  # of the nine PDFs
    of_formats = {"pdf": 6, "csv": 2}  # of the eight of 2001 and 2002
    for group, size in (("y", of_years), ("f", of_formats)):
        counted = {t: n for t, n in found.counts.items() if t.startswith(f"{group}_")}
        if sum(size.values()) <= cap:
            assert counted == {f"{group}_{value}": n for value, n in size.items()}
        else:
            assert sum(counted.values()) == cap + 1


def test_counting_stops_at_a_cap(store, ask, engine, monkeypatch):
    monkeypatch.setattr("search.backends.base.COUNT_LIMIT", 4)
    for _ in range(6):
        store(body="plan")
    found = ask("plan")
    assert (found.total, found.capped) == (4, True)


def test_of_a_large_catalogue_fewer_hits_are_counted(store, ask, monkeypatch):
    monkeypatch.setattr("search.backends.base.COUNT_LIMIT_LARGE", 4)
    stored = [store(body="plan") for _ in range(6)]
    assert (ask("plan").total, ask("plan").capped) == (6, False)
    monkeypatch.setattr("search.backends.base.LARGE", stored[-1])
    assert (ask("plan").total, ask("plan").capped) == (6, False)
    monkeypatch.setattr("search.backends.base.LARGE", stored[-2])
    assert (ask("plan").total, ask("plan").capped) == (4, True)
    assert len(ask("plan", offset=0, limit=4).ids) == 4


@pytest.mark.skipif(connection.vendor != "sqlite", reason="FTS5 reads positions to count")
def test_sqlite_counts_fewer_phrases_and_only_where_their_words_stand_in_many_documents(
    store, ask, monkeypatch
):
    monkeypatch.setattr("search.backends.sqlite.CAP_PHRASES", 2)
    for _ in range(3):
        store(body="plan verd")
    assert ask('"plan verde"').total == 3
    monkeypatch.setattr("search.backends.sqlite.RANKED", 2)
    found = ask('"plan verde"')
    assert (found.total, found.capped, len(found.ids)) == (2, True, 3)
    assert ask("plan verde").total == 3


@pytest.mark.parametrize("filters", [{"y": []}, {"f": ["f_pdf"], "y": []}])
def test_the_query_of_all_that_answers_finds_nothing_by_a_value_that_does_not_exist(
    store, engine, filters
):
    store(body="plan", facets="f_pdf")
    with connection.cursor() as cursor:
        for text in ("plan", '"plan verde"', ""):
            cursor.execute(*engine.matching_sql(parse(text), filters, NOW))
            assert cursor.fetchall() == []
        cursor.execute(*engine.matching_sql(parse("plan"), {"f": ["f_pdf"]}, NOW))
        assert len(cursor.fetchall()) == 1
