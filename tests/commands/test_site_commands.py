"""The commands: what they say, what they do, what they leave alone."""

import io
import re
import socket
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.management.commands import serve
from resources import seed
from resources.models import (
    FileVersion,
    Organization,
    Page,
    Redirect,
    Resource,
    Revision,
    Section,
    SiteSettings,
)
from tests.makers import make_document

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_editor_makes_an_account_that_may_do_everything_and_shows_its_password_once():
    shown = run("editor")
    password = shown.split("clave ")[1].split()[0]
    user = authenticate(username="editora", password=password)
    assert user.is_staff
    assert user.is_superuser


def test_editor_resets_a_password_and_makes_members_of_a_group():
    first = run("editor", "ana").split("clave ")[1].split()[0]
    shown = run("editor", "ana", "--group", "Edición")
    assert "Clave nueva" in shown
    assert authenticate(username="ana", password=first) is None
    ana = get_user_model().objects.get(username="ana")
    assert not ana.is_superuser
    assert list(ana.groups.values_list("name", flat=True)) == ["Edición"]


def test_editor_names_the_groups_there_are_when_asked_for_another():
    with pytest.raises(CommandError, match="Edición, Publicación"):
        run("editor", "ana", "--group", "Dirección")


def test_settle_says_when_the_next_change_is_due():
    assert "No hay cambios previstos" in run("settle")
    make_document(withdraw_at=timezone.now() + timedelta(days=2))
    assert "Próximo cambio" in run("settle")
    assert SiteSettings.load().next_due_at is not None


def test_serve_names_the_remedy_for_a_busy_port(settings):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings.WEB_BIND = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(CommandError, match="make run PORT="):
            call_command("serve")


def assert_neutral() -> None:
    """Assert that no text of the sample stands anywhere, and that the pages that the site links to exist."""
    portal = SiteSettings.load()
    texts = [portal.name, portal.title, portal.introduction, portal.footer_note]
    pages = list(Page.objects.order_by("slug"))
    assert [page.slug for page in pages] == ["accesibilidad", "acerca", "privacidad"]
    for text in [*texts, *(page.title + page.body for page in pages)]:
        assert not re.search(r"demostraci|son muestras|municipiosabiertos", text), text
    for page in pages:
        assert Client().get(page.get_absolute_url()).status_code == 200


@pytest.fixture
def _only_what_prepares(monkeypatch) -> None:
    for name in ("schedule_link_checks", "schedule_nightly_backup", "apply_due"):
        monkeypatch.setattr(serve, name, lambda **options: None)
    monkeypatch.setattr(serve.Command, "_renew_what_code_makes", lambda self: None)


@pytest.mark.usefixtures("_only_what_prepares")
def test_a_site_emptied_before_its_first_start_stays_empty(monkeypatch):
    monkeypatch.setattr("builtins.input", lambda prompt: pytest.fail("there is nothing to lose"))
    run("seed", "--reset", "--empty")
    run("serve", "--prepare-only")
    assert not Resource.objects.exists()
    assert SiteSettings.load().name == SiteSettings().name
    assert_neutral()


def test_emptying_keeps_the_texts_of_the_team():
    SiteSettings.objects.filter(pk=1).update(name="Recursos de Loja", introduction="Nuestra.")
    run("seed", "--reset", "--empty", "--no-input")
    assert SiteSettings.load().name == "Recursos de Loja"
    assert SiteSettings.load().introduction == "Nuestra."


def test_empty_alone_is_refused_with_the_whole_command():
    make_document()
    with pytest.raises(CommandError, match="seed --reset --empty"):
        run("seed", "--empty")
    assert Resource.objects.exists()


def test_an_interrupted_seed_leaves_nothing_and_begins_again(monkeypatch):
    real = seed._create_resource

    def interrupt(row, root, section, issuer, position):
        if position == 30:
            raise KeyboardInterrupt
        return real(row, root, section, issuer, position)

    monkeypatch.setattr(seed, "_create_resource", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run("seed")
    assert not any(model.objects.exists() for model in (Resource, Section, Organization, Page))
    assert seed.is_untouched()


def test_the_files_of_the_sample_are_inspected_outside_of_any_transaction(monkeypatch):
    depths, outside = [], len(connection.savepoint_ids)

    def examine(path, name):
        depths.append(len(connection.savepoint_ids))
        raise KeyboardInterrupt

    monkeypatch.setattr(seed, "examine", examine)
    with pytest.raises(KeyboardInterrupt):
        run("seed")
    assert depths == [outside]


@pytest.mark.usefixtures("_only_what_prepares")
def test_an_emptied_catalogue_stays_empty_at_the_next_start_with_the_portal_s_own_texts(
    django_capture_on_commit_callbacks,
):
    run("serve", "--prepare-only")
    assert Resource.objects.count() == 22
    stored = FileVersion.objects.first().stored
    assert stored.storage.exists(stored.name)
    SiteSettings.objects.filter(pk=1).update(owner="Municipio de Prueba", contact="a@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        run("seed", "--reset", "--empty", "--no-input")
    assert not stored.storage.exists(stored.name)
    run("serve", "--prepare-only")
    assert not any(model.objects.exists() for model in (Resource, Section, Revision, Redirect))
    assert_neutral()
    run("seed")
    assert "demostración" in Page.objects.get(slug="acerca").body
    assert Resource.objects.count() == 22
    assert SiteSettings.load().owner == "Municipio de Prueba"
    assert SiteSettings.load().contact == "a@example.org"
