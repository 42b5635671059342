"""The admin of the taxonomy: sections, organizations, tags."""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern

from resources.admin.history import RecordedAdmin
from resources.admin.ordering import READ_ORDER, order_conflict, order_token, section_urls
from resources.admin.shared_rows import SharedRowMixin
from resources.models import Organization, Resource, Section, Tag
from resources.text import fold


class InUseMixin(admin.ModelAdmin):
    """A ModelAdmin that refuses to delete a row in use and lists its users."""

    used_as: str  # the field by which a resource stands on it
    shown = 10  # resources named on the page of a refused deletion

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Remove bulk deletion: the delete page lists the users of each row."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(
        self, objs: Iterable[Model], request: HttpRequest
    ) -> tuple[list[str], dict, set, list[str]]:
        """Name the resources that stand on it, the bin's included, instead of walking every row."""
        users = Resource.objects.filter(**{f"{self.used_as}__in": objs}).order_by("sort_title")
        count = users.count()
        named = [str(resource) for resource in users[: self.shown]]
        if count > self.shown:
            named.append(f"… y {count - self.shown} más")
        return [str(obj) for obj in objs], {}, set(), named


def resource_count() -> Count:
    """Return the annotation that counts the resources in the catalogue, the bin's left out."""
    return Count("resources", filter=Q(resources__deleted_at=None))


class SectionRowForm(forms.ModelForm):
    """A section's number in the list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].widget.attrs["aria-label"] = f"Orden de {self.instance}"


class SectionRowsFormSet(forms.BaseModelFormSet):
    """The numbers of the sections, refused where someone else has changed them since the list was opened."""

    def clean(self) -> None:
        """Compare the stored numbers with those that the list was opened with."""
        super().clean()
        sections = Section.objects.order_by("position", "pk")
        if refused := order_conflict(self.data.get(READ_ORDER, ""), sections):
            raise ValidationError(refused, code="stale")


@admin.register(Section)
class SectionAdmin(InUseMixin, RecordedAdmin):
    """Sections of the home page, with the order of their resources."""

    used_as = "section"
    without_it = "Ningún recurso está en ella. Su dirección seguirá diciendo qué hubo allí."
    list_display = ("title", "position", "movers", "layout", "resource_count")
    list_editable = ("position",)
    list_per_page = 200
    ordering = ("position", "pk")
    sortable_by = ()
    change_list_template = "admin/resources/section_list.html"
    change_form_template = "admin/resources/section_form.html"
    prepopulated_fields = {"slug": ("title",)}

    class Media:
        js = [forms.Script("desk/slug.js", type="module")]

    fieldsets = [
        (
            None,
            {
                "description": "Una sección es una parte de la portada, con su propia página y su paquete para descargar.",
                "fields": ["title", "description", "layout"],
            },
        ),
        ("Dirección y orden", {"fields": ["slug", "position"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Section]:
        """Count the resources of each in the same query."""
        return super().get_queryset(request).annotate(resources_here=resource_count())

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[forms.ModelForm]:
        """Name each number after its section."""
        return super().get_changelist_form(request, **{"form": SectionRowForm} | kwargs)

    def get_changelist_formset(
        self, request: HttpRequest, **kwargs: Any
    ) -> type[forms.BaseModelFormSet]:
        """Compare the numbers before they are saved."""
        return super().get_changelist_formset(request, **{"formset": SectionRowsFormSet} | kwargs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Save positions in one transaction if nobody reordered since the page was opened."""
        is_sent = request.method == "POST"
        with transaction.atomic() if is_sent else nullcontext():  # on SQLite it is a writer's
            sections = Section.objects.order_by("position", "pk")
            if is_sent:
                sections = sections.select_for_update()
            context = {READ_ORDER: order_token(sections)} | (extra_context or {})
            return super().changelist_view(request, context)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Section | None = None
    ) -> tuple[str, ...]:
        """Fix the address once the section exists: other pages link to it."""
        return ("slug",) if obj else ()

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Section | None = None
    ) -> dict[str, Sequence[str]]:
        """Propose the address of a new section."""
        return {} if obj else self.prepopulated_fields

    @admin.display(description="recursos")
    def resource_count(self, section: Section) -> str:
        """Show how many there are, with the way to their order."""
        return render_to_string("admin/resources/cells/section_count.html", {"section": section})

    @admin.display(description="mover")
    def movers(self, section: Section) -> str:
        """Offer a step up and a step down."""
        return render_to_string(
            "admin/resources/cells/order_buttons.html", {"item": section, "form": "desk-move"}
        )

    def get_urls(self) -> list[URLPattern]:
        """Add the ordering pages."""
        return [*section_urls(self), *super().get_urls()]

    def view_on_site(self, obj: Section) -> str:
        """Link to the section's page."""
        return obj.get_absolute_url()


@admin.register(Organization)
class OrganizationAdmin(SharedRowMixin, InUseMixin, RecordedAdmin):
    """Who issues resources."""

    used_as = "issuer"
    without_it = "Ningún recurso dice que lo emitió."
    list_display = ("name", "acronym", "url", "resource_count")
    ordering = ("name",)
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    search_fields = ("name", "acronym")
    search_help_text = "Busca en el nombre y las siglas; las tildes no importan."
    list_per_page = 100
    fieldsets = [
        (
            None,
            {
                "description": "La institución que emitió un recurso: su nombre completo, tal como consta en él.",
                "fields": ["name", "acronym", "url"],
            },
        )
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        """Count the resources of each in the same query."""
        return super().get_queryset(request).annotate(resources_here=resource_count())

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Find names and acronyms with or without accents; there are hundreds of entities at most."""
        words = fold(search_term).split()
        if not words:
            return queryset, False
        names = Organization.objects.values_list("pk", "name", "acronym")
        found = [
            pk for pk, name, acronym in names if all(w in fold(f"{name} {acronym}") for w in words)
        ]
        return queryset.filter(pk__in=found), False

    @admin.display(description="recursos", ordering="resources_here")
    def resource_count(self, organization: Organization) -> int:
        """Show how many resources it issued."""
        return cast(Any, organization).resources_here  # annotated


class TagForm(forms.ModelForm):
    """A tag's name, which is typed between commas in a resource's form."""

    def clean_name(self) -> str:
        """Refuse names that the tag field of a resource could not contain."""
        name = " ".join(self.cleaned_data["name"].split())
        if "," in name or '"' in name:
            raise ValidationError(
                "Sin comas ni comillas: en los formularios, la coma separa etiquetas."
            )
        return name


@admin.register(Tag)
class TagAdmin(SharedRowMixin, RecordedAdmin):
    """The words that resources are filed under."""

    used_as = "tagged__tag"
    form = TagForm
    list_display = ("name", "resource_count")
    search_fields = ("folded",)
    search_help_text = "Busca en el nombre; las tildes no importan."
    list_per_page = 100
    delete_confirmation_template = "admin/resources/tag_delete.html"
    fieldsets = [
        (
            None,
            {
                "description": "Una etiqueta es un tema, en una a tres palabras. Antes de crear una, compruebe que no exista otra "
                "que diga lo mismo: dos etiquetas para un tema esconden la mitad de los recursos.",
                "fields": ["name"],
            },
        )
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        """Count the resources of each in the same query."""
        count = Count("tagged", filter=Q(tagged__content_object__deleted_at=None))
        return super().get_queryset(request).annotate(resources_here=count)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Remove bulk deletion: each deleted tag leaves a tombstone with its reason."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Find names with or without accents."""
        for word in fold(search_term).split():
            queryset = queryset.filter(folded__contains=word)
        return queryset, False

    def get_deleted_objects(
        self, objs: Iterable[Any], request: HttpRequest
    ) -> tuple[list[str], dict, set, list]:
        """Return the number of resources that lose the tag instead of every link."""
        losing = sum(tag.tagged.count() for tag in objs)
        return [str(tag) for tag in objs], {"recursos que la pierden": losing}, set(), []

    def view_on_site(self, obj: Tag) -> str:
        """Link to the page of all that carries the tag."""
        return obj.get_absolute_url()

    @admin.display(description="recursos", ordering="resources_here")
    def resource_count(self, tag: Tag) -> int:
        """Show how many resources carry it."""
        return tag.resources_here
