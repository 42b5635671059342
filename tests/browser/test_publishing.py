"""From a PDF to a published page in a real browser: few steps, nothing lost, all by keyboard, without JavaScript too."""

import base64
import re

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from resources.models import Resource, Section
from tests.browser.conftest import PASSWORD, enter, picture, until
from tests.makers import make_document, make_editor, make_section, pdf_bytes, put_file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GUIDE = settings.BASE_DIR / "fixtures" / "files" / "guia-breve-gobernanza-estado-abierto.pdf"
GUIDE_TITLE = "Guía breve para la implementación del modelo de gobernanza de Estado abierto en gobiernos locales"
PROGRAM = b"MZ\x90\x00" + bytes(300)
DROP = """([files]) => {
  const carried = new DataTransfer();
  for (const { name, data } of files) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    carried.items.add(new File([bytes], name));
  }
  for (const type of ["dragenter", "dragover", "drop"])
    document.querySelector("main").dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: carried }));
}"""


@pytest.fixture
def shelf() -> Section:
    """A section to publish in, beside another one."""
    make_section(title="Láminas", layout="gallery", position=1)
    return make_section(title="Guías y leyes", position=2)


def drop(page: Page, *files: tuple[str, bytes]) -> None:
    """Drop files in the middle of the page, as a hand does that drags them from a folder."""
    carried = [{"name": name, "data": base64.b64encode(data).decode()} for name, data in files]
    page.wait_for_load_state()  # the page's scripts have run
    page.evaluate(DROP, [carried])


def saved(page: Page) -> None:
    """Wait for the desk to say that a save has succeeded."""
    expect(page.locator(".messagelist .success")).to_be_visible()


class Hand:
    """Does what a person does, one interaction at a time: each click, field or file counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.interactions = page, 0

    def fill(self, label: str | re.Pattern, words: str) -> None:
        self.interactions += 1
        self.page.get_by_label(label).first.fill(words)

    def click(self, role: str, name: str) -> None:
        self.interactions += 1
        self.page.get_by_role(role, name=name).click()

    def drop(self, *files: tuple[str, bytes]) -> None:
        self.interactions += len(files)
        drop(self.page, *files)


def test_from_the_door_to_the_published_page_in_eight_interactions(open_page, catalogue):
    make_editor("Publicación", username="editora", first_name="Ana")
    page = open_page("/admin/")
    hand = Hand(page)
    hand.fill("Usuario", "editora")
    hand.fill("Contraseña", PASSWORD)
    hand.click("button", "Entrar")
    page.get_by_role("heading", name="Suba un PDF").wait_for()
    picture(page, "mesa", height=1400)
    hand.drop(("descarga (4).pdf", GUIDE.read_bytes()))
    page.wait_for_url("**/document/*/change/")
    expect(page.get_by_label("Título").first).to_have_value(GUIDE_TITLE)
    expect(page.locator("#id_document_type")).to_have_value("guide")
    expect(page.get_by_text("Propuesto por el archivo")).to_be_visible()
    picture(page, "borrador")
    hand.fill("Descripción", "Pasos y ejemplos para organizar un gobierno local abierto.")
    hand.click("radio", "Guías y leyes")
    hand.fill("Etiquetas", "datos, gobernanza")
    hand.click("button", "Publicar ahora")
    expect(page.get_by_text(f"Publicado: «{GUIDE_TITLE}»")).to_be_visible()
    picture(page, "publicado")
    assert hand.interactions <= 8
    resource = Resource.objects.get(title=GUIDE_TITLE)
    assert resource.is_public
    assert {tag.name for tag in resource.tags.all()} == {"datos", "gobernanza"}
    expect(page.locator(".desk-address code")).to_contain_text(resource.get_absolute_url())
    page.get_by_role("button", name="Copiar la dirección").click()
    page.get_by_role("link", name="Ver en el sitio").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(GUIDE_TITLE)
    assert page.faults == []


def press_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the focus stands on `selector`."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by {most} times Tab")


def test_the_same_by_keyboard_alone(desk, shelf):
    page = desk()
    page.on("filechooser", lambda chooser: chooser.set_files(GUIDE))  # before the key is pressed
    press_to(page, "#desk-drop-files")
    page.keyboard.press("Enter")
    page.wait_for_url("**/document/*/change/")
    press_to(page, "#id_summary")
    page.keyboard.type("Pasos y ejemplos.")
    press_to(page, "[name=section]")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    press_to(page, "#id_tags")
    page.keyboard.type(", datos")
    press_to(page, "[name=_publish]", 120)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Publicado: «{GUIDE_TITLE}»")).to_be_visible()
    assert Resource.objects.get(title=GUIDE_TITLE).is_public


def test_several_files_dropped_at_once_and_one_refused(desk, shelf, axe):
    page = desk()
    drop(
        page,
        ("guia.pdf", GUIDE.read_bytes()),
        ("virus.pdf", PROGRAM),
        ("nota.pdf", pdf_bytes("Nota breve sobre riego")),
    )
    expect(page.get_by_text("2 borradores listos. 1 archivo rechazado.")).to_be_visible()
    expect(page.locator(".desk-refused")).to_contain_text("virus.pdf")
    expect(page.get_by_role("link", name=GUIDE_TITLE)).to_be_visible()
    assert Resource.objects.filter(status="draft").count() == 2
    assert page.faults == []
    assert axe(page) == []


def test_files_become_drafts_without_javascript_too(desk, shelf):
    page = desk(java_script_enabled=False)
    page.get_by_label("Archivos").set_input_files(
        [
            {"name": name, "mimeType": "application/pdf", "buffer": content}
            for name, content in (("guia.pdf", GUIDE.read_bytes()), ("virus.pdf", PROGRAM))
        ]
    )
    page.get_by_role("button", name="Preparar borradores").click()
    expect(page.get_by_role("link", name=GUIDE_TITLE)).to_be_visible()
    expect(page.locator(".desk-refused")).to_contain_text("virus.pdf")


def test_a_repeated_file_is_shown_beside_the_one_that_exists(desk, shelf, axe):
    content = GUIDE.read_bytes()
    put_file(make_document(title="La guía que ya estaba"), content)
    page = desk()
    drop(page, ("copia.pdf", content))
    page.wait_for_url("**/repetido/")
    expect(page.get_by_text("La guía que ya estaba")).to_be_visible()
    picture(page, "repetido")
    assert axe(page) == []
    page.get_by_role("button", name="Usar este y descartar el borrador").click()
    expect(page.get_by_text("El borrador repetido está en la papelera")).to_be_visible()


# --- Nothing typed is lost ------------------------------------------------------------------------


def test_a_draft_saves_itself_while_it_is_typed_and_says_so(desk, shelf):
    page = desk()
    page.get_by_role("link", name="+ Nuevo recurso").click()
    page.locator("#desk-new-name:focus").wait_for()
    picture(page, "nuevo")
    page.keyboard.type("Estudio de riego")  # the cursor stands there
    page.get_by_role("button", name="Documento").click()
    expect(page.get_by_label("Título").first).to_have_value("Estudio de riego")
    page.get_by_label("Guías y leyes").check()
    page.get_by_label("Descripción").fill("A medio escribir")
    expect(page.get_by_text("Borrador guardado a las")).to_be_visible()
    page.wait_for_url("**/document/*/change/")
    draft = Resource.objects.get(title="Estudio de riego")
    assert (draft.summary, draft.status) == ("A medio escribir", "draft")
    page.get_by_label("Descripción").fill("Escrito del todo")
    page.get_by_role("button", name="Guardar", exact=True).click()
    saved(page)
    draft.refresh_from_db()
    assert draft.summary == "Escrito del todo"
    assert Resource.objects.filter(title="Estudio de riego").count() == 1
    until(page, "!Object.keys(localStorage).some((key) => key.startsWith('desk:'))")
    assert page.faults == []


def test_an_expired_session_loses_nothing_typed_and_touches_nothing_public(desk):
    document = make_document(link_pending=True)
    page = desk(path=f"/admin/resources/document/{document.pk}/change/")
    page.get_by_label("Descripción").fill("Lo que costó escribir")
    page.context.clear_cookies(name=re.compile("sesion"))
    page.get_by_role("button", name="Guardar", exact=True).click()
    enter(page, "editora")
    expect(page.get_by_text("cambios sin guardar")).to_be_visible()
    document.refresh_from_db()
    assert document.summary == "De qué trata."
    page.get_by_role("button", name="Recuperarlos").click()
    expect(page.get_by_label("Descripción")).to_have_value("Lo que costó escribir")
    page.get_by_label("Título").first.fill("")
    page.get_by_role("button", name="Guardar", exact=True).click()
    page.get_by_text("Hay un error que corregir").wait_for()
    page.get_by_label("Título").first.fill("Otro título")
    page.get_by_role("button", name="Guardar y seguir editando").click()
    saved(page)
    document.refresh_from_db()
    assert document.summary == "Lo que costó escribir"
    expect(page.get_by_text("cambios sin guardar")).to_have_count(0)


def test_an_upload_in_an_expired_session_waits_for_the_new_one(desk, shelf):
    page = desk(path="/admin/resources/document/add/")
    page.get_by_label("Título").first.fill("Informe de riego")
    page.get_by_label("Guías y leyes").check()
    drop(page, ("informe.pdf", pdf_bytes("Informe")))
    page.context.clear_cookies(name=re.compile("sesion"))
    page.get_by_role("button", name="Guardar", exact=True).click()
    expect(page.get_by_text("no se guardó nada todavía")).to_be_visible()
    door = page.context.new_page()
    door.goto("/admin/login/")
    enter(door, "editora")
    door.get_by_role("heading", name="Mesa editorial").wait_for()
    page.get_by_role("button", name="Guardar", exact=True).click()
    saved(page)
    assert Resource.objects.get(title="Informe de riego").main_version.pages == 1


def test_a_file_dropped_anywhere_is_attached_and_a_slow_upload_shows_how_far_it_is(desk, shelf):
    page = desk(path="/admin/resources/document/add/")
    page.get_by_label("Título").first.fill("Plan de riego")
    page.get_by_label("Guías y leyes").check()
    drop(
        page,
        ("plan.pdf", pdf_bytes("Plan") + b"\n%" + b"x" * 400_000 + b"\n%%EOF\n"),
        ("anexo.pdf", pdf_bytes("Anexo")),
    )
    expect(page.get_by_text("Se adjuntaron «plan.pdf», «anexo.pdf»")).to_be_visible()
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 20, "downloadThroughput": -1, "uploadThroughput": 250_000}
    line.send("Network.emulateNetworkConditions", slow)
    page.get_by_role("button", name="Guardar y seguir editando").click()
    expect(page.get_by_text(re.compile(r"Subiendo: [1-9]\d? %"))).to_be_visible()
    line.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
    saved(page)
    resource = Resource.objects.get(title="Plan de riego")
    assert sorted(resource.files.values_list("file_name", flat=True)) == ["anexo.pdf", "plan.pdf"]
    assert page.faults == []


def test_a_refused_upload_keeps_everything_and_leads_to_the_first_error(desk, shelf, axe):
    page = desk(path="/admin/resources/document/add/")
    page.get_by_label("Título").first.fill("Informe anual")
    page.locator("input[type=file][name^=files]").first.set_input_files(
        {"name": "informe.pdf", "mimeType": "application/pdf", "buffer": PROGRAM}
    )
    page.get_by_role("button", name="Publicar ahora").click()
    expect(page.get_by_text("Hay 3 errores que corregir")).to_be_visible()
    picture(page, "errores")
    page.evaluate("scrollTo(0, 0)")  # where the bar at the foot covers no field
    assert axe(page) == []
    expect(page.get_by_label("Título").first).to_have_value("Informe anual")
    assert (
        page.locator("input[type=file][name^=files]").first.evaluate("(f) => f.files.length") == 1
    )
    page.get_by_role("link", name="Ir al primer error").click()
    expect(page).to_have_url(re.compile("#id_(summary|section)$"))
    page.locator("input[type=file][name^=files]").first.set_input_files(
        {"name": "tabla.exe", "mimeType": "application/pdf", "buffer": PROGRAM}
    )
    expect(page.get_by_text("«tabla.exe» no es de un tipo que se acepte aquí.")).to_be_visible()


def test_the_list_leads_to_the_mend_and_each_form_shows_its_own_part(desk, catalogue):
    page = desk(path="/admin/resources/resource/")
    picture(page, "cuidado")
    page.get_by_role("link", name="sin fecha de revisión").first.click()
    page.wait_for_url("**/change/#id_review_by")
    expect(page.locator("#id_review_by")).to_be_visible()
    parts = {
        "infographic": ("Para quien no ve la lámina", "infografia"),
        "video": ("El video", "video"),
        "document": ("Archivos", "reemplazar"),
    }
    for kind, (heading, name) in parts.items():
        page.goto(f"/admin/resources/{kind}/{catalogue[kind].pk}/change/")
        part = page.get_by_role("heading", name=heading, exact=True)
        part.evaluate("(h) => h.scrollIntoView({ block: 'start' })")
        expect(part).to_be_visible()
        expect(page.locator(".desk-aside")).to_be_in_viewport()
        picture(page, name)
    assert page.faults == []
