"""Whoever watches over the site: probes, and what browsers report."""

import errno
import json
import logging
import os
import re
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal import worker_liveness
from portal.health_checks import CHECKS, LOW_DISK, Result, Status
from portal.middleware import health
from resources.models import SiteSettings
from tests.makers import make_document
from tests.test_database_gone import nothing_works
from tests.test_database_outages import writes_fail

AS_CSP = "application/csp-report"
REPORT = {
    "csp-report": {
        "document-uri": "http://127.0.0.1:8000/recursos/?q=deudas",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://ads.example/x.js?visitor=7",
    }
}


@pytest.fixture(autouse=True)
def _own_state(settings, tmp_path, monkeypatch) -> None:
    """Check a state without a worker, on a disk that has space."""
    settings.VAR_DIR = tmp_path
    disk = SimpleNamespace(free=LOW_DISK)
    monkeypatch.setattr("portal.health_checks.shutil.disk_usage", lambda folder: disk)


def readiness(client: Client | None = None, **headers: str) -> tuple[int, str, dict[str, str]]:
    """Return the code of `/readyz`, its status, and each check as "status: output"."""
    answer = (client or Client()).get("/readyz", headers=headers)
    assert answer["Content-Type"] == "application/health+json; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    report = answer.json()
    said = {name: f"{one['status']}: {one['output']}" for name, (one,) in report["checks"].items()}
    return answer.status_code, report["status"], said


@pytest.mark.parametrize("host", ["testserver", "10.0.0.7:8000"])
def test_a_living_process_says_so_to_whoever_asks_without_a_query(host, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/livez", headers={"host": host})
    assert (answer.status_code, answer.text) == (200, "vivo\n")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.django_db
def test_a_site_that_works_is_ready_and_a_second_probe_asks_the_database_nothing():
    before = SiteSettings.load().content_version
    client = Client()
    assert readiness(client) == (
        200,
        "pass",
        {
            "database": "pass: responde y guarda",
            "migrations": "pass: al día",
            "storage": "pass: se puede escribir",
            "disk": "pass: hay espacio",
            "cache": "pass: responde",
            "queue": "pass: 0 en espera",
            "worker": "pass: ninguno en este servidor",
        },
    )
    with CaptureQueriesContext(connection) as asked:
        assert readiness(client, host="10.0.0.7")[0] == 200
    assert not asked.captured_queries
    assert SiteSettings.load().content_version == before, "cached pages stay"


@pytest.mark.django_db
def test_a_site_whose_migrations_are_not_applied_is_not_ready():
    connection.cursor().execute(
        "DELETE FROM django_migrations WHERE name IN (SELECT max(name) FROM django_migrations WHERE app = 'resources')"
    )
    code, status, said = readiness()
    assert (code, status) == (503, "fail")
    assert said["migrations"] == "fail: faltan por aplicar (manage.py migrate)"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
@pytest.mark.django_db
def test_a_site_that_cannot_store_files_is_not_ready(monkeypatch, number):
    def refuse(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("portal.health_checks.tempfile.TemporaryFile", refuse)
    code, _, said = readiness()
    assert (code, said["storage"]) == (503, "fail: no se puede escribir")
    assert Client().get("/livez").status_code == 200


@pytest.mark.django_db
def test_a_bucket_that_does_not_answer_makes_the_site_not_ready(monkeypatch, settings):
    settings.S3_BUCKET = "cubo"

    def refuse(name):
        raise ConnectionError(name)

    monkeypatch.setattr("portal.health_checks.default_storage", SimpleNamespace(exists=refuse))
    assert readiness()[0] == 503


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("database or disk is full"),
        OperationalError("attempt to write a readonly database"),
        OperationalError("could not extend file: No space left on device"),
    ],
    ids=str,
)
@pytest.mark.django_db
def test_a_database_that_is_read_and_takes_no_write_is_not_ready(error):
    SiteSettings.load()
    with writes_fail(error):
        assert Client().get("/").status_code == 200
        code, _, said = readiness()
    assert (code, said["database"]) == (503, "fail: no responde o no se puede guardar")


@pytest.mark.parametrize("text", ["database is locked", "canceling statement due to lock timeout"])
@pytest.mark.django_db
def test_a_database_that_is_busy_is_told_and_takes_no_server_away(text):
    SiteSettings.load()
    with writes_fail(OperationalError(text)):
        code, status, said = readiness()
    assert (code, status) == (200, "warn")
    assert said["database"] == "warn: ocupada: no se puede guardar por ahora"


@pytest.mark.django_db
def test_a_site_without_its_database_is_alive_but_not_ready(caplog):
    with nothing_works():
        code, status, said = readiness()
        assert Client().get("/livez").status_code == 200
    assert (code, status) == (503, "fail")
    assert said["database"] == "fail: no responde o no se puede guardar"
    assert said["storage"] == "pass: se puede escribir"
    assert not {"migrations", "queue"} & said.keys(), "each would wait for the database"
    assert "could not connect to server" in caplog.text


@pytest.mark.django_db
def test_a_disk_that_is_almost_full_is_told_before_it_is_full(monkeypatch):
    disk = SimpleNamespace(free=LOW_DISK - 1)
    monkeypatch.setattr("portal.health_checks.shutil.disk_usage", lambda folder: disk)
    code, status, said = readiness()
    assert (code, status) == (200, "warn")
    assert said["disk"].startswith("warn: queda menos de 1 GB")


@pytest.mark.django_db
def test_a_redis_that_is_away_is_told_and_takes_no_server_away(settings):
    away = {"BACKEND": "portal.redis_cache.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = settings.CACHES | {"default": away}
    code, _, said = readiness()
    assert (code, said["cache"].partition(":")[0]) == (200, "warn")


@pytest.mark.django_db
def test_a_slow_queue_is_told_and_takes_no_server_away():
    row = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="x.y",
        backend_name="default",
        run_after=timezone.now(),
    )
    long_ago = timezone.now() - timedelta(hours=1)
    DBTaskResult.objects.filter(pk=row.pk).update(enqueued_at=long_ago, run_after=long_ago)
    code, status, said = readiness()
    assert (code, status) == (200, "warn")
    assert re.fullmatch(
        r"warn: 1 en espera, la más antigua desde hace 360\d s: atrasada, revise el trabajador",
        said["queue"],
    )
    with worker_liveness.worker_lock("w@aqui"):
        assert readiness()[2]["worker"] == "pass: activo"


def test_a_site_that_is_polled_runs_each_check_once(monkeypatch):
    asked: list[str] = []

    def counted(name: str) -> Result:
        asked.append(name)
        return Result(Status.PASS, "bien")

    checks = [check._replace(run=partial(counted, check.name)) for check in CHECKS]
    monkeypatch.setattr(health, "CHECKS", checks)
    client = Client()
    for _ in range(20):
        assert readiness(client)[0] == 200
    assert asked == [check.name for check in CHECKS]


@pytest.fixture
def told(settings, caplog):
    """Send a report, and return what the log says of it."""
    settings.SITE_URL = "http://127.0.0.1:8000"

    def send(body, content_type: str = AS_CSP) -> str:
        caplog.clear()
        body = body if isinstance(body, str | bytes) else json.dumps(body)
        with caplog.at_level(logging.WARNING, logger="portal.csp_reports"):
            answer = Client(enforce_csrf_checks=True).post("/csp-reportes", body, content_type)
        assert answer.status_code == 204
        assert answer.content == b""
        return " ".join(r.getMessage() for r in caplog.records if "csp_reports" in r.name)

    return send


@pytest.mark.django_db
def test_pages_ask_browsers_for_csp_reports():
    assert "report-uri /csp-reportes" in Client().get("/")["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_csp_report_is_logged_without_the_search_of_the_visitor(told):
    line = told(REPORT)
    assert line == "A browser refused script-src-elem: https://ads.example on /recursos/ (-)"
    reporting = [{"body": {"effectiveDirective": "img-src", "blockedURL": "inline"}}]
    assert "img-src: inline" in told(reporting, "application/reports+json")


@pytest.mark.django_db
def test_a_secret_address_is_not_written_down(told):
    slug = make_document().slug
    address = f"http://127.0.0.1:8000/recursos/{slug}/vista-previa/secreto/"
    line = told({"csp-report": {"document-uri": address, "source-file": address}})
    assert "vista-previa/<str:token>" in line
    assert "secreto" not in line


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no es JSON",
        b"\xff\xfe",
        "[" * 9000,
        "[1, null]",
        '{"csp-report": "texto"}',
        '{"csp-report": {"document-uri": "x"}}' + " " * 20_000,
    ],
)
@pytest.mark.django_db
def test_an_invalid_csp_report_is_ignored(told, body):
    told(body)


@pytest.mark.django_db
def test_a_report_cannot_write_lines_of_its_own_nor_fill_the_log(told):
    line = told({"csp-report": {"effective-directive": "x\nERROR falso" * 90, "blocked-uri": 7}})
    assert "\n" not in line
    assert len(line) < 400
    bad = {
        "csp-report": {"blocked-uri": "http://[", "document-uri": "http://127.0.0.1:8000/no/hay"}
    }
    assert ": - on /… (-)" in told(bad)
    for _ in range(20):
        last = told(REPORT)
    assert last == ""
