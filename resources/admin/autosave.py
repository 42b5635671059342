"""Autosave of drafts that were never public: the form's own fields only, never a transition."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import get_text_list

from resources.admin.forms import ResourceForm, address_to_be
from resources.admin.permissions import Status
from resources.admin.shortcuts import form_url, row_or_404
from resources.admin.uploads import DeskRequest, InspectedUploads
from resources.locking import lock
from resources.models import Resource, Revision, StaleRowError
from resources.quality.issues import issues_of
from resources.workflow.revisions import record, record_external_change, record_typing
from search.index.writer import batch_index_updates

BY_HAND = frozenset({"status", "published_at", "withdraw_at", "withdrawn_reason", "cover"})
"""What only a person's click saves: steps of the workflow, and uploads."""
NEEDED = ("title", "section")
"""Without these there is no draft yet."""


def saves_itself(resource: Resource | None) -> bool:
    """Return whether a form is autosaved: a new resource, or a draft that was never public."""
    return resource is None or (
        resource.status == Status.DRAFT and not resource.was_public and resource.deleted_at is None
    )


class AutosaveMixin(admin.ModelAdmin):
    """A ModelAdmin of resources whose drafts are saved while they are typed."""

    def get_urls(self) -> list[URLPattern]:
        """Add the two addresses that the form's script saves to: a new draft, and one that exists."""
        name = f"resources_{self.opts.model_name}_autosave"
        view = self.admin_site.admin_view(self.autosave_view)
        return [
            path("autoguardar/", view, name=f"{name}_new"),
            path("<path:object_id>/autoguardar/", view, name=name),
            *super().get_urls(),
        ]

    def autosave_url(self, resource: Resource | None) -> str:
        """Return where the form of `resource`, new ones included, saves itself."""
        name = f"admin:resources_{self.opts.model_name}_autosave"
        return reverse(name, args=[resource.pk]) if resource else reverse(f"{name}_new")

    def autosave_view(self, request: HttpRequest, object_id: str = "") -> HttpResponse:
        """Save the valid fields (POST), or return a fresh CSRF token after a new sign-in (GET)."""
        if request.method != "POST":
            return JsonResponse({"token": get_token(request)})
        with transaction.atomic(), batch_index_updates():
            resource = row_or_404(self.model, object_id) if object_id else None
            if resource:
                try:
                    lock(resource)
                except StaleRowError as gone:
                    return _said(" ".join(gone.messages), 409)
            self._refuse_strangers(request, resource)
            if not saves_itself(resource):
                return _said("Ya no es un borrador: los cambios se guardan con el botón.", 409)
            with InspectedUploads() as bench:
                cast(DeskRequest, request).desk_bench = bench
                return self._autosave(request, resource)

    def _refuse_strangers(self, request: HttpRequest, resource: Resource | None) -> None:
        allowed = (
            self.has_change_permission(request, resource)
            if resource
            else self.has_add_permission(request)
        )
        if not allowed:
            raise PermissionDenied

    def _autosave(self, request: HttpRequest, resource: Resource | None) -> JsonResponse:
        form = self._bound(request, resource, ())
        wrong = tuple(name for name in form.errors if name in form.fields)
        labels = [str(form.fields[name].label).lower() for name in wrong]
        if resource is None and set(wrong) & set(NEEDED):
            return _said("Se guardará solo cuando tenga título y sección.")
        if wrong:
            resource = get_object_or_404(self.model, pk=resource.pk) if resource else None
            form = self._bound(request, resource, wrong)
        if not form.is_valid():
            return _said(
                "Otra persona guardó cambios mientras tanto: use «Guardar» para verlos.", 409
            )
        saved = form.save(commit=False)
        if resource is None or form.has_changed():
            self._store(request, form, is_new=resource is None)
        return self._answer(request, saved, labels)

    def _store(self, request: HttpRequest, form: ResourceForm, *, is_new: bool) -> None:
        saved = form.instance
        if not is_new:
            record_external_change(saved)
        saved.save()
        form.save_m2m()
        if is_new:
            self.log_addition(request, saved, "Guardado automático de un borrador nuevo.")
            record(saved, request.user, Revision.Action.CREATED)
        else:
            record_typing(saved, request.user)

    def _bound(
        self, request: HttpRequest, resource: Resource | None, without: tuple[str, ...]
    ) -> ResourceForm:
        """Return the form bound to the posted data, without the fields `without` and those saved by hand."""
        left_out = {*BY_HAND, *without, *self.get_readonly_fields(request, resource)}
        every = flatten_fieldsets(self.get_fieldsets(request, resource))
        fields = [name for name in every if name not in left_out]
        form_class = self.get_form(request, resource, change=resource is not None, fields=fields)
        data = request.POST.copy()
        for button in [name for name in data if name.startswith("_")]:
            del data[button]  # no button is pressed by saving itself
        return cast(ResourceForm, form_class(data, instance=resource))

    def _answer(self, request: HttpRequest, saved: Resource, skipped: list[str]) -> JsonResponse:
        at = timezone.localtime().strftime("%H:%M")
        said = f"Borrador guardado a las {at}."
        if skipped:
            said += f" Falta corregir: {get_text_list(skipped, 'y')}."
        html = render_to_string(
            "admin/resources/_issues.html", {"findings": issues_of(saved)}, request
        )
        return JsonResponse(
            {
                "saved": True,
                "said": said,
                "revision": saved.revision,
                "findings": html,
                "address": address_to_be(saved),
                "url": form_url(saved),
                "autosave": self.autosave_url(saved),
            }
        )


def _said(words: str, status: int = 200) -> JsonResponse:
    return JsonResponse({"saved": False, "said": words}, status=status)


def answered_to_script(request: HttpRequest, response: HttpResponse, problems: Any) -> HttpResponse:
    """Convert `response` to JSON for the autosave script: a redirect or the errors; leave other requests alone.

    The page itself is not rendered, so no message is used up.
    """
    if request.headers.get("X-Desk") != "upload" or request.method != "POST":
        return response
    if response.status_code in (301, 302):
        return JsonResponse({"url": response.headers["Location"]})
    context = getattr(response, "context_data", None)
    if not context or not context.get("errors"):
        return response
    found = problems(context["adminform"], context["inline_admin_formsets"])
    return JsonResponse(
        {
            "errors": [problem._asdict() for problem in found],
            "page": context["adminform"].form.is_stale,
        },
        status=422,
    )
