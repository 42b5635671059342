"""The list of all resources, whatever their kind; each row leads to its kind's form."""

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
from resources.admin.drop_zone import intake_urls
from resources.admin.import_export.views import ExchangeMixin
from resources.admin.shortcuts import form_url, row_or_404
from resources.admin.trash import TrashMixin
from resources.models import Resource
from resources.models.kind_spec import all_kinds, kind_names


class EveryKindChangeList(IssuesChangeList):
    """Rows that lead to the form of their own kind."""

    def url_for_result(self, result: Resource) -> str:
        """Return the address of the kind's form."""
        return form_url(result)


@admin.register(Resource)
class CatalogueAdmin(TrashMixin, ExchangeMixin, BulkMixin, ResourceListMixin, admin.ModelAdmin):
    """All kinds in one list. There is no form without a kind."""

    change_list_template = "admin/resources/catalogue_list.html"
    bulk_steps = (*BULK_STEPS, VERIFY)
    list_display = ("title", "kind", "section", "state", "what_is_missing", "consulted", "changed")
    list_filter = (
        "kind",
        *ResourceListMixin.list_filter[:2],
        "force",
        *ResourceListMixin.list_filter[2:],
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list whose rows lead to different forms."""
        return EveryKindChangeList

    def addable_kinds(self, request: HttpRequest) -> list[dict[str, str]]:
        """Return the kinds that the person may add, each with its address and what it is for."""
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
        """Whoever may add one kind may choose one."""
        return bool(self.addable_kinds(request))

    def has_change_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        """What changes is always of a kind: see that kind's desk."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        """Whoever may put every kind into the bin may do so from here."""
        kinds = [obj.kind] if obj else kind_names()
        return all(self._of(kind).has_delete_permission(request, obj) for kind in kinds)

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of what comes as files."""
        return [*intake_urls(self), *super().get_urls()]

    def _of(self, kind: str) -> admin.ModelAdmin:
        return self.admin_site.get_model_admin(apps.get_model("resources", kind))

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Offer the kinds."""
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
        """Lead on to the kind's form."""
        return redirect(self._place(request, object_id, "change"))

    def delete_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Lead on to the kind's page."""
        return redirect(self._place(request, object_id, "delete"))

    def history_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Lead on to the kind's page."""
        return redirect(self._place(request, object_id, "history"))

    def _place(self, request: HttpRequest, object_id: str, page: str) -> str:
        if not self.has_view_permission(request):
            raise PermissionDenied
        resource = row_or_404(Resource, object_id)
        return reverse(f"admin:resources_{resource.kind}_{page}", args=[resource.pk])
