"""What is new: Atom that readers take, and the same as a page for people."""

import re
from datetime import datetime, timedelta

import feedparser
import pytest
from django.utils import timezone
from lxml import etree

from resources.models import Resource
from tests.makers import make_document, make_section, put_file
from tests.open.conftest import HIDDEN

ATOM = "{http://www.w3.org/2005/Atom}"


def read(client, path: str):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    return feed


def titles(client, path: str) -> list[str]:
    return [entry.title for entry in read(client, path).entries]


def test_the_feed_of_everything_has_each_resource_with_its_file_and_categories(client, things):
    feed = read(client, "/recursos.atom")
    assert feed.version == "atom10"
    assert sorted(titles(client, "/recursos.atom")) == sorted(r.title for r in things.shown)
    (entry,) = (entry for entry in feed.entries if entry.title == "Los pilares")
    assert entry.link == f"http://127.0.0.1:8000{things.infographic.get_absolute_url()}"
    (file,) = entry.enclosures
    assert (file.href[-11:], file.type, file.length) == ("/lamina.png", "image/png", "3")
    assert "Muestra, no es el documento oficial." in entry.summary
    assert {tag.label for tag in entry.tags} == {
        "Infografía",
        "Láminas",
        "datos",
        "Gobierno & más",
    }


def test_it_has_what_the_standard_asks_for(client, things):
    """RFC 4287, section 4.1: ids, dates, authors, links, each once."""
    root = etree.fromstring(client.get("/recursos.atom").content)
    for node in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(node.findall(ATOM + name)) == 1, name
        assert re.match(r"https?://|tag:", node.find(f"{ATOM}id").text)
        assert node.find(f"{ATOM}author/{ATOM}name").text
        alternates = [
            link for link in node.findall(f"{ATOM}link") if link.get("rel") == "alternate"
        ]
        assert len(alternates) == 1
    ids = [node.text for node in root.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    (own,) = (link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self")
    assert own.get("href") == "http://127.0.0.1:8000/recursos.atom"


def test_a_section_a_tag_and_a_search_have_feeds_of_their_own(client, things):
    assert sorted(titles(client, "/secciones/laminas.atom")) == [
        "Los pilares",
        "Por enlazar",
        "Voces",
    ]
    assert "Voces" not in titles(client, "/etiquetas/datos.atom")
    assert titles(client, "/recursos.atom?q=pilares") == ["Los pilares"]
    assert titles(
        client, "/recursos.atom?tipo=instrumento-legal&vigencia=vigente&orden=titulo"
    ) == ["Ley de transparencia"]
    assert titles(client, "/recursos.atom?tipo=podcast") == []
    feed = read(client, "/recursos.atom?q=pilares&pagina=2").feed
    assert feed.link == "http://127.0.0.1:8000/recursos/?q=pilares"


def test_pages_name_their_feeds(client, things):
    for path, feed in (
        ("/", "/recursos.atom"),
        ("/secciones/laminas/", "/secciones/laminas.atom"),
        ("/etiquetas/datos/", "/etiquetas/datos.atom"),
        ("/recursos/?q=pilares&orden=titulo", "/recursos.atom?q=pilares"),
    ):
        found = re.findall(
            r'<link rel="alternate" type="application/atom\+xml"[^>]*href="([^"]+)"',
            client.get(path).text,
        )
        assert found[0] == feed
        assert "/recursos.atom" in found


def test_a_new_version_is_an_update_that_says_what_changed(client, things):
    slot = things.document.files.get(role="main")
    before = read(client, "/recursos.atom")
    put_file(
        things.document, b"%PDF dos", slot=slot, number=2, change_note="Se corrigió la tabla 3"
    )
    entry = read(client, "/recursos.atom").entries[0]
    assert entry.title == things.document.title
    assert "Versión 2" in entry.summary
    assert "Se corrigió la tabla 3." in entry.summary
    old = next(e for e in before.entries if e.title == entry.title)
    assert entry.id == old.id
    assert entry.updated > old.updated
    assert entry.published == old.published
    assert "Se corrigió la tabla 3" in client.get("/novedades/").text


def test_an_entry_keeps_its_name_when_the_address_changes(client, things):
    def ids() -> set[str]:
        return {entry.id for entry in read(client, "/recursos.atom").entries}

    before = ids()
    moved = Resource.objects.get(pk=things.document.pk).specific
    moved.slug = "otra"
    moved.save()
    assert ids() == before


@pytest.mark.django_db
def test_the_newest_fifty_come_first_and_ties_as_they_were_made(client, nothing):
    now = timezone.now()
    section = make_section(title="Guías")
    for n in range(53):
        old = timedelta(days=1) if n < 3 else timedelta(0)
        make_document(
            title=f"Guía {n:02}",
            section=section,
            published_at=now - timedelta(days=1) - old,
        )
    found = titles(client, "/recursos.atom")
    assert found == [f"Guía {n:02}" for n in range(3, 53)]


def test_nothing_hidden_is_news(client, things):
    for path in ("/recursos.atom", "/secciones/guias-y-leyes.atom", "/novedades/"):
        assert HIDDEN not in client.get(path).text


def test_a_feed_of_what_is_not_there_is_none(client, db):
    make_section(title="Vieja").delete()
    assert client.get("/secciones/nada.atom").status_code == 404
    assert client.get("/etiquetas/nada.atom").status_code == 404
    assert client.get("/secciones/vieja.atom").status_code == 410


def test_a_feed_without_entries_says_the_same_whenever_it_is_asked_for(client, db, freeze):
    make_section(title="Vacía")
    first = client.get("/secciones/vacia.atom").content
    freeze(timezone.now() + timedelta(hours=1))
    assert client.get("/secciones/vacia.atom").content == first


def test_characters_that_xml_refuses_break_no_feed(client, nothing):
    make_document(title="Con \x0b control \ufffe y <b>marcas</b> & más", summary="\x01")
    assert titles(client, "/recursos.atom") == ["Con  control  y <b>marcas</b> & más"]


def test_the_news_since_a_day_are_those_of_that_day_on(client, things, freeze):
    old = make_document(title="Antigua", published_at=timezone.now() - timedelta(days=40))
    page = client.get("/novedades/").text
    assert "Antigua" in page
    assert page.count("<h3><time") == 2  # each day stands once
    since = timezone.localdate() - timedelta(days=10)
    html = client.get(f"/novedades/?desde={since}").text
    assert "Antigua" not in html
    assert "Los pilares" in html
    assert f'value="{since}"' in html
    day = timezone.localdate(old.published_at)
    assert "Antigua" in client.get(f"/novedades/?desde={day}").text
    assert "No hay novedades" in client.get("/novedades/?desde=2999-01-01").text


@pytest.mark.parametrize("asked", ["ayer", "2026-13-01", "0001-01-01", "01/02/2026", "9999-12-31"])
def test_a_day_that_is_none_is_explained_and_kept(client, things, asked):
    html = client.get("/novedades/", {"desde": asked}).text
    assert re.search(r'id="desde-error".*?Escriba', html, re.S)
    assert f'value="{asked}"' in html
    assert "Los pilares" in html


@pytest.mark.uncached("counts the queries of a page that is rendered")
def test_the_news_cost_the_same_few_queries(client, things, django_assert_num_queries):
    with django_assert_num_queries(7):  # portal, count, cards, files, sections, pages
        client.get("/novedades/")
    with django_assert_num_queries(7):  # resources, files, tags, relations both ways, sections
        client.get("/recursos.atom").content.decode()


def test_the_news_offer_the_last_week_and_this_month(client, things, freeze):
    freeze(timezone.make_aware(datetime(2026, 11, 20, 12)))
    html = client.get("/novedades/").text
    assert 'href="/novedades/?desde=2026-11-14">Últimos 7 días</a>' in html
    assert 'href="/novedades/?desde=2026-11-01">Este mes</a>' in html
    chosen = client.get("/novedades/?desde=2026-11-01").text
    assert 'desde=2026-11-01" aria-current="true">Este mes</a>' in chosen
    assert '<a href="/novedades/">Todas</a>' in chosen
