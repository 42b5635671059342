"""The search box in a real browser: a combobox by keyboard, and a count that is announced."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def box(open_page, catalogue):
    """Return the search box of the list, focused."""
    field = open_page("/recursos/").get_by_role("combobox", name="Buscar en todos")
    field.focus()
    return field


def options(page: Page) -> list[str]:
    return page.locator(".suggestions li:visible").all_inner_texts()


def test_suggestions_are_chosen_by_keyboard_and_escape_restores_the_text(box):
    page = box.page
    box.press_sequentially("dat")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert box.get_attribute("aria-expanded") == "true"
    first = options(page)[0]
    box.press("ArrowDown")
    expect(box).to_have_value(first)
    chosen = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    expect(chosen).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(box).to_have_value("dat")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.press("ArrowDown")
    expect(box).to_have_value(first)
    box.press("Enter")
    page.wait_for_url("**/recursos/?q=*")


def test_the_list_of_another_text_does_not_come_back(box):
    page = box.page
    box.press_sequentially("dat")
    expect(page.get_by_role("listbox")).to_be_visible()
    box.press("Control+a")
    box.press("Delete")
    box.press("x")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.press("ArrowDown")
    expect(box).to_have_value("x")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_escape_restores_the_text_typed_after_a_choice(box):
    page = box.page
    box.press_sequentially("dat")
    expect(page.get_by_role("listbox")).to_be_visible()
    box.press("ArrowDown")
    chosen = box.input_value()
    box.press("Backspace")
    box.press("ArrowDown")
    expect(box).to_have_value(chosen)
    box.press("Escape")
    expect(box).to_have_value(chosen[:-1])


@pytest.mark.parametrize("key", ["ArrowLeft", "ArrowRight", "Home", "End"])
def test_who_moves_the_caret_in_a_choice_is_in_the_text_again_and_keeps_it(box, key):
    page = box.page
    box.press_sequentially("dat")
    expect(page.get_by_role("listbox")).to_be_visible()
    box.press("ArrowDown")
    chosen = box.input_value()
    box.press(key)
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))
    expect(page.locator(".suggestions [aria-selected=true]")).to_have_count(0)
    expect(box).to_have_value(chosen)
    at = {"ArrowLeft": len(chosen) - 1, "Home": 0}.get(key, len(chosen))
    assert box.evaluate("field => field.selectionStart") == at
    box.press("Escape")
    expect(box).to_have_value(chosen)


def test_the_number_of_results_is_announced(open_page, catalogue):
    page = open_page("/recursos/?q=datos")
    heading = page.locator(".results-bar h2").inner_text()
    expect(page.get_by_role("status")).to_have_text(heading)


def test_until_the_answer_comes_the_list_has_only_matching_beginnings(box):
    page = box.page
    box.press_sequentially("da")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.route("**/sugerencias**", lambda route: route.abort())
    box.press("t")
    assert options(page)
    assert all(word.startswith("dat") for word in options(page))
    box.press("ArrowDown")
    expect(box).to_have_value(options(page)[0])
    box.press("Escape")
    box.press("z")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")


def test_a_list_that_was_closed_stays_closed_when_its_answer_comes(box):
    page = box.page
    box.press_sequentially("da")
    expect(page.get_by_role("listbox")).to_be_visible()
    waiting = []
    page.route("**/sugerencias**", lambda route: waiting.append(route))
    box.press("t")
    page.wait_for_timeout(300)
    assert len(waiting) == 1
    box.press("Escape")
    waiting[0].continue_()
    page.wait_for_timeout(300)
    expect(page.get_by_role("listbox")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 1280])
def test_words_of_any_length_fit_the_page(open_page, catalogue, width):
    word = "x" * 64
    for path in (
        f"/recursos/?q={word}",
        f"/recursos/?etiqueta={word}",
        f"/recursos/?q=transparenca+{word}",
        f"/recursos/?q={word}&recurso=guia-de-datos",
    ):
        page = open_page(path, viewport={"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_the_suggestions_stand_below_the_box_of_the_header(open_page, catalogue):
    page = open_page("/recursos/guia-de-datos/")
    field = page.locator(".search-s input")
    field.press_sequentially("dat")
    expect(page.get_by_role("listbox")).to_be_visible()
    box, shown = field.bounding_box(), page.get_by_role("listbox").bounding_box()
    assert shown["y"] >= box["y"] + box["height"]


def test_the_keyboard_gets_past_the_filters_to_the_results(open_page, catalogue):
    page = open_page("/recursos/?q=datos")
    skip = page.get_by_role("link", name="Ir a los resultados")
    skip.focus()
    expect(skip).to_be_in_viewport()
    skip.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Ordenar por")).to_be_focused()
    page.get_by_role("button", name="Aplicar el orden").click()
    page.wait_for_url("**#resultados")
    assert "orden=relevancia" in page.url


def test_an_answer_that_comes_after_more_was_typed_is_not_taken_for_it(box):
    page = box.page
    page.evaluate(
        """() => {
          const real = window.fetch;
          window.fetch = (...about) => {
            window.fetch = real;
            const box = document.activeElement;
            box.value += "zz";
            box.dispatchEvent(new Event("input"));
            return real(...about);
          };
        }"""
    )
    with page.expect_response("**q=datzz"):
        box.press_sequentially("dat")
    page.wait_for_timeout(100)
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert options(page) == []
