"""The bin: deleting at the desk is putting aside, and what is put aside comes back in the state it had."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from resources.admin.permissions import may_bin, may_change, may_restore
from resources.models import Resource
from resources.publishing.workflow import move_to_bin, restore

BINNED = "Movido a la papelera."
RESTORED = "Restaurado de la papelera."


def form_url(resource: Resource) -> str:
    """Return the address of the form of `resource`, which is its kind's."""
    return reverse(f"admin:resources_{resource.kind}_change", args=[resource.pk])


class BinMixin:
    """A ModelAdmin of resources that deletes nothing, and asks the state of a resource before it is changed."""

    actions = ("put_into_bin", "take_out_of_bin")
    delete_confirmation_template = "admin/resources/resource_delete.html"

    def has_change_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        """Ask the state of the resource too."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_change(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        """Ask the state of the resource too."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_bin(request, obj))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Leave the stock deletion out."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.action(description="Mover a la papelera", permissions=["delete"])
    def put_into_bin(self, request: HttpRequest, queryset: QuerySet[Resource]) -> None:
        """Put the chosen ones into the bin, as far as the person may."""
        done, left = self._move(request, queryset, may_bin, move_to_bin, BINNED)
        self._report(request, "En la papelera", done, left)

    @admin.action(description="Restaurar de la papelera", permissions=["delete"])
    def take_out_of_bin(self, request: HttpRequest, queryset: QuerySet[Resource]) -> None:
        """Restore the chosen ones, as far as the person may."""
        done, left = self._move(request, queryset, may_restore, restore, RESTORED)
        self._report(request, "Restaurados", done, left)

    def _move(
        self,
        request: HttpRequest,
        queryset: QuerySet[Resource],
        may: Callable[[HttpRequest, Resource], bool],
        move: Callable[[Resource], None],
        note: str,
    ) -> tuple[int, int]:
        """Move each resource that the person `may`; return how many moved and how many stayed."""
        joins = Resource.Kind.values if self.model is Resource else ["section"]
        chosen = [resource.specific for resource in queryset.select_related(*joins)]
        allowed = [resource for resource in chosen if may(request, resource)]
        for resource in allowed:
            move(resource)
            self.log_change(request, resource, note)
        return len(allowed), len(chosen) - len(allowed)

    def _report(self, request: HttpRequest, words: str, done: int, left: int) -> None:
        if done:
            self.message_user(request, f"{words}: {done}.", messages.SUCCESS)
        if left:
            why = "Su estado no lo permite o hace falta el permiso de publicar."
            self.message_user(request, f"Sin cambios: {left}. {why}", messages.WARNING)

    def get_deleted_objects(
        self, objs: Iterable[Resource], request: HttpRequest
    ) -> tuple[list[str], dict, set, list]:
        """Nothing is deleted by putting it into the bin."""
        return [str(obj) for obj in objs], {}, set(), []

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Resource]) -> None:
        """Record the bin as a change: the resource is still there."""
        for obj in queryset:
            self.log_change(request, obj, BINNED)

    def delete_model(self, request: HttpRequest, obj: Resource) -> None:
        """Put the resource into the bin."""
        move_to_bin(obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        """Say where it is now and how it comes back."""
        url = reverse(f"admin:resources_{self.opts.model_name}_change", args=[obj_id])
        context = {"title": obj_display, "url": url}
        message = render_to_string("admin/resources/messages/binned.html", context)
        self.message_user(request, message, messages.SUCCESS)
        return HttpResponseRedirect(reverse(f"admin:resources_{self.opts.model_name}_changelist"))

    def get_urls(self) -> list[URLPattern]:
        """Add the way out of the bin."""
        view = self.admin_site.admin_view(require_POST(self.restore_view))
        name = f"resources_{self.opts.model_name}_restore"
        return [path("<path:object_id>/restaurar/", view, name=name), *super().get_urls()]

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take one resource out of the bin."""
        resource = get_object_or_404(self.model, pk=unquote(object_id)).specific
        if not (self.has_delete_permission(request) and may_restore(request, resource)):
            raise PermissionDenied
        restore(resource)
        self.log_change(request, resource, RESTORED)
        self.message_user(request, f"«{resource}» salió de la papelera.", messages.SUCCESS)
        return HttpResponseRedirect(form_url(resource))
