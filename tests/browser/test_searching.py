"""The search box in a real browser: a combobox by keyboard, and a count that is announced."""

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


def test_suggestions_are_chosen_by_keyboard_and_escape_gives_back_what_was_typed(box):
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


def test_what_is_typed_after_a_choice_is_what_escape_gives_back(box):
    page = box.page
    box.press_sequentially("dat")
    expect(page.get_by_role("listbox")).to_be_visible()
    box.press("ArrowDown")
    chosen = box.input_value()
    box.press_sequentially("z")
    box.press("ArrowDown")
    expect(box).to_have_value(f"{chosen}z")
    box.press("Escape")
    expect(box).to_have_value(f"{chosen}z")


def test_the_number_of_results_is_announced(open_page, catalogue):
    page = open_page("/recursos/?q=datos")
    heading = page.locator(".results-bar h2").inner_text()
    expect(page.get_by_role("status")).to_have_text(heading)


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
