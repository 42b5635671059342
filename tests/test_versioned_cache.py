"""What stands on every page is read and drawn once while nothing changes, and anew as soon as something does."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from resources.models import Page, SiteSettings
from search.models import Synonym
from tests.makers import make_document, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def section():
    section = make_section(title="Guías")
    make_document(title="Presupuesto de agua", section=section)
    return section


def read_from(path: str) -> set[str]:
    """Return which of the tables that seldom change a page reads."""
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(path).status_code == 200
    sql = " ".join(query["sql"] for query in asked)
    tables = ("resources_section", "resources_page", "search_synonym")
    return {table.split("_")[1] for table in tables if f'FROM "{table}"' in sql}


def test_sections_pages_and_synonyms_are_read_once_for_all_searches():
    assert read_from("/recursos/?q=presupuesto") == {"section", "page", "synonym"}
    assert read_from("/recursos/?q=agua") == set()


def test_each_page_marks_itself_in_the_menu(section):
    marked = '<a href="/secciones/guias/" aria-current="page">'
    assert [marked in Client().get(path).text for path in ("/", "/secciones/guias/", "/")] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("path", ["/", "/recursos/?q=agua", "/verificar/", "/no-hay/"])
def test_a_change_shows_at_once_in_header_and_footer(section, path):
    Client().get(path)
    section.title = "Manuales"
    section.save()
    portal = SiteSettings.load()
    portal.name, portal.owner = "Archivo abierto", "Alcaldía de prueba"
    portal.save()
    Page.objects.create(slug="ayuda", title="Cómo se usa", body="Así.")
    html = Client().get(path).text
    menu, footer = (html.partition(mark)[2] for mark in ('class="menu"', "<footer"))
    assert "Manuales" in menu.partition("</nav>")[0]
    assert "Guías" not in menu
    assert "Archivo abierto" in html.partition("<main")[0]
    for words in ("Manuales", "Cómo se usa", "Alcaldía de prueba"):
        assert words in footer


def test_a_new_synonym_answers_at_once():
    assert "Presupuesto de agua" not in Client().get("/recursos/?q=líquido").text
    Synonym.objects.create(words="agua, líquido")
    assert "Presupuesto de" in Client().get("/recursos/?q=líquido").text


def test_a_facet_that_is_renamed_is_named_anew(section):
    assert "Sección" not in Client().get("/recursos/?q=agua").text
    make_document(title="Tarifas de agua", section=make_section(title="Normas"))
    assert ">Guías<" in Client().get("/recursos/?q=agua").text
    section.title = "Manuales"
    section.save()
    html = Client().get("/recursos/?q=agua").text
    assert ">Manuales<" in html
    assert ">Guías<" not in html
