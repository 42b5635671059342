"""The pages that list resources: the home page, sections, tags; their order, their pages, and what is no more."""

import re

import pytest

from tests.makers import (
    make_document,
    make_file,
    make_infographic,
    make_section,
    png_bytes,
)

pytestmark = pytest.mark.django_db


def test_the_home_page_tells_sections_in_order_and_cards_in_the_editors_order(client):
    second = make_section(title="Segunda", position=2)
    first = make_section(title="Primera", position=1)
    make_section(title="Vacía", position=3)
    make_document(title="Zeta", section=first, position=1)
    make_document(title="Ñandú", section=first, position=2)
    make_document(title="Árbol", section=first, position=2)
    make_document(title="Otra", section=second)
    html = client.get("/").text.partition("<main")[2]
    marks = ('id="primera"', ">Zeta<", ">Árbol<", ">Ñandú<", 'id="segunda"', ">Otra<")
    positions = [html.index(mark) for mark in marks]
    assert positions == sorted(positions)
    assert ">Vacía</h2>" not in html


def test_a_long_section_shows_its_first_twelve_and_how_many_there_are(client):
    section = make_section(title="Larga")
    for n in range(1, 15):
        make_document(title=f"Documento {n:02}", section=section, position=n)
    html = client.get("/").text
    assert "Documento 12" in html
    assert "Documento 13" not in html
    assert re.search(r'href="/secciones/larga/"[^>]*>[^<]*Ver los 14', html)


def test_lists_come_in_pages_with_addresses_of_their_own(client, settings):
    settings.RESULTS_PER_PAGE = 2
    section = make_section(title="Guías")
    for n in range(1, 6):
        make_document(title=f"Guía {n}", section=section, position=n, tags=("datos",))
    for base in ("/recursos/", "/secciones/guias/", "/etiquetas/datos/"):
        html = client.get(base).text
        assert "Guía 2" in html
        assert "Guía 3" not in html
        assert f'href="{base}?pagina=2"' in html
        last = client.get(f"{base}?pagina=3").text
        assert "Guía 5" in last
        assert f'<link rel="canonical" href="http://127.0.0.1:8000{base}?pagina=3">' in last
        for asked in ("0", "4", "-1", "x", "²", "1e3", "", "9" * 5000):
            assert client.get(f"{base}?pagina={asked}").status_code == 404


def test_an_empty_catalogue_is_a_page_that_says_so(client):
    for path in ("/", "/recursos/"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Todavía no hay" in answer.text


def test_a_closed_section_and_a_dropped_tag_say_that_they_are_gone(client):
    section = make_section(title="Vieja")
    section.delete()
    document = make_document(tags=("viejo",))
    document.tags.get().delete()
    for path in ("/secciones/vieja/", "/etiquetas/viejo/"):
        assert client.get(path).status_code == 410


def test_a_tag_that_comes_back_takes_up_its_address_again(client):
    make_document(tags=("viejo",)).tags.get().delete()
    make_document(tags=("Viejo",))
    assert client.get("/etiquetas/viejo/").status_code == 200


def test_the_first_row_of_a_gallery_does_not_wait_on_its_own_page_but_does_on_the_home_page(
    client, tmp_path
):
    gallery = make_section(title="Láminas", layout="gallery")
    for _ in range(3):
        make_file(
            make_infographic(section=gallery), png_bytes(300, 400), "lamina.png", folder=tmp_path
        )
    page = client.get(gallery.get_absolute_url()).text
    assert (page.count('fetchpriority="high"'), page.count('loading="lazy"')) == (2, 1)
    assert client.get("/").text.count('fetchpriority="high"') == 0
