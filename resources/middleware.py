"""Each request knows the portal; the first one past a due instant settles what has fallen due."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from resources.models import Portal
from resources.publishing.settle import settle
from resources.text import composed


def current_portal() -> Portal:
    """Return the portal's one row, settled: it carries the name, the version and the next due instant."""
    now = timezone.now()
    portal = Portal.load()
    if portal.next_due_at and portal.next_due_at <= now:
        settle(now)
        portal = Portal.load()
    return portal


class ComposedQueryMiddleware:
    """Give views the query string in NFC without invisible characters, as texts are stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Replace `request.GET` where it differs."""
        asked = dict(request.GET.lists())
        plain = {composed(key): [composed(value) for value in asked[key]] for key in asked}
        if plain != asked:
            query = QueryDict(mutable=True)
            for key, values in plain.items():
                query.setlist(key, values)
            request.GET = query
        return self.get_response(request)


class PortalMiddleware:
    """Set `request.portal` for each request that reaches a view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read the portal unless portal/kept_pages.py has."""
        if not hasattr(request, "portal"):
            request.portal = current_portal()
        return self.get_response(request)
