"""Reading a document in a real browser: in every way that people look at it, by keyboard, without scripts."""

import re

import pytest
from playwright.sync_api import expect

from reading.editing import confirm_articles
from reading.making import draw_reading, make
from reading.models import Reading
from resources.models import FileVersion
from tests.browser.conftest import EVERY_PAGE, EVERY_WAY, picture
from tests.makers import make_file
from tests.reading.makers import ORDINANCE, draw_here, law_pdf, read_here, typeset_pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GUIDE = typeset_pdf(
    [
        (20, "Cuidar el agua"),
        (11, "El agua del páramo llega a la ciudad."),
        (15, "Qué se hace"),
        (11, "Se mide el agua."),
    ],
    [
        (15, "Quién ayuda"),
        (11, "- El barrio avisa de las fugas de agua."),
        (11, "- La escuela riega."),
    ],
    [(15, "Cifras"), (11, "Litros de cada parroquia.")],
)


@pytest.fixture
def read(catalogue, tmp_path, monkeypatch) -> dict:
    """Have a guide, one page of it as a picture, and a law by articles in two versions."""
    monkeypatch.setattr("reading.making.read_document", read_here)
    monkeypatch.setattr("reading.making.draw_pages", draw_here)
    guide = make_file(catalogue["document"], GUIDE, "agua.pdf", folder=tmp_path, role="main")
    make(guide)
    guide.reading.pages.filter(number=3).update(doubt="table")
    draw_reading.call(guide.pk)
    old = make_file(catalogue["law"], law_pdf(), "ley.pdf", folder=tmp_path)
    changed = tuple((text.replace("siete", "nueve"), size) for text, size in ORDINANCE)
    new = make_file(
        catalogue["law"],
        law_pdf(*changed),
        "ley.pdf",
        folder=tmp_path,
        slot=old.file,
        note="Son nueve.",
    )
    for version in (old, new):
        make(version)
        confirm_articles(version.reading, True, user=None)
    return {
        "guide": f"/recursos/guia-de-datos/leer/{guide.file.file_name}/",
        "law": "/recursos/ley-de-transparencia/",
    }


def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_page, read, look):
    page = open_page("/")
    paths = (
        f"{read['guide']}?q=agua",
        f"{read['law']}leer/",
        f"{read['law']}articulos/2/",
        f"{read['law']}comparar/v1-v2/",
    )
    for path in paths:
        page.goto(path)
        look(page, path, EVERY_WAY if "leer" in path else EVERY_PAGE)
    assert page.faults == []


def test_one_goes_from_a_found_word_to_the_next_by_keyboard(open_page, read):
    page = open_page(f"{read['guide']}?q=agua")
    count = page.locator("[data-found-now]")
    expect(count).to_have_text("1")
    page.locator("[data-found-next]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(count).to_have_text("2")
    assert page.url.endswith("#h1-2")
    page.locator("[data-found-previous]").focus()
    page.keyboard.press("Enter")
    expect(count).to_have_text("1")


def test_the_letters_grow_without_a_script_and_the_choice_is_kept_with_one(open_page, read):
    for scripts in (False, True):
        page = open_page(read["guide"], java_script_enabled=scripts)
        before = page.locator(".text p").first.bounding_box()["height"]
        page.get_by_role("radio", name="Tamaño muy grande").check(force=True)
        assert page.locator(".text p").first.bounding_box()["height"] > before
    page.reload()
    expect(page.get_by_role("radio", name="Tamaño muy grande")).to_be_checked()


def test_without_javascript_the_whole_text_is_there_and_nothing_is_dead(open_page, read):
    page = open_page(read["guide"], java_script_enabled=False)
    expect(page.get_by_text("La escuela riega.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Quién ayuda"))).to_have_count(1)
    for button in page.locator("main button").all():
        if button.get_attribute("type") == "button":
            expect(button, button.inner_text()).to_be_hidden()


def test_the_picture_of_a_page_is_fetched_only_when_it_is_asked_for(open_page, read):
    page = open_page(read["guide"])
    picture = page.locator("#p1 .sheet-img img")
    assert picture.evaluate("image => image.currentSrc === '' || !image.complete")
    page.set_viewport_size({"width": 360, "height": 700})
    page.locator("#p1 .folio-more > summary").click()
    page.locator("#p1").get_by_text("Ver esta página").click()
    expect(picture).to_be_visible()
    expect(picture).not_to_have_js_property("naturalWidth", 0)


def test_a_person_corrects_a_page_and_confirms_the_articles(desk, read, axe, catalogue):
    guide, law = (
        Reading.objects.get(version=version)
        for version in (
            FileVersion.objects.get(file__file_name="agua.pdf"),
            catalogue["law"].files.get().current,
        )
    )
    confirm_articles(law, False, user=None)
    page = desk("Publicación")
    page.goto(f"/admin/reading/reading/{guide.pk}/pagina/2/")
    page.get_by_label("Texto de la página").fill("# Quién ayuda\n\n- El barrio avisa de las fugas.")
    assert axe(page) == []
    picture(page, "texto", height=640)
    page.get_by_role("button", name="Guardar el texto").click()
    expect(page.get_by_text("El texto de la página 2 está corregido.")).to_be_visible()
    page.goto(f"/admin/reading/reading/{law.pk}/change/")
    assert axe(page) == []
    picture(page, "articulos", height=700)
    page.get_by_role("button", name="Confirmar los artículos").click()
    expect(page.get_by_text("Los artículos están confirmados").first).to_be_visible()
    page.goto(f"{read['law']}comparar/v1-v2/")
    picture(page, "cambios", height=700)
    assert page.faults == []
