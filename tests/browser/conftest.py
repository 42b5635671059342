"""A real Chromium against a live server, and a small catalogue with one of everything."""

import io
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.db import transaction
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from resources.files.covers import store_renditions
from resources.files.packs.builder import refresh_packs
from resources.kinds.legislation.models import LegalRelation
from resources.models import Page as InformationPage
from resources.models import Resource, SiteSettings
from search.index.writer import batch_index_updates
from tests.conftest import CHROMIUM
from tests.makers import (
    make_document,
    make_editor,
    make_file,
    make_infographic,
    make_law,
    make_section,
    make_video,
    pdf_bytes,
    png_bytes,
)

# A click may return before the page it leads to is there: what follows is asked with `expect`, which waits.
expect.set_options(timeout=20_000)

PICTURES = settings.BASE_DIR / "docs" / "img"
PASSWORD = "clave-de-prueba"
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
FINDINGS = """
options => axe.run(document, options).then(found => found.violations.flatMap(
  rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.failureSummary}`)))
"""
SIGHT = ("color-contrast", "link-in-text-block", "target-size")
PLAIN = {
    "color_scheme": "light",
    "contrast": "no-preference",
    "forced_colors": "none",
    "reduced_motion": "reduce",  # colours change at once
}
WAYS = {
    "light and wide": (1280, {}),
    "dark and narrow": (320, {"color_scheme": "dark"}),
    "forced colours": (1280, {"forced_colors": "active"}),
    "more contrast": (1280, {"color_scheme": "dark", "contrast": "more"}),
    "narrow, but its colours": (320, {"color_scheme": "dark"}),
}
"""How people look at a page: its width in pixels, and what they have asked of their browser."""
EVERY_PAGE = ("light and wide", "dark and narrow", "forced colours")
EVERY_WAY = (*EVERY_PAGE, "more contrast")
DESK_WAYS = ("light and wide", "dark and narrow")
PLAIN_WAY = ("narrow, but its colours",)
"""Of a page of the desk that has no component of its own: others have shown its colours, which take axe half its time."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium once."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _packs_as_they_are(monkeypatch) -> None:
    """Leave packs and sharing pictures to their own tests: every click that saves would compare or draw them."""
    nobody = SimpleNamespace(enqueue=lambda: None)
    monkeypatch.setattr("resources.files.packs.builder.refresh_packs", nobody)
    monkeypatch.setattr("resources.files.sharing_pictures.builder.refresh_sharing_pictures", nobody)


@pytest.fixture
def open_page(chromium, live_server) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a path in a context of its own and keeps what went wrong in `page.faults`."""
    contexts = []

    def open_path(path: str = "/", cookies: Sequence[dict] = (), **options) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            **{"viewport": {"width": 1280, "height": 900}, "locale": "es-EC"} | options,
        )
        context.add_cookies(cookies)
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on(
            "console",
            lambda m: page.faults.append(m.text) if m.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on(
            "request",
            lambda r: (
                page.faults.append(f"third party: {r.url}")
                if not r.url.startswith((live_server.url, "data:"))
                else None
            ),
        )
        page.goto(path)
        return page

    yield open_path
    for context in contexts:
        context.close()


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """Return a function that lists what axe finds on a page, each with where: by all its rules but `skip`, or by `rules`."""

    def violations(page: Page, rules: Sequence[str] = (), skip: Sequence[str] = ()) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        options = {"preload": False, "resultTypes": ["violations"]}
        if rules:
            options["runOnly"] = list(rules)
        else:
            options["rules"] = {"target-size": {"enabled": True}}
            options["rules"] |= {rule: {"enabled": False} for rule in skip}
        return page.evaluate(FINDINGS, options)

    return violations


@pytest.fixture
def look(axe) -> Callable[..., None]:
    """Return a function that looks at a page in several ways of `WAYS`: axe finds nothing, nothing scrolls sideways.

    A page that is only coloured anew is asked about colours and sizes; the rest of axe's rules have seen it.
    """

    def in_ways(page: Page, where: str, ways: Sequence[str]) -> None:
        seen_at = set()
        for way in ways:
            width, media = WAYS[way]
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(**PLAIN | media)
            rules = SIGHT if width in seen_at else ()
            skip = ("color-contrast",) if (way,) == PLAIN_WAY else ()
            assert axe(page, rules, skip) == [], f"{where}, {way}"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
                f"{where}, {way}: scrolls sideways"
            )
            seen_at.add(width)

    return in_ways


@pytest.fixture
def catalogue(live_server, settings, tmp_path: Path) -> dict:
    """Make one of everything, as a small site would have it, with its covers and packs."""
    at_once = settings.TASKS
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    with transaction.atomic(), batch_index_updates():
        things = one_of_everything(tmp_path)
    settings.TASKS = at_once
    for thing in Resource.objects.exclude(cover=""):
        store_renditions(thing)
    refresh_packs.call()
    return things


def one_of_everything(folder: Path) -> dict:
    long = "transparencia.y.acceso.a.la.informacion@un-canton-de-nombre-largo.gob.ec"
    SiteSettings.objects.update(contact=long)  # at the foot of every page, however narrow
    gallery = make_section(title="Láminas", layout="gallery", position=1)
    shelf = make_section(title="Guías y leyes", position=2)
    things = {
        "infographic": make_infographic(title="Los pilares", section=gallery, tags=("datos",)),
        "document": make_document(title="Guía de datos", section=shelf, tags=("datos", "GAD")),
        "law": make_law(
            title="Ley de transparencia",
            section=shelf,
            tags=("datos",),
            evidence_note="Según prensa.",
            evidence_url="https://example.org/ley",
            gazette="Registro Oficial 1",
            gazette_date="2020-01-02",
        ),
        "video": make_video(
            title="Voces ciudadanas", section=shelf, transcript="## Parte uno\n\nSe dice esto."
        ),
    }
    make_file(
        things["infographic"], png_bytes(900, 1200), "lamina.png", folder=folder, is_sample=True
    )
    first = make_file(things["document"], pdf_bytes("Uno", "Dos"), folder=folder)
    make_file(
        things["document"],
        pdf_bytes("Uno", "Dos", "Tres"),
        folder=folder,
        slot=first.file,
        note="Se agregó un capítulo.",
    )
    LegalRelation.objects.create(
        source=things["law"], verb="repeals", target_citation="Ley anterior"
    )
    InformationPage.objects.create(slug="acerca", title="Acerca", body="## Qué es\n\nUn portal.")
    return things


@pytest.fixture
def desk(open_page, live_server) -> Callable[..., Page]:
    """Return a function that gives a page of the desk, its home, to an editor who has signed in already; the door has tests of its own."""

    def home(
        group: str = "",
        username: str = "editora",
        first_name: str = "Ana",
        path: str = "/admin/",
        **options,
    ) -> Page:
        visit = Client()
        visit.force_login(make_editor(group, username=username, first_name=first_name))
        session = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": visit.cookies[settings.SESSION_COOKIE_NAME].value,
            "url": live_server.url,
        }
        return open_page(path, cookies=[session], **options)

    return home


def enter(page: Page, username: str) -> None:
    """Sign in at the door that the page shows."""
    page.get_by_label("Usuario").fill(username)
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()


def until(page: Page, condition: str) -> None:
    """Wait until a JavaScript condition holds, asked from outside: the page's own policy lets nobody evaluate a text in it."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{condition} never holds")


def picture(page: Page, name: str, height: int = 900) -> None:
    """Keep a picture for the manual, `height` pixels high, where the run is asked to (`make pictures`).

    It is kept in few colours: a page of the desk needs no more, and the manual is read on slow lines.
    """
    if os.environ.get("RECURSOS_PICTURES"):
        before = page.viewport_size
        page.set_viewport_size({"width": 1280, "height": height})
        shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        shown.quantize(96, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)
        page.set_viewport_size(before)
