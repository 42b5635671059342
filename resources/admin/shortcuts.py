"""Helpers of the admin's views: confirmation page, lookups, form errors."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from resources.admin.permissions import may_change
from resources.models import Resource


def changeable(desk: admin.ModelAdmin, request: HttpRequest, object_id: str) -> Resource:
    """Return a resource the user may change; raise Http404 or PermissionDenied."""
    resource = row_or_404(desk.model, object_id)
    if not (desk.has_change_permission(request, resource) and may_change(request, resource)):
        raise PermissionDenied
    return resource


def confirm(
    desk: admin.ModelAdmin,
    request: HttpRequest,
    resource: Resource,
    form: forms.Form | None,
    **context: Any,
) -> TemplateResponse:
    """Render the confirmation page: `title`, `button` and `lead`, the template of its introduction."""
    about = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "resource": resource,
        "subtitle": str(resource),
        "form": form,
        "media": desk.media + form.media if form else desk.media,
    }
    return TemplateResponse(request, "admin/resources/confirm.html", about | context)


def put_errors(form: forms.Form, refusal: ValidationError) -> None:
    """Add the errors of a refused transition to `form`, by field."""
    by_field = refusal.message_dict if hasattr(refusal, "error_dict") else {None: refusal.messages}
    for field, problems in by_field.items():
        form.add_error(field if field in form.fields else None, problems)


def row_or_404(model: type[Model], object_id: str) -> Any:
    """Return the row of `model` with the quoted `object_id`; raise Http404 if missing or malformed."""
    try:
        key = model._meta.pk.to_python(unquote(object_id))
    except ValidationError as wrong:
        raise Http404(f"No hay nada en «{object_id}».") from wrong
    return get_object_or_404(model, pk=key)


def form_url(resource: Resource) -> str:
    """Return the address of the form of `resource`, which is its kind's."""
    return reverse(f"admin:resources_{resource.kind}_change", args=[resource.pk])
