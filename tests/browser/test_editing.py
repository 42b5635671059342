"""The desk's further work in a real browser: changes and the way back, two editors, many at once, lists; the manual's pictures."""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from resources.models import Resource
from resources.workflow.revisions import record_external_change
from tests.browser.conftest import DESK_WAYS, PLAIN_WAY, picture
from tests.makers import make_document, make_editor, make_law, make_section, pdf_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVE = "Guardar"


def form(resource, page: str = "change") -> str:
    return f"/admin/resources/{resource.kind}/{resource.pk}/{page}/"


def a_list(section) -> bytes:
    out = io.StringIO()
    rows = [
        ["direccion", "tipo", "titulo", "seccion", "licencia", "fecha_de_emision"],
        ["guia-de-datos", "", "Guía de datos", section.title, "CC BY 4.0", "2024"],
        ["", "documento", "Manual de archivo", section.title, "", "2023-05"],
        ["", "documento", "Plan de riego", "Sección que no existe", "", "31/02/2024"],
    ]
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def test_axe_finds_nothing_on_the_pages_that_ask_and_tell(desk, catalogue, look):
    document, law = catalogue["document"], catalogue["law"]
    draft = make_document(title="Borrador de agua", status="draft", section=document.section)
    version = document.files.get().versions.get(number=1)
    for thing in (document, law):
        record_external_change(thing)
    page = desk(path="/admin/resources/resource/")
    paths = [
        form(document, "history"),
        form(document, "retirar"),
        form(document, f"archivos/{version.pk}/retener"),
        form(document, f"archivos/{version.pk}/recuperar"),
        form(draft, "vista-previa"),
        "/admin/resources/resource/importar/",
        f"/admin/resources/section/{document.section_id}/orden/",
        "/admin/auth/group/add/",
    ]
    for path in paths:
        page.faults.clear()
        page.goto(path)
        check(page, look, path, DESK_WAYS if path in paths[:2] else PLAIN_WAY)
    page.goto("/admin/resources/resource/")
    page.get_by_label(re.compile("Acción|Action")).first.select_option("set_section")
    page.locator("#action-toggle").check()
    page.get_by_role("button", name=re.compile("Ejecutar|Ir")).first.click()
    page.get_by_label("Láminas").check()
    check(page, look, "bulk, asking")
    page.get_by_role("button", name="Ver qué pasará").click()
    page.get_by_role("heading", name="Qué pasará").wait_for()
    check(page, look, "bulk, telling")
    page.goto("/admin/resources/resource/importar/")
    page.locator("input[type=file]").set_input_files(
        {"name": "lista.csv", "mimeType": "text/csv", "buffer": a_list(document.section)}
    )
    page.get_by_role("button", name="Ver qué pasará").click()
    page.get_by_role("heading", name="Errores").wait_for()
    check(page, look, "dry run")


def check(page, look, path: str, ways: Sequence[str] = DESK_WAYS) -> None:
    assert [fault for fault in page.faults if "axe" not in fault] == [], path
    look(page, path, ways)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.faults.clear()


def test_two_editors_at_one_resource_and_the_way_back(desk, catalogue, axe, tmp_path: Path):
    document = catalogue["document"]
    first = desk(username="ana", first_name="Ana")
    second = desk(username="luis", first_name="Luis")
    for page in (first, second):
        page.goto(form(document))
    first.get_by_label("Descripción").fill("Lo que escribió Ana, que llegó antes.")
    first.get_by_role("button", name=SAVE, exact=True).click()
    first.wait_for_url("**/resources/document/")

    second.get_by_label("Descripción").fill("Lo que escribió Luis, que llegó después.")
    second.get_by_label("Título").first.fill("Guía de datos abiertos")
    source = tmp_path / "nueva.pdf"
    source.write_bytes(pdf_bytes("Uno", "Dos", "Tres", "Cuatro"))
    second.locator("input[type=file][name='files-0-upload']").set_input_files(source)
    second.get_by_label("Qué cambió").first.fill("Se agregó un capítulo más.")
    second.get_by_role("button", name=SAVE, exact=True).click()
    second.get_by_role("heading", name="Decida qué queda").wait_for()
    expect(second.get_by_text("Lo que escribió Ana, que llegó antes.").first).to_be_visible()
    assert axe(second) == []
    second.faults.clear()
    picture(second, "dos-personas")
    summary = second.get_by_role("group", name="Descripción")
    summary.get_by_text("Lo que usted escribió").click()
    second.get_by_role("button", name=SAVE, exact=True).click()
    second.wait_for_url("**/resources/document/")
    document.refresh_from_db()
    assert document.summary == "Lo que escribió Luis, que llegó después."
    assert document.title == "Guía de datos abiertos"
    assert document.files.get().current.pages == 4

    second.goto(form(document, "history"))
    picture(second, "historia")
    second.get_by_role("button", name=re.compile("Volver a este estado")).last.click()
    second.get_by_text("volvió a ese estado").wait_for()
    document.refresh_from_db()
    assert document.title == "Guía de datos"
    assert document.files.get().current.pages == 3
    assert second.faults == []


def test_many_are_published_at_once_after_being_told(desk, catalogue):
    section = make_section(title="Manuales")
    drafts = [
        make_document(title=f"Manual {n}", status="review", section=section, link_pending=n < 3)
        for n in range(1, 4)
    ]
    page = desk(path="/admin/resources/resource/?estado=en-revision")
    for box in page.locator(".action-select").all():
        box.check()
    page.get_by_label(re.compile("Acción|Action")).first.select_option("publish")
    page.get_by_role("button", name=re.compile("Ejecutar|Ir")).first.click()
    page.get_by_role("button", name="Ver qué pasará").click()
    expect(page.get_by_text("hace falta un archivo")).to_be_visible()
    picture(page, "varios")
    page.get_by_role("button", name="Publicar 2").click()
    page.get_by_text("Publicar o programar: 2 recursos.").wait_for()
    assert [Resource.objects.get(pk=d.pk).is_public for d in drafts] == [True, True, False]
    assert page.faults == []


def test_a_list_is_tried_by_line_and_applied(desk, catalogue):
    document = catalogue["document"]
    page = desk(path="/admin/resources/resource/importar/")
    page.get_by_label("Lista en CSV o XLSX").set_input_files(
        {"name": "lista.csv", "mimeType": "text/csv", "buffer": a_list(document.section)}
    )
    page.get_by_role("button", name="Ver qué pasará").click()
    expect(page.get_by_text("Línea 4")).to_be_visible()
    picture(page, "importar")
    page.get_by_role("button", name="Aplicar solo las 2 líneas sin errores").click()
    page.get_by_text("Importación aplicada: 2 recursos.").wait_for()
    assert Resource.objects.filter(title="Manual de archivo", status="draft").exists()
    assert page.faults == []


def test_a_section_is_ordered_by_dragging_and_by_keyboard(desk, catalogue):
    section = catalogue["document"].section
    page = desk(path=f"/admin/resources/section/{section.pk}/orden/")
    titles = page.locator(".desk-order-title a").all_inner_texts()
    rows = page.locator("ol.desk-order > li")
    start = rows.nth(0).locator("[data-order-handle]").bounding_box()
    end = rows.nth(2).bounding_box()
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 10, end["y"] + end["height"] - 2, steps=8)
    page.mouse.up()
    expect(page.get_by_text("falta guardarlo")).to_be_visible()
    picture(page, "orden")
    page.get_by_role("button", name="Guardar el orden").click()
    page.get_by_text("El orden quedó guardado.").wait_for()
    shown = page.locator(".desk-order-title a")
    expect(shown).to_have_text([*titles[1:], titles[0]])
    page.get_by_role("button", name=f"Subir {titles[0]}").focus()
    page.keyboard.press("Enter")
    expect(shown).to_have_text([*titles[1:-1], titles[0], titles[-1]])
    assert page.faults == []


def test_a_law_is_checked_in_its_source_and_verified_in_one_click(desk, catalogue):
    law = make_law(
        title="Ordenanza de aguas",
        evidence_url="https://example.org/ordenanza",
        review_by=timezone.localdate() - timezone.timedelta(days=3),
    )
    page = desk(path="/admin/resources/legalinstrument/?revision=vencida")
    picture(page, "por-verificar")
    source = page.get_by_role("link", name=re.compile("Abrir la fuente"))
    expect(source).to_have_attribute("href", "https://example.org/ordenanza")
    page.get_by_role("button", name=re.compile("Verificado hoy")).click()
    page.get_by_text("Verificado hoy: «Ordenanza de aguas». Vigencia: vigente.").wait_for()
    law.refresh_from_db()
    assert law.verified_on == timezone.localdate()


def test_a_draft_is_shown_by_its_link_and_withdrawn_with_a_reason(desk, open_page, catalogue, axe):
    document = catalogue["document"]
    draft = make_document(title="Borrador de agua", status="draft", section=document.section)
    page = desk(username="jefa")
    make_editor("Edición", username="ana2")
    page.goto(form(draft))
    page.get_by_role("link", name="Enlace para mostrarlo").click()
    page.get_by_role("button", name="Hacer un enlace").click()
    link = page.locator(".desk-link a").get_attribute("href")
    picture(page, "enlace")
    visitor = open_page("/")
    visitor.goto(re.sub(r"^https?://[^/]+", "", link))
    expect(visitor.get_by_role("heading", level=1, name="Borrador de agua")).to_be_visible()
    assert axe(visitor) == []
    page.goto(form(document))
    page.get_by_role("link", name="Retirar…").click()
    page.get_by_label("Motivo").fill("La reemplaza la edición de este año.")
    picture(page, "retirar")
    page.get_by_role("button", name="Retirar", exact=True).click()
    page.get_by_text("está retirado").wait_for()
    visitor.goto(document.get_absolute_url())
    expect(visitor.get_by_text("La reemplaza la edición de este año.")).to_be_visible()


@pytest.mark.parametrize("path", ["section", "page"])
def test_the_proposed_address_keeps_words_apart(desk, path):
    page = desk(path=f"/admin/resources/{path}/add/")
    page.get_by_label("Título").press_sequentially("Ord. N.º 14.2024/b – año")
    expect(page.locator("#id_slug")).to_have_value("ord-no-14-2024-b-ano")


def test_the_button_that_publishes_follows_the_date_that_is_typed(desk):
    draft = make_document(title="Guía de agua", status="draft", link_pending=True)
    page = desk(path=form(draft))
    button = page.locator("[name=_publish]")
    expect(button).to_have_value("Publicar ahora")
    page.locator("#id_published_at").fill("2099-01-05T08:30")
    expect(button).to_have_value("Programar para el 5/1/2099 08:30")
    page.locator("#id_published_at").fill("2001-01-05T08:30")
    expect(button).to_have_value("Publicar ahora")
    page.locator("#id_published_at").fill("2099-01-05T08:30")
    button.click()
    told = "Programado para el 5/1/2099 08:30"
    expect(page.locator(".messagelist strong", has_text=told)).to_be_visible()
    expect(page.locator(".desk-notice strong", has_text=told)).to_be_visible()
    page.get_by_role("button", name="Cancelar la programación").click()
    expect(page.get_by_text("Se canceló la programación")).to_be_visible()
    draft.refresh_from_db()
    assert (draft.status, draft.published_at) == ("draft", None)
