"""Handing a resource on, in a real browser: the phone's share sheet, the copied link, the short address."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHEET = "navigator.share = async (what) => { window.shared = what; };"
CLIPBOARD = "navigator.clipboard.writeText = async (text) => { window.copied = text; };"


def test_the_share_sheet_and_the_copy_have_the_short_address(open_page, catalogue):
    guide = catalogue["document"]
    page = open_page("/")
    page.add_init_script(SHEET + CLIPBOARD)
    page.goto(guide.get_absolute_url())
    share = page.locator("section.share")
    address = share.locator("code").inner_text()
    share.get_by_role("button", name="Compartir", exact=True).click()
    shared = page.evaluate("window.shared")
    assert shared == {"title": guide.title, "url": f"http://{address}"}
    share.get_by_role("button", name="Copiar enlace").click()
    expect(share.get_by_role("status")).to_have_text("Copiado.")
    assert page.evaluate("window.copied") == shared["url"]
    share.evaluate("(part) => part.scrollIntoView({ block: 'center' })")
    picture(page, "compartir", height=640)
    assert page.faults == []


def test_a_share_sheet_that_fails_says_what_to_do_and_one_that_is_closed_nothing(
    open_page, catalogue
):
    page = open_page("/")
    for error, said in (
        ("AbortError", ""),
        ("DataError", "No se pudo compartir. Copie el enlace."),
    ):
        page.add_init_script(
            f"navigator.share = async () => {{ throw new DOMException('', '{error}'); }};"
        )
        page.goto(catalogue["document"].get_absolute_url())
        share = page.locator("section.share")
        share.get_by_role("button", name="Compartir", exact=True).click()
        expect(share.get_by_role("status")).to_have_text(said)


def test_a_browser_without_a_share_sheet_has_no_button_for_it(open_page, catalogue):
    page = open_page("/")
    page.add_init_script("Object.defineProperty(navigator, 'share', { value: undefined });")
    page.goto(catalogue["document"].get_absolute_url())
    share = page.locator("section.share")
    expect(share.get_by_role("button", name="Copiar enlace")).to_be_visible()
    expect(share.get_by_role("button", name="Compartir", exact=True)).to_be_hidden()
    expect(share.get_by_role("link", name="Enviar por WhatsApp")).to_be_visible()
