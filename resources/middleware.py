"""Each request knows the portal; the first one past a due instant settles what has fallen due."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from resources.models import Portal
from resources.publishing.settle import settle


class PortalMiddleware:
    """Read the portal's one row for each request to a page: it carries the name, the version and the next due instant."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set `request.portal`, settled."""
        now = timezone.now()
        portal = Portal.load()
        if portal.next_due_at and portal.next_due_at <= now:
            settle(now)
            portal = Portal.load()
        request.portal = portal
        return self.get_response(request)
