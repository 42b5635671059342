"""What every page has in common: heads, headers, errors, machines' files, and how few queries it costs."""

import datetime as dt
import io
import re
from html import unescape

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageDraw

from resources.files.covers import store_renditions
from resources.kinds.legislation.models import LegalRelation
from resources.models import Page, Resource, SiteSettings
from tests.makers import (
    make_document,
    make_editor,
    make_file,
    make_infographic,
    make_law,
    make_section,
    make_video,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(tmp_path):
    """One of everything, as a small site would have it."""
    gallery = make_section(title="Láminas", layout="gallery", position=1)
    shelf = make_section(title="Guías", position=2)
    things = {
        "infographic": make_infographic(title="Lámina", section=gallery, tags=("datos",)),
        "document": make_document(title="Guía", section=shelf, tags=("datos", "GAD")),
        "law": make_law(title="Ley", section=shelf, tags=("datos",), evidence_note="Según prensa."),
        "video": make_video(title="Video", section=shelf),
    }
    make_file(things["document"], folder=tmp_path)
    LegalRelation.objects.create(
        source=things["law"], verb="repeals", target_citation="Ley anterior"
    )
    Page.objects.create(slug="acerca", title="Acerca", body="## Qué es\n\nUn portal.")
    return things


def public_paths() -> list[str]:
    return [
        *(reverse(name) for name in ("home", "resource-list", "news", "verify", "api")),
        *(row.get_absolute_url() for model in (Resource, Page) for row in model.objects.all()),
        "/secciones/laminas/",
        "/secciones/guias/",
        "/etiquetas/datos/",
        "/etiquetas/gad/",
    ]


def test_every_public_page_answers_with_one_heading_a_title_a_description_and_its_address(
    client, catalogue
):
    titles = set()
    for path in public_paths():
        html = client.get(path).text
        assert html.count("<h1") == 1, path
        assert '<html lang="es"' in html
        title = re.search(r"<title>(.*?)</title>", html, re.S)[1].strip()
        assert title not in titles, f"two pages are called {title}"
        titles.add(title)
        assert title.count(SiteSettings.load().name) == 1
        assert not re.search(r"<section[^>]*aria-label", html)  # a reader hears each heading once
        assert re.search(r'<meta name="description" content="[^"]{10,}', html), path
        assert f'<link rel="canonical" href="{settings.SITE_URL}{path}">' in html, path
        assert f'property="og:url" content="{settings.SITE_URL}{path}"' in html, path


def test_a_title_names_the_site_as_far_as_it_fits_into_a_tab(client):
    SiteSettings.objects.update(
        name="Recursos de Gobierno Abierto & Datos (demostración)", title="R&D"
    )
    shelf = make_section(title="Guías <y> leyes")
    long = make_document(
        title="Guía & manual para la gestión de archivos municipales", section=shelf
    )
    longer = make_document(title="Ordenanza sustitutiva " * 4, section=shelf)

    def title_of(path: str) -> str:
        return unescape(re.search(r"<title>(.*?)</title>", client.get(path).text, re.S)[1])

    name = SiteSettings.load().name
    assert title_of("/") == name
    assert title_of(shelf.get_absolute_url()) == f"Guías <y> leyes · {name}"
    assert title_of(long.get_absolute_url()) == f"{long.title} · R&D"
    assert title_of(longer.get_absolute_url()) == longer.title.strip()
    assert title_of("/recursos/?q=ordenanza").startswith("Buscar «ordenanza»: 1 resultado")


def test_no_page_has_an_inline_script_or_style_or_a_third_party(client, catalogue):
    for path in public_paths():
        html = client.get(path).text
        bare = html.replace('<script type="application/ld+json">', "")  # data: nothing runs it
        assert not re.search(r"<script(?![^>]*\bsrc=)", bare), path
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", html), path
        sources = re.findall(r'(?:src|srcset|poster)="([^"]+)"', html)
        sources += re.findall(
            r'<link rel="(?:stylesheet|icon|preload|modulepreload)[^>]*href="([^"]+)"', html
        )
        assert all(source.startswith("/") for source in sources), path


def test_visitors_get_no_cookie_and_pages_that_caches_may_check(client, catalogue):
    for path in [*public_paths(), "/robots.txt", "/sitemap.xml", "/nada/"]:
        answer = client.get(path)
        assert not answer.cookies, path
    answer = client.get("/")
    assert answer["Cache-Control"] == "public, no-cache"
    again = client.get("/", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    catalogue["document"].save()
    assert client.get("/", headers={"If-None-Match": answer["ETag"]}).status_code == 200


def test_security_headers_stand_on_every_answer(client, catalogue):
    for path in ("/", "/admin/login/", "/nada/", "/robots.txt"):
        answer = client.get(path)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]
        is_page = answer["Content-Type"].startswith("text/html")
        assert answer.get("Cross-Origin-Resource-Policy") == ("same-origin" if is_page else None)


def test_a_missing_page_is_a_404_with_ways_on(client):
    for path in ("/nada/", "/recursos/nada/", "/secciones/nada/", "/etiquetas/nada/", "/a/b/c"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert 'href="/recursos/"' in answer.text


def test_a_server_error_is_a_page_in_the_site_s_look_that_needs_no_database(client, monkeypatch):
    monkeypatch.setattr("resources.models.SiteSettings.load", lambda: 1 / 0)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert "<h1" in answer.text


def test_editors_see_a_draft_on_its_page_with_a_banner_never_kept(client):
    draft = make_document(title="Borrador secreto", status="draft")
    client.force_login(make_editor("Edición"))
    answer = client.get(draft.get_absolute_url())
    assert answer.status_code == 200
    assert "solo lo ve el equipo editorial" in answer.text
    assert "no-store" in answer["Cache-Control"]


def test_an_account_without_the_desk_is_a_visitor(client, django_user_model):
    draft = make_document(status="draft")
    client.force_login(django_user_model.objects.create_user("ajena"))
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_the_sitemap_lists_public_pages_under_the_address_of_the_site(client, catalogue):
    make_document(title="Oculto", status="draft")
    make_document(title="Futuro", published_at=timezone.now() + dt.timedelta(days=1))
    locations = re.findall(
        r"<loc>(.*?)</loc>", client.get("/sitemap.xml", headers={"Host": "localhost"}).text
    )
    assert sorted(locations) == sorted(
        settings.SITE_URL + path
        for path in public_paths()
        if "oculto" not in path and "futuro" not in path
    )


def test_robots_are_told_of_the_sitemap_and_kept_off_the_desk(client):
    text = client.get("/robots.txt").text
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in text
    assert "Disallow: /admin/" in text


def test_whoever_finds_a_weakness_is_told_where_to_write(client):
    SiteSettings.objects.update(contact="seguridad@example.org")
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    fields = [line.split(": ", 1) for line in answer.text.splitlines()]
    contacts = [value for name, value in fields if name == "Contact"]
    assert contacts == ["mailto:seguridad@example.org", f"{settings.SITE_URL}/reportar/"]
    expires = dt.datetime.fromisoformat(dict(fields)["Expires"])
    left = expires - timezone.now()
    assert dt.timedelta(days=150) < left < dt.timedelta(days=366)
    assert dict(fields)["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"


def test_without_a_mail_address_the_form_is_where_to_write(client):
    text = client.get("/.well-known/security.txt").text
    assert text.startswith(f"Contact: {settings.SITE_URL}/reportar/\n")


def test_the_icon_that_browsers_ask_for_is_there(client):
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/x-icon")
    answer.close()


def test_text_from_editors_is_escaped_and_markdown_is_cleaned(client):
    evil = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    resource = make_infographic(
        title=evil, summary=evil, alt_text=evil, text_alternative=evil, tags=("<b>x",)
    )
    html = client.get(resource.get_absolute_url()).text + client.get("/").text
    assert "<script>alert" not in html
    escaped = html.replace("onerror=alert(1)&gt;", "").replace("onerror=alert(1)\\u003E", "")
    assert "onerror=alert" not in escaped
    assert 'href="javascript' not in html


# portal, sections, information pages, then what the page itself needs
BUDGETS = {
    "/": 10,  # + portal, numbers; of each of two sections its cards, and what its pack should hold
    "/recursos/": 13,  # + facets, portal, numbers, keys of two sections, cards, names of tags and entities, whether anything was consulted
    "/secciones/guias/": 10,  # + section, portal, numbers, keys, cards, what its pack should hold
    "/etiquetas/datos/": 7,  # + tag, count, keys, cards
    "/recursos/lamina/": 9,  # + resource, tags, files with versions; for what is related, its own document, those near it, their cards
    "/recursos/guia/": 9,
    "/recursos/video/": 9,
    "/recursos/ley/": 10,  # + relations
}


@pytest.mark.parametrize("others", [0, 1900])
@pytest.mark.uncached("counts the queries of a page that is rendered")
def test_a_page_costs_the_same_few_queries_whatever_the_catalogue_s_size(
    client, catalogue, others, django_assert_num_queries
):
    crowd(catalogue["document"], others)
    for path, budget in BUDGETS.items():
        with django_assert_num_queries(budget):
            assert client.get(path).status_code == 200


def crowd(model: Resource, count: int, start: int = 0) -> None:
    """Copy `model` into its section `count` times, straight into the tables."""
    base = {
        field.attname: getattr(model, field.attname)
        for field in Resource._meta.concrete_fields
        if field.attname not in ("id", "slug", "title")
    }
    rows = [
        Resource(**base | {"slug": f"copia-{n}", "title": f"Copia {n}", "position": 9})
        for n in range(start, start + count)
    ]
    stored = Resource.objects.bulk_create(rows, batch_size=500)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO resources_document (resource_ptr_id, document_type, edition) VALUES (%s, 'guide', '')",
            [(row.pk,) for row in stored],
        )


@pytest.mark.django_db
def test_the_large_view_of_a_drawn_picture_weighs_no_more_than_its_file(client, tmp_path):
    """A drawing has few colours: without loss it takes less than as a photograph."""
    drawing = Image.new("RGB", (1600, 1600), "white")
    pen = ImageDraw.Draw(drawing)
    for n in range(0, 1600, 40):
        pen.rectangle((n, n // 2, n + 20, n), fill=("#17552f", "#0b4a5b", "#8a2f0f")[n % 3])
    out = io.BytesIO()
    drawing.save(out, "PNG", optimize=True)
    picture = make_infographic(title="Lámina")
    make_file(picture, out.getvalue(), "lamina.png", folder=tmp_path)
    picture.refresh_from_db()
    store_renditions(picture)
    large = re.search(
        r'<a[^>]+href="([^"]+)"[^>]+data-viewer', client.get(picture.get_absolute_url()).text
    )
    assert len(client.get(large[1]).getvalue()) <= len(out.getvalue())
