"""Reading in a real browser: every kind of page, in every way that people look at it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import EVERY_PAGE, EVERY_WAY, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATHS = [
    "/",
    "/recursos/",
    "/secciones/laminas/",
    "/secciones/guias-y-leyes/",
    "/etiquetas/datos/",
    "/recursos/los-pilares/",
    "/recursos/guia-de-datos/",
    "/recursos/ley-de-transparencia/",
    "/recursos/voces-ciudadanas/",
    "/acerca/",
    "/verificar/",
    "/verificar/?archivo=guia-de-datos/guia.pdf",
    "/solicitar/?archivo=guia-de-datos/guia.pdf",
    "/reportar/",
    "/nada-aqui/",
]
RICH = ("/", "/recursos/ley-de-transparencia/")
"""Between them they have every component, and so every colour."""


@pytest.mark.parametrize("paths", [PATHS[:5], PATHS[5:9], PATHS[9:]])
def test_axe_finds_nothing_and_nothing_scrolls_sideways_in_any_way(
    open_page, catalogue, look, paths
):
    page = open_page("/")
    for path in paths:
        page.goto(path)
        look(page, path, EVERY_WAY if path in RICH else EVERY_PAGE)
    faults = [fault for fault in page.faults if "404" not in fault]
    assert faults == []


def test_without_javascript_everything_is_there_and_nothing_is_dead(open_page, catalogue):
    page = open_page("/recursos/los-pilares/", java_script_enabled=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Los pilares")
    expect(page.get_by_text("Transparencia").first).to_be_visible()
    for button in page.locator("main button").all():
        expect(button, button.inner_text()).to_be_hidden()
    page.goto("/recursos/voces-ciudadanas/")
    expect(page.get_by_text("Se dice esto.")).to_be_visible()
    page.goto("/recursos/guia-de-datos/")
    expect(page.get_by_role("link", name=re.compile("Descargar")).first).to_be_visible()


def test_the_skip_link_comes_first_and_leads_to_the_content(open_page, catalogue):
    page = open_page("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Ir al contenido")
    page.keyboard.press("Enter")
    expect(page.locator("#contenido")).to_be_focused()


def test_a_guide_is_found_and_downloaded_by_keyboard_alone(open_page, catalogue):
    page = open_page("/")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.locator(":focus").inner_text().strip() == "Guía de datos":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/recursos/guia-de-datos/")
    for _ in range(80):
        page.keyboard.press("Tab")
        if "Descargar" in page.locator(":focus").inner_text():
            break
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "guia.pdf"


def test_an_infographic_opens_large_zooms_and_closes_and_gives_the_focus_back(open_page, catalogue):
    page = open_page("/")
    opener = page.get_by_role("link", name="Ver en grande: Los pilares")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Los pilares")
    expect(dialog).to_be_visible()
    text = dialog.get_by_role("link", name="Texto y descarga")
    assert text.get_attribute("href").endswith("/recursos/los-pilares/")
    before = dialog.locator("img").bounding_box()["width"]
    dialog.get_by_role("button", name=re.compile("Acercar")).click()
    assert dialog.locator("img").bounding_box()["width"] > before
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator(":focus")).to_contain_text("Ver en grande")
    assert page.faults == []


def wide(dialog) -> float:
    return dialog.locator("img").bounding_box()["width"]


def test_an_infographic_zooms_by_keyboard_wheel_and_fingers_and_leaves_no_trace_in_the_history(
    open_page, catalogue
):
    page = open_page("/recursos/los-pilares/", has_touch=True)
    pages_before = page.evaluate("history.length")
    page.get_by_role("link", name=re.compile("Ver en grande")).click()
    dialog = page.get_by_role("dialog")
    picture = dialog.locator("img")
    picture.evaluate("img => img.decode()")
    fitted = wide(dialog)
    page.keyboard.press("+")
    assert wide(dialog) > fitted * 1.4
    expect(dialog.get_by_role("status")).to_have_text("150 %")
    for _ in range(5):
        page.keyboard.press("+")
    scrolled = "document.querySelector('.viewer-pan').scrollTop"
    before = page.evaluate(scrolled)
    page.keyboard.press("ArrowDown")
    assert page.evaluate(scrolled) > before
    page.keyboard.press("0")
    assert wide(dialog) == fitted
    page.mouse.move(640, 500)
    page.mouse.wheel(0, -300)
    until(page, f"document.querySelector('.viewer-pan img').offsetWidth > {fitted} + 50")
    page.mouse.dblclick(640, 500)
    assert wide(dialog) == fitted
    fingers = page.context.new_cdp_session(page)
    for kind, apart in (("touchStart", 40), ("touchMove", 60), ("touchMove", 120)):
        points = [{"x": 640 - apart, "y": 500}, {"x": 640 + apart, "y": 500}]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert wide(dialog) > fitted * 2
    for _ in range(12):  # inside, or in the browser's own bars: never on the page behind
        page.keyboard.press("Tab")
        where = page.evaluate("document.activeElement.closest('#visor, main, header')?.id")
        assert where in ("visor", None)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.evaluate("history.length") == pages_before
    assert page.faults == []


PLAYER = "https://www.youtube-nocookie.com/**"


def test_a_video_asks_its_platform_for_nothing_until_somebody_plays_it(open_page, catalogue):
    video = catalogue["video"]
    video.url = "https://youtu.be/aqz-KE-bpKQ"
    video.save()
    page = open_page(video.get_absolute_url())
    assert page.faults == []
    page.route(
        PLAYER, lambda route: route.fulfill(body="<button>Pausa</button>", content_type="text/html")
    )
    button = page.get_by_role("button", name="Reproducir el video: Voces ciudadanas")
    button.focus()
    with page.expect_request(PLAYER) as asked:
        page.keyboard.press("Enter")
    assert "disablekb=1" in asked.value.url
    player = page.locator("iframe")
    expect(player).to_have_attribute("title", "Video: Voces ciudadanas")
    expect(player).to_be_focused()
    pause = page.frame_locator("iframe").get_by_role("button", name="Pausa")
    pause.wait_for()
    until(page, "document.readyState === 'complete' && document.querySelector('iframe')")
    page.keyboard.press("Tab")
    assert pause.evaluate("button => button === document.activeElement")
    assert [fault for fault in page.faults if "youtube-nocookie" not in fault] == []


def test_without_javascript_a_video_is_a_plain_link(open_page, catalogue):
    video = catalogue["video"]
    video.url = "https://youtu.be/aqz-KE-bpKQ"
    video.save()
    page = open_page(video.get_absolute_url(), java_script_enabled=False)
    link = page.get_by_role("link", name="Reproducir el video en youtu.be: Voces ciudadanas")
    expect(link).to_have_attribute("href", video.url)


def test_copying_an_address_is_announced(open_page, catalogue):
    page = open_page("/recursos/guia-de-datos/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copiar enlace").click()
    page.get_by_text(re.compile("copiad", re.I)).first.wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(catalogue["document"].short_url)
    assert (
        page.locator("[aria-live], [role=status]")
        .filter(has_text=re.compile("copiad", re.I))
        .count()
    )


def test_a_citation_of_a_page_is_copied_by_one_click_and_announced(open_page, catalogue):
    page = open_page("/recursos/guia-de-datos/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_label("Citar una página").fill("2")
    page.get_by_role("button", name="Ver la cita").click()
    section = page.locator("#citar")
    expect(section.get_by_role("heading", level=2)).to_have_text("Cómo citar la página 2")
    section.get_by_role("button", name="Copiar la cita: APA 7", exact=True).click()
    section.get_by_text("Copiado.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Guía de datos (versión 2) [PDF]. (s. f.).")
    assert copied.endswith("/recursos/guia-de-datos/archivos/v2/guia.pdf#page=2")
    assert page.faults == []


def test_text_twice_as_large_and_spaced_as_people_set_it_is_not_cut(open_page, catalogue):
    page = open_page(
        "/recursos/ley-de-transparencia/", viewport={"width": 640, "height": 900}, bypass_csp=True
    )
    page.add_style_tag(
        content="html{font-size:200%} *{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_printed_resource_is_a_sheet_with_its_address_and_without_navigation(
    open_page, catalogue
):
    page = open_page("/recursos/guia-de-datos/")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation").first).to_be_hidden()
    expect(page.get_by_text("/recursos/guia-de-datos/").last).to_be_visible()
    expect(page.get_by_role("img", name="Código QR")).to_be_visible()
    expect(page.get_by_text("SHA-256: ").last).to_be_visible()


def test_letters_twice_as_large_make_no_page_scroll_sideways(open_page, catalogue):
    page = open_page("/")
    page.set_viewport_size({"width": 360, "height": 740})
    for path in (
        "/",
        "/recursos/",
        "/novedades/",
        "/recursos/?q=datos",
        "/recursos/guia-de-datos/",
        "/verificar/",
    ):
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
