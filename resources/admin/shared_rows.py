"""The desk of rows that several resources show: where a public one does, only those who publish may change them."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from resources.admin.permissions import may_change_shared, shown_users
from resources.models import Resource


class SharedRowMixin(admin.ModelAdmin):
    """A ModelAdmin of rows shown on resources: changing a publicly visible one needs the right to publish."""

    used_as: str
    """The lookup from a resource to the row."""

    def users_of(self, obj: Model) -> QuerySet[Resource]:
        """Return the resources that show `obj`."""
        return Resource.objects.filter(**{self.used_as: obj})

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Require the right to publish for rows that the public sees."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_change_shared(request, self.users_of(obj)))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Require the right to publish for rows that the public sees."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_change_shared(request, self.users_of(obj)))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Explain why the form is read-only."""
        obj = kwargs.get("obj")
        if obj and not self.has_change_permission(request, obj):
            context |= {"public_users": shown_users(self.users_of(obj)).count()}
        return super().render_change_form(request, context, *args, **kwargs)
