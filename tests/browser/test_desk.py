"""The desk in a real browser: an editor's work from sign-in to the published page; the pictures of the manual."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from resources.models import Resource
from tests.browser.conftest import DESK_WAYS, PLAIN_WAY, picture
from tests.makers import make_law, make_section, pdf_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


RICH = re.compile(
    r"/admin/$|resource/$|subir/$|(document|legalinstrument|infographic|sitesettings)/.*change/$"
)
"""Between them they have every component of the desk, and so every colour."""


SHELVES = ("section", "tag", "organization", "page")


def lists(catalogue) -> list[str]:
    return [
        "/admin/",
        *(
            f"/admin/resources/{model}/"
            for model in ("legalinstrument", "resource", *SHELVES, "redirect", "link")
        ),
        "/admin/auth/user/",
        "/admin/ayuda/",
    ]


def forms(catalogue) -> list[str]:
    return [f"/admin/resources/{thing.kind}/{thing.pk}/change/" for thing in catalogue.values()]


def beginnings(catalogue) -> list[str]:
    """Forms with nothing in them, and the pages about one thing."""
    document = catalogue["document"].pk
    return [
        *(f"/admin/resources/{model}/add/" for model in ("document", "video", *SHELVES)),
        f"/admin/resources/document/{document}/delete/",
        "/admin/resources/sitesettings/1/change/",
        "/admin/auth/user/add/",
        "/admin/password_change/",
        "/admin/resources/resource/add/",
        "/admin/resources/resource/subir/",
        f"/admin/resources/resource/{document}/repetido/",
    ]


@pytest.mark.parametrize("pages", [lists, forms, beginnings])
def test_axe_finds_nothing_on_the_desk_and_the_policy_holds(desk, catalogue, look, pages):
    page = desk()
    for path in pages(catalogue):
        page.faults.clear()  # axe writes inline styles of its own, which the policy refuses
        page.goto(path)
        assert page.faults == [], path
        look(page, path, DESK_WAYS if RICH.search(path) else PLAIN_WAY)


def test_signing_in_and_forgotten_passwords_are_accessible_too(open_page, axe, live_server):
    page = open_page("/admin/login/")
    assert axe(page) == []
    page.goto("/admin/clave/")
    assert axe(page) == []
    assert page.faults == []


def test_an_editor_publishes_a_pdf_and_sees_it_on_the_site(desk, tmp_path: Path):
    section = make_section(title="Estudios")
    source = tmp_path / "Estudio de caso.pdf"
    source.write_bytes(pdf_bytes("Primera página", "Segunda página"))
    page = desk()
    page.locator("a[href='/admin/resources/document/add/']").first.click()
    page.wait_for_url("**/document/add/")
    page.get_by_label("Título", exact=False).first.fill("Estudio de caso")
    page.get_by_label("Descripción", exact=False).first.fill("Cómo lo hizo un cantón.")
    page.get_by_label(section.title).check()
    page.locator("input[type=file][name^=files]").first.set_input_files(source)
    picture(page, "documento")
    page.get_by_role("button", name="Publicar ahora").click()
    page.get_by_text("Publicado: «Estudio de caso».").wait_for()
    resource = Resource.objects.get(title="Estudio de caso")
    assert resource.is_public
    assert resource.main_version.pages == 2
    page.goto(resource.get_absolute_url())
    expect(page.get_by_text("2 páginas").first).to_be_visible()
    assert page.faults == []


def test_a_member_of_edicion_cannot_publish(desk):
    page = desk("Edición", path="/admin/resources/document/add/")
    expect(page.get_by_role("button", name="Publicar ahora")).to_have_count(0)
    expect(page.get_by_role("button", name="Enviar a revisión")).to_have_count(1)


def test_a_missing_value_is_named_at_its_field_and_typed_text_stays(desk):
    page = desk(path="/admin/resources/document/add/")
    page.get_by_label("Título", exact=False).first.fill("Sin nada más")
    page.get_by_role("button", name="Publicar ahora").click()
    page.get_by_text("Hay 3 errores que corregir").wait_for()
    expect(page.locator(".field-summary ul.errorlist")).to_be_visible()
    expect(page.get_by_label("Título", exact=False).first).to_have_value("Sin nada más")


def test_the_law_form_shows_force_and_relations(desk):
    law = make_law(title="Ley de prueba", evidence_note="Nota.")
    page = desk(path=f"/admin/resources/legalinstrument/{law.pk}/change/")
    heading = page.get_by_role("heading", name="Vigencia")
    heading.scroll_into_view_if_needed()
    picture(page, "norma")
    expect(page.get_by_text("Por verificar").first).to_be_visible()
