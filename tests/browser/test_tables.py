"""A table in a real browser: read, sorted and scrolled by keyboard, on a telephone and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import EVERY_WAY, until
from tests.makers import make_document, make_file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATH = "/recursos/cantones/tabla/cantones.csv/"
NAMES = ("Ñuñoa", "azuay", "Cuenca", "Zaruma")
WIDE = "".join(f";Indicador de acceso a la información número {n}" for n in range(8))


@pytest.fixture
def cantons(live_server, tmp_path) -> None:
    """Make a table that is wider than a telephone and longer than any screen."""
    rows = [f"{name};{number};1/{number}/2024" + ";x" * 8 for number, name in enumerate(NAMES, 9)]
    rows += [f"Cantón {number};;2/1/2023" + ";" * 8 for number in range(300)]
    content = f"Cantón;Monto;Fecha{WIDE}\n" + "\n".join(rows)
    document = make_document(title="Cantones", slug="cantones")
    make_file(document, content.encode(), "cantones.csv", folder=tmp_path)


def first_cells(page: Page, column: int = 1) -> list[str]:
    cells = page.locator(f"tbody tr:nth-child(-n+4) td:nth-child({column})")
    return cells.all_inner_texts()


@pytest.mark.usefixtures("cantons")
def test_axe_finds_nothing_and_only_the_table_scrolls_sideways(open_page, look):
    page = open_page(PATH)
    look(page, PATH, EVERY_WAY)
    page.set_viewport_size({"width": 360, "height": 740})
    region = page.get_by_role("region", name="Datos")
    assert region.evaluate("box => box.scrollWidth > box.clientWidth")
    assert page.faults == []


@pytest.mark.usefixtures("cantons")
def test_the_table_scrolls_by_keyboard_and_keeps_its_headings_in_view(open_page):
    page = open_page(PATH, viewport={"width": 360, "height": 740})
    region = page.get_by_role("region", name="Datos")
    region.focus()
    page.keyboard.press("End")
    until(page, "document.querySelector('[role=region]').scrollTop > 1000")
    top = region.bounding_box()["y"]
    heading = page.get_by_role("columnheader", name="Cantón").bounding_box()
    assert abs(heading["y"] - top) <= 2
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('[role=region]').scrollLeft > 0")


@pytest.mark.usefixtures("cantons")
def test_rows_are_sorted_by_words_numbers_and_dates_and_go_back_to_the_order_of_the_file(open_page):
    page = open_page(PATH)
    page.get_by_role("button", name="Monto").focus()
    page.keyboard.press("Enter")
    heading = page.get_by_role("columnheader", name="Monto")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    assert first_cells(page) == list(NAMES)
    expect(page.get_by_role("status")).to_have_text("Filas por Monto, de menor a mayor.")
    page.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert first_cells(page, 2) == ["12", "11", "10", "9"], "empty cells come last in both orders"
    page.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "none")
    assert first_cells(page) == list(NAMES)
    page.get_by_role("button", name="Cantón").click()
    assert first_cells(page)[:2] == ["azuay", "Cantón 0"]
    page.get_by_role("button", name="Fecha").click()
    assert first_cells(page, 3)[0] == "2/1/2023"
    page.get_by_role("button", name="Fecha").click()
    assert first_cells(page, 3) == ["1/12/2024", "1/11/2024", "1/10/2024", "1/9/2024"]
    assert page.faults == []


@pytest.mark.usefixtures("cantons")
def test_without_javascript_the_table_is_in_the_order_of_the_file_and_has_no_dead_buttons(
    open_page,
):
    page = open_page(PATH, java_script_enabled=False)
    assert first_cells(page) == list(NAMES)
    assert page.locator("main button").count() == 0
    expect(page.get_by_text("Se muestran las primeras 200 de 304 filas.")).to_be_visible()
    expect(page.get_by_text("Para ordenar")).to_be_hidden()
