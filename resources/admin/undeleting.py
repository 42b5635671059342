"""The way back of what is deleted at once: told before, and offered on the list for as long as it is possible."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from resources.workflow.trash import bring_back, deletions, record_deletion


class UndeletingMixin(admin.ModelAdmin):
    """A ModelAdmin whose deletions can be undone."""

    delete_confirmation_template = "admin/resources/vocabulary_delete.html"
    without_it = ""
    """What its deletion means for the site, in a sentence."""

    def get_deleted_objects(
        self, objs: list[Model], request: HttpRequest
    ) -> tuple[list[str], dict, set, list[str]]:
        """Name what goes: nothing else goes with it."""
        return [str(obj) for obj in objs], {}, set(), []

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say what its deletion means."""
        context = {"without_it": self.without_it} | (extra_context or {})
        return super().delete_view(request, object_id, context)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Keep the whole of it before it goes."""
        with transaction.atomic():
            record_deletion(obj, request.user)
            super().delete_model(request, obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        """Say how it comes back."""
        if "_popup" in request.POST:
            return super().response_delete(request, obj_display, obj_id)
        told = render_to_string("admin/resources/messages/deleted.html", {"name": obj_display})
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        )

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete one after the other, each as if alone."""
        for obj in queryset:
            self.delete_model(request, obj)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Offer the way back of what was deleted not long ago."""
        gone = deletions(self.model) if self.has_delete_permission(request) else ()
        return super().changelist_view(request, {"deletions": gone} | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        """Add the way back."""
        view = self.admin_site.admin_view(require_POST(self.undelete_view))
        name = f"{self.opts.app_label}_{self.opts.model_name}_undelete"
        return [path("recuperar/<int:edit>/", view, name=name), *super().get_urls()]

    def undelete_view(self, request: HttpRequest, edit: int) -> HttpResponse:
        """Make it again, and go to its form."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        gone = get_object_or_404(deletions(self.model), pk=edit)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        try:
            obj, remarks = bring_back(gone, request.user)
        except ValidationError as refusal:
            why = " ".join(refusal.messages)
            told = f"«{gone.state['name']}» no se pudo recuperar. {why}"
            self.message_user(request, told, messages.ERROR)
            return HttpResponseRedirect(reverse(f"{name}_changelist"))
        self.log_addition(request, obj, "Recuperado.")
        self.message_user(request, f"«{obj}» está de vuelta, como estaba.", messages.SUCCESS)
        for remark in remarks:
            self.message_user(request, remark, messages.WARNING)
        return HttpResponseRedirect(reverse(f"{name}_change", args=[obj.pk]))
