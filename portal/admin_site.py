"""The admin site: its name, dashboard, model order, throttled sign-in and help links."""

from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import Resolver404, URLPattern, URLResolver, resolve, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from participation.models import Ticket
from portal.dashboard import backup_lines, dashboard_items, quality_issues
from portal.manual import chapter_for, manual_urls
from portal.sign_in import (
    SignInForm,
    ThrottledPasswordChangeView,
    remember_browser,
    with_retry_after,
)
from resources.current_site import SiteRequest
from resources.files.upload_limits import upload_limits_in_words
from resources.models import Resource, SiteSettings
from resources.models.kind_spec import kind_names
from search.models import Synonym

ORDER = [
    "Resource",
    "Infographic",
    "Document",
    "LegalInstrument",
    "Video",
    "Section",
    "Tag",
    "Organization",
    "Synonym",
    "SiteSettings",
    "Page",
    "Redirect",
    "Link",
]
"""The models of the catalogue as an editor needs them, most used first."""


class PortalAdminSite(AdminSite):
    """Django's admin under the name of the site."""

    site_url = "/"
    enable_nav_sidebar = False  # the menu stands in the header: lists and forms need the width
    index_title = "Mesa editorial"
    empty_value_display = "—"
    login_form = SignInForm

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add the site's name to the header and title of every page."""
        name = (getattr(request, "site", None) or SiteSettings.load()).name
        return super().each_context(request) | {
            "site_header": name,
            "site_title": f"Mesa editorial de {name}",
            "email_is_configured": settings.EMAIL_IS_CONFIGURED,
            "upload_limits_in_words": upload_limits_in_words(),
            "may_add": _may_add(request),
            "manual_chapter": chapter_for(request),
        }

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the dashboard above the list of models."""
        kinds = cast(Any, self.get_model_admin(Resource)).addable_kinds(request)
        context = {
            "kinds": kinds,
            "waiting": dashboard_items(request),
            "care": quality_issues(cast(SiteRequest, request)),
            "backups": backup_lines(request),
        }
        return super().index(request, context | (extra_context or {}))

    @method_decorator(never_cache)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign in by the throttled form, then redirect to the requested page if it is one of this site."""
        response = super().login(request, extra_context)
        if request.method != "POST":
            return response
        if not isinstance(response, HttpResponseRedirect):
            return with_retry_after(response, cast(Any, response).context_data["form"].wait)
        if not _is_page_to_return_to(response.url):
            response = HttpResponseRedirect(reverse("admin:index"))
        remember_browser(response, request.user.get_username())
        return response

    @method_decorator(never_cache)
    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """End the session; a database outage is an error here, as the session would stay valid."""
        Session.objects.filter(pk=request.session.session_key).delete()
        return super().logout(request, extra_context)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Change the own password; wrong guesses of the old one are throttled."""
        request.current_app = self.name
        context = self.each_context(request) | (extra_context or {})
        done = reverse("admin:password_change_done", current_app=self.name)
        view = ThrottledPasswordChangeView.as_view(success_url=done, extra_context=context)
        response = cast(TemplateResponse, view(request))
        form = (getattr(response, "context_data", None) or {}).get("form")
        return with_retry_after(response, form.wait if form else 0)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the manual."""
        return [*manual_urls(self), *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """Order the catalogue first, and its models by use."""
        apps = {app["app_label"]: app for app in super().get_app_list(request)}
        catalogue, search = apps.get(Resource._meta.app_label), apps.get(Synonym._meta.app_label)
        if catalogue:
            catalogue["models"] += search["models"] if search else []
            catalogue["models"].sort(key=lambda model: _place(model["object_name"]))
        if app_label:
            return [apps[app_label]] if app_label in apps else []
        shown = [app for app in apps.values() if app is not search or not catalogue]
        return sorted(shown, key=lambda app: _place_of_app(app["app_label"]))


def _is_page_to_return_to(url: str) -> bool:
    """Return whether `url`, already known to be of this site, is a page other than sign-in or sign-out."""
    path = urlsplit(url).path
    for candidate in (path, f"{path}/"):  # Django adds the final slash where it is missing
        try:
            match = resolve(candidate)
        except Resolver404:
            continue
        if match.url_name:  # the admin's catch-all has none
            return match.view_name not in ("admin:login", "admin:logout")
    return False


def _place_of_app(label: str) -> int:
    """Return the sort key of an app: catalogue, tickets, then Django's order."""
    first = [Resource._meta.app_label, Ticket._meta.app_label]
    return first.index(label) if label in first else len(first)


def _place(name: str) -> int:
    """Return the sort key of a model in the list; one outside ORDER comes last."""
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _may_add(request: HttpRequest) -> bool:
    """Return whether the user may add a resource of any kind, for the button on every page."""
    return any(request.user.has_perm(f"resources.add_{kind}") for kind in kind_names())
