"""The admin of links: broken ones, since when, their usage, and the confirmation that a link works."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from maintenance.link_usage import broken_links_in_use, unreachable_links_in_use, uses_of
from resources.models import Link


class FindingFilter(admin.SimpleListFilter):
    """Filter links by result; broken ones by default."""

    title = "qué pasa"
    parameter_name = "enlaces"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the results besides broken."""
        return [
            ("una-vez", "Faltó una vez"),
            ("sin-respuesta", "Sin respuesta desde hace semanas"),
            ("dudosos", "No se pudo saber"),
            ("por-comprobar", "Sin comprobar todavía"),
            ("todos", "Todos"),
        ]

    def choices(self, changelist: Any) -> Any:
        """Label the default."""
        first, *others = super().choices(changelist)
        yield first | {"display": "Rotos"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the links with the chosen result."""
        sure = (*Link.MISSING, Link.Finding.FINE)
        chosen = {
            "una-vez": queryset.filter(failures=1),
            "dudosos": queryset.exclude(finding__in=sure).exclude(finding=""),
            "por-comprobar": queryset.filter(finding=""),
            "todos": queryset,
        }
        value = self.value() or ""
        if value in chosen:
            return chosen[value]
        shown = unreachable_links_in_use() if value == "sin-respuesta" else broken_links_in_use()
        return queryset.filter(pk__in=[link.pk for link in shown])


@admin.register(Link)
class LinkAdmin(admin.ModelAdmin):
    """A read-only list of links, each row one click from its mend. The forms where links appear create and delete them."""

    list_display = ("address", "what_happened", "where", "checked", "confirm")
    list_display_links = None
    list_filter = (FindingFilter,)
    list_per_page = 50
    search_fields = ("url",)
    show_full_result_count = False
    change_list_template = "admin/maintenance/link_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Forbid adding: links are found in the catalogue."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Link | None = None) -> bool:
        """Forbid deleting: an unused link is removed by itself."""
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer no bulk actions."""
        return {}

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Redirect to the list: a link has no form of its own."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:resources_link_changelist"))

    history_view = change_view

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Load the usage of the links on this page: one query for each kind of usage."""
        changes = super().get_changelist_instance(request)
        uses = uses_of(changes.result_list)
        for link in changes.result_list:
            link.uses = uses.get(link.url, [])
        return changes

    @admin.display(description="enlace")
    def address(self, link: Link) -> str:
        """Show the address as a link that opens in a new tab."""
        return render_to_string("admin/maintenance/cells/address.html", {"link": link})

    @admin.display(description="qué pasa")
    def what_happened(self, link: Link) -> str:
        """Show the result in words, and since when."""
        return render_to_string("admin/maintenance/cells/finding.html", {"link": link})

    @admin.display(description="dónde se corrige")
    def where(self, link: Link) -> str:
        """Show a link to each form, at the field."""
        return render_to_string(
            "admin/maintenance/cells/usage.html", {"uses": getattr(link, "uses", [])}
        )

    @admin.display(description="última comprobación", ordering="checked_at")
    def checked(self, link: Link) -> str:
        """Show the day of the last check."""
        return date_format(timezone.localtime(link.checked_at), "j/n/Y") if link.checked_at else ""

    @admin.display(description="si usted la abrió")
    def confirm(self, link: Link) -> str:
        """Show the button that confirms the link, where its last check failed."""
        return render_to_string("admin/maintenance/cells/confirmed.html", {"link": link})

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the confirm button."""
        view = self.admin_site.admin_view(require_POST(self.confirm_view))
        return [
            path("<int:object_id>/funciona/", view, name="resources_link_works"),
            *super().get_urls(),
        ]

    def confirm_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Confirm that the link works, and redirect to the list."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        link = get_object_or_404(Link, pk=object_id)
        Link.objects.filter(pk=link.pk).forget()
        told = f"Se anotó que funciona: {link.url}. Si vuelve a faltar en dos días distintos, aparecerá otra vez."
        self.message_user(request, told, messages.SUCCESS)
        place = reverse("admin:resources_link_changelist")
        filters = QueryDict(request.POST.get("filters", "")).urlencode()
        return HttpResponseRedirect(f"{place}?{filters}" if filters else place)
