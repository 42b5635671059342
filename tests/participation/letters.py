"""What these tests do again and again: fill a form in as it was served, send it, answer at the desk."""

import html
import re
from typing import Any

from django.test import Client

from participation.models import Ticket
from tests.makers import make_document

GOOD = {
    "/solicitar/": {"topic": "editable", "message": "La tabla de la página 3."},
    "/reportar/": {"topic": "wrong", "message": "La fecha está mal."},
}


def seal_of(text: str) -> str:
    """Return the seal of the form that a page shows."""
    return html.unescape(re.search(r'name="seal" value="([^"]*)"', text)[1])


def write(client: Client, path: str, seal: str | None = None, extra: dict | None = None, **values):
    """Open the form at `path`, fill it in with good values and `values`, send it."""
    door = path.partition("?")[0]
    seal = seal_of(client.get(path).text) if seal is None else seal
    data = GOOD[door] | ({} if "?" in path else {"about": "Guía de datos"}) | values
    return client.post(path, {"seal": seal, "trap": ""} | data, **(extra or {}))


def make_ticket(
    client: Client, resource: Any = None, path: str = "/solicitar/", **values
) -> Ticket:
    """Send a good form about `resource` (a new document unless given); return what was stored."""
    resource = resource or make_document(link_pending=True)
    answer = write(client, f"{path}?recurso={resource.slug}", **values)
    assert answer.status_code == 303, answer.text
    return Ticket.objects.latest("pk")


def press(client: Client, ticket: Ticket, button: str, **values):
    """Press a button under a ticket at the desk."""
    data = {"answer": "Ya está en la página del recurso.", button: "1"} | values
    return client.post(f"/admin/participation/ticket/{ticket.pk}/change/", data, follow=True)
