"""The button that starts a new draft from a resource that exists."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from resources.admin.shortcuts import form_url, row_or_404
from resources.workflow.duplicate import duplicate


class DuplicateMixin:
    """The desk of a kind, with the way to copy one."""

    def get_urls(self) -> list[URLPattern]:
        """Add the way."""
        name = f"resources_{self.opts.model_name}_duplicate"
        view = self.admin_site.admin_view(require_POST(self.duplicate_view))
        return [path("<path:object_id>/duplicar/", view, name=name), *super().get_urls()]

    def duplicate_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make the copy and open it."""
        resource = row_or_404(self.model, object_id)
        allowed = self.has_add_permission(request) and self.has_view_permission(request, resource)
        if not allowed:
            raise PermissionDenied
        copy = duplicate(resource, user=request.user)
        self.log_addition(request, copy, f"Copia de «{resource}».")
        told = "Es un borrador nuevo, sin los archivos ni los datos que son solo del original. Cámbiele el título."
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(form_url(copy))
