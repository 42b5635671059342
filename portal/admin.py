"""The desk's home: Django's admin under the site's own name, with what waits for an editor."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from participation.models import Ticket
from resources.models import Portal, Resource

ORDER = [
    "Resource",
    "Infographic",
    "Document",
    "LegalInstrument",
    "Video",
    "Section",
    "Tag",
    "Organization",
    "Synonym",
    "Portal",
    "Page",
    "FormerAddress",
]
"""The models of the catalogue as an editor needs them, most used first."""


class PortalAdminSite(AdminSite):
    """The admin, named after the portal that it edits."""

    site_url = "/"
    enable_nav_sidebar = False  # the menu stands in the header: lists and forms need the width
    index_title = "Mesa editorial"
    empty_value_display = "—"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Put the portal's name in every page's header and title."""
        name = (getattr(request, "portal", None) or Portal.load()).name
        return super().each_context(request) | {
            "site_header": name,
            "site_title": f"Mesa editorial de {name}",
            "email_is_configured": settings.EMAIL_IS_CONFIGURED,
        }

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what to begin, what waits, and below it everything else."""
        kinds = self.get_model_admin(Resource).addable_kinds(request)
        waiting = _waiting() if request.user.has_perm("resources.view_resource") else None
        tickets = _tickets() if request.user.has_perm("participation.view_ticket") else None
        context = {"kinds": kinds, "waiting": waiting, "tickets": tickets}
        return super().index(request, context | (extra_context or {}))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """Put the catalogue first, and its models in the order in which they are needed."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            if app["app_label"] == Resource._meta.app_label:
                app["models"].sort(key=lambda model: _place(model["object_name"]))
        return sorted(apps, key=lambda app: _place_of_app(app["app_label"]))


def _place_of_app(label: str) -> int:
    """Return where an app stands: the catalogue, what the public asks, then the rest as Django has it."""
    first = [Resource._meta.app_label, Ticket._meta.app_label]
    return first.index(label) if label in first else len(first)


def _place(name: str) -> int:
    """Return where a model stands in the list; one that is not in ORDER stands last."""
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _tickets() -> dict[str, int]:
    """Count what the public waits for, and how much of it is late: one query."""
    late = Q(promised_for__lt=timezone.localdate())
    return Ticket.objects.waiting().aggregate(waiting=Count("pk"), late=Count("pk", filter=late))


def _waiting() -> dict[str, int]:
    """Count what is not public yet: one query."""
    status = Resource.Status
    scheduled = Q(status=status.PUBLISHED, published_at__gt=timezone.now())
    return Resource.objects.in_catalogue().aggregate(
        drafts=Count("pk", filter=Q(status=status.DRAFT)),
        in_review=Count("pk", filter=Q(status=status.REVIEW)),
        scheduled=Count("pk", filter=scheduled),
    )
