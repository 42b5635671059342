"""What every test stands on: plain static files, folders of its own, tasks done at once."""

import os
import shutil
from pathlib import Path

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.files.storage import storages

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
AT_THE_GATE = bool(os.environ.get("RECURSOS_GATE"))

# Playwright keeps an event loop in the thread in which Django's test server is set up.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def use_pictures_storage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the fields of pictures follow the settings: each keeps the storage that it met first."""
    for model, name in (("Resource", "cover"), ("Portal", "logo")):
        field = apps.get_model("resources", model)._meta.get_field(name)
        monkeypatch.setattr(field, "storage", storages["pictures"])


@pytest.fixture(autouse=True)
def _surroundings(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test its own folders; nothing of a running site is touched."""
    files, pictures = tmp_path / "files", tmp_path / "pictures"
    settings.MEDIA_ROOT = files
    settings.PICTURES_ROOT = pictures
    settings.STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": files},
        },
        "pictures": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": pictures, "base_url": settings.PICTURES_URL},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    use_pictures_storage(monkeypatch)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the browser tests, with the reason, where there is no browser; at the gate that is a failure."""
    if CHROMIUM or AT_THE_GATE:
        return
    skip = pytest.mark.skip(reason="no Chromium on this machine (apt install chromium)")
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(skip)


@pytest.fixture
def freeze(monkeypatch: pytest.MonkeyPatch):
    """Return a function that stops the clock of `django.utils.timezone` at an instant."""

    def stop(instant) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: instant)

    return stop
