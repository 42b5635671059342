"""`manage.py serve` in real processes: web workers and the task worker are forks of one application, and end with it."""

import os
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django_tasks_db.models import DBTaskResult

from bench.memory import process_tree
from tests.serving.conftest import Site, free_port, wait_for

MOST_MEMORY = 170 * 1024  # kB, in all processes
SERVE = (sys.executable, "manage.py", "serve")
PATIENCE = 20  # seconds
QUEUE = "from resources.files.packs.builder import refresh_packs; refresh_packs.enqueue()"
FUTURE_TASKS = ("run_link_checks", "run_nightly_backup")
TASKS = DBTaskResult._meta.db_table
FAILED_SCHEDULE = "run_schedule failed"
DUE = "SELECT next_due_at FROM resources_sitesettings WHERE next_due_at < '2021'"


class Server(Site):
    """A site served by `manage.py serve`, with a database of its own."""

    def __init__(self, folder: Path, command: Sequence[str], **variables: str) -> None:
        super().__init__(free_port(), "")
        self.database = folder / "db.sqlite3"
        own = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.environment = own | {
            "PORT": str(self.port),
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "VAR_DIR": str(folder),
            "WEB_CONCURRENCY": "2",
            **variables,
        }
        self.process = subprocess.Popen(
            command,
            env=self.environment,
            cwd=settings.BASE_DIR,
            stdout=subprocess.DEVNULL,
        )

    def children(self) -> list[int]:
        pid = self.process.pid
        return [int(child) for child in _read(f"/proc/{pid}/task/{pid}/children").split()]

    def manage(self, *arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, env=self.environment, cwd=settings.BASE_DIR, check=True)

    def query(self, sql: str) -> list[tuple]:
        with closing(sqlite3.connect(self.database, timeout=20)) as database, database:
            return database.execute(sql).fetchall()

    def tasks(self) -> list[tuple[str, str]]:
        """Return path and status of each task."""
        return self.query(f"SELECT task_path, status FROM {TASKS}")

    def is_idle(self) -> bool:
        """Return whether no task is left for now, and no process for them."""
        waiting = [path for path, status in self.tasks() if status in ("READY", "RUNNING")]
        return (
            all(any(task in path for task in FUTURE_TASKS) for path in waiting)
            and len(self.children()) == 2
        )


def _read(path: str) -> str:
    return Path(path).read_text()


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory) -> Path:
    """The state of an empty site, to be copied."""
    folder = tmp_path_factory.mktemp("empty") / "var"
    own = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "manage.py", "seed", "--reset", "--empty"]
    subprocess.run(command, env=own | {"VAR_DIR": str(folder)}, cwd=settings.BASE_DIR, check=True)
    return folder


@pytest.fixture(scope="module")
def folder(empty_site: Path, tmp_path_factory) -> Path:
    return shutil.copytree(empty_site, tmp_path_factory.mktemp("serve") / "var")


@contextmanager
def running(folder: Path, *command: str, **variables: str) -> Iterator[Server]:
    server = Server(folder, command or SERVE, **variables)
    try:
        wait_for(server, server.process)
        yield server
    finally:
        server.process.terminate()
        server.process.wait(30)


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with running(folder) as server:
        wait_until(server.is_idle)
        yield server


def test_the_processes_share_the_application_and_fit_in_170_mib(server):
    for path in ("/", "/recursos/", "/recursos/?q=agua", "/admin/login/", "/readyz") * 20:
        assert server.get(path).status == 200
    tree = list(process_tree(server.process.pid))
    assert len(tree) == 3, "the arbiter and two web workers"
    assert len({process.command for process in tree}) == 1, "forks, no new programs"
    assert sum(process.pss for process in tree) < MOST_MEMORY


def test_the_arbiter_holds_no_connection_to_the_database(server):
    descriptors = Path(f"/proc/{server.process.pid}/fd").iterdir()
    opened = {descriptor.readlink().name for descriptor in descriptors}
    assert not [name for name in opened if name.startswith(server.database.name)]


def test_a_task_starts_a_worker_that_ends_after_it(server):
    server.manage("shell", "--verbosity=0", "-c", QUEUE)
    wait_until(server.is_idle)
    assert ("resources.files.packs.builder.refresh_packs", "SUCCESSFUL") in server.tasks()
    assert '"activo"' in server.get("/readyz").text, "it starts when there are tasks"


def test_a_due_change_is_applied_without_a_request(server):
    server.query("UPDATE resources_sitesettings SET next_due_at = '2020-01-01 00:00:00'")
    wait_until(lambda: not server.query(DUE))


def test_a_due_change_that_fails_leaves_pages_and_is_tried_once_a_minute(folder, tmp_path):
    """The database refuses what the schedule writes, as on a full disk: neither pages nor the log suffer from it."""
    log = tmp_path / "log"
    command = f"exec {shlex.join(SERVE)} 2> {shlex.quote(str(log))}"
    with running(folder, "sh", "-c", command) as server:
        wait_until(server.is_idle)
        server.query(
            "CREATE TRIGGER refuse BEFORE UPDATE ON resources_sitesettings WHEN NEW.next_due_at > '2021'"
            " BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
        server.query("UPDATE resources_sitesettings SET next_due_at = '2020-01-01 00:00:00'")
        wait_until(lambda: FAILED_SCHEDULE in log.read_text())
        end = time.monotonic() + 7
        while time.monotonic() < end:
            assert server.get("/recursos/").status == 200
            time.sleep(0.2)
        server.query("DROP TRIGGER refuse")
    assert log.read_text().count(FAILED_SCHEDULE) == 1


def test_a_killed_task_worker_is_started_again_and_repeats_its_task(server):
    wait_until(server.is_idle)
    web_workers = server.children()
    server.query(
        f"UPDATE {TASKS} SET status = 'READY', finished_at = NULL, run_after = '2020-01-01'"
        " WHERE task_path LIKE '%refresh_packs'"
    )

    def killed() -> bool:
        others = set(server.children()) - set(web_workers)
        for pid in others:
            os.kill(pid, signal.SIGKILL)
        return bool(others)

    wait_until(killed)
    wait_until(server.is_idle)
    assert not [row for row in server.tasks() if row[1] == "FAILED"]


def test_a_killed_web_worker_is_replaced(server):
    wait_until(server.is_idle)
    first, second = server.children()
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: len(server.children()) == 2 and first not in server.children())
    assert second in server.children()
    assert server.get("/").status == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_processes_after_the_request_in_progress(folder, number):
    with running(folder) as server:
        children = server.children()
        with server.connect() as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            time.sleep(0.05)
            server.process.send_signal(number)
            assert line.recv(100).startswith(b"HTTP/1.1 200")
        assert server.process.wait(30) == 0
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_without_the_embedded_worker_tasks_stay_in_the_queue(empty_site, tmp_path):
    folder = shutil.copytree(empty_site, tmp_path / "var")
    with running(folder, EMBEDDED_WORKER="false") as server:
        server.manage("shell", "--verbosity=0", "-c", QUEUE)
        time.sleep(3)
        assert len(server.children()) == 2
        assert {status for _, status in server.tasks()} == {"READY"}
        assert "ninguno en este servidor" in server.get("/readyz").text


def test_gunicorn_alone_replaces_its_workers_after_sighup(folder):
    """The documented deployment without `serve`: preloaded code, no task worker."""
    gunicorn = (sys.executable, "-m", "gunicorn", "-c", "python:portal.gunicorn")
    with running(folder, *gunicorn) as server:
        before = server.children()
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: len(server.children()) == 2 and not set(before) & set(server.children()))
        assert server.get("/").status == 200
        server.manage("shell", "--verbosity=0", "-c", QUEUE)
        time.sleep(2)
        assert len(server.children()) == 2


def test_a_signal_during_the_preparation_ends_both_processes(tmp_path):
    own = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    process = subprocess.Popen(
        SERVE,
        env=own | {"VAR_DIR": str(tmp_path), "PORT": str(free_port())},
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline().startswith("Primera vez")
    tree = [one.pid for one in process_tree(process.pid)]
    process.terminate()
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, "")
    assert not [pid for pid in tree if Path(f"/proc/{pid}").exists()]


def test_a_failed_preparation_ends_with_its_sentence_and_code(tmp_path):
    (tmp_path / "db.sqlite3").write_bytes(b"esto no es una base de datos" * 200)
    own = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        env=own | {"VAR_DIR": str(tmp_path), "PORT": str(free_port())},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("recursos: La base de datos está dañada")
    assert "Traceback" not in done.stderr
