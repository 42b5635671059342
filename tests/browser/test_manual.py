"""The tasks of the manual that no other browser test walks through: each is opened, and its picture taken."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from participation.models import Ticket
from resources.models import Link, Tag, ViewCount
from resources.workflow.revisions import record_external_change
from resources.workflow.transitions import transition
from search.models import Synonym
from tests.browser.conftest import picture
from tests.makers import make_document, make_editor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def form(resource, page: str = "change") -> str:
    return f"/admin/resources/{resource.kind}/{resource.pk}/{page}/"


def show(page: Page, selector: str) -> None:
    """Bring the part of the page that a picture is about to its top."""
    page.locator(selector).first.evaluate("(part) => part.scrollIntoView({ block: 'start' })")


def test_the_door_and_the_accounts(open_page, catalogue):
    leader = make_editor("Jefatura", username="jefa", first_name="Rosa", last_name="Quishpe")
    make_editor("Edición", username="ana", first_name="Ana", last_name="Mora")
    make_editor("Publicación", username="luis", first_name="Luis", last_name="Vega")
    page = open_page("/admin/")
    picture(page, "entrar", height=560)
    page.get_by_label("Usuario").fill(leader.username)
    page.get_by_label("Contraseña").fill("clave-de-prueba")
    page.get_by_role("button", name="Entrar").click()
    page.get_by_role("heading", name="Mesa editorial").wait_for()
    page.goto("/admin/auth/user/")
    expect(page.get_by_role("link", name="ana", exact=True)).to_be_visible()
    expect(page.get_by_role("cell", name="Jefatura")).to_be_visible()
    picture(page, "cuentas", height=640)
    assert page.faults == []


def test_the_list_is_put_in_the_order_of_consultations(desk, catalogue):
    for times, resource in zip((12, 4025, 310), catalogue.values(), strict=False):
        ViewCount.objects.create(resource_id=resource.pk, times=times)
    page = desk(path="/admin/resources/resource/")
    for first in ("0", "4.025"):  # a second click on the heading turns the order round
        page.get_by_role("link", name="Consultas").click()
        expect(page.locator("#result_list .field-consulted").first).to_have_text(first)
    picture(page, "consultas", height=760)
    assert page.faults == []


def test_broken_links_are_told_with_the_way_to_their_mend_and_believed_in_one_click(
    desk, catalogue, axe
):
    law, document = catalogue["law"], catalogue["document"]
    document.source_url = "https://municipio.example/guias/datos"
    document.save()
    for url, found in ((law.evidence_url, "not_found"), (document.source_url, "removed")):
        day = dt.date(2026, 11, 3)
        Link.objects.create(
            url=url,
            finding=found,
            failures=2,
            failed_on=day,
            last_failed_on=day,
            checked_at=dt.datetime(2026, 11, 10, 15, tzinfo=dt.UTC),
        )
    page = desk("Publicación")
    page.get_by_role("link", name="2 Enlaces rotos").click()
    page.get_by_role("link", name="Guía de datos: dirección de origen").wait_for()
    picture(page, "enlaces", height=640)
    page.faults.clear()
    assert axe(page) == []
    page.faults.clear()
    page.get_by_role("link", name="Guía de datos: dirección de origen").click()
    page.wait_for_url("**/change/#id_source_url")
    page.get_by_label("Dirección de origen").fill("https://municipio.example/guia")
    page.get_by_role("button", name="Guardar", exact=True).click()
    page.get_by_text("Se guardó «Guía de datos».").wait_for()
    page.goto("/admin/resources/link/")
    page.get_by_role("button", name=re.compile("Funciona")).click()
    page.get_by_text("Se anotó que funciona").wait_for()
    expect(page.get_by_role("button", name=re.compile("Funciona"))).to_have_count(0)
    page.goto("/admin/")
    expect(page.get_by_text("Enlaces rotos")).to_have_count(0)
    assert page.faults == []


def test_a_deleted_tag_is_brought_back_where_the_message_says(desk, catalogue, axe):
    page = desk(
        "Publicación", path=f"/admin/resources/tag/{Tag.objects.get(name='datos').pk}/delete/"
    )
    expect(page.get_by_text("La perderán 3 recursos")).to_be_visible()
    page.get_by_role("button", name="Sí, eliminar").click()
    page.get_by_role("link", name=re.compile("Se puede recuperar")).click()
    page.get_by_role("button", name="Recuperar «datos»").wait_for()
    picture(page, "recuperar", height=760)
    assert axe(page) == []
    page.faults.clear()
    page.get_by_role("button", name="Recuperar «datos»").click()
    page.get_by_text("«datos» está de vuelta").wait_for()
    assert catalogue["law"].tags.get().name == "datos"
    assert page.faults == []


def test_notes_between_editors_and_the_trash(desk, catalogue):
    document, section = catalogue["document"], catalogue["document"].section
    draft = make_document(title="Plan de agua", status="draft", section=section, link_pending=True)
    preparer = make_editor("Edición", username="ana", first_name="Ana")
    record_external_change(draft)
    transition(
        draft, "submitted", actor=preparer, note="Falta confirmar la fecha con Planificación."
    )
    page = desk("Publicación", path=form(draft))
    expect(page.get_by_text("Falta confirmar la fecha con Planificación.").first).to_be_visible()
    picture(page, "nota", height=640)
    page.goto(form(document))
    page.get_by_role("button", name="Duplicar").click()
    page.get_by_text("Es un borrador nuevo").wait_for()
    page.get_by_label("Descripción").fill("Lo que cambia en la edición de este año.")
    expect(page.get_by_text("Borrador guardado a las")).to_be_visible()
    picture(page, "duplicar", height=640)
    page.locator(".desk-saved").scroll_into_view_if_needed()
    show(page, ".field-summary")
    picture(page, "guardado", height=560)
    page.goto(form(document))
    page.get_by_text("Dirección y orden").click()
    show(page, "fieldset:has(.field-slug)")
    picture(page, "direccion", height=560)
    page.get_by_text(re.compile("Versiones de")).click()
    show(page, ".desk-versions")
    picture(page, "versiones", height=560)
    page.get_by_role("link", name=re.compile("Retener")).first.click()
    page.get_by_label("Motivo").wait_for()
    picture(page, "retener", height=640)
    page.goto(form(document, "delete"))
    page.get_by_role("button", name="Mover a la papelera").click()
    page.get_by_role("link", name="Verlo allí o restaurarlo").click()
    page.get_by_role("button", name="Restaurar").wait_for()
    picture(page, "papelera", height=560)
    assert page.faults == []


def test_the_portal_the_synonyms_and_a_request(desk, catalogue):
    Ticket.objects.create(
        kind="request",
        token="t",
        about="Guía de datos",
        resource=catalogue["document"],
        message="La tabla de la página 2 no se entiende con el lector de pantalla.",
        promised_for=dt.date.today() + dt.timedelta(days=9),
    )
    words = Synonym.objects.create(words="GAD, gobierno autónomo descentralizado, municipio")
    page = desk()
    for path, name in (
        ("resources/sitesettings/1", "portal"),
        (f"search/synonym/{words.pk}", "sinonimos"),
        (f"participation/ticket/{Ticket.objects.get().pk}", "solicitud"),
    ):
        page.goto(f"/admin/{path}/change/")
        page.get_by_role("heading", level=1).wait_for()
        picture(page, name, height=560 if name == "sinonimos" else 800)
    assert page.faults == []
