"""A worker that was killed: its task runs again or is told at the desk; a locked database does not end it."""

import importlib
import os
import re
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from participation.models import Ticket
from portal import task_recovery, worker_liveness
from portal.management.commands import db_worker
from resources.lost_tasks import DECLARED
from resources.models import Resource, SiteSettings
from tests.admin.desk import sign_in
from tests.makers import make_document, make_editor

pytestmark = pytest.mark.django_db
BY_WORKER = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
ANSWER, LETTERS = (
    "participation.mail.send_answer",
    "resources.workflow.notifications.send_notifications",
)
PACKS = "resources.files.packs.builder.refresh_packs"


@pytest.fixture(autouse=True)
def _by_worker(settings, monkeypatch) -> None:
    """Leave tasks to a worker, which keeps the connection of the test's transaction."""
    settings.TASKS = BY_WORKER
    monkeypatch.setattr(db_worker.db_worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(db_worker.connections, "close_all", lambda: None)


def make_task(path: str, *arguments, worker: str = "", **values) -> DBTaskResult:
    """Make the record of a task that a worker took, and did not end."""
    defaults = {
        "status": "RUNNING",
        "started_at": timezone.now(),
        "worker_ids": [worker or worker_liveness.new_worker_id()],
        "args_kwargs": {"args": list(arguments), "kwargs": {}},
        "task_path": path,
        "backend_name": "default",
        "run_after": timezone.now(),
    }
    return DBTaskResult.objects.create(**defaults | values)


def work() -> None:
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)


def make_answered(**values) -> Ticket:
    """Make a ticket whose answer waits for its letter."""
    defaults = {
        "kind": "report",
        "topic": "wrong",
        "message": "La fecha.",
        "answer": "Corregida.",
        "email": "ana@example.org",
        "token": "t",
        "promised_for": timezone.localdate(),
        "status": "answered",
        "closed_on": timezone.now(),
    }
    return Ticket.objects.create(**defaults | values)


def test_a_letter_to_a_citizen_is_sent_after_its_worker_was_killed():
    ticket = make_answered()
    make_task(ANSWER, ticket.pk)
    work()
    assert [letter.to for letter in mail.outbox] == [["ana@example.org"]]
    ticket.refresh_from_db()
    assert ticket.mailed_on
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_every_task_declares_its_recovery():
    tasks = set()
    for room in ("resources", "search", "participation", "maintenance", "tables", "portal"):
        for path in (django_settings.BASE_DIR / room).rglob("*.py"):
            names = re.findall(r"^@task\(.*\)\ndef (\w+)", path.read_text("utf-8"), re.M)
            module = ".".join(path.relative_to(django_settings.BASE_DIR).with_suffix("").parts)
            tasks |= {f"{module}.{name}" for name in names}
            if names:
                importlib.import_module(module)
    assert len(tasks) >= 8
    assert tasks <= DECLARED.keys()


def test_a_task_that_a_living_worker_runs_is_left_alone():
    with worker_liveness.worker_lock("vivo@aqui"):
        row = make_task(PACKS, worker="vivo@aqui")
        task_recovery.recover_lost_tasks()
        row.refresh_from_db()
        assert row.status == "RUNNING"
    task_recovery.recover_lost_tasks()
    row.refresh_from_db()
    assert row.status == "READY"


def test_a_task_of_another_machine_s_worker_is_waited_for():
    row = make_task(PACKS, worker="otra-maquina@1")
    task_recovery.recover_lost_tasks()
    row.refresh_from_db()
    assert row.status == "RUNNING"
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(hours=2))
    task_recovery.recover_lost_tasks()
    row.refresh_from_db()
    assert row.status == "READY"


def test_a_task_of_a_worker_of_an_unknown_machine_is_waited_for():
    task = make_task(PACKS, worker="x" * 32)
    work()
    task.refresh_from_db()
    assert task.status == "RUNNING"
    assert worker_liveness.with_machine("x" * 32) == f"{worker_liveness.with_machine('x' * 23)}"


def test_a_task_that_waits_already_is_not_queued_twice():
    make_task("maintenance.tasks.run_link_checks")
    make_task("maintenance.tasks.run_link_checks", status="READY", worker_ids=[])
    task_recovery.recover_lost_tasks()
    assert DBTaskResult.objects.get().status == "READY"


def test_letters_to_colleagues_are_not_repeated_but_told_at_the_desk(client):
    document = make_document(title="Guía de datos")
    make_task(LETTERS, document.pk, "published", None, "")
    task_recovery.recover_lost_tasks()
    assert DBTaskResult.objects.get().status == "FAILED"
    sign_in(client)
    page = client.get("/admin/").text
    assert "Tareas que no terminaron" in page
    assert "Un aviso por correo pudo no llegar: avise usted a su equipo: «Guía de datos»." in page
    assert f"/admin/resources/document/{document.pk}/change/" in page


def test_a_task_that_kills_its_worker_each_time_is_given_up_and_told(client):
    ticket = make_answered()
    make_task(ANSWER, ticket.pk, worker_ids=[worker_liveness.with_machine(name) for name in "abc"])
    work()
    assert not mail.outbox
    sign_in(client)
    assert "ábrala y envíela otra vez" in client.get("/admin/").text


def test_the_desk_says_nothing_where_nothing_was_lost(client):
    DBTaskResult.objects.all().delete()
    make_task(PACKS, status="FAILED", exception_class_path="builtins.OSError")
    sign_in(client)
    assert "Tareas que no terminaron" not in client.get("/admin/").text


def test_a_task_whose_code_is_gone_is_told_and_ends_no_worker():
    make_task("resources.publishing.nada.hacer")
    work()
    assert DBTaskResult.objects.get().status == "FAILED"


def test_a_worker_outlives_a_locked_database(monkeypatch):
    ticket = make_answered()
    make_task(ANSWER, ticket.pk, status="READY", worker_ids=[])
    troubles = [OperationalError("database is locked"), OperationalError("disk I/O error")]
    run = db_worker.db_worker.Worker.run

    def locked(worker) -> None:
        if troubles:
            raise troubles.pop()
        worker.batch = True
        run(worker)

    monkeypatch.setattr(db_worker.db_worker.Worker, "run", locked)
    monkeypatch.setattr(db_worker.time, "sleep", lambda seconds: None)
    worker = db_worker.PatientWorker(
        queue_names=["default"],
        interval=0,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="w",
        excluded_queue_names=[],
    )
    worker.run()
    assert len(mail.outbox) == 1


def test_the_worker_applies_due_transitions():
    document = make_document()
    moment = timezone.now() - timedelta(minutes=1)
    Resource.objects.filter(pk=document.pk).update(withdraw_at=moment)
    SiteSettings.objects.filter(pk=1).update(next_due_at=moment)
    db_worker.PeriodicMaintenance().round()
    assert Resource.objects.get().status == "withdrawn"


def test_a_failed_due_transition_does_not_stop_the_worker(monkeypatch, caplog):
    def fail() -> None:
        raise OSError("disk")

    row = make_task(PACKS)
    monkeypatch.setattr(db_worker, "run_schedule", fail)
    db_worker.PeriodicMaintenance().round()
    row.refresh_from_db()
    assert row.status == "READY"
    assert "tried again" in caplog.text


def test_the_lock_of_a_worker_that_is_killed_is_free_again(var_dir):
    script = (
        "import django; django.setup()\n"
        "from portal import worker_liveness\nimport time\n"
        "with worker_liveness.worker_lock('w@aqui'):\n  print('held', flush=True)\n  time.sleep(60)\n"
    )
    env = os.environ | {
        "VAR_DIR": str(var_dir),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONPATH": str(django_settings.BASE_DIR),
    }
    child = subprocess.Popen([sys.executable, "-c", script], env=env, stdout=subprocess.PIPE)
    try:
        assert child.stdout.readline() == b"held\n"
        assert worker_liveness.is_alive("w@aqui")
        assert worker_liveness.any_alive()
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    assert not worker_liveness.is_alive("w@aqui")
    worker_liveness.delete_dead_locks()
    assert not list((var_dir / "workers").iterdir())


def test_an_account_that_does_not_publish_is_not_told_of_tasks(client):
    make_task(LETTERS, 1, status="FAILED", exception_class_path=task_recovery.LOST)
    client.force_login(make_editor("Edición"))
    assert "Tareas que no terminaron" not in client.get("/admin/").text
