"""`backup`: everything once, by its sum, and nothing half written."""

import json
import os
import signal
import sqlite3
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from backups import archive
from backups.models import Event
from backups.runs import run_backup
from resources.files.takedown import take_down
from resources.models import FileVersion, Resource
from tests.backups.sites import archives, objects, refused
from tests.commands.running import run
from tests.makers import make_document, put_file


@pytest.fixture
def to(tmp_path) -> Path:
    return tmp_path / "respaldos"


def manifest(path: Path) -> dict:
    return json.loads(path.read_bytes().partition(b"\n")[2])


def test_the_second_backup_costs_only_what_changed(origin, to):
    code, out = run("backup", "--to", str(to))
    assert code == 0, out
    before = objects(to)
    assert "0 bytes nuevos" in run("backup", "--to", str(to))[1]
    assert objects(to) == before
    version = put_file(make_document(title="Nueva"), b"bytes que nadie tiene")
    run("backup", "--to", str(to))
    assert version.sha256 in objects(to) - before
    assert len(objects(to) - before) < 12, "only the pieces of tables that changed"
    assert len(archives(to)) == 3


def test_the_manifest_names_tables_and_files_with_their_sums(origin, to):
    run("backup", "--to", str(to))
    made = manifest(archives(to)[0])
    tables = {table["model"]: table for table in made["tables"]}
    assert tables["resources.resource"]["rows"] == Resource.objects.count()
    assert made["engine"] == connection.vendor
    sums = {file["sha256"] for file in made["files"]}
    assert set(FileVersion.objects.values_list("sha256", flat=True)) <= sums
    assert sums <= objects(to)


def test_searches_sessions_and_waiting_tasks_are_not_stored(origin, to):
    run("backup", "--to", str(to))
    models = {table["model"] for table in manifest(archives(to)[0])["tables"]}
    left_out = {"search.searchdoc", "sessions.session", "backups.event", "resources.pack"}
    assert not models & left_out
    assert {"auth.user", "resources.revision", "auth.user_groups"} <= models


def test_what_an_editor_writes_meanwhile_is_in_the_next_backup(origin, to):
    written = []

    def write(label: str, done: int, of: int) -> None:
        if label == "tablas" and not written:  # the snapshot is made, the rows are being read
            written.append(put_file(make_document(title="Mientras tanto"), b"mientras tanto"))

    outcome, _ = run_backup(str(to), "", write)
    names = {file.name for file in outcome.manifest.files}
    assert written[0].stored.name not in names
    following, _ = run_backup(str(to), "")
    assert written[0].stored.name in {file.name for file in following.manifest.files}
    rows = [
        next(t for t in m.tables if t.model == "resources.resource").rows
        for m in (outcome.manifest, following.manifest)
    ]
    assert rows[1] == rows[0] + 1


def test_a_file_withheld_during_the_backup_is_not_in_it(origin, to):
    version = put_file(make_document(title="Con datos personales"), b"datos personales")
    withheld = []

    def withhold(label: str, done: int, of: int) -> None:
        if label == "tablas" and done == of and not withheld:
            withheld.append(version)
            take_down(version, reason="Datos personales.", user=None)

    outcome, _ = run_backup(str(to), "", withhold)
    assert version.stored.name not in {file.name for file in outcome.manifest.files}
    assert outcome.absent == []


def test_missing_and_altered_files_are_told_and_the_rest_is_stored(origin, to):
    lost, altered = (put_file(make_document(title=t), t.encode()) for t in ("Perdida", "Alterada"))
    default_storage.delete(lost.stored.name)
    Path(altered.stored.path).write_bytes(b"Otra cosa"[:8])
    try:
        message = refused("backup", "--to", str(to))
        assert "2 archivos" in message and "check_files" in message
        assert altered.sha256 not in objects(to)
        assert len(archives(to)) == 1
        assert {file["name"] for file in manifest(archives(to)[0])["absent"]} == {
            lost.stored.name,
            altered.stored.name,
        }
        assert not Event.objects.of(Event.Kind.BACKUP).first().is_ok
    finally:
        Resource.objects.filter(title__in=("Perdida", "Alterada")).delete()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("stop_at", ["tablas", "archivos"])
def test_an_interrupted_backup_leaves_no_archive_and_no_half_file(
    origin, to, monkeypatch, stop_at, number
):
    def interrupt(stream):
        def show(label: str, done: int, of: int) -> None:
            if label == stop_at:
                os.kill(os.getpid(), number)

        return show

    with monkeypatch.context() as patch:
        patch.setattr("backups.management.commands.backup.progress_line", interrupt)
        assert "no quedó ningún respaldo a medias" in refused("backup", "--to", str(to))
    assert archives(to) == []
    assert not list(to.rglob(".partial-*"))
    run("backup", "--to", str(to))
    assert len(archives(to)) == 1


def test_an_object_is_there_with_all_its_bytes_or_not_at_all(origin, to, monkeypatch):
    def broken(storage, name):
        yield b"la mitad"
        raise KeyboardInterrupt

    monkeypatch.setattr(archive, "_blocks", broken)
    refused("backup", "--to", str(to))
    assert not list(to.rglob(".partial-*"))
    for name in objects(to):
        content = next((to / "objects").rglob(name)).read_bytes()
        assert b"la mitad" not in content


def test_a_damaged_object_is_stored_again_when_checked(origin, to):
    run("backup", "--to", str(to))
    name = FileVersion.objects.filter(file__resource__title="Lámina").get().sha256
    path = next((to / "objects").rglob(name))
    sound = path.read_bytes()
    path.write_bytes(b"roto")
    run("backup", "--to", str(to))
    assert path.read_bytes() == b"roto", "nobody looked"
    run("backup", "--to", str(to), "--check")
    assert path.read_bytes() == sound


def test_a_folder_of_other_things_is_refused(origin, to):
    to.mkdir()
    (to / "tesis.odt").write_text("mía")
    assert "contiene otras cosas" in refused("backup", "--to", str(to))
    assert [path.name for path in to.iterdir()] == ["tesis.odt"]


def test_a_place_that_cannot_be_written_is_named_with_the_remedy(origin, tmp_path):
    (tmp_path / "archivo").write_text("x")
    assert "--to" in refused("backup", "--to", str(tmp_path / "archivo" / "dentro"))


def test_backups_turned_off_ask_for_a_place(origin, settings):
    settings.BACKUP_TO = "no"
    assert "manage.py backup --to" in refused("backup")


def test_two_backups_at_once_are_refused(origin, to, settings):
    def second(label: str, done: int, of: int) -> None:
        if (label, done) == ("tablas", 1):
            told.append(refused("backup", "--to", str(to)))

    told: list[str] = []
    run_backup(str(to), "", second)
    assert "Ya se está haciendo un respaldo" in told[0]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="damages a file")
def test_a_damaged_database_is_not_backed_up(origin, to, monkeypatch):
    def damage(copy: Path) -> None:
        sqlite3.connect(copy).executescript("CREATE TABLE t(x); INSERT INTO t VALUES (1)")
        data = bytearray(copy.read_bytes())
        data[4096:4200] = b"\xff" * 104
        copy.write_bytes(data)

    monkeypatch.setattr("backups.snapshot._copy_sqlite", damage)
    assert "dañada" in refused("backup", "--to", str(to))
    assert archives(to) == []
