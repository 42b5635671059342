"""Asking for a format in a real browser: by keyboard, with the errors where the focus is, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from participation import antispam
from participation.models import Ticket
from tests.browser.conftest import EVERY_PAGE
from tests.makers import make_editor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FORM = "/solicitar/?archivo=guia-de-datos/guia.pdf"


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    monkeypatch.setattr(antispam, "FASTEST", -1)


def test_a_request_is_sent_by_keyboard_alone_after_a_mistake(open_page, catalogue, axe):
    page = open_page("/recursos/guia-de-datos/")
    page.get_by_role("link", name=re.compile("¿Necesita este archivo en formato accesible")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/solicitar/**")
    page.get_by_label(re.compile("Qué debemos saber")).focus()
    page.keyboard.type("Solo el capítulo 2.")
    page.get_by_role("button", name="Enviar la solicitud").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Todavía no se envió").wait_for()
    expect(page.locator("#errores")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    assert axe(page) == []
    page.faults.clear()  # the answer's own status, and axe's inline styles
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Elija una opción.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_label(re.compile("Qué debemos saber"))).to_have_value("Solo el capítulo 2.")
    page.get_by_role("button", name="Enviar la solicitud").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/seguimiento/**")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recibimos su solicitud")
    assert Ticket.objects.get().message == "Solo el capítulo 2."
    assert page.context.cookies() == []
    assert page.faults == []


def test_the_private_page_is_accessible_and_narrow(open_page, catalogue, look):
    page = open_page(FORM)
    page.get_by_label("Letra grande o más contraste").check()
    page.get_by_role("button", name="Enviar la solicitud").click()
    page.wait_for_url("**/seguimiento/**")
    look(page, "the private page", EVERY_PAGE)


def test_without_javascript_the_form_goes_all_the_way(open_page, catalogue):
    page = open_page("/reportar/?recurso=guia-de-datos", java_script_enabled=False)
    page.get_by_label("No se abre o un enlace está roto").check()
    page.get_by_role("button", name="Enviar el reporte").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Recibimos su reporte")


def test_the_desk_s_list_and_form_of_tickets_are_accessible(open_page, catalogue, axe):
    page = open_page("/reportar/?recurso=guia-de-datos")
    page.get_by_label("No se abre o un enlace está roto").check()
    page.get_by_role("button", name="Enviar el reporte").click()
    page.wait_for_url("**/seguimiento/**")
    make_editor("Publicación", username="editora")
    page.goto("/admin/participation/ticket/")
    page.get_by_label("Usuario").fill("editora")
    page.get_by_label("Contraseña").fill("clave-de-prueba")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=Ticket.objects.get().number).wait_for()
    assert axe(page) == []
    page.faults.clear()  # axe's own inline styles
    page.get_by_role("link", name=Ticket.objects.get().number).click()
    page.locator("#id_answer").fill("Ya se abre.")
    assert page.faults == []
    assert axe(page) == []
    page.get_by_role("button", name="Responder y cerrar").click()
    page.get_by_text("se respondió. La respuesta ya está").wait_for()
