"""Verifying a copy in a real browser: only a file that its script hashed is called "su copia"."""

import pytest
from playwright.sync_api import expect

from resources.models import FileVersion

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MY_COPY = "Su copia es igual, byte por byte"


def copy_of(content: bytes) -> dict:
    return {"name": "copia.pdf", "mimeType": "application/pdf", "buffer": content}


@pytest.mark.parametrize("javascript", [True, False])
def test_the_link_of_a_file_asks_for_the_copy_before_it_answers(open_page, catalogue, javascript):
    version = FileVersion.objects.get(file__resource=catalogue["document"], number=2)
    page = open_page("/recursos/guia-de-datos/", java_script_enabled=javascript)
    page.locator("summary", has_text="Huella digital SHA-256").first.click()
    page.get_by_role("link", name="Verificar una copia que ya tiene").click()
    field = page.get_by_label("Elija su copia de «Guía de datos»")
    expect(field).to_be_visible()
    expect(page.get_by_text(MY_COPY)).to_have_count(0)
    form = page.url
    field.set_input_files(copy_of(version.stored.read()))
    page.get_by_role("button", name="Verificar el archivo").click()
    expect(page.get_by_text(MY_COPY)).to_be_visible()
    assert version.sha256 not in page.url
    if javascript:
        expect(page.locator("#resultado")).to_be_in_viewport()
    reader = open_page(page.url)  # another reader gets the address from the first one
    expect(reader.get_by_label("Elija su copia de «Guía de datos»")).to_be_visible()
    expect(reader.get_by_text(MY_COPY)).to_have_count(0)
    page.goto(form)
    page.get_by_label("Elija su copia").set_input_files(copy_of(b"%PDF-1.7 falsificada"))
    page.get_by_role("button", name="Verificar el archivo").click()
    expect(page.get_by_text("No está publicado aquí").first).to_be_visible()


def test_a_copy_of_an_earlier_version_is_told_as_such(open_page, catalogue):
    old = FileVersion.objects.get(file__resource=catalogue["document"], number=1)
    page = open_page("/verificar/?archivo=guia-de-datos/guia.pdf")
    page.get_by_label("Elija su copia").set_input_files(copy_of(old.stored.read()))
    page.get_by_role("button", name="Verificar el archivo").click()
    expect(page.get_by_text(f"{MY_COPY}, a la versión 1")).to_be_visible()
    assert page.faults == []
