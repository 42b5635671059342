"""The history page: revisions of any object of the admin, with differences and revert."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from resources.admin.optimistic_locking import EditConflictMixin
from resources.admin.shortcuts import row_or_404
from resources.admin.trash import UndeleteMixin
from resources.models import Revision
from resources.workflow.diff import Difference, differences
from resources.workflow.revert import revert
from resources.workflow.revisions import record, record_external_change

PER_PAGE = 20


@dataclass(frozen=True)
class Entry:
    """A revision with its differences from the one before; None for the oldest known."""

    edit: Revision
    differences: list[Difference] | None
    is_present: bool

    @property
    def scheduled_for(self) -> dt.datetime | None:
        """For when this change scheduled a publication; None for any other change."""
        if self.edit.action != Revision.Action.SCHEDULED:
            return None
        return parse_datetime(self.edit.state["fields"].get("published_at") or "")


class HistoryMixin(admin.ModelAdmin):
    """A ModelAdmin that records every change, tells them in words and goes back to any of them."""

    object_history_template = "admin/resources/history.html"

    def save_model(
        self, request: HttpRequest, obj: Model, form: forms.ModelForm, change: bool
    ) -> None:
        """Make sure that the state before is known."""
        if change:
            record_external_change(obj)
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool
    ) -> None:
        """Record a revision after all related objects are saved."""
        super().save_related(request, form, formsets, change)
        self.record_edit(request, form, change)

    def record_edit(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> None:
        """Record the change that `form` made."""
        action = Revision.Action.CHANGED if change else Revision.Action.CREATED
        record(form.instance, request.user, action)

    def get_urls(self) -> list[URLPattern]:
        """Add the undelete view."""
        view = self.admin_site.admin_view(require_POST(self.revert_view))
        name = f"{self.opts.app_label}_{self.opts.model_name}_revert"
        return [path("<path:object_id>/volver/<int:edit>/", view, name=name), *super().get_urls()]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the changes, newest first, each with its differences."""
        obj = row_or_404(self.model, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        page = Paginator(Revision.objects.of(obj).select_related("by"), PER_PAGE).get_page(
            request.GET.get("pagina")
        )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Historia de los cambios",
            "subtitle": str(obj),
            "object": obj,
            "page_obj": page,
            "entries": self._entries(obj, page),
            "may_revert": self.has_change_permission(request, obj),
        }
        return TemplateResponse(
            request, self.object_history_template, context | (extra_context or {})
        )

    def _entries(self, obj: Model, page: Any) -> list[Entry]:
        edits = list(page.object_list)
        before = Revision.objects.of(obj).filter(pk__lt=edits[-1].pk).first() if edits else None
        pairs = zip(edits, [*edits[1:], before][: len(edits)], strict=True)
        return [
            Entry(
                edit,
                differences(self.model, older.state, edit.state) if older else None,
                is_present=page.number == 1 and edit is edits[0],
            )
            for edit, older in pairs
        ]

    def revert_view(self, request: HttpRequest, object_id: str, edit: int) -> HttpResponse:
        """Go back to the state that a change had led to."""
        obj = row_or_404(self.model, object_id)
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        chosen = get_object_or_404(Revision.objects.of(obj), pk=edit)
        place = reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_history", args=[obj.pk]
        )
        try:
            remarks = revert(
                obj,
                chosen,
                user=request.user,
                allowed=lambda now: self.has_change_permission(request, now),
            )
        except ValidationError as refusal:
            why = " ".join(refusal.messages)
            self.message_user(request, f"No se volvió a ese estado. {why}", messages.ERROR)
            return HttpResponseRedirect(place)
        self.log_change(request, obj, "Volvió a un estado anterior.")
        self.message_user(
            request,
            f"«{obj}» volvió a ese estado. Si fue un error, puede deshacerlo aquí mismo.",
            messages.SUCCESS,
        )
        for remark in remarks:
            self.message_user(request, remark, messages.WARNING)
        return HttpResponseRedirect(place)


class RecordedAdmin(EditConflictMixin, HistoryMixin, UndeleteMixin, admin.ModelAdmin):
    """The desk of anything whose changes are kept, its deletion included."""
