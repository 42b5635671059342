"""`restore`: all of it or nothing, on either engine."""

import json
import shutil
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.graph import MigrationGraph
from django.test import Client

from backups import rows
from backups.fresh_database import fresh_database
from resources.code_version import has_unapplied_migrations
from resources.models import (
    FileVersion,
    Page,
    QualitySnapshot,
    Resource,
    Revision,
    SiteSettings,
    Tag,
)
from search.models import SearchDoc
from tests.backups.sites import (
    archives,
    new_site,
    objects,
    on_sqlite,
    refused,
    site_in,
    stored_bytes,
)
from tests.commands.running import run
from tests.databases import empty_database
from tests.makers import make_document, put_file


def everything() -> dict[str, list[str]]:
    """Return the rows of every stored table; the counters of the site differ on purpose."""
    found = {}
    for model in rows.stored_models(apps):
        pieces = rows.export_pieces(model, rows.columns(model), "default")
        found[model._meta.label_lower] = [text.decode() for text, _ in pieces]
    del found["resources.sitesettings"]
    return found


def other_engine(folder: Path) -> AbstractContextManager[None]:
    """Return SQLite: the other engine where the tests run on PostgreSQL, another file where they run on SQLite."""
    return on_sqlite(folder)


@pytest.fixture
def target(tmp_path) -> Path:
    return tmp_path / "destino"


def restored(repository: Path, *options: str) -> str:
    code, out = run("restore", str(repository), *options)
    assert code == 0, out
    return out


def test_a_new_site_gets_everything(origin, target):
    before, files = everything(), stored_bytes()
    run("backup")
    with site_in(target, empty_database(target)):
        out = restored(origin.repository)
        assert "iguales a los del respaldo" in out and "Todo está en su lugar" in out
        assert everything() == before
        assert stored_bytes() == files


def test_pages_search_covers_and_packs_work_after_a_restore(origin, target):
    indexed = SearchDoc.objects.count()
    with site_in(target, empty_database(target)):
        out = restored(origin.repository, "--open-pages", "--json")
        told = json.loads(out.splitlines()[-1])
        assert (told["ok"], told["problems"]) == (True, [])
        assert told["pages"] >= 9
        visitor = Client()
        assert "Guía de agua" in visitor.get("/recursos/?q=agua").text
        assert visitor.get("/recursos/borrador-secreto/").status_code == 404
        guide = Resource.objects.get(title="Guía de agua")
        assert (
            visitor.get(
                FileVersion.objects.get(file__resource=guide).file.get_absolute_url()
            ).status_code
            == 200
        )
        assert visitor.get(f"{guide.section.get_absolute_url()}paquete.zip").status_code == 200
        assert SearchDoc.objects.count() == indexed
        assert Revision.objects.of(guide).get().note == "Una nota"


def test_a_site_moves_from_its_engine_to_sqlite_and_back(origin, target, tmp_path):
    """On PostgreSQL this crosses both ways; on SQLite it goes through two files."""
    before = everything()
    with site_in(target, other_engine(target)):
        restored(origin.repository)
        there = connection.vendor
        run("backup")
    back = tmp_path / "vuelta"
    with site_in(back, empty_database(back)):
        restored(target / "respaldos")
        assert everything() == before
    assert there == "sqlite"


def test_a_site_with_content_is_replaced_only_when_told(origin, target):
    with site_in(target):
        new_site()
        kept = put_file(make_document(title="De antes"), b"de antes")
        assert "--overwrite" in refused("restore", str(origin.repository))
        assert Resource.objects.get().title == "De antes"
        version = SiteSettings.load().content_version
        restored(origin.repository, "--overwrite")
        assert not Resource.objects.filter(title="De antes").exists()
        assert not default_storage.exists(kept.stored.name)
        assert SiteSettings.load().content_version > version + 1000, "no cached page comes again"


@pytest.mark.parametrize("harm", ["altered", "missing"])
def test_a_damaged_archive_changes_nothing(origin, target, tmp_path, harm):
    copy = Path(shutil.copytree(origin.repository, tmp_path / "copia"))
    name = FileVersion.objects.filter(file__resource__title="Lámina").get().sha256
    path = next((copy / "objects").rglob(name))
    path.unlink() if harm == "missing" else path.write_bytes(path.read_bytes()[:-1] + b"?")
    with site_in(target):
        new_site()
        assert "no está entero: faltan o cambiaron 1" in refused("restore", str(copy))
        assert not Resource.objects.exists()
        assert list((target / "files").rglob("*.p*")) == []


def test_a_damaged_manifest_is_named(origin, target, tmp_path):
    copy = Path(shutil.copytree(origin.repository, tmp_path / "copia"))
    newest = archives(copy)[-1]
    newest.write_bytes(newest.read_bytes().replace(b"resources.resource", b"resources.resourze", 1))
    with site_in(target):
        assert f"{newest.name} está dañado" in refused("restore", str(newest))


@pytest.mark.parametrize("step", ["_load", "_derive"])
def test_an_interrupted_restore_leaves_the_site_as_it_was(origin, target, monkeypatch, step):
    with site_in(target, empty_database(target)):
        new_site()
        put_file(make_document(title="De antes"), b"de antes")
        before, files = everything(), stored_bytes()
        on_disk = sorted(path.name for path in (target / "files").rglob("*") if path.is_file())

        def interrupt(*arguments: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(f"backups.restore.{step}", interrupt)
        assert "no cambió nada" in refused("restore", str(origin.repository), "--overwrite")
        assert (everything(), stored_bytes()) == (before, files)
        assert on_disk == sorted(p.name for p in (target / "files").rglob("*") if p.is_file())
        assert Client().get("/").status_code == 200


@pytest.mark.parametrize("moment", ["the swap", "the deletion of former files"])
def test_an_interruption_after_the_swap_leaves_the_restored_site(
    origin, target, monkeypatch, moment
):
    @contextmanager
    def interrupted_late():
        with fresh_database():
            yield
        raise KeyboardInterrupt

    def interrupt(files: set) -> None:
        raise KeyboardInterrupt

    files = stored_bytes()
    with site_in(target, empty_database(target)):
        if moment == "the swap":
            monkeypatch.setattr("backups.restore.fresh_database", interrupted_late)
        else:
            monkeypatch.setattr("backups.restore._delete", interrupt)
        assert "ya eran los del respaldo" in refused("restore", str(origin.repository))
        assert stored_bytes() == files
        assert Resource.objects.filter(title="Guía de agua").exists()


def test_an_interrupted_restore_leaves_the_tests_own_engine_as_it_was(origin, monkeypatch):
    before = everything()

    def fail(*arguments: object) -> None:
        Page.objects.all().delete()
        raise KeyboardInterrupt

    monkeypatch.setattr("backups.restore._derive", fail)
    assert "no cambió nada" in refused("restore", str(origin.repository), "--overwrite")
    assert everything() == before


def test_an_id_that_was_given_is_not_given_again(origin, target):
    with site_in(target, empty_database(target)):
        restored(origin.repository)
        assert make_document(title="Otra").pk > origin.last_id


def test_an_archive_of_a_newer_release_is_refused(origin, target, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(
            MigrationGraph,
            "leaf_nodes",
            lambda self, app=None: [("resources", "0999_del_futuro")],
        )
        patch.setattr("backups.archive.has_unapplied_migrations", lambda: False)
        run("backup", "--to", str(tmp_path / "futuro"))
    with site_in(target):
        assert "Actualice el código" in refused("restore", str(tmp_path / "futuro"))


def test_an_archive_of_an_older_release_is_brought_up_to_date(
    origin, target, tmp_path, monkeypatch
):
    old, last = tmp_path / "antes", ("resources", "0033_subtitle")
    with site_in(old):
        new_site()
        make_document(title="De la versión anterior")
        executor = MigrationExecutor(connection)
        executor.migrate([last])
        assert "migrate" in refused("backup"), "a database that waits for migrations"
        nodes = [last, *(node for node in executor.loader.graph.leaf_nodes() if node[0] != last[0])]
        with monkeypatch.context() as then:
            then.setattr("backups.erasures.stored", lambda alias: [])  # a table of later
            then.setattr("backups.archive.has_unapplied_migrations", lambda: False)
            then.setattr("backups.archive.apps", executor.loader.project_state(nodes).apps)
            then.setattr(MigrationGraph, "leaf_nodes", lambda self, app=None: nodes)
            run("backup")
    with site_in(target, empty_database(target)):
        restored(old / "respaldos")
        assert Resource.objects.get().title == "De la versión anterior"
        assert not has_unapplied_migrations()
        assert QualitySnapshot.load().key == ""


def test_a_place_without_archives_is_told(origin, target, tmp_path):
    with site_in(target):
        assert "no hay respaldos" in refused("restore", str(tmp_path / "nada"))
        assert "no está" in refused(
            "restore", str(origin.repository / "respaldo-20200101T000000Z.manifest")
        )


def test_objects_are_shared_by_archives_and_each_can_be_restored(origin, target):
    Tag.objects.create(name="tardía")
    run("backup")
    first, last = archives(origin.repository)[0], archives(origin.repository)[-1]
    assert len(objects(origin.repository)) > 0
    with site_in(target):
        restored(first)
        assert not Tag.objects.filter(name="tardía").exists()
        restored(last, "--overwrite")
        assert Tag.objects.filter(name="tardía").exists()
