"""Manual ordering of sections and of their resources: by number, or one step up or down."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from resources.admin.permissions import can_publish
from resources.models import Resource, Section
from resources.workflow.revisions import record

TOLD = 5  # moved resources that the history names
STEP = 10
"""Between two numbers there is room to put something by hand."""


READ_ORDER = "read_order"
"""The hidden field with the order that the page was opened with."""

Ordered = Resource | Section


def order_token(rows: Iterable[Ordered]) -> str:
    """Return the numbers of `rows` as the hidden field of their page carries them."""
    return ",".join(f"{row.pk}:{row.position}" for row in rows)


def order_conflict(token: str, rows: Iterable[Ordered]) -> str:
    """Return which of `rows` were reordered since the page with `token` was opened; "" for none."""
    opened = dict(part.split(":", 1) for part in token.split(",") if ":" in part)
    moved = [row for row in rows if opened.get(str(row.pk), str(row.position)) != str(row.position)]
    if not moved:
        return ""
    told = ", ".join(f"«{row}» tiene ahora el número {row.position}" for row in moved[:TOLD])
    more = f" y otros {len(moved) - TOLD} cambiaron" if len(moved) > TOLD else ""
    return (
        f"Alguien cambió el orden mientras usted escribía: {told}{more}. "
        "Sus números siguen aquí, sin guardar: revíselos y guarde otra vez."
    )


def section_urls(desk: admin.ModelAdmin) -> list[URLPattern]:
    """Return the addresses that the desk of sections has more than another."""

    @require_POST
    def move(request: HttpRequest) -> HttpResponse:
        return move_section(desk, request)

    def order(request: HttpRequest, pk: int) -> HttpResponse:
        return order_resources(desk, request, pk)

    wrap = desk.admin_site.admin_view
    return [
        path("mover/", wrap(move), name="resources_section_move"),
        path("<int:pk>/orden/", wrap(order), name="resources_section_order"),
    ]


def move_section(desk: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Move one section a step up or down."""
    if not desk.has_change_permission(request):
        raise PermissionDenied
    with transaction.atomic():
        sections = Section.objects.select_for_update().order_by("position", "pk")
        moved = _step(list(sections), request.POST)
    if moved:
        desk.log_change(request, moved, "Cambió de lugar.")
        desk.message_user(request, f"«{moved}» cambió de lugar.", messages.SUCCESS)
    return redirect("admin:resources_section_changelist")


def order_resources(desk: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Show the resources of a section in their order; store a new one, by numbers or by a step."""
    section = get_object_or_404(Section, pk=pk)
    if not (desk.has_view_permission(request) and can_publish(request)):
        raise PermissionDenied
    resources = section.resources.in_catalogue().order_by("position", "sort_title", "pk")
    refused = ""
    if request.method == "POST":
        refused = _store_order(request, section, resources)
        if not refused:
            desk.log_change(request, section, "Cambió el orden de sus recursos.")
            desk.message_user(request, "El orden quedó guardado.", messages.SUCCESS)
            return redirect("admin:resources_section_order", pk=pk)
        desk.message_user(request, refused, messages.ERROR)
    rows = list(resources.only("pk", "kind", "title", "position", "status"))
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": "Orden de los recursos",
        "subtitle": section.title,
        "section": section,
        "resources": rows,
        READ_ORDER: order_token(rows),
    }
    for row in rows if refused else ():
        row.position = _number(request.POST, row)  # as it was typed
    return TemplateResponse(request, "admin/resources/section_order.html", context)


@transaction.atomic
def _store_order(request: HttpRequest, section: Section, resources: QuerySet[Resource]) -> str:
    """Store the order that was sent; return why not, where someone else has stored another since the page was opened."""
    _lock(section)
    rows = list(resources.select_for_update().only("pk", "title", "position"))
    before = [row.pk for row in rows]
    if not _step(rows, request.POST):
        if refused := order_conflict(request.POST.get(READ_ORDER, ""), rows):
            return refused
        rows.sort(key=lambda row: _number(request.POST, row))
        renumber(rows)
    if told := _moves(before, rows):
        record(section, request.user, note=told)
    return ""


def _lock(section: Section) -> None:
    """Let another order of the same section wait until this one is stored."""
    list(Section.objects.select_for_update(no_key=True).filter(pk=section.pk).values("pk"))


def _moves(before: list[int], rows: Sequence[Resource]) -> str:
    """Describe the moved resources, those with the longest way first; "" for none."""
    moved = [
        (
            abs(before.index(row.pk) + 1 - place),
            f"«{row.title}»: {before.index(row.pk) + 1} → {place}",
        )
        for place, row in enumerate(rows, 1)
        if before.index(row.pk) + 1 != place
    ]
    farthest = [told for _, told in sorted(moved, key=lambda pair: -pair[0])[:TOLD]]
    more = f" y otros {len(moved) - TOLD}" if len(moved) > TOLD else ""
    return f"Orden de sus recursos. {', '.join(farthest)}{more}." if moved else ""


def _number(data: QueryDict, row: Resource) -> int:
    """Return the number typed for a row, or the one it has."""
    typed = data.get(f"position-{row.pk}", "").strip()
    return int(typed[:9]) if typed.isdecimal() else row.position


def _step(rows: list, data: QueryDict) -> models.Model | None:
    """Move the row that the pressed button names by one place; return it, or None where no button was pressed."""
    for button, way in (("up", -1), ("down", 1)):
        if button in data:
            place = next((i for i, row in enumerate(rows) if str(row.pk) == data[button]), None)
            if place is None:
                return None
            row = rows.pop(place)
            rows.insert(max(0, place + way), row)
            renumber(rows)
            return row
    return None


def renumber(rows: Sequence[Ordered]) -> None:
    """Store 10, 20, 30 … in the order of `rows`, where a row has another number."""
    changed = []
    for number, row in enumerate(rows, 1):
        if row.position != number * STEP:
            row.position = number * STEP
            changed.append(row)
    if changed:
        rows_of: Any = type(changed[0]).objects
        rows_of.bulk_update(changed, ["position"], batch_size=500)
