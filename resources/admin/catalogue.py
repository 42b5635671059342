"""List all resources in one changelist; each row links to the form of its kind."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse

from resources.admin.bulk.actions import BulkMixin
from resources.admin.bulk.operations import BULK_STEPS, VERIFY
from resources.admin.changelist import IssuesChangeList, ResourceListMixin
from resources.admin.drop_zone import drop_zone_urls
from resources.admin.import_export.views import ExchangeMixin
from resources.admin.shortcuts import form_url, row_or_404
from resources.admin.trash import TrashMixin
from resources.models import Resource
from resources.models.kind_spec import all_kinds, kind_names


class EveryKindChangeList(IssuesChangeList):
    """A changelist whose rows link to the form of their kind."""

    def url_for_result(self, result: Any) -> str:
        """Return the address of the kind's form."""
        return form_url(result)


@admin.register(Resource)
class CatalogueAdmin(TrashMixin, ExchangeMixin, BulkMixin, ResourceListMixin, admin.ModelAdmin):
    """The changelist of all kinds. Its add and change pages lead to those of a kind."""

    change_list_template = "admin/resources/catalogue_list.html"
    bulk_steps = (*BULK_STEPS, VERIFY)
    list_display = ("title", "kind", "section", "state", "quality_issues", "consulted", "changed")
    list_filter = (
        "kind",
        *ResourceListMixin.list_filter[:2],
        "force",
        *ResourceListMixin.list_filter[2:],
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the changelist whose rows link to different forms."""
        return EveryKindChangeList

    def addable_kinds(self, request: HttpRequest) -> list[dict[str, str]]:
        """Return the kinds that the user may add, each with its address and hint."""
        return [
            {
                "name": spec.label,
                "model": spec.name,
                "slug": spec.slug,
                "hint": spec.hint,
                "url": reverse(f"admin:resources_{spec.name}_add"),
            }
            for spec in all_kinds()
            if self._of(spec.name).has_add_permission(request)
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may add any kind."""
        return bool(self.addable_kinds(request))

    def has_change_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        """Refuse: changes are made in the admin of a kind."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        """Return whether the user may delete every kind."""
        kinds = [obj.kind] if obj else kind_names()
        return all(self._of(kind).has_delete_permission(request, obj) for kind in kinds)

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of uploads that become drafts."""
        return [*drop_zone_urls(self), *super().get_urls()]

    def _of(self, kind: str) -> admin.ModelAdmin:
        return self.admin_site.get_model_admin(apps.get_model("resources", kind))

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the choice of kinds."""
        kinds = self.addable_kinds(request)
        if not kinds:
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Nuevo recurso",
            "kinds": kinds,
        }
        return TemplateResponse(request, "admin/resources/resource_add.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Redirect to the form of the kind."""
        return redirect(self._place(request, object_id, "change"))

    def delete_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Redirect to the same page of the kind."""
        return redirect(self._place(request, object_id, "delete"))

    def history_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Redirect to the same page of the kind."""
        return redirect(self._place(request, object_id, "history"))

    def _place(self, request: HttpRequest, object_id: str, page: str) -> str:
        if not self.has_view_permission(request):
            raise PermissionDenied
        resource = row_or_404(Resource, object_id)
        return reverse(f"admin:resources_{resource.kind}_{page}", args=[resource.pk])
