"""Export of the catalogue as a spreadsheet, and import with a dry run."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from resources.admin.bulk.actions import BulkMixin
from resources.admin.import_export.planner import Planner
from resources.admin.import_export.row_results import RowResult, apply, preview_token
from resources.admin.permissions import signed_in
from resources.admin.transition_messages import publication_in_words
from resources.admin.uploads import InspectedUploads
from resources.models import PendingImport, Resource, ResourceQuerySet, Revision
from resources.opendata import tabular as table
from resources.opendata.spreadsheets import MOST_ROWS, TYPES, Line, read_list, write_csv, write_xlsx
from resources.templatetags.formats import how_many

CHANGED = (
    "La lista o el catálogo cambiaron desde que vio esto: compruébelo otra vez y aplique de nuevo."
)


class UploadForm(forms.Form):
    """The list."""

    file = forms.FileField(
        label="Lista en CSV o XLSX", widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"})
    )


class ExchangeMixin(BulkMixin):
    """The desk of all resources, with the list that goes out and comes in."""

    def get_urls(self) -> list[URLPattern]:
        """Add the four pages."""
        wrap, name = self.admin_site.admin_view, "resources_resource"
        return [
            path("exportar/", wrap(require_safe(self.export_view)), name=f"{name}_export"),
            path("importar/", wrap(never_cache(self.import_view)), name=f"{name}_import"),
            path(
                "importar/<int:pk>/", wrap(never_cache(self.dry_run_view)), name=f"{name}_dry_run"
            ),
            path(
                "importar/<int:pk>/errores.csv",
                wrap(require_safe(self.faults_view)),
                name=f"{name}_faults",
            ),
            *super().get_urls(),
        ]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Add the export of selected resources."""
        actions: dict[str, Any] = super().get_actions(request)
        for extension in TYPES:
            label = f"Exportar como {extension.upper()}"
            actions[f"export_{extension}"] = (_exporter(extension), f"export_{extension}", label)
        return actions

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Export the whole catalogue."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        extension = request.GET.get("formato", "csv")
        if extension not in TYPES:
            raise Http404(f"No hay una lista en ese formato: {extension[:20]}.")
        return as_list(Resource.objects.in_catalogue().in_page_order(), extension)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Upload a spreadsheet and redirect to its dry run."""
        if not self.has_bulk_permission(request):
            raise PermissionDenied
        is_sent = request.method == "POST"
        form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
        if form.is_valid():
            try:
                kept = _take_in(request)
            except ValidationError as refusal:
                form.add_error("file", refusal)
            else:
                return redirect("admin:resources_resource_dry_run", kept.pk)
        context = self._context(request, "Importar y exportar") | {
            "form": form,
            "most": MOST_ROWS,
            "leading": table.leading(),
            "columns": [(column.desk, table.label(column)) for column in table.plain_columns()],
        }
        return TemplateResponse(request, "admin/resources/import.html", context)

    def dry_run_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the planned result of each row; apply on POST if nothing changed since."""
        kept = self._kept(request, pk)
        plans = Planner(request, _lines(kept)).plans()
        print_now = preview_token(plans)
        if request.method == "POST" and kept.applied_at is None:
            if request.POST.get("shown") == print_now:
                return self._apply(request, kept, plans)
            self.message_user(request, CHANGED, messages.WARNING)
        faulty = [plan for plan in plans if plan.errors]
        context = self._context(request, "Qué pasará") | {
            "kept": kept,
            "faulty": faulty,
            "new": [plan for plan in plans if plan.is_new and not plan.errors],
            "changed": [plan for plan in plans if plan.changes and not plan.is_new],
            "same": sum(not plan.changes and not plan.errors for plan in plans),
            "total": len(plans),
            "able": sum(plan.changes for plan in plans),
            "shown": print_now,
            "unknown": table.unknown_headings(kept.rows[0]["cells"] if kept.rows else ()),
            "told": [name for name in table.TOLD if kept.rows and name in kept.rows[0]["cells"]],
        }
        return TemplateResponse(request, "admin/resources/dry_run.html", context)

    def _apply(
        self, request: HttpRequest, kept: PendingImport, plans: list[RowResult]
    ) -> HttpResponse:
        unapplied = PendingImport.objects.filter(pk=kept.pk, applied_at=None)
        if not unapplied.update(applied_at=timezone.now()):  # pressed twice: one of them applies
            return redirect("admin:resources_resource_dry_run", kept.pk)
        known = {plan.number for plan in plans if plan.errors}
        try:
            done = apply(plans, user=request.user, name=kept.name)
        except DatabaseError:
            with suppress(DatabaseError):  # so that the rest can be applied later
                PendingImport.objects.filter(pk=kept.pk).update(applied_at=None)
            raise
        for plan in plans:
            if plan.errors and plan.number not in known:
                why = " ".join(message for _, message in plan.errors)
                told = f"Línea {plan.number}, «{plan.title}»: {why}"
                self.message_user(request, told, messages.WARNING)
        faulty = {plan.number for plan in plans if plan.errors}
        kept.rows = [row for row in kept.rows if row["number"] in faulty]
        kept.save(update_fields=["rows"])
        for plan in plans:
            if plan.step == Revision.Action.PUBLISHED and not plan.errors:
                told = publication_in_words(cast(Resource, plan.resource))
                self.message_user(request, told, messages.SUCCESS)
        left = len(faulty)
        self.message_user(request, f"Importación aplicada: {how_many(done)}.", messages.SUCCESS)
        if left:
            self.message_user(request, _left_in_words(left), messages.WARNING)
        return redirect("admin:resources_resource_dry_run", kept.pk)

    def faults_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Export the rows with errors and their messages, to be corrected and uploaded again."""
        kept = self._kept(request, pk)
        lines = {line.number: line for line in _lines(kept)}
        every = Planner(request, lines.values()).plans()
        plans = [plan for plan in every if plan.errors or kept.applied_at]  # what was not applied
        names = [
            name for name in (kept.rows[0]["cells"] if kept.rows else ()) if name != table.FAULTS
        ]
        rows = [[*names, table.FAULTS]]
        for plan in plans:
            told = "; ".join(f"{name}: {what}" if name else what for name, what in plan.errors)
            rows.append([*(lines[plan.number].cells.get(name, "") for name in names), told])
        return _as_file(rows, "csv", "errores")

    def _kept(self, request: HttpRequest, pk: int) -> PendingImport:
        if not self.has_bulk_permission(request):
            raise PermissionDenied
        return get_object_or_404(PendingImport, pk=pk, by=request.user)

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, "title": title}


def _take_in(request: HttpRequest) -> PendingImport:
    """Parse the upload, store its rows as a pending import and return warnings. Raises ValidationError with advice."""
    upload = cast(UploadedFile, request.FILES["file"])
    with InspectedUploads() as bench:
        found = bench.table(upload)
    lines = read_list(found)
    headings = lines[0].cells
    if table.KEY not in headings and table.TITLE not in headings:
        raise ValidationError(
            f"Falta la columna «{table.KEY}» o «{table.TITLE}». Exporte el catálogo para ver cómo se llaman las columnas."
        )
    rows = [{"number": line.number, "cells": line.cells} for line in lines]
    kept = PendingImport.objects.create(
        name=(upload.name or "")[:200], rows=rows, by=signed_in(request)
    )
    for note in found.notes:
        messages.warning(request, note)
    return kept


def _left_in_words(count: int) -> str:
    if count == 1:
        return "Quedó sin aplicar 1 línea con errores: descárguela, corríjala y súbala otra vez."
    return f"Quedaron sin aplicar {count} líneas con errores: descárguelas, corríjalas y súbalas otra vez."


def _lines(kept: PendingImport) -> list[Line]:
    return [Line(row["number"], row["cells"]) for row in kept.rows]


def as_list(resources: ResourceQuerySet, extension: str) -> HttpResponseBase:
    """Answer with `resources` as a list."""
    return _as_file(table.rows_of(resources), extension, "catalogo")


def _as_file(rows: Iterable[list[str]], extension: str, name: str) -> HttpResponseBase:
    response: HttpResponseBase
    if extension == "xlsx":
        response = HttpResponse(write_xlsx(rows), content_type=TYPES[extension])
    else:
        response = StreamingHttpResponse(write_csv(rows), content_type=TYPES[extension])
    file_name = f"{name}-{timezone.localdate():%Y-%m-%d}.{extension}"
    response["Content-Disposition"] = content_disposition_header(True, file_name)
    response["Cache-Control"] = "private, no-store"
    return response


def _exporter(extension: str) -> Callable[..., HttpResponseBase]:
    def export(
        desk: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet
    ) -> HttpResponseBase:
        return as_list(
            Resource.objects.filter(pk__in=queryset.values("pk")).in_page_order(), extension
        )

    return export
