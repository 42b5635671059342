"""The index: written with the content, checked against the analyser, written anew by a command."""

import contextlib
import io
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.utils import timezone

from search import checks
from search.index import rebuild
from search.models import DeletionVariant, ReindexState, SearchDoc, Term
from tests.makers import make_document, make_file, pdf_bytes

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = io.StringIO()
    call_command("reindex", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_reindex_writes_what_is_missing_and_leaves_the_rest(tmp_path):
    make_file(make_document(title="Uno"), pdf_bytes("alfa", "beta"), folder=tmp_path)
    two = make_document(title="Dos")
    before = list(SearchDoc.objects.order_by("pk").values())
    SearchDoc.objects.filter(pk=two.pk).delete()
    assert "1 recursos" in run()
    assert "0 recursos" in run()
    assert "2 recursos, 2 páginas" in run("--all")
    assert list(SearchDoc.objects.order_by("pk").values()) == before


def test_reindex_goes_on_where_it_stopped(monkeypatch):
    documents = [make_document(title=f"Plan {n}") for n in range(3)]
    make, done = rebuild.build_documents, []

    def interrupted(ids, *args):
        if done:
            raise KeyboardInterrupt
        done.extend(ids)
        return make(ids, *args)

    monkeypatch.setattr(rebuild, "BATCH", 1)
    monkeypatch.setattr(rebuild, "build_documents", interrupted)
    with pytest.raises(CommandError, match="1 de 3 recursos están al día") as stopped:
        run("--all")
    assert stopped.value.returncode == 130
    assert list(rebuild.remaining()) == [documents[1].pk, documents[2].pk]
    monkeypatch.undo()
    assert "2 recursos" in run()
    assert "0 recursos" in run()


@pytest.fixture
def meanwhile(monkeypatch):
    """Have something done after the first entries were made and before they are written."""

    def do(change):
        make, done = rebuild.build_documents, []

        def making(*args):
            entries = list(make(*args))
            if not done:
                done.append(change())
            return entries

        monkeypatch.setattr(rebuild, "build_documents", making)

    return do


def test_what_is_saved_while_its_entry_is_made_is_not_lost(meanwhile):
    document, other = make_document(title="Acequias"), make_document(title="Plazas")

    def change():
        document.title = "Veredas"
        document.save()

    meanwhile(change)
    run("--all")
    titles = SearchDoc.objects.order_by("pk").values_list("title", flat=True)
    assert list(titles) == ["vered", "plaza"]
    assert set(Term.objects.filter(frequency__gt=0).values_list("text", flat=True)) >= {"veredas"}
    assert Term.objects.get(text="acequias").frequency == 0
    assert other.pk in SearchDoc.objects.values_list("pk", flat=True)


@pytest.mark.parametrize("had_entry", [True, False])
@pytest.mark.parametrize("how", ["withdraw", "delete"])
def test_what_is_taken_away_while_its_entry_is_made_gets_none(meanwhile, had_entry, how):
    document, other = make_document(title="Acequias"), make_document(title="Plazas")
    if not had_entry:
        SearchDoc.objects.filter(pk=document.pk).delete()

    def change():
        if how == "delete":
            document.delete()
            return
        document.status, document.withdrawn_on = "withdrawn", timezone.now()
        document.withdrawn_reason = "Un error."
        document.save()

    meanwhile(change)
    run("--all")
    assert list(SearchDoc.objects.values_list("pk", flat=True)) == [other.pk]


def test_entries_are_made_before_anybody_has_to_wait(meanwhile):
    make_document()
    outside, held = len(connection.savepoint_ids), []
    meanwhile(lambda: held.append(len(connection.savepoint_ids)))
    run("--all")
    assert held == [outside]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite refuses late writers")
def test_others_may_save_between_two_batches(monkeypatch, tmp_path):
    monkeypatch.setattr(rebuild, "BATCH", 1)
    monkeypatch.setattr(rebuild, "AT_ONCE", 2)
    copy, done = tmp_path / "copy.sqlite3", []

    def somebody_saves(count: int, _: int) -> None:
        with contextlib.closing(sqlite3.connect(copy)) as other, other:
            other.execute("UPDATE resources_sitesettings SET content_version = content_version + 1")
        done.append(count)

    def rewrite() -> None:
        own = DatabaseWrapper(connection.settings_dict | {"NAME": copy}, "default")
        connections["default"] = own  # of this thread alone
        for n in range(3):
            make_document(title=f"Plan {n}")
        rebuild.start_rebuild()
        rebuild.continue_rebuild(somebody_saves)
        own.close()

    with (
        contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"])) as tests,
        contextlib.closing(sqlite3.connect(copy)) as made,
    ):
        tests.backup(made)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(rewrite).result(timeout=60)
    assert done == [1, 2, 3]


def test_resources_of_many_pages_are_written_a_few_at_a_time(monkeypatch, tmp_path):
    for pages in (2, 2, 1, 5, 1):
        make_file(make_document(), pdf_bytes(*["texto"] * pages), folder=tmp_path)
    monkeypatch.setattr(rebuild, "PAGES", 3)
    steps = []
    rebuild.start_rebuild()
    rebuild.continue_rebuild(lambda *step: steps.append(step))
    assert steps == [(1, 2), (3, 5), (4, 10), (5, 11)]


def test_a_rewriting_that_is_begun_again_begins_at_the_first():
    documents = [make_document(title=f"Plan {n}") for n in range(2)]
    rebuild.start_rebuild()
    ReindexState.objects.update(up_to=documents[0].pk)
    assert list(rebuild.remaining()) == [documents[1].pk]
    rebuild.start_rebuild()
    assert list(rebuild.remaining()) == [documents[0].pk, documents[1].pk]


def test_a_rewriting_leaves_nothing_behind_that_it_passed_over():
    one, two = (make_document(title=f"Plan {n}") for n in range(2))
    rebuild.start_rebuild()
    ReindexState.objects.update(up_to=one.pk)
    SearchDoc.objects.filter(pk=one.pk).delete()
    assert "2 recursos" in run()
    assert set(SearchDoc.objects.values_list("pk", flat=True)) == {one.pk, two.pk}


def test_reindex_counts_the_suggestions_anew():
    make_document(title="Jacarandá")
    Term.objects.update(frequency=7)
    run("--all")
    assert Term.objects.get(text="jacaranda").frequency == 1


@pytest.mark.parametrize("by", ["--all", "another analyser"])
def test_reindex_gives_known_words_the_ways_to_misspell_them_that_are_new(by):
    make_document(title="Jacarandá")
    DeletionVariant.objects.all().delete()
    if by != "--all":
        SearchDoc.objects.update(analyzer=0)
    run(*(["--all"] if by == "--all" else []))
    assert "jacarada" in DeletionVariant.objects.filter(term__text="jacaranda").values_list(
        "key", flat=True
    )


def test_another_analyser_is_a_check_that_names_the_command():
    make_document()
    assert checks.index_matches_analyzer(None) == []
    SearchDoc.objects.update(analyzer=0)
    (message,) = checks.index_matches_analyzer(None)
    assert "manage.py reindex" in message.hint


def test_what_is_rolled_back_is_not_in_the_index():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_document(title="Efímero")
        1 / 0  # noqa: B018
    assert not SearchDoc.objects.exists()


def test_line_n_of_a_body_is_the_nth_page_with_text(tmp_path):
    document = make_document()
    make_file(document, pdf_bytes("segundo"), "b.pdf", folder=tmp_path, position=2)
    make_file(document, pdf_bytes("primero", "", "tercero"), "a.pdf", folder=tmp_path, position=1)
    lines = SearchDoc.objects.get(pk=document.pk).body.split("\n")
    assert lines == ["primer", "tercer", "segund"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="FTS5 only")
def test_the_tables_of_sqlite_are_whole(tmp_path):
    document = make_document(tags=("agua",))
    make_file(document, folder=tmp_path)
    document.title = "Otro"
    document.save()
    make_document().delete()
    with connection.cursor() as cursor:
        for table in ("search_all", "search_head"):
            cursor.execute(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)")


def test_the_worker_writes_anew_what_other_code_left():
    make_document(title="Uno")
    SearchDoc.objects.update(analyzer=0, title="otro")
    rebuild.refresh_index.enqueue()
    assert SearchDoc.objects.get().title != "otro"
    assert checks.index_matches_analyzer(None) == []
