"""A small site with one of everything, made once for a module, and its first backup."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from resources.kinds.legislation.models import LegalRelation
from resources.models import Page, Tag
from resources.workflow.revisions import record
from tests.backups.sites import new_site, site_in
from tests.commands.running import run
from tests.conftest import live_in
from tests.databases import empty_database
from tests.makers import (
    make_document,
    make_editor,
    make_file,
    make_infographic,
    make_law,
    make_video,
    pdf_bytes,
    png_bytes,
)


@pytest.fixture(scope="module", autouse=True)
def _databases_of_our_own(django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def fill(folder: Path) -> SimpleNamespace:
    """Make one of everything, «Borrador secreto» and an id that was given and is free again among them."""
    guide = make_document(title="Guía de agua", tags=("agua", "niñez"))
    make_file(guide, pdf_bytes("El agua es de todos"), folder=folder)
    law = make_law(title="Ley de aguas")
    LegalRelation.objects.create(source=law, verb="amends", target_citation="Ley anterior")
    make_file(make_infographic(title="Lámina"), png_bytes(), "lamina.png", folder=folder)
    make_video(title="Video")
    make_document(title="Borrador secreto", status="draft")
    Page.objects.get_or_create(slug="ayuda", defaults={"title": "Ayuda", "body": "Texto — «así»."})
    editor = make_editor(username="editora")
    record(guide, editor, "changed", note="Una nota")
    last = make_document(title="Nunca más").pk
    Tag.objects.create(name="suelta")
    type(guide).objects.filter(pk=last).delete()
    return SimpleNamespace(folder=folder, last_id=last, repository=folder / "respaldos")


@pytest.fixture(scope="module")
def made_origin(tmp_path_factory) -> Iterator[SimpleNamespace]:
    """Make a site of the tests' own engine, with one backup."""
    folder = tmp_path_factory.mktemp("origen")
    with site_in(folder, empty_database(folder)):
        new_site()
        made = fill(folder)
        code, out = run("backup")
        assert code == 0, out
        yield made


@pytest.fixture
def origin(made_origin: SimpleNamespace, settings, monkeypatch) -> SimpleNamespace:
    """The site to which the test is connected."""
    live_in(made_origin.folder, settings, monkeypatch)
    return made_origin
