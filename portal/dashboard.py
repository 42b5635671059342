"""The admin's dashboard: items that wait for an editor, and a summary of quality issues.

To add items, write a function that takes the request and returns its items, none without any for this user, and add it to
LINES at its position. Each function should cost one query.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from backups.summary import EventLine, event_lines
from maintenance.link_usage import broken_links_in_use, unreachable_links_in_use
from participation.models import Ticket
from portal import task_recovery
from resources.current_site import SiteRequest
from resources.models import Link, Resource
from resources.quality.snapshot import QualitySummary, quality_summary

SHOWN = 4  # resources named in one line
Status = Resource.Status


class DashboardItem(NamedTuple):
    """One kind of waiting things: label, count, address of all, and the first few by name."""

    words: str
    number: int
    url: str
    rows: tuple = ()
    """Pairs of words and address."""
    hint: str = ""


def dashboard_items(request: HttpRequest) -> list[DashboardItem]:
    """Return the dashboard items for this user, in the order of LINES."""
    return [line for make in LINES for line in make(request)]


def workflow_items(request: HttpRequest) -> list[DashboardItem]:
    """Return items of resources in review, drafts and scheduled ones: two queries."""
    if not request.user.has_perm("resources.view_resource"):
        return []
    resources = Resource.objects.in_catalogue()
    counts = resources.aggregate(
        review=Count("pk", filter=Q(status=Status.REVIEW)),
        draft=Count("pk", filter=Q(status=Status.DRAFT)),
        published=Count("pk", filter=_scheduled()),
    )
    first = _first_of_each(resources)
    every = reverse("admin:resources_resource_changelist")
    return [
        DashboardItem(
            words,
            counts[status],
            f"{every}?estado={slug}",
            tuple((row.title, _form(row)) for row in first if row.status == status),
            hint,
        )
        for status, slug, words, hint in _states(
            request.user.has_perm("resources.publish_resource")
        )
    ]


def _states(decides: bool) -> list[tuple[str, str, str, str]]:
    """Return the waiting states in the user's order: stored value, filter value, title, hint."""
    review = (
        (Status.REVIEW, "en-revision", "Por revisar", "Esperan que usted los publique.")
        if decides
        else (Status.REVIEW, "en-revision", "En revisión", "Esperan a quien publica.")
    )
    drafts = (Status.DRAFT, "borrador", "Borradores", "Los últimos que se tocaron.")
    scheduled = (Status.PUBLISHED, "programado", "Programados", "Saldrán solos en su fecha.")
    return [review, drafts, scheduled] if decides else [drafts, review, scheduled]


def _scheduled() -> Q:
    return Q(status=Status.PUBLISHED, published_at__gt=timezone.now())


def _first_of_each(resources: QuerySet[Resource]) -> list[Resource]:
    """Return the most recently changed resources of each waiting state: one query for all."""
    place = Window(RowNumber(), partition_by=F("status"), order_by=F("updated").desc())
    waits = resources.filter(Q(status__in=[Status.DRAFT, Status.REVIEW]) | _scheduled())
    named = waits.only("pk", "kind", "title", "status").annotate(place=place)
    return list(named.filter(place__lte=SHOWN).order_by("place"))


def ticket_items(request: HttpRequest) -> list[DashboardItem]:
    """Return items of open tickets, with the number of late ones: one query."""
    if not request.user.has_perm("participation.view_ticket"):
        return []
    late = Q(pk__in=Ticket.objects.late().order_by().values("pk"))
    counts = Ticket.objects.waiting().aggregate(waiting=Count("pk"), late=Count("pk", filter=late))
    return [
        DashboardItem(
            "Solicitudes y reportes por responder",
            counts["waiting"],
            reverse("admin:participation_ticket_changelist"),
            hint=f"{counts['late']} con el plazo vencido." if counts["late"] else "",
        )
    ]


def link_items(request: HttpRequest) -> list[DashboardItem]:
    """Return an item for broken links and one for unreachable sites, where there are any."""
    if not request.user.has_perm("resources.view_link"):
        return []
    lines = [
        _link_line(
            "Enlaces rotos", broken_links_in_use(), "", "Su página faltó en días distintos."
        ),
        _link_line(
            "Enlaces sin respuesta",
            unreachable_links_in_use(),
            "?enlaces=sin-respuesta",
            "Su sitio no responde desde hace semanas. Ábralos: puede que funcionen, o que se hayan mudado.",
        ),
    ]
    return [line for line in lines if line.number]


def _link_line(words: str, links: list[Link], query: str, hint: str) -> DashboardItem:
    every = reverse("admin:resources_link_changelist") + query
    rows = tuple((link.url, f"{every}#enlace-{link.pk}") for link in links[:SHOWN])
    return DashboardItem(words, len(links), every, rows, hint)


def lost_task_items(request: HttpRequest) -> list[DashboardItem]:
    """Return items of background tasks that were lost and not repeated: one query, more only where there are any."""
    if not task_recovery.may_see(request):
        return []
    rows = list(task_recovery.abandoned_tasks())
    if not rows:
        return []
    told = tuple(task_recovery.lost_task_in_words(row) for row in rows[:SHOWN])
    hint = "El servidor se detuvo mientras las hacía. Esta lista se borra sola a las dos semanas."
    return [
        DashboardItem("Tareas que no terminaron", len(rows), reverse("admin:index"), told, hint)
    ]


LINES: tuple[Callable[[HttpRequest], list[DashboardItem]], ...] = (
    workflow_items,
    ticket_items,
    lost_task_items,
    link_items,
)
"""What waits for a person, from the most urgent down. Later apps add their function here."""


def quality_issues(request: SiteRequest) -> QualitySummary | None:
    """Return the quality issues of public resources; None without permission."""
    if not request.user.has_perm("resources.view_resource"):
        return None
    return quality_summary(request.site.content_version)


def backup_lines(request: HttpRequest) -> list[EventLine]:
    """Return the lines on the last backup and the last rehearsal, for those who may publish."""
    return event_lines() if task_recovery.may_see(request) else []


def _form(resource: Resource) -> str:
    return reverse(f"admin:resources_{resource.kind}_change", args=[resource.pk])
