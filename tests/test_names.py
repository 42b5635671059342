"""A resource without a description is named by what it is about, wherever it is listed, shared or cited."""

import re

import pytest

from resources.models import Resource
from resources.text import first_heading
from tests.makers import make_infographic, make_section

pytestmark = pytest.mark.django_db
NAME = "Infografía 1: Los tres pilares"
ALT = "Tres columnas tejidas sostienen un techo."


def make_sheet(**values: object) -> Resource:
    texts = {
        "title": "Infografía 1",
        "slug": "infografia-1",
        "alt_text": ALT,
        "text_alternative": "Antes.\n\n## Los tres **pilares**\n\n## Otro título",
    }
    return make_infographic(**texts | values)


def title_of(html: str) -> str:
    return re.search(r"<title>(.*?)</title>", html)[1]


def test_lists_and_the_tab_add_the_first_heading_of_its_text(client):
    make_sheet(section=make_section(slug="laminas", layout="gallery"))
    for path in ("/", "/secciones/laminas/", "/recursos/"):
        assert re.search(rf'<a href="/recursos/infografia-1/">{NAME}</a>', client.get(path).text), (
            path
        )
    html = client.get("/recursos/infografia-1/").text
    assert title_of(html).startswith(NAME)
    assert '<p class="lede">Los tres pilares</p>' in html


def test_results_of_a_search_add_it(client):
    make_sheet()
    assert "</mark> 1: Los tres pilares</a>" in client.get("/recursos/?q=infografia").text


def test_chats_citations_and_feeds_add_it(client):
    make_sheet()
    html = client.get("/recursos/infografia-1/").text
    assert f'<meta property="og:title" content="{NAME}">' in html
    assert f'<meta name="citation_title" content="{NAME}">' in html
    assert f"<cite>{NAME}</cite>" in html
    assert "https://wa.me/?text=Infograf%C3%ADa%201%3A%20Los%20tres%20pilares%0Ahttp" in html
    assert f"TI  - {NAME}" in client.get("/recursos/infografia-1/cita.ris").text
    assert f"<title>{NAME}</title>" in client.get("/recursos.atom").text


def test_without_headings_the_alternative_text_is_added(client):
    sheet = make_sheet(text_alternative="Solo un párrafo.")
    assert sheet.display_title == f"Infografía 1: {ALT[:-1]}"


def test_a_long_alternative_text_is_cut():
    sheet = make_sheet(text_alternative="", alt_text="palabra " * 30)
    assert len(sheet.subtitle) <= 120
    assert sheet.subtitle.endswith("…")


def test_with_a_description_the_title_stands_alone(client):
    sheet = make_sheet()
    sheet.summary = "Los pilares del gobierno abierto."
    sheet.save()
    assert (sheet.display_title, sheet.cover_alt) == ("Infografía 1", "")
    assert title_of(client.get("/recursos/infografia-1/").text).startswith("Infografía 1 ")


def test_a_heading_that_the_title_says_is_not_said_twice():
    assert make_sheet(title="Infografía: los tres pilares").subtitle == ""


def test_a_picture_that_alone_says_the_subject_has_its_words(client):
    section = make_section(slug="laminas", layout="gallery")
    sheet = make_sheet(section=section)
    assert f'alt="{ALT}"' not in client.get("/secciones/laminas/").text, (
        "a woven cover says nothing"
    )
    renditions = {"folder": "portadas/x", "widths": [240], "fallback": 240, "width": 3, "height": 4}
    Resource.objects.filter(pk=sheet.pk).update(renditions=renditions)
    assert f'alt="{ALT}"' in client.get("/secciones/laminas/").text
    sheet = type(sheet).objects.get(pk=sheet.pk)
    sheet.summary = "Los pilares del gobierno abierto."
    sheet.save()
    page = client.get("/secciones/laminas/").text
    assert f'alt="{ALT}"' not in page
    assert 'class="cover" src="/imagenes/portadas/x/240.jpg"' in page


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("", ""),
        ("Sin títulos, con # en medio", ""),
        ("# Uno\n## Dos", "Uno"),
        ("Texto\n\n### Los [datos](https://example.org/) ###\n", "Los datos"),
        ("## ", ""),
        ("#hashtag", ""),
    ],
)
def test_the_first_heading_of_a_text(text, heading):
    assert first_heading(text) == heading
