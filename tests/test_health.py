"""Whoever watches over the site: probes, and what browsers report."""

import errno
import json
import logging
import os
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal import worker_liveness
from portal.middleware.health import ProbeResult
from resources.models import SiteSettings
from tests.makers import make_document

NOT_READY = "no listo\nbase de datos: no responde\nalmacenamiento: se puede escribir\n"
AS_CSP = "application/csp-report"
REPORT = {
    "csp-report": {
        "document-uri": "http://127.0.0.1:8000/recursos/?q=deudas",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://ads.example/x.js?visitor=7",
    }
}


@pytest.fixture(autouse=True)
def _no_worker(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path


@pytest.mark.parametrize("host", ["testserver", "10.0.0.7:8000"])
def test_a_living_process_says_so_to_whoever_asks_without_a_query(host, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/livez", headers={"host": host})
    assert (answer.status_code, answer.text) == (200, "vivo\n")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.django_db
def test_a_site_whose_database_answers_is_ready():
    SiteSettings.load()
    client = Client()
    client.get("/readyz")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/readyz", headers={"host": "10.0.0.7"})
    assert answer.status_code == 200
    assert answer.text.splitlines() == [
        "listo",
        "base de datos: responde",
        "migraciones: al día",
        "almacenamiento: se puede escribir",
        "cola: 0 en espera",
        "trabajador: ninguno en este servidor",
    ]
    assert len(asked) == 1, "the rest stands for some seconds"


@pytest.mark.django_db
def test_a_site_whose_migrations_are_not_applied_is_not_ready():
    connection.cursor().execute(
        "DELETE FROM django_migrations WHERE name IN (SELECT max(name) FROM django_migrations WHERE app = 'resources')"
    )
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert "migraciones: faltan por aplicar (manage.py migrate)" in answer.text
    assert answer.text.startswith("no listo\n")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
@pytest.mark.django_db
def test_a_site_that_cannot_store_files_is_not_ready(monkeypatch, number):
    def refuse(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("portal.middleware.health.tempfile.TemporaryFile", refuse)
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert "almacenamiento: no se puede escribir" in answer.text
    assert Client().get("/livez").status_code == 200


@pytest.mark.django_db
def test_a_bucket_that_does_not_answer_makes_the_site_not_ready(monkeypatch, settings):
    settings.S3_BUCKET = "cubo"

    def refuse(name):
        raise ConnectionError(name)

    monkeypatch.setattr("portal.middleware.health.default_storage", SimpleNamespace(exists=refuse))
    assert Client().get("/readyz").status_code == 503


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
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert re.search(
        r"cola: 1 en espera, la más antigua desde hace 360\d s \(atrasada", answer.text
    )
    with worker_liveness.worker_lock("w@aqui"):
        assert "trabajador: activo" in Client().get("/readyz").text


@pytest.mark.django_db
def test_a_probe_that_is_polled_checks_storage_and_migrations_once(monkeypatch):
    asked = []
    for name in ("migrations", "storage", "queue"):
        good = ProbeResult(True, name)
        monkeypatch.setattr(
            f"portal.middleware.health.check_{name}", lambda n=name, g=good: asked.append(n) or g
        )
    client = Client()
    for _ in range(20):
        assert client.get("/readyz").status_code == 200
    assert sorted(asked) == ["migrations", "queue", "storage"]


@pytest.mark.django_db
def test_a_site_without_its_database_is_alive_but_not_ready(monkeypatch, caplog):
    def refuse(*args, **kwargs):
        raise DatabaseError("no such table")

    monkeypatch.setattr("django.db.models.query.QuerySet.exists", refuse)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.text) == (503, NOT_READY)
    assert "no such table" in caplog.text
    assert Client().get("/livez").status_code == 200


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
