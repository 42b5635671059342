"""What is typed in any form of the desk outlives the session: this browser keeps it and offers it back."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from participation.models import Ticket
from resources.models import Page, Section, SiteSettings
from tests.browser.conftest import enter
from tests.makers import make_section

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COPIES = "JSON.stringify(Object.entries(localStorage).filter(([key]) => key.startsWith('desk:')))"


def a_page() -> tuple[str, str, object, str]:
    page = Page.objects.create(slug="derechos", title="Derechos", body="Antes.")
    return f"/admin/resources/page/{page.pk}/change/", "body", page, "Guardar"


def a_ticket() -> tuple[str, str, object, str]:
    ticket = Ticket.objects.create(
        kind="request", token="t", about="Mapa", promised_for=timezone.localdate()
    )
    url = f"/admin/participation/ticket/{ticket.pk}/change/"
    return url, "answer", ticket, "Guardar el borrador"


def a_section() -> tuple[str, str, object, str]:
    section: Section = make_section(description="Antes.")
    return f"/admin/resources/section/{section.pk}/change/", "description", section, "Guardar"


def the_portal() -> tuple[str, str, object, str]:
    portal = SiteSettings.load()
    return f"/admin/resources/sitesettings/{portal.pk}/change/", "footer_note", portal, "Guardar"


@pytest.mark.parametrize("make", [a_page, a_ticket, a_section, the_portal])
def test_a_form_sent_after_the_session_ended_gets_its_text_back(desk, make):
    url, name, row, button = make()
    page = desk(path=url)
    page.locator(f"[name={name}]").fill("Lo que costó escribir")
    page.context.clear_cookies(name=re.compile("sesion"))
    page.get_by_role("button", name=button, exact=True).click()
    enter(page, "editora")
    expect(page.get_by_text("cambios sin guardar")).to_be_visible()
    page.get_by_role("button", name="Recuperarlos").click()
    expect(page.locator(f"[name={name}]")).to_have_value("Lo que costó escribir")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    row.refresh_from_db()
    assert getattr(row, name) == "Lo que costó escribir"
    assert page.evaluate(COPIES) == "[]"


def test_a_password_and_the_tokens_of_a_form_are_never_kept(desk):
    page = desk(path="/admin/auth/user/add/")
    page.locator("[name=username]").fill("nueva")
    page.locator("[name=password1]").fill("secreto-1234")
    page.locator("[name=password2]").fill("secreto-1234")
    kept = page.evaluate(COPIES)
    assert "nueva" in kept
    assert "secreto" not in kept
    assert "token" not in kept
