"""What /privacidad/ says and what the database holds are the same."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.html import strip_tags

from participation.models import DailySalt, SendCount, Ticket
from resources.models import Page, SiteSettings, ViewCount
from tests.admin.desk import sign_in
from tests.makers import make_document, make_file
from tests.participation.letters import make_ticket, press

pytestmark = pytest.mark.django_db

VISITOR = {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "Navegador-de-Ana/1.0"}
SAID = {"message": "palabras-de-ana", "email": "ana@example.org"}


@pytest.fixture
def page(settings):
    settings.EMAIL_IS_CONFIGURED = True
    body = (settings.FIXTURES_ROOT / "pages" / "privacidad.md").read_text("utf-8")
    Page.objects.create(slug="privacidad", title="Privacidad", body=body)
    return "/privacidad/"


def rows() -> dict[str, int]:
    """Count every table of the database."""
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
            counts[table] = cursor.fetchone()[0]
    return counts


def cells_with(text: str) -> set[tuple[str, str]]:
    """Return table and column of every cell of the database that holds `text`."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found |= {(table, c) for c, v in zip(columns, row, strict=True) if text in str(v)}
    return found


def read_everything(client, tmp_path) -> None:
    """Do what a reader does: open, search, follow a file, verify."""
    document = make_document(title="Guía")
    stored = make_file(document, folder=tmp_path)
    before = rows()
    for path in (
        "/",
        "/recursos/?q=palabras-de-ana",
        "/recursos/sugerencias?q=palabras-de-ana",
        document.get_absolute_url(),
        f"/verificar/?sha256={stored.sha256}",
        "/solicitar/",
        "/reportar/?recurso=guia",
        "/nada/",
    ):
        client.get(path, **VISITOR)
    client.get(stored.file.get_absolute_url(), **VISITOR).getvalue()
    after = rows()
    counted = after.pop("resources_viewcount") - before.pop("resources_viewcount")
    assert after == before
    assert counted == 1, "one number for the one resource"
    consultation = ViewCount.objects.values().get()
    assert set(consultation) == {"resource_id", "times"}, "neither who nor when"


def test_reading_searching_and_downloading_leave_nothing_behind(client, page, tmp_path):
    read_everything(client, tmp_path)
    for trace in ("203.0.113.77", "Navegador-de-Ana", "palabras-de-ana"):
        assert not cells_with(trace)
    assert "no guarda nada de quienes leen, buscan o descargan" in strip_tags(client.get(page).text)


def test_personal_data_is_stored_only_where_the_privacy_page_names(client, page):
    soon = (timezone.localdate() + timedelta(days=40)).isoformat()
    make_ticket(client, extra=VISITOR, needed_by=soon, **SAID)
    table = Ticket._meta.db_table
    assert cells_with("palabras-de-ana") == {(table, "message")}
    assert cells_with("ana@example.org") == {(table, "email")}
    assert cells_with(soon) == {(table, "needed_by")}
    assert not cells_with("203.0.113.77")
    assert not cells_with("Navegador-de-Ana")


def test_the_page_names_every_column_that_tells_of_a_person(client, page):
    text = strip_tags(client.get(page).text).lower()
    silent = {"id", "token", "mail_failed", "closed_by", "attached", "kind", "resource", "file"}
    for field in Ticket._meta.get_fields():
        if field.concrete and field.name not in silent:
            assert field.verbose_name in text, field.name
    for words in (
        "dirección de seguimiento",  # token
        "no salió",  # mail_failed
        "quién del equipo cerró",  # closed_by
        "el archivo accesible que se agregó",  # attached
        "si es solicitud o reporte",  # kind
        "el recurso y el archivo",  # resource, file
    ):
        assert words in text
    counted = {f.name for model in (DailySalt, SendCount) for f in model._meta.concrete_fields}
    assert counted == {"id", "day", "salt", "who", "count"}, "say on the page what is new"
    assert "una suma calculada con ella y con un secreto" in text


def test_the_app_keeps_nothing_but_tickets_and_counts():
    models = {model.__name__ for model in apps.get_app_config("participation").get_models()}
    assert models == {"Ticket", "DailySalt", "SendCount"}, "say on /privacidad/ what is new"


def test_the_page_says_the_age_that_the_command_goes_by(client, page, settings, freeze, capsys):
    settings.TICKET_DAYS_KEPT = 30
    done, waiting = make_ticket(client, **SAID), make_ticket(client, **SAID)
    sign_in(client)
    press(client, done, "_answer", answer="Querida Ana")
    assert "A los 30 días" in client.get(page).text
    freeze(timezone.now() + timedelta(days=29))
    call_command("erase_tickets")
    assert cells_with("palabras-de-ana")
    freeze(timezone.now() + timedelta(days=2))
    call_command("erase_tickets")
    assert "de 2 solicitudes y reportes" in capsys.readouterr().out
    for trace in ("palabras-de-ana", "ana@example.org", "Querida Ana"):
        assert not cells_with(trace)
    assert not SendCount.objects.exists()
    waiting.refresh_from_db()
    assert waiting.status == "unanswered"
    assert SiteSettings.load().help_figures["request"]["received"] == 2
    assert "quedó sin respuesta" in client.get(waiting.get_absolute_url()).text
    call_command("erase_tickets")
    assert "de 0 solicitudes" in capsys.readouterr().out
