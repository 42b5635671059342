"""Open the public pages of the restored site, as a visitor would, without a server."""

from collections.abc import Iterator

from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from resources.models import Page, Resource, Section

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
"""Static files under their own names: a new installation has not collected any yet."""
MOST = 200  # resources, the newest: a rehearsal is to end in minutes


def open_pages() -> tuple[int, list[str]]:
    """Return the number of pages opened, and in Spanish each that does not answer 200."""
    client = Client(
        SERVER_NAME=settings.SITE_HOST or "localhost",
        headers={"user-agent": "manage.py restore (bot)"},
        raise_request_exception=False,
    )
    found, count = [], 0
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": PLAIN}):
        for count, path in enumerate(public_paths(), 1):  # noqa: B007
            response = client.get(path, secure=settings.SITE_IS_HTTPS)
            if response.status_code != 200:
                found.append(f"PÁGINA {path}: responde {response.status_code}")
    return count, found


def public_paths() -> Iterator[str]:
    """Yield the addresses to open: home, list, search, sections, information pages, the newest resources."""
    yield reverse("home")
    yield reverse("resource-list")
    yield f"{reverse('resource-list')}?q=guia"
    yield reverse("admin:login")
    for section in Section.objects.all():
        yield section.get_absolute_url()
    for page in Page.objects.all():
        yield page.get_absolute_url()
    for resource in Resource.objects.published().order_by("-published_at")[:MOST]:
        yield resource.get_absolute_url()
