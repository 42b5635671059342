"""What every test stands on: plain static files, folders of its own, tasks done at once."""

import gc
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.apps import apps
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import transaction
from django.test import client, override_settings
from django.test.client import store_rendered_templates

from inspection import Limits
from inspection.child import report as told
from inspection.child_report import ChildReport
from inspection.facts import Job
from portal.middleware.view_counts import ViewCounter
from resources.current_site import BackOff
from search.utils import results
from tests import page_caching
from tests.page_caching import page_cache_before

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is Debian's Chromium without its windows: a third quicker."""
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
AT_THE_GATE = bool(os.environ.get("RECURSOS_GATE"))
DAYS_AHEAD = int(os.environ.get("RECURSOS_DAYS_AHEAD", "0"))
"""The gate runs the suite once more on a day to come, so that no test goes by the day on which it was written."""
AT_ONCE = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
FEW_WIDTHS = (240, 480)  # of covers: the others are made the same way and take most of the time
SMALL = 480  # pixels: how wide a first page is drawn, of which covers are made

# Playwright keeps an event loop in the thread in which Django's test server is set up.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_configure() -> None:
    if DAYS_AHEAD:
        time_machine.travel(datetime.now(UTC) + timedelta(days=DAYS_AHEAD)).start()


class Forgetful(dict):
    """Results of which none is stored."""

    def __setitem__(self, key: object, value: object) -> None:
        pass


def use_pictures_storage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the fields of pictures follow the settings: each keeps the storage that it met first."""
    pictures = (
        ("resources.Resource", "cover"),
        ("resources.SiteSettings", "logo"),
        ("reading.ReadingPage", "picture"),
    )
    for model, name in pictures:
        field = apps.get_model(model)._meta.get_field(name)
        monkeypatch.setattr(field, "storage", storages["pictures"])


def storages_in(folder: Path) -> dict:
    """Return the setting STORAGES for files and pictures in `folder`."""
    local, pictures = "django.core.files.storage.FileSystemStorage", folder / "pictures"
    address = {"location": pictures, "base_url": django_settings.PICTURES_URL}
    return {
        "default": {"BACKEND": local, "OPTIONS": {"location": folder / "files"}},
        "pictures": {"BACKEND": local, "OPTIONS": address},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def live_in(folder: Path, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep files and pictures in `folder`."""
    settings.MEDIA_ROOT = folder / "files"
    settings.PICTURES_ROOT = folder / "pictures"
    settings.STORAGES = storages_in(folder)
    use_pictures_storage(monkeypatch)


@pytest.fixture(autouse=True)
def _surroundings(request, settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test its own folders; nothing of a running site is touched."""
    live_in(tmp_path, settings, monkeypatch)
    settings.EXPORTS_ROOT = tmp_path / "exports"
    settings.TASKS = AT_ONCE
    monkeypatch.setattr("resources.files.covers.WIDTHS", FEW_WIDTHS)
    settings.PASSWORD_HASHERS = HASHERS
    marker = request.node.get_closest_marker("uncached")
    if marker:
        (_reason,) = marker.args
        monkeypatch.setattr("search.utils.results", Forgetful())
    cache.clear()
    results.clear()  # two tests may count the same versions of other contents
    monkeypatch.setattr(page_caching.current, "cache", None if marker else page_cache_before())
    monkeypatch.setattr("portal.middleware.view_counts.view_counter", ViewCounter())
    monkeypatch.setattr("resources.current_site.back_off", BackOff())


@pytest.fixture(scope="module")
def made_for_module(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    """Let a module's fixture fill the database and a folder, which it returns, once for all its tests.

    Each test's transaction is nested in this one, which is taken back in the end. Every test of the module that asks for the
    database sees what was made; one that asks for files takes `module_files`.
    """
    folder = tmp_path_factory.mktemp("module")
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES=storages_in(folder), TASKS=AT_ONCE, PASSWORD_HASHERS=HASHERS),
        pytest.MonkeyPatch.context() as monkeypatch,
        transaction.atomic(),
    ):
        use_pictures_storage(monkeypatch)
        monkeypatch.setattr("resources.files.covers.WIDTHS", FEW_WIDTHS)
        monkeypatch.setattr("resources.files.ingest.inspect_file", inspect_here)
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def module_files(made_for_module: Path, db, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test find the files that were made for its module."""
    live_in(made_for_module, settings, monkeypatch)


@pytest.fixture(scope="session")
def remembered_facts() -> dict:
    """What inspections of this session found."""
    return {}


def inspect_here(path, *, name="", limits=None, picture=None, slots_dir=None):
    """Inspect a file in this process: what `inspect_file` finds, without a child and its limits."""
    report = ChildReport()
    job = Job(Path(path), name, Path(picture) if picture else None, limits or Limits())
    with patch("inspection.pdf.PICTURE_WIDTH", SMALL):
        for line in told(job):
            report.add(line.encode(errors="replace"))
    return report.facts("ok")


@pytest.fixture(autouse=True)
def _inspect_here(remembered_facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inspect each content once, and without a child, which takes half a second: most tests store the same few files.

    Refusals are not remembered. The child has tests/inspection, which know nothing of this, and the commands of tests/commands.
    """

    def read_table(path, *, name="", limits=None, slots_dir=None):
        report = ChildReport()
        for line in told(Job(Path(path), name, limits=limits or Limits(), table=True)):
            report.add(line.encode(errors="replace"))
        return report.table("ok")

    def preview_sheets(path, *, name="", limits=None, slots_dir=None):
        report = ChildReport()
        for line in told(Job(Path(path), name, limits=limits or Limits(), preview=True)):
            report.add(line.encode(errors="replace"))
        return report.preview("ok")

    def inspect(path, *, name="", limits=None, picture=None, slots_dir=None):
        content, suffix = Path(path).read_bytes(), Path(picture).suffix if picture else ""
        key = (hashlib.sha256(content).digest(), Path(name).suffix, suffix, limits)
        if key not in remembered_facts:
            facts = inspect_here(path, name=name, limits=limits, picture=picture)
            drawn = Path(picture).read_bytes() if picture and facts.picture else None
            remembered_facts[key] = facts, drawn
        facts, drawn = remembered_facts[key]
        if drawn is not None:
            Path(picture).write_bytes(drawn)
        return facts

    monkeypatch.setattr("resources.files.ingest.inspect_file", inspect)
    monkeypatch.setattr("resources.files.table_upload.read_table", read_table)
    monkeypatch.setattr("tables.reader.preview_sheets", preview_sheets)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the collector of cycles pass by what is loaded for good, and come less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def _keep_first_context(store: dict, signal: Any, **rendered: Any) -> None:
    if not store:
        store_rendered_templates(store, signal, **rendered)


# `response.context` is the page's; Django's client would copy it again for each of the hundreds of parts of a page.
client.store_rendered_templates = _keep_first_context


def when_it_runs(item: pytest.Item) -> tuple[bool, bool]:
    """Sort tests of a real server last, as they empty the database and measure time; the longest file of them first."""
    return "tests/serving/" in item.nodeid, "test_slow_clients" not in item.nodeid


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the browser tests, with the reason, where there is no browser; at the gate that is a failure."""
    items.sort(key=when_it_runs)
    if CHROMIUM or AT_THE_GATE:
        return
    skip = pytest.mark.skip(
        reason="no Chromium on this machine (apt install chromium-headless-shell)"
    )
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(skip)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the tests of a file in one process, for they share what they need; give those of the browser to whoever is free."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid if nodeid.startswith("tests/browser/") else super()._split_scope(nodeid)

    return Scheduling(config, log)


@pytest.fixture
def freeze() -> Iterator[Callable[[datetime], None]]:
    """Return a function that stops the clock at an instant."""
    with ExitStack() as travels:

        def stop(instant: datetime) -> None:
            travels.enter_context(time_machine.travel(instant.astimezone(UTC), tick=False))

        yield stop
