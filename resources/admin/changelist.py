"""Shared changelist of resources: columns, accent-insensitive search, filters."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from resources.admin import filters
from resources.admin.shortcuts import form_url
from resources.models import Resource
from resources.quality.issues import issue_flags, with_issues
from resources.templatetags.formats import thousands
from resources.text import sort_key


class IssuesChangeList(ChangeList):
    """A ChangeList that annotates quality issues on the rows it displays; bulk actions skip them."""

    def get_results(self, request: HttpRequest) -> None:
        """Find the page's rows."""
        super().get_results(request)
        page, asked = self.result_list, request.GET.get(filters.MissingFilter.parameter_name, "")
        self.result_list = SimpleLazyObject(
            lambda: list(with_issues(page).annotate(gap_asked_for=Value(asked)))
        )


class ResourceListMixin(admin.ModelAdmin):
    """The change list of resources, of one kind or of all."""

    gaps_shown = 4  # in one row of the list; the form tells them all
    list_display: tuple[str, ...] = (
        "title",
        "section",
        "state",
        "quality_issues",
        "consulted",
        "changed",
    )
    list_filter: ClassVar[tuple[Any, ...]] = (
        filters.StateFilter,
        "section",
        filters.MissingFilter,
        filters.ReviewFilter,
        ("issuer", admin.RelatedOnlyFieldListFilter),
        filters.TrashFilter,
    )
    list_select_related = ("section", "view_count")
    list_per_page = 50
    search_fields = ("sort_title",)
    search_help_text = "Busca en el título y la dirección; las tildes no importan."
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Resource]:
        """Return the rows that a list, a form or a search for a relation starts from."""
        resources: Any = super().get_queryset(request)
        view = request.resolver_match.url_name if request.resolver_match else ""
        return resources.in_catalogue() if view == "autocomplete" else resources

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the ChangeList with quality issues."""
        return IssuesChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Find the rows whose title or address has every word of `search_term`, with or without accents."""
        for word in sort_key(search_term).split():
            queryset = queryset.filter(Q(sort_title__contains=word) | Q(slug__contains=word))
        return queryset, False

    @admin.display(
        description="consultas", ordering=Coalesce("view_count__times", 0), empty_value="0"
    )
    def consulted(self, resource: Resource) -> str:
        """Return the view count of the page and its files."""
        views = getattr(resource, "view_count", None)
        return thousands(views.times) if views else ""

    @admin.display(description="estado", ordering="status")
    def state(self, resource: Resource) -> SafeString:
        """Show the state as a word with its colour."""
        return render_to_string("admin/resources/cells/state.html", {"resource": resource})

    @admin.display(description="vigencia", ordering="force")
    def force_word(self, resource: Resource) -> str:
        """Show whether it is in force, where that makes sense."""
        return resource.get_force_display()

    @admin.display(description="modificado", ordering="updated")
    def changed(self, resource: Resource) -> str:
        """Show the day of the last change."""
        return date_format(timezone.localtime(resource.updated), "j/n/Y")

    @admin.display(description="qué le falta")
    def quality_issues(self, resource: Any) -> str:
        """Render the quality issues of the resource with links to their fields; those of the active filter first."""
        gaps = sorted(issue_flags(resource), key=lambda gap: gap.slug != resource.gap_asked_for)
        if not gaps:
            return ""
        shown = gaps[: self.gaps_shown]
        context = {"gaps": shown, "more": len(gaps) - len(shown), "url": form_url(resource)}
        return render_to_string("admin/resources/cells/issues.html", context)
