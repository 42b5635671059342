"""The database is full, read-only, locked or away: pages are read all the same, and nothing that was typed is lost."""

import errno
import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation import antispam
from participation.models import Ticket
from resources import current_site
from resources.models import Organization, Page, Resource, Section, SiteSettings, Tag
from tests.admin.desk import form_url, served, sign_in
from tests.makers import make_document, make_editor, make_law, make_section, put_file
from tests.participation.letters import GOOD, seal_of

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|BEGIN IMMEDIATE)", re.I)
OUTAGES = [
    OperationalError("database or disk is full"),
    OperationalError("attempt to write a readonly database"),
    OperationalError("database is locked"),
    InternalError("cannot execute UPDATE in a read-only transaction"),
    DatabaseError("database disk image is malformed"),
    InterfaceError("connection already closed"),
    OSError(errno.ENOSPC, "No space left on device"),
]
every_outage = pytest.mark.parametrize("error", OUTAGES, ids=str)
LONG = (
    "Un párrafo con «comillas», <etiquetas> & tildes que nadie querría volver a escribir.\n\nOtro."
)


@contextmanager
def writes_fail(error: Exception) -> Iterator[list[str]]:
    """Make every write of this thread fail; yield the statements that were refused."""
    refused: list[str] = []

    def refuse(execute, sql, params, many, context):
        if WRITES.match(sql):
            refused.append(sql)
            raise type(error)(*error.args)  # the one that is kept would keep its frames too
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield refused


@pytest.fixture(autouse=True)
def _at_once(monkeypatch) -> None:
    """Begin without an attempt that failed; let the public's forms be sent without a pause."""
    monkeypatch.setattr(antispam, "FASTEST", -1)
    monkeypatch.setattr(current_site, "back_off", current_site.BackOff())


@pytest.fixture
def due(db):
    """Return a document whose withdrawal has fallen due and is not stored yet."""
    document = make_document(title="Guía vieja")
    put_file(document)
    make_law()
    moment = timezone.now() - timedelta(minutes=1)
    Resource.objects.filter(pk=document.pk).update(withdraw_at=moment)
    SiteSettings.objects.filter(pk=1).update(next_due_at=moment)
    return document


@every_outage
def test_a_page_is_served_while_due_transitions_cannot_be_stored(due, error):
    with writes_fail(error) as refused:
        for path in ("/", "/recursos/", "/novedades/", "/api/v1/recursos", "/reportar/"):
            assert Client().get(path).status_code == 200, path
        assert Client().get(due.get_absolute_url()).status_code == 410
    assert len(refused) == 1, "one attempt, then a pause"


def test_due_transitions_are_stored_once_the_database_accepts_writes(due, monkeypatch, caplog):
    with writes_fail(OUTAGES[0]):
        Client().get("/")
    assert "tried again" in caplog.text
    Client().get("/")
    assert SiteSettings.load().next_due_at <= timezone.now(), "not at once"
    monkeypatch.setattr(current_site.time, "monotonic", lambda: current_site.back_off.until)
    assert Client().get("/").status_code == 200
    assert Resource.objects.get(pk=due.pk).status == "withdrawn"


def test_a_cached_page_is_not_served_once_a_change_is_due(due):
    Resource.objects.filter(pk=due.pk).update(withdraw_at=None)
    SiteSettings.objects.filter(pk=1).update(next_due_at=None)
    assert "Guía vieja" in Client().get("/recursos/").text
    moment = timezone.now() - timedelta(seconds=1)
    Resource.objects.filter(pk=due.pk).update(withdraw_at=moment)
    SiteSettings.objects.filter(pk=1).update(next_due_at=moment)
    with writes_fail(OUTAGES[0]):
        assert "Guía vieja" not in Client().get("/recursos/").text


@every_outage
def test_every_public_page_of_a_database_that_cannot_be_written_is_read(due, error):
    document = make_document(title="Guía", tags=("datos",))
    version = put_file(document, name="guia.pdf")
    put_file(document, name="otra.pdf")
    Page.objects.create(slug="acerca", title="Acerca", body="Texto.")
    place = document.get_absolute_url()
    paths = [
        "/",
        place,
        f"{place}archivos/{version.file.file_name}",
        f"/secciones/{document.section.slug}/",
        "/recursos/?q=guia",
        "/novedades/",
        "/acerca/",
        "/sitemap.xml",
        "/robots.txt",
        "/.well-known/security.txt",
        "/verificar/",
        "/catalogo.csv",
        "/catalogo.xlsx",
        "/catalogo.ttl",
        "/catalogo.jsonld",
        "/reportar/",
        "/solicitar/",
        "/api/v1/recursos",
        "/admin/login/",
    ]
    with writes_fail(error):
        answers = {path: Client().get(path).status_code for path in paths}
        assert Client().get(f"{place}paquete.zip").status_code == 503
    assert answers == dict.fromkeys(paths, 200)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
@pytest.mark.parametrize(
    "name", ["catalogo.csv", "catalogo.ttl", "catalogo.jsonld", "catalogo.xlsx"]
)
def test_the_catalogue_is_given_though_the_disk_cannot_keep_it(db, name, number, monkeypatch):
    make_document(title="Guía")

    def refuse(*args, **kwargs):
        raise OSError(number, "no space")

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    answer = Client().get(f"/{name}")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    assert len(content) == int(answer["Content-Length"]) > 100
    part = Client().get(f"/{name}", headers={"Range": "bytes=0-9"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, content[:10])


def test_a_session_that_no_longer_counts_is_read_as_none(db):
    editor = make_editor()
    client = Client()
    client.force_login(editor)
    editor.set_password("otra-clave-de-prueba")
    editor.save()
    with writes_fail(OUTAGES[0]):
        assert client.get("/").status_code == 200
        assert client.get("/admin/").status_code == 302


def test_a_redis_that_is_away_stops_no_page_and_no_form(db, settings):
    away = {"BACKEND": "portal.redis_cache.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = settings.CACHES | {"default": away}
    assert Client().get("/").status_code == 200
    assert Client().get("/recursos/?q=guia").status_code == 200
    sent = {"about": "Guía", "seal": seal_of(Client().get("/reportar/").text), "trap": ""}
    assert Client().post("/reportar/", sent | GOOD["/reportar/"]).status_code == 303
    assert sign_in(Client()).is_staff


def test_the_desk_s_list_of_tickets_opens_though_nothing_can_be_erased(client, db, settings):
    sign_in(client)
    settings.TICKET_DAYS_KEPT = 1
    old = timezone.now() - timedelta(days=3)
    ticket = Ticket.objects.create(
        kind="report", topic="wrong", message="x", token="t", promised_for=old.date()
    )
    Ticket.objects.filter(pk=ticket.pk).update(received_on=old)
    with writes_fail(OUTAGES[0]) as refused:
        assert client.get(reverse("admin:participation_ticket_changelist")).status_code == 200
    assert refused


# --- Forms ---------------------------------------------------------------------------------------


def again(answer) -> dict[str, str]:
    """Return the fields of the one form of a page that says to try again."""
    assert answer.status_code == 503, answer.status_code
    assert int(answer["Retry-After"]) > 0
    assert "no-store" in answer["Cache-Control"]
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)
    long = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n([^<]*)</textarea>', answer.text)
    return {name: html.unescape(value) for name, value in [*hidden, *long]}


def all_forms() -> dict[str, tuple[str, dict[str, str]]]:
    """Return the address of each form of the desk with what a person types there."""
    document, section = make_document(status="draft"), make_section()
    tag, issuer = Tag.objects.create(name="datos"), Organization.objects.create(name="Alcaldía")
    page = Page.objects.create(slug="acerca", title="Acerca", body="Texto.")
    law = make_law(status="draft")
    place = "admin:resources_"
    return {
        "document": (form_url(document), {"summary": LONG}),
        "law": (form_url(law), {"summary": LONG}),
        "section": (reverse(f"{place}section_change", args=[section.pk]), {"description": LONG}),
        "new section": (reverse(f"{place}section_add"), {"title": "Nueva", "description": LONG}),
        "tag": (reverse(f"{place}tag_change", args=[tag.pk]), {"name": "datos abiertos"}),
        "organization": (reverse(f"{place}organization_change", args=[issuer.pk]), {"name": "GAD"}),
        "page": (reverse(f"{place}page_change", args=[page.pk]), {"body": LONG}),
        "new page": (reverse(f"{place}page_add"), {"title": "P", "slug": "p", "body": LONG}),
        "portal": (reverse(f"{place}sitesettings_change", args=[1]), {"introduction": LONG}),
        "order": (
            reverse(f"{place}section_order", args=[document.section_id]),
            {f"position-{document.pk}": "70"},
        ),
    }


FORMS = [
    "document",
    "law",
    "section",
    "new section",
    "tag",
    "organization",
    "page",
    "new page",
    "portal",
    "order",
]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_the_desk_comes_back_with_all_that_was_typed_and_can_be_sent_again(
    client, db, name
):
    sign_in(client, "")
    url, typed = all_forms()[name]
    data = served(client, url) | typed
    data = {key: value.replace("\n", "\r\n") for key, value in data.items()}
    with writes_fail(OperationalError("database is locked")):
        answer = client.post(url, data)
    kept = again(answer)
    assert {key: kept.get(key) for key in data} == data
    assert "vuelva a intentarlo" in answer.text
    assert f'action="{url}"' in answer.text
    assert client.post(url, kept).status_code == 302


@pytest.mark.parametrize("error", OUTAGES, ids=str)
def test_each_kind_of_outage_brings_the_form_back(client, db, error):
    sign_in(client, "")
    url = reverse("admin:resources_section_add")
    data = served(client, url) | {"title": "Nueva", "description": LONG}
    with writes_fail(error):
        kept = again(client.post(url, data))
    assert (kept["title"], kept["description"]) == ("Nueva", LONG)


def test_a_bulk_step_and_an_import_come_back_too(client, db):
    sign_in(client, "")
    documents = [make_document(), make_document()]
    section = make_section()
    url = reverse("admin:resources_resource_changelist")
    chosen = {
        "action": "set_section",
        "_selected_action": [row.pk for row in documents],
        "stage": "do",
        "section": section.pk,
    }
    with writes_fail(OUTAGES[2]):
        answer = client.post(url, chosen)
    assert again(answer)["section"] == str(section.pk)
    for row in documents:
        assert f'name="_selected_action" value="{row.pk}"' in answer.text
    listed = SimpleUploadedFile("lista.csv", b"titulo,tipo\nUno,documento\n")
    with writes_fail(OUTAGES[2]):
        answer = client.post(reverse("admin:resources_resource_import"), {"file": listed})
    again(answer)
    assert "lista.csv" in answer.text


def test_a_script_of_the_desk_is_told_in_json(client, db):
    sign_in(client, "")
    document = make_document(status="draft", published_at=None)
    url = reverse("admin:resources_document_autosave", args=[document.pk])
    data = served(client, form_url(document)) | {"summary": LONG}
    with writes_fail(OUTAGES[2]):
        answer = client.post(url, data, headers={"Accept": "application/json"})
    assert answer.status_code == 503
    assert answer.json()["saved"] is False
    assert "vuelva a intentarlo" in answer.json()["said"]


@pytest.mark.parametrize("door", sorted(GOOD))
def test_a_form_of_the_public_comes_back_without_a_cookie_and_can_be_sent_again(db, door):
    client = Client(enforce_csrf_checks=True)
    data = GOOD[door] | {
        "about": "Guía de datos",
        "message": LONG.replace("\n", "\r\n"),
        "seal": seal_of(client.get(door).text),
        "trap": "",
    }
    with writes_fail(OUTAGES[2]):
        answer = client.post(door, data)
    kept = again(answer)
    assert {key: kept[key] for key in data} == data
    assert not answer.cookies
    assert client.post(door, kept).status_code == 303


def test_a_password_is_never_written_into_the_page(db):
    make_editor(username="ana")
    with writes_fail(OUTAGES[2]):
        answer = Client().post(
            "/admin/login/", {"username": "ana", "password": "clave-de-prueba", "next": "/admin/"}
        )
    assert again(answer)["username"] == "ana"
    assert "clave-de-prueba" not in answer.text


def test_a_form_of_the_desk_carries_its_token(db):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_editor())
    url = reverse("admin:resources_section_add")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(url).text)[1]
    data = served(client, url) | {"title": "Nueva", "csrfmiddlewaretoken": token}
    with writes_fail(OUTAGES[2]):
        kept = again(client.post(url, data))
    assert client.post(url, kept).status_code == 302
    assert Section.objects.filter(title="Nueva").exists()


def test_a_database_that_cannot_even_be_read_is_told_in_a_page_and_in_problem_details(
    db, monkeypatch
):
    def refuse(*args, **kwargs):
        raise OperationalError("could not connect to server")

    monkeypatch.setattr("resources.models.SiteSettings.load", refuse)
    client = Client(raise_request_exception=False)
    answer = client.get("/recursos/")
    assert answer.status_code == 503
    assert "Vuelva a intentarlo" in answer.text
    refused = client.get("/api/v1/recursos")
    assert (refused.status_code, refused["Content-Type"]) == (503, "application/problem+json")


def test_a_fault_of_the_code_stays_an_error_500(db, monkeypatch):
    def fail(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("resources.models.SiteSettings.load", fail)
    assert Client(raise_request_exception=False).get("/").status_code == 500
