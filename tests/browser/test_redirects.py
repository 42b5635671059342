"""An address that moved and came back, in a real browser that had followed the redirect meanwhile."""

import re

import pytest
from playwright.sync_api import expect

from resources.models import Resource
from resources.workflow.revisions import record_external_change

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "**/recursos/guia-de-datos/"


def rename_at_the_desk(page, resource: Resource, slug: str) -> None:
    page.goto(f"/admin/resources/document/{resource.pk}/change/")
    field = page.locator("#id_slug")
    if not field.is_visible():
        page.locator("details:has(#id_slug) > summary").click()
    field.fill(slug)
    page.get_by_role("button", name="Guardar", exact=True).first.click()
    expect(page.get_by_text("Se guardó").first).to_be_visible()


@pytest.mark.parametrize("back", ["rename", "revert"])
def test_an_address_that_is_given_back_opens_for_whom_followed_its_redirect(
    open_page, desk, catalogue, back
):
    document = catalogue["document"]
    record_external_change(document)
    editor = desk()
    rename_at_the_desk(editor, document, "otra-direccion")
    reader = open_page("/recursos/guia-de-datos/")
    reader.wait_for_url("**/recursos/otra-direccion/")
    reader.goto("/recursos/guia-de-datos/?pagina=1")
    if back == "rename":
        rename_at_the_desk(editor, document, "guia-de-datos")
    else:
        editor.goto(f"/admin/resources/document/{document.pk}/history/")
        editor.get_by_role("button", name=re.compile("Volver a este estado")).last.click()
        expect(editor.get_by_text("volvió a ese estado").first).to_be_visible()
    for path in ("/recursos/guia-de-datos/", "/recursos/guia-de-datos/?pagina=1"):
        assert reader.goto(path).status == 200
        assert "/recursos/guia-de-datos/" in reader.url
    reader.goto("/recursos/otra-direccion/")
    reader.wait_for_url(HOME)
    expect(reader.get_by_role("heading", level=1)).to_have_text("Guía de datos")
