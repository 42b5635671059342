"""The worker makes a backup each night, and the desk shows how it went."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from backups import tasks
from backups.models import Event
from tests.backups.sites import archives, refused
from tests.commands.running import run
from tests.makers import make_editor

HERE = ZoneInfo("America/Guayaquil")
NOON = dt.datetime(2026, 12, 1, 12, tzinfo=HERE)


@pytest.fixture(autouse=True)
def queue(origin, settings, tmp_path):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.BACKUP_TO = str(tmp_path / "respaldos")
    DBTaskResult.objects.all().delete()
    Event.objects.all().delete()


def due() -> list[dt.datetime]:
    waiting = DBTaskResult.objects.filter(task_path=tasks.run_nightly_backup.module_path)
    return [row.run_after.astimezone(HERE) for row in waiting.filter(status="READY")]


def test_the_first_start_asks_for_the_coming_night_and_the_second_for_nothing(freeze):
    freeze(NOON)
    tasks.schedule_nightly_backup()
    tasks.schedule_nightly_backup()
    assert due() == [dt.datetime(2026, 12, 2, 3, tzinfo=HERE)]


def test_a_site_that_was_off_at_night_makes_it_soon(freeze):
    freeze(NOON)
    Event.objects.create(
        kind="backup", at=NOON - dt.timedelta(days=3), is_ok=True, words="1 KB nuevos"
    )
    tasks.schedule_nightly_backup()
    assert due() == [NOON + tasks.SOON]


def test_each_night_makes_an_archive_and_asks_for_the_next(freeze, tmp_path):
    freeze(dt.datetime(2026, 12, 2, 3, 0, 5, tzinfo=HERE))
    tasks.run_nightly_backup.call()
    assert len(archives(tmp_path / "respaldos")) == 1
    assert due() == [dt.datetime(2026, 12, 3, 3, tzinfo=HERE)]
    assert Event.objects.get().is_ok


def test_a_second_chain_of_nights_ends(freeze):
    freeze(NOON)
    tasks.schedule_nightly_backup()
    tasks.run_nightly_backup.call()
    assert len(due()) == 1


def test_a_night_that_fails_is_recorded_and_asks_for_the_next(settings, tmp_path):
    (tmp_path / "archivo").write_text("x")
    settings.BACKUP_TO = str(tmp_path / "archivo")
    tasks.run_nightly_backup.call()
    event = Event.objects.get()
    assert not event.is_ok
    assert "No se puede escribir" in event.words
    assert len(due()) == 1


def test_turned_off_nothing_is_made_and_nothing_asked_for(settings):
    settings.BACKUP_TO = "no"
    tasks.schedule_nightly_backup()
    tasks.run_nightly_backup.call()
    assert (due(), Event.objects.count()) == ([], 0)


@pytest.fixture
def desk(origin):
    """Return a function that reads the section of the desk for a user of a group."""

    def read(group: str) -> str:
        visitor = Client()
        visitor.force_login(make_editor(group))
        return " ".join(visitor.get("/admin/").text.partition('id="desk-backups"')[2].split())

    return read


def test_the_desk_says_what_was_never_done_and_how_to(desk):
    section = desk("Publicación")
    assert "Último respaldo: ninguno todavía." in section
    assert "manage.py rehearse_restore" in section


def test_the_desk_shows_the_last_good_results_without_a_remedy(desk):
    now = timezone.now()
    for kind, words in (("backup", "3 MB nuevos"), ("rehearsal", "todo igual")):
        Event.objects.create(kind=kind, at=now, seconds=180, is_ok=True, words=words)
    section = desk("Publicación")
    assert ", 3 min, 3 MB nuevos." in section
    assert ", 3 min, todo igual." in section
    assert "manage.py" not in section.partition("</section>")[0]


def test_the_desk_shows_a_failed_backup_with_the_remedy(desk, tmp_path):
    (tmp_path / "respaldos").write_text("x")
    refused("backup")
    section = desk("Publicación")
    assert "No se puede escribir" in section
    assert "manage.py backup" in section


def test_a_rehearsal_of_long_ago_asks_for_another(desk):
    old = timezone.now() - dt.timedelta(days=60)
    Event.objects.create(kind="rehearsal", at=old, seconds=10, is_ok=True, words="todo igual")
    assert "manage.py rehearse_restore" in desk("Publicación")


def test_who_may_not_publish_sees_nothing_of_backups(desk):
    assert desk("Edición") == ""


def test_a_rehearsal_without_a_backup_says_what_to_do():
    assert "manage.py backup" in refused("rehearse_restore")


def test_a_rehearsal_of_a_damaged_archive_fails_and_is_recorded(tmp_path):
    run("backup")
    path = next(path for path in (tmp_path / "respaldos/objects").rglob("*") if path.is_file())
    path.write_bytes(b"roto")
    code, out = run("rehearse_restore")
    assert (code, "no está entero" in out) == (1, True), out
    assert not Event.objects.of(Event.Kind.REHEARSAL).get().is_ok
