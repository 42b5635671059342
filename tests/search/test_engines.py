"""The contract of the engines, on whichever database is configured."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resources.models import Resource
from search.backends.base import Doc
from search.models import SearchDoc
from search.query.parser import Synonyms
from tests.search.asking import NOW

pytestmark = pytest.mark.django_db
LETTERS = str.maketrans("0123456789", "abcdefghij")


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
        store(title="sgapg 2023 1"),
        store(summary="acuerd sgapg 2023 1 x"),
        store(body="sgapg 2023 1"),
    }
    store(body="sgapg 2023 2")
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


def test_words_and_phrases_are_left_out_together(store, ask):
    store(title="plan verd", body="rieg")
    store(title="plan verd", body="agu potabl")
    kept = store(title="plan verd", body="potabl agu", facets="k_video")
    other = store(body="plan verd", facets="k_document")
    for text in ("plan", "verde plan", '"plan verde"', "plan-verde", ""):
        found = ask(f'{text} -riego -"agua potable"')
        assert (found.ids if text else found.ids[::-1], found.total) == ([kept, other], 2)
        assert ask(f'{text} -riego -"agua potable"', {"k": ["k_video"]}).ids == [kept]
    assert ask("plan nada -riego", any_word=True).total == 3
    assert ask('"plan verde" agua -riego', any_word=True).total == 3


@pytest.mark.skipif(connection.vendor != "postgresql", reason="FTS5 has one expression for all")
@pytest.mark.parametrize(
    "text", ["-riego", "plan -riego", '"plan verde" -riego', "plan nada -riego"]
)
def test_postgresql_leaves_excluded_words_to_the_index_and_reads_no_vector(store, ask, text):
    store(title="plan verd")
    with CaptureQueriesContext(connection) as queries:
        ask(text, any_word="nada" in text)
    assert any("!''rieg''" in query["sql"] for query in queries)
    assert not any("NOT (" in query["sql"] for query in queries)


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


def test_a_pasted_title_with_hyphens_asks_little(store, ask, engine, monkeypatch):
    monkeypatch.setattr(__import__(type(engine).__module__, fromlist=["RANKED"]), "RANKED", 1)
    title = "acuerdo público-privado socio-económico co-creación 2024-2025 plan-acción"
    one, other = store(body="plan"), store(body="accion acuerd")
    phrase = store(body="plan accion acuerd")
    for text, any_word, expected in (
        (title, False, []),
        (title, True, [phrase, other, one]),
        ("abierto-plan plan-acción acción-acuerdo", True, [phrase, other, one]),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert ask(text, any_word=any_word).ids == expected
        assert len(queries) <= 50
        assert max(len(query["sql"]) for query in queries) < 10_000


@pytest.mark.parametrize("ranked", [1, 1000])
def test_any_of_many_phrases_will_do_and_nothing_else(store, ask, engine, monkeypatch, ranked):
    monkeypatch.setattr(__import__(type(engine).__module__, fromlist=["RANKED"]), "RANKED", ranked)
    phrases = [f"palabr{n} segund{n}" for n in range(6)]
    ids = {store(body=phrase) for phrase in phrases}
    two = store(body=" x ".join(phrases[4:]))
    store(body="segund1 palabr1")
    store(title="otr")
    found = ask(" ".join(f'"{phrase}"' for phrase in phrases) + " agua", any_word=True)
    assert (set(found.ids), found.total) == ({*ids, two}, 7)
    assert len(found.ids) == 7


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


def test_the_last_words_of_a_very_large_document_are_found(store, ask):
    numbers = " ".join(str(1_000_000 + n) for n in range(200_000))
    pk = store(title="plan", body=f"{numbers} {numbers} lejan fin")
    assert ask("plan lejano").ids == ask('"lejano fin"').ids == ask("1000007").ids == [pk]


def test_a_huge_summary_beside_a_huge_body_can_be_stored(store, ask):
    def words(start: str) -> str:
        return " ".join(f"{start}{n:05}".translate(LETTERS) for n in range(99_000))

    pk = store(title="plan", tags="verd", summary=words("mes"), body=words("pag"), facets="k_law")
    assert ask("plan verde", {"k": ["k_law"]}).ids == ask("mesaaaab pagaaaab").ids == [pk]


def test_known_stems(store, engine):
    store(body="plan accion")
    store(body="tard", visible_from=NOW + 1)
    with connection.cursor() as cursor:
        assert engine.existing_terms(cursor, ["plan", "otr", "政府", "tard"], NOW) == {"plan"}


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
