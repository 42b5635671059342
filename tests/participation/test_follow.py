"""The private address: who has it sees what became of the ticket, and nobody else does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from participation.models import Ticket
from tests.admin.desk import sign_in
from tests.participation.letters import make_ticket, press

pytestmark = pytest.mark.django_db


def test_a_new_ticket_shows_its_content_and_its_own_address(client):
    ticket = make_ticket(client)
    answer = client.get(ticket.get_absolute_url())
    assert answer.status_code == 200
    assert "Recibimos su solicitud" in answer.text
    assert "La tabla de la página 3." in answer.text
    assert f"http://127.0.0.1:8000{ticket.get_absolute_url()}" in answer.text


def test_the_private_address_is_told_to_no_one(client):
    ticket = make_ticket(client)
    answer = client.get(ticket.get_absolute_url())
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]
    assert 'name="robots" content="noindex"' in answer.text
    assert ticket.token not in client.get("/sitemap.xml").text
    assert len(ticket.token) >= 40


@pytest.mark.parametrize("token", ["nada", "2026-00001", "0" * 40])
def test_a_wrong_address_is_a_404_that_helps_to_go_on(client, token):
    make_ticket(client)
    answer = client.get(f"/seguimiento/{token}/")
    assert answer.status_code == 404
    assert 'href="/recursos/"' in answer.text


def test_the_answer_stands_at_the_private_address(client):
    ticket = make_ticket(client)
    sign_in(client)
    press(client, ticket, "_answer", answer="Lo agregamos en Word.\n\nGracias.")
    client.logout()
    html = client.get(ticket.get_absolute_url()).text
    assert "Respondimos su solicitud" in html
    assert "<p>Lo agregamos en Word.</p>" in html


def test_a_day_that_has_passed_is_promised_to_nobody(client, freeze):
    ticket = make_ticket(client)
    assert "Le responderemos hasta" in client.get(ticket.get_absolute_url()).text
    freeze(timezone.now() + timedelta(days=60))
    html = client.get(ticket.get_absolute_url()).text
    assert "Le responderemos hasta" not in html
    assert "Le pedimos disculpas" in html


def test_a_dismissed_ticket_says_why_and_how_to_go_on(client):
    ticket = make_ticket(client, path="/reportar/")
    sign_in(client)
    press(client, ticket, "_dismiss", answer="Es publicidad.")
    html = client.get(ticket.get_absolute_url()).text
    assert "Cerramos su reporte" in html
    assert "<title>Cerramos su reporte (" in html
    assert "Es publicidad." in html
    assert "Escribirnos de nuevo" in html


def test_a_resource_that_is_no_longer_public_is_not_named(client):
    ticket = make_ticket(client)
    ticket.resource.specific.status = "draft"
    ticket.resource.specific.save()
    html = client.get(ticket.get_absolute_url()).text
    assert ticket.resource.title not in html
    assert Ticket.objects.get().resource_id
