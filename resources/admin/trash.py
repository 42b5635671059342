"""Move resources to the trash instead of deleting, restore them, and undelete taxonomy rows."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from resources.admin.permissions import may_change, may_restore, may_trash
from resources.admin.shortcuts import form_url, row_or_404
from resources.models import Resource, Revision
from resources.workflow.transitions import transition
from resources.workflow.trash import deletions, record_deletion, undelete

TRASHED = "Movido a la papelera."
RESTORED = "Restaurado de la papelera."


class TrashMixin(admin.ModelAdmin):
    """Trash and restore resources; check permissions by status."""

    delete_confirmation_template = "admin/resources/resource_delete.html"

    def has_change_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        """Check the status of the resource too."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_change(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        """Check the status of the resource too."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_trash(request, obj))

    def get_deleted_objects(
        self, objs: Iterable[Resource], request: HttpRequest
    ) -> tuple[list[str], dict, set, list]:
        """Return no related deletions: a trashed resource keeps everything."""
        return [str(obj) for obj in objs], {}, set(), []

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Resource]) -> list[LogEntry]:
        """Log a change, as the resource still exists."""
        return [self.log_change(request, obj, TRASHED) for obj in queryset]

    def delete_model(self, request: HttpRequest, obj: Resource) -> None:
        """Move the resource to the trash."""
        transition(
            obj,
            Revision.Action.TRASHED,
            actor=request.user,
            allowed=lambda now: may_trash(request, now),
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Move the resource to the trash, or show the refusal."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            return HttpResponseRedirect(form_url(row_or_404(self.model, object_id)))

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        """Show a message with the link to restore it."""
        url = reverse(f"admin:resources_{self.opts.model_name}_change", args=[obj_id])
        context = {"title": obj_display, "url": url}
        message = render_to_string("admin/resources/messages/trashed.html", context)
        self.message_user(request, message, messages.SUCCESS)
        return HttpResponseRedirect(reverse(f"admin:resources_{self.opts.model_name}_changelist"))

    def get_urls(self) -> list[URLPattern]:
        """Add the restore view."""
        view = self.admin_site.admin_view(require_POST(self.restore_view))
        name = f"resources_{self.opts.model_name}_restore"
        return [path("<path:object_id>/restaurar/", view, name=name), *super().get_urls()]

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Restore one resource from the trash."""
        resource = row_or_404(self.model, object_id).specific
        if not (self.has_delete_permission(request) and may_restore(request, resource)):
            raise PermissionDenied
        try:
            transition(
                resource,
                Revision.Action.RESTORED,
                actor=request.user,
                allowed=lambda now: may_restore(request, now),
            )
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            return HttpResponseRedirect(form_url(resource))
        self.log_change(request, resource, RESTORED)
        told = f"«{resource}» salió de la papelera."
        if resource.is_public:
            told += f" Está publicado: {settings.SITE_URL}{resource.get_absolute_url()}"
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(form_url(resource))


class UndeleteMixin(admin.ModelAdmin):
    """A ModelAdmin whose deletions can be undone."""

    delete_confirmation_template = "admin/resources/taxonomy_delete.html"
    without_it = ""
    """Consequence of the deletion, one sentence in Spanish."""

    def get_deleted_objects(
        self, objs: Iterable[Model], request: HttpRequest
    ) -> tuple[list[str], dict, set, list[str]]:
        """Return the rows only: nothing else is deleted."""
        return [str(obj) for obj in objs], {}, set(), []

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Add the consequence of the deletion."""
        context = {"without_it": self.without_it} | (extra_context or {})
        return super().delete_view(request, object_id, context)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Record the row before it is deleted."""
        with transaction.atomic():
            record_deletion(obj, request.user)
            super().delete_model(request, obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        """Show a message with the link to undelete it."""
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
        """List recent deletions that can be undone."""
        gone = deletions(self.model) if self.has_delete_permission(request) else ()
        return super().changelist_view(request, {"deletions": gone} | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        """Add the undelete view."""
        view = self.admin_site.admin_view(require_POST(self.undelete_view))
        name = f"{self.opts.app_label}_{self.opts.model_name}_undelete"
        return [path("recuperar/<int:edit>/", view, name=name), *super().get_urls()]

    def undelete_view(self, request: HttpRequest, edit: int) -> HttpResponse:
        """Undelete a row and open its form."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        gone = get_object_or_404(deletions(self.model), pk=edit)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        try:
            obj, remarks = undelete(gone, request.user)
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
