"""The state of a site is its owner's alone, leftovers are cleared, and a broken database is told in one sentence."""

import os
import shlex
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError

import manage
from portal import temporary_files
from portal.checks import settings_make_sense
from portal.file_permissions import restrict_permissions, tighten
from tests.databases import connected_to
from tests.makers import date_now

NOWHERE = "postgres://nadie:secreto@127.0.0.1:1/nada"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def start(var_dir: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess:
    """Run manage.py in a process and on a state of its own."""
    surroundings = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=django_settings.BASE_DIR,
        env=surroundings | {"VAR_DIR": str(var_dir)} | env,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def last_words(django_db_blocker, monkeypatch):
    """Return a function that runs a command on the database at `url` and returns what manage.py ends with."""

    def run(url: str, command: str) -> str:
        monkeypatch.setattr(sys, "argv", ["manage.py", *shlex.split(command)])
        with django_db_blocker.unblock(), connected_to(url), pytest.raises(SystemExit) as end:
            manage.main()
        return end.value.code

    return run


@pytest.fixture
def umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_all(folder: Path) -> list[Path]:
    return [path for path in (folder, *folder.rglob("*")) if mode(path) & 0o077]


def test_a_new_site_without_the_sample_is_empty_and_readable_by_its_owner_alone(tmp_path):
    var_dir = tmp_path / "nueva"
    done = start(var_dir, "seed", "--reset", "--empty")
    assert (done.returncode, done.stderr) == (0, "")
    assert "El catálogo quedó vacío" in done.stdout
    assert {"db.sqlite3", "secret-key", "tmp"} <= {path.name for path in var_dir.iterdir()}
    assert open_to_all(var_dir) == []
    with sqlite3.connect(var_dir / "db.sqlite3") as database:
        pages = database.execute("SELECT slug FROM resources_page ORDER BY slug").fetchall()
    database.close()
    assert [slug for (slug,) in pages] == ["accesibilidad", "acerca", "privacidad"]


def test_a_looser_state_is_tightened(tmp_path, umask):
    files = tmp_path / "files"
    (files / "2024").mkdir(parents=True)
    for name in ("db.sqlite3", "db.sqlite3-wal", "secret-key"):
        (tmp_path / name).write_text("x")
    tmp_path.chmod(0o755)
    tighten(tmp_path, files, for_group=False)
    assert mode(tmp_path) == mode(files) == 0o700
    assert {mode(path) for path in tmp_path.glob("db*")} == {0o600}


def test_where_nginx_sends_the_files_it_still_reaches_them_and_nothing_else(tmp_path, umask):
    files = tmp_path / "files"
    files.mkdir()
    (tmp_path / "db.sqlite3").write_text("x")
    tmp_path.chmod(0o755)
    tighten(tmp_path, files, for_group=True)
    assert mode(tmp_path) == mode(files) == 0o755, "until its user is in the group"
    assert mode(tmp_path / "db.sqlite3") == 0o600


def test_a_new_state_lets_the_group_of_nginx_through(tmp_path, umask):
    restrict_permissions(tmp_path / "nueva", for_group=True)
    assert mode(tmp_path / "nueva") == 0o710


def test_a_folder_that_many_share_keeps_its_mode(tmp_path):
    tmp_path.chmod(0o1777)
    tighten(tmp_path, tmp_path / "files", for_group=False)
    assert mode(tmp_path) == 0o1777


def test_the_check_warns_of_a_state_that_others_can_read(settings, tmp_path):
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    tmp_path.chmod(0o700)
    assert "portal.W001" not in [found.id for found in settings_make_sense(None)]
    tmp_path.chmod(0o755)
    found = [found for found in settings_make_sense(None) if found.id == "portal.W001"]
    assert str(tmp_path) in found[0].msg
    settings.MEDIA_ACCEL_REDIRECT = "/protegido/"
    found = [found for found in settings_make_sense(None) if found.id == "portal.W001"]
    assert "usermod" in found[0].hint


def test_leftovers_of_killed_uploads_are_cleared_at_the_start_and_by_age(settings, tmp_path):
    folder = settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "tmp"
    upload, room, locks = (
        folder / "a.upload",
        folder / "inspection-x",
        folder / "recursos-inspection-0",
    )
    folder.mkdir()
    upload.write_bytes(b"x")
    room.mkdir()
    (room / "picture.png").write_bytes(b"x")
    locks.mkdir()
    for path in (upload, room, locks, room / "picture.png"):
        date_now(path)
    assert temporary_files.clear_old_temporary_files() == 0
    old = time.time() - 2 * temporary_files.OLD
    os.utime(upload, (old, old))
    assert temporary_files.clear_old_temporary_files() == 1
    assert room.exists()
    assert temporary_files.clear_temporary_files() == 1
    assert list(folder.iterdir()) == [locks]


def test_uploads_are_kept_in_the_state_s_own_folder():
    folder = django_settings.FILE_UPLOAD_TEMP_DIR
    assert folder.name == "tmp"
    assert folder.parent == Path(django_settings.STATIC_ROOT).parent
    assert mode(folder) == 0o700


NO_DATABASE = b"esto no es una base de datos" * 200
NO_DATABASE_SAID = "recursos: La base de datos está dañada (file is not a database)"


def malformed_database(path: Path) -> bytes:
    """Return a database of which one page was overwritten."""
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE django_migrations (id integer, app text, name text)")
        made.executemany("INSERT INTO django_migrations VALUES (1, ?, 'x')", [("y" * 900,)] * 50)
    made.close()
    content = path.read_bytes()
    return content[:100] + b"\xff" * 4000 + content[4100:]


@pytest.mark.parametrize(
    ("command", "damage"),
    [
        ("check", "malformed"),
        ("migrate", "malformed"),
        ("serve --prepare-only", "file is not a database"),
        ("editor", "file is not a database"),
    ],
)
def test_a_damaged_database_is_one_sentence(tmp_path, last_words, command, damage):
    path = tmp_path / "db.sqlite3"
    path.write_bytes(malformed_database(path) if damage == "malformed" else NO_DATABASE)
    said = last_words(f"sqlite:///{path}", command)
    assert said.startswith("recursos: La base de datos está dañada")
    assert "respaldo" in said
    assert "\n" not in said


def test_a_process_ends_with_that_sentence_alone(tmp_path):
    (tmp_path / "db.sqlite3").write_bytes(NO_DATABASE)
    done = start(tmp_path, "check")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith(NO_DATABASE_SAID)


def test_an_unreachable_postgresql_is_one_sentence_without_the_password(last_words):
    said = last_words(NOWHERE, "check")
    assert said.startswith("recursos: La base de datos PostgreSQL no responde"), said
    assert "secreto" not in said


def test_a_process_without_its_postgresql_ends_with_that_sentence(tmp_path):
    done = start(tmp_path, "serve", "--prepare-only", DATABASE_URL=NOWHERE)
    assert done.returncode == 1
    assert done.stderr.startswith("recursos: La base de datos PostgreSQL no responde"), done.stderr
    assert "Traceback" not in done.stderr
    assert "secreto" not in done.stderr


def test_missing_tables_are_named_with_the_command_that_makes_them(tmp_path, last_words):
    said = last_words(f"sqlite:///{tmp_path / 'db.sqlite3'}", "settle")
    assert said.startswith("recursos: Faltan tablas")
    assert "manage.py migrate" in said


def test_the_option_traceback_keeps_the_trace(tmp_path, django_db_blocker, monkeypatch):
    (tmp_path / "db.sqlite3").write_bytes(NO_DATABASE)
    monkeypatch.setattr(sys, "argv", ["manage.py", "migrate", "--traceback"])
    with (
        django_db_blocker.unblock(),
        connected_to(f"sqlite:///{tmp_path / 'db.sqlite3'}"),
        pytest.raises(DatabaseError),
    ):
        manage.main()
