"""The desks of the portal itself: its one row, its information pages, its former addresses."""

from collections.abc import Sequence
from typing import Any, cast

import django_tasks_db.admin
import taggit.admin
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from resources.admin.history import RecordedAdmin
from resources.admin.uploads import InspectedUploadsMixin, PictureField, PictureInput
from resources.models import Page, Redirect, SiteSettings

# Tables that no editor should meet: taggit's own tags, which the catalogue does not use, and the worker's log.
admin.site.unregister(taggit.admin.Tag)
admin.site.unregister(django_tasks_db.admin.DBTaskResult)


class PortalForm(forms.ModelForm):
    """Whose site this is. The logo passes the same inspection as every upload."""

    def clean_logo(self) -> Any:
        """Return the cleaned copy of an uploaded picture; False clears it."""
        logo = self.cleaned_data["logo"]
        return (
            cast(Any, self).bench.picture(self.add_prefix("logo")) if "logo" in self.files else logo
        )


@admin.register(SiteSettings)
class SiteSettingsAdmin(InspectedUploadsMixin, RecordedAdmin):
    """The one row: nothing to add, nothing to delete, no list."""

    form = PortalForm
    formfield_overrides = {models.ImageField: {"form_class": PictureField, "widget": PictureInput}}
    fieldsets = [
        (
            "La portada",
            {
                "description": "Lo primero que se lee. Una introducción breve vale más que una larga.",
                "fields": ["name", "title", "introduction", "logo"],
            },
        ),
        (
            "Quién responde",
            {
                "description": "Se muestra al pie de cada página. No escriba una institución que no haya aceptado este portal.",
                "fields": ["owner", "contact", "licence", "footer_note"],
            },
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one row, always."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SiteSettings | None = None) -> bool:
        """There is one row, always."""
        return False

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead to the one row."""
        return redirect("admin:resources_sitesettings_change", SiteSettings.load().pk)

    def response_post_save_change(
        self, request: HttpRequest, obj: SiteSettings
    ) -> HttpResponseRedirect:
        """Go back to the desk's home: there is no list to go to."""
        return redirect("admin:index")

    def view_on_site(self, obj: SiteSettings) -> str:
        """Link to the home page."""
        return "/"


class PageForm(forms.ModelForm):
    """An information page, at an address that nothing else has."""

    def clean_slug(self) -> str:
        """Refuse an address at which another page of the site stands."""
        slug = self.cleaned_data["slug"]
        try:
            is_free = resolve(f"/{slug}/").url_name == "page"
        except Resolver404:
            is_free = True
        if not is_free:
            raise ValidationError("En esa dirección ya hay otra parte del sitio. Elija otra.")
        return slug


@admin.register(Page)
class PageAdmin(RecordedAdmin):
    """The information pages."""

    form = PageForm
    without_it = "Su dirección dejará de responder y el sitio ya no enlazará a ella."
    list_display = ("title", "slug", "updated")
    search_fields = ("title",)
    search_help_text = "Busca en el título."
    fields = ["title", "slug", "body"]

    class Media:
        js = [forms.Script("desk/slug.js", type="module")]

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> tuple[str, ...]:
        """Fix the address once the page exists."""
        return ("slug",) if obj else ()

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Page | None = None
    ) -> dict[str, Sequence[str]]:
        """Propose the address of a new page."""
        return {} if obj else {"slug": ("title",)}

    def view_on_site(self, obj: Page) -> str:
        """Link to the page."""
        return obj.get_absolute_url()


@admin.register(Redirect)
class RedirectAdmin(admin.ModelAdmin):
    """Read-only admin of redirects and tombstones, which the site writes itself."""

    list_display = ("path", "resource", "title", "reason", "created")
    list_select_related = ("resource",)
    search_fields = ("path", "title")
    search_help_text = "Busca en la dirección y el título."
    list_per_page = 100
    view_on_site = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Forbid adding: redirects follow from changes of resources."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Redirect | None = None) -> bool:
        """Forbid changes: an address never changes its meaning."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Redirect | None = None) -> bool:
        """Forbid deleting: printed addresses must keep their answer."""
        return False
