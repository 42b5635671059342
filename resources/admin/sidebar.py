"""Build the sidebar of the resource form: issues, suggestions of a file, uses of its files, help."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from resources.admin.autosave import answered_to_script, saves_itself
from resources.admin.drop_zone import suggested, used_elsewhere
from resources.models import Resource
from resources.models.kind_spec import kind_spec
from resources.quality.issues import issues_of
from resources.templatetags.form_errors import problems

ALWAYS = (
    ("lo-que-le-falta", "Qué significa lo que le falta"),
    ("reemplazar-un-archivo", "Reemplazar un archivo"),
    ("guardado-automatico", "Guardado automático"),
)


class AsideMixin(admin.ModelAdmin):
    """A ModelAdmin whose form has the sidebar."""

    autosave_url: Callable[[Resource | None], str]  # of AutosaveMixin

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer the form's upload script in its own format."""
        response = super().changeform_view(request, *args, **kwargs)
        return answered_to_script(request, response, problems)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the sidebar to the context."""
        resource = kwargs.get("obj")
        editable = self.has_change_permission(request, resource) if resource else True
        if resource:
            _tell_uses(context["inline_admin_formsets"], resource)
        context |= {
            "findings": issues_of(resource or self.model()) if editable else [],
            "suggested": suggested(request, resource) if resource and editable else [],
            "other_kinds": self._other_kinds(request, resource) if editable else [],
            "help_links": [_help_link(str(self.opts.model_name)), *ALWAYS],
            "autosave_url": self.autosave_url(resource)
            if editable and saves_itself(resource)
            else "",
            "has_aside": editable,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def _other_kinds(self, request: HttpRequest, resource: Resource | None) -> list[dict[str, str]]:
        """Return the kinds that a draft may become."""
        if resource is None or not saves_itself(resource):
            return []
        desk: Any = self.admin_site.get_model_admin(Resource)
        kinds = desk.addable_kinds(request)
        return [kind for kind in kinds if kind["model"] != resource.kind]


def _help_link(kind: str) -> tuple[str, str]:
    """Return anchor and title of the chapter of the manual about a kind."""
    spec = kind_spec(kind)
    return spec.help_anchor, spec.help_chapter


def _tell_uses(inline_admin_formsets: list, resource: Resource) -> None:
    """Set on each file of the form the other resources with the same bytes: one query for all."""
    slots = [
        form.instance
        for inline in inline_admin_formsets
        for form in inline.formset.initial_forms
        if getattr(form.instance, "current", None)
    ]
    others = used_elsewhere([slot.current.sha256 for slot in slots], resource) if slots else {}
    for slot in slots:
        slot.used_in = others.get(slot.current.sha256, [])
