"""What every public template knows: whose site this is, and its sections."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from resources.models import Page, Portal
from search.utils import sections


def portal(request: HttpRequest) -> dict[str, Any]:
    """Give the portal (already read by the middleware), its sections and pages (read if the template asks), the site's base."""
    known = SimpleLazyObject(lambda: getattr(request, "portal", None) or Portal.load())
    return {
        "portal": known,
        "sections": SimpleLazyObject(lambda: sections(known.content_version)),
        "pages": SimpleLazyObject(lambda: list(Page.objects.defer("body"))),
        "site_url": settings.SITE_URL,
    }
