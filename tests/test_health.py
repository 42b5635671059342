"""Whoever watches over the site: probes, and what browsers report."""

import json
import logging

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from resources.models import Portal
from tests.makers import make_document

AS_CSP = "application/csp-report"
REPORT = {
    "csp-report": {
        "document-uri": "http://127.0.0.1:8000/recursos/?q=deudas",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://ads.example/x.js?visitor=7",
    }
}


@pytest.mark.parametrize("host", ["testserver", "10.0.0.7:8000"])
def test_a_living_process_says_so_to_whoever_asks_without_a_query(host, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/livez", headers={"host": host})
    assert (answer.status_code, answer.text) == (200, "vivo\n")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.django_db
def test_a_site_whose_database_answers_is_ready():
    Portal.load()
    with CaptureQueriesContext(connection) as asked:
        answer = Client().get("/readyz", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.text, len(asked)) == (200, "listo\n", 1)


@pytest.mark.django_db
def test_a_site_without_its_database_is_alive_but_not_ready(monkeypatch, caplog):
    def refuse(*args, **kwargs):
        raise DatabaseError("no such table")

    monkeypatch.setattr("django.db.models.query.QuerySet.exists", refuse)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.text) == (503, "La base de datos no responde.\n")
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
def test_pages_ask_browsers_to_report_what_they_refused():
    assert "report-uri /csp-reportes" in Client().get("/")["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_report_is_written_down_without_what_the_visitor_searched(told):
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
def test_what_is_no_report_is_passed_over(told, body):
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
