"""A real gunicorn with the project's own configuration, on the database of the tests."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import setup_databases, teardown_databases

from tests.conftest import AT_ONCE, HASHERS, storages_in, use_pictures_storage
from tests.makers import make_document, make_editor, make_file, make_section, pdf_bytes, put_file

START_SECONDS = 60
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)  # the site's process goes by the machine's clock
LARGE = b"%PDF-1.7\n" + os.urandom(12_000_000)  # bytes: more than the buffers of a connection hold


class Site:
    """A running site: its port, its editor's session, and requests whose every byte the test decides."""

    def __init__(self, port: int, session: str) -> None:
        self.port, self.session = port, session

    def connect(self, timeout: float = 20) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def send(self, request: str | bytes, *, timeout: float = 20) -> SimpleNamespace:
        """Send bytes as they are, and return status, headers and body of the first answer."""
        data = request.encode() if isinstance(request, str) else request
        with self.connect(timeout) as line:
            line.sendall(data)
            return answer_on(line)

    def get(self, path: str, *headers: str, method: str = "GET", host: str = "") -> SimpleNamespace:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host or f'127.0.0.1:{self.port}'}"]
        return self.send("\r\n".join([*lines, *headers, "Connection: close", "", ""]))


def answer_on(line: socket.socket) -> SimpleNamespace:
    """Read one answer off a connection: as long as its length says, or to its end."""
    stream = line.makefile("rb")
    status = int(stream.readline().split()[1])
    headers: dict[str, str] = {}
    while (row := stream.readline().decode("latin-1").strip()) != "":
        name, _, value = row.partition(":")
        headers[name.strip().lower()] = value.strip()
    length = headers.get("content-length")
    body = stream.read(int(length)) if length else stream.read()
    return SimpleNamespace(
        status=status, headers=headers, body=body, text=body.decode("utf-8", "replace")
    )


def database_url() -> str:
    """Return the address of the tests' own database, for another process."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    password = f":{known['PASSWORD']}" if known["PASSWORD"] else ""
    return f"postgres://{known['USER']}{password}@{known['HOST']}:{known['PORT']}/{known['NAME']}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def committed_database(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Make the tests' database where no test of the session is marked as needing one: these only ask another process."""
    with django_db_blocker.unblock():
        is_made = "test" in Path(connection.settings_dict["NAME"]).name
        made = [] if is_made else setup_databases(0, False, aliases={"default"})
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, 0)


@pytest.fixture(scope="module")
def catalogue(committed_database, django_db_blocker, tmp_path_factory) -> Iterator[SimpleNamespace]:
    """Commit a small catalogue that another process can read; the tables are emptied in the end."""
    folder = tmp_path_factory.mktemp("site")
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES=storages_in(folder), TASKS=AT_ONCE, PASSWORD_HASHERS=HASHERS),
        pytest.MonkeyPatch.context() as monkeypatch,
    ):
        use_pictures_storage(monkeypatch)
        section = make_section(title="Guías")
        guide = make_document(title="Guía de agua", section=section, published_at=LONG_AGO)
        other = make_document(title="Guía de riego", section=section, published_at=LONG_AGO)
        put_file(other, LARGE, "grande.pdf")
        make_file(guide, pdf_bytes("Uno"), folder=folder)
        visit = Client()
        visit.force_login(make_editor(username="editora"))
        session = visit.cookies[settings.SESSION_COOKIE_NAME].value
        try:
            yield SimpleNamespace(folder=folder, session=session)
        finally:
            connection.close()
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def start(catalogue: SimpleNamespace) -> Iterator[Callable[..., Site]]:
    """Return a function that starts gunicorn with variables of its own; each is stopped at the end of the module."""
    started = []

    def serve(**variables: Any) -> Site:
        port = free_port()
        chosen = {
            "PORT": port,
            "SITE_URL": f"http://127.0.0.1:{port}",
            "ALLOWED_HOSTS": "otro.example",
            "DATABASE_URL": database_url(),
            "VAR_DIR": catalogue.folder,
            "SECRET_KEY": settings.SECRET_KEY,
            "DJANGO_SETTINGS_MODULE": "tests.serving.site_settings",
            "WEB_CONCURRENCY": 1,
        } | variables
        environment = os.environ | {name: str(value) for name, value in chosen.items()}
        command = [sys.executable, "-m", "gunicorn", "-c", "python:portal.gunicorn"]
        process = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR)
        started.append(process)
        site = Site(port, catalogue.session)
        wait_for(site, process)
        return site

    yield serve
    for process in started:
        process.terminate()
    for process in started:
        process.wait(30)


def wait_for(site: Site, process: subprocess.Popen) -> None:
    """Return once the site answers."""
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            if site.get("/livez").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("gunicorn did not start")


@pytest.fixture(scope="module")
def site(start: Callable[..., Site]) -> Site:
    """A site as it is served by default, in one process."""
    return start()


@pytest.fixture
def large_file() -> tuple[str, bytes]:
    """The address and the content of a large file."""
    return "/recursos/guia-de-riego/archivos/grande.pdf", LARGE
