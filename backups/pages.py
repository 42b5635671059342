"""Open the public pages of the restored site, as a visitor would, without a server."""

from collections.abc import Iterator

from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from resources.models import Page, Resource, Section

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
"""Static files under their own names: a new installation has not collected any yet."""
MOST = 200  # resources, the newest: a rehearsal is to end in minutes


def failing_pages() -> list[str]:
    """Return in Spanish each public page that does not answer 200."""
    client = Client(
        SERVER_NAME=settings.SITE_HOST or "localhost",
        headers={"user-agent": "manage.py restore (bot)"},
        raise_request_exception=False,
    )
    found = []
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": PLAIN}):
        for path in public_paths():
            response = client.get(path, secure=settings.SITE_IS_HTTPS)
            if response.status_code != 200:
                found.append(f"PÁGINA {path}: responde {response.status_code}")
    return found


def public_paths() -> Iterator[str]:
    """Yield the addresses to open: home, list, search, sections, information pages, the newest resources."""
    yield reverse("home")
    yield reverse("resource-list")
    yield f"{reverse('resource-list')}?q=guia"
    yield reverse("admin:login")
    for thing in (*Section.objects.all(), *Page.objects.all()):
        yield thing.get_absolute_url()
    for resource in Resource.objects.published().order_by("-published_at")[:MOST]:
        yield resource.get_absolute_url()
