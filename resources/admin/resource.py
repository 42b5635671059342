"""ModelAdmin of resources: form, save, transition."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from resources.admin.autosave import AutosaveMixin
from resources.admin.bulk.actions import BulkMixin
from resources.admin.changelist import ResourceListMixin
from resources.admin.drop_zone import forget
from resources.admin.file_inline import FileFormSet, FileInline
from resources.admin.forms import (
    BUTTONS,
    DateInput,
    DateTimeField,
    DateTimeInput,
    ResourceForm,
)
from resources.admin.history import HistoryMixin
from resources.admin.permissions import (
    Status,
    can_publish,
    may_change,
    may_restore,
    next_states,
)
from resources.admin.resource_pages import ResourcePagesMixin
from resources.admin.shortcuts import form_url
from resources.admin.sidebar import AsideMixin
from resources.admin.transition_messages import (
    PUBLISH_LABEL,
    SCHEDULE_LABEL,
    publish_label,
    step_message,
)
from resources.admin.trash import TrashMixin
from resources.admin.uploads import (
    DeskRequest,
    InspectedUploadsMixin,
    PictureField,
    PictureInput,
)
from resources.files.covers import make_renditions
from resources.files.trashed_files import trash_file
from resources.files.versions import cover_from_main_file
from resources.locking import lock
from resources.models import Resource, Revision, StaleRowError
from resources.models.kind_spec import kind_spec
from resources.workflow.revisions import last_note, record
from resources.workflow.transitions import transition

Fieldsets = list[tuple[Any, Any]]

BEFORE_FILES = "desk-before-files"
"""Class of the fieldsets that stand above the files; the others follow them."""


class ResourceAdmin(
    InspectedUploadsMixin,
    AsideMixin,
    AutosaveMixin,
    TrashMixin,
    BulkMixin,
    HistoryMixin,
    ResourcePagesMixin,
    ResourceListMixin,
    admin.ModelAdmin,
):
    """The admin of a kind, by its declaration. Legal instruments add to it."""

    form = ResourceForm
    inlines: ClassVar[tuple[type[admin.StackedInline], ...]] = (FileInline,)
    kind_filters: tuple[str, ...] = ()  # after the one by the finer type
    autocomplete_fields = ("issuer",)
    radio_fields = {"section": admin.VERTICAL}
    formfield_overrides = {
        models.DateField: {"widget": DateInput},
        models.DateTimeField: {"form_class": DateTimeField, "widget": DateTimeInput},
        models.ImageField: {"form_class": PictureField, "widget": PictureInput},
        models.URLField: {"assume_scheme": "https"},
    }
    change_form_template = "admin/resources/resource_form.html"

    def get_fieldsets(self, request: HttpRequest, obj: Resource | None = None) -> Fieldsets:
        """Return the fieldsets: content, fields of the kind, provenance, state."""
        return [
            _essentials(),
            *_of_kind(str(self.opts.model_name)),
            *_particulars(),
            _state(can_publish(request), obj is None or may_change(request, obj)),
        ]

    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        """Add the filters that only this kind has."""
        finer = kind_spec(str(self.opts.model_name)).type_field
        own = (finer, *self.kind_filters) if finer else self.kind_filters
        return (*self.list_filter[:2], *own, *self.list_filter[2:])

    def get_form(
        self, request: HttpRequest, obj: Resource | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Set the user's right to publish on the form class."""
        form = super().get_form(request, obj, change, **kwargs)
        cast(Any, form).publishes = can_publish(request)
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the sections without an empty choice: none is chosen until someone chooses."""
        if db_field.name == "section":
            kwargs["empty_label"] = None
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Remove the change and delete buttons beside related fields; only "add" stays."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        for link in ("can_change_related", "can_delete_related", "can_view_related"):
            if hasattr(widget, link):
                setattr(widget, link, False)
        if db_field.name == "section" and widget is not None:
            widget.can_add_related = False
        return field

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Resource, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """Pass the inspected uploads and the user to the file forms."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, FileInline):
            bench = cast(DeskRequest, request).desk_bench
            kwargs["form_kwargs"] = {"bench": bench, "user": request.user}
        return kwargs

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Resource | None:
        """Return the resource, locked for update while a form is saved."""
        resource = super().get_object(request, object_id, from_field)
        if resource and request.method == "POST" and transaction.get_connection().in_atomic_block:
            try:
                lock(resource)
            except StaleRowError:  # deleted, or of another kind, since it was read
                return None
        return resource

    def view_on_site(self, obj: Resource) -> str:
        """Link to the real page; a draft shows there with a banner, to editors only."""
        return obj.get_absolute_url()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the transition buttons that the user may press."""
        resource = kwargs.get("obj")
        editable = resource is None or self.has_change_permission(request, resource)
        steps = next_states(resource or self.model(), can_publish(request)) if editable else []
        present = resource.status if resource else Status.DRAFT
        if not editable:
            context["title"] = f"{str(self.opts.verbose_name).capitalize()} (solo para ver)"
        context |= {
            "is_resource_form": True,
            "offers_publishing": Status.PUBLISHED in steps and present != Status.PUBLISHED,
            "offers_unscheduling": bool(resource and editable and resource.is_scheduled),
            "publish_label": publish_label(context["adminform"].form),
            "publish_labels": (PUBLISH_LABEL, SCHEDULE_LABEL),
            "local_now": timezone.localtime(),
            "offers_review": Status.REVIEW in steps and present != Status.REVIEW,
            "offers_return": present == Status.REVIEW and Status.DRAFT in steps,
            "offers_withdrawing": can_publish(request),
            "last_note": last_note(resource) if resource else None,
            "in_trash": bool(resource and resource.deleted_at),
            "may_restore": bool(resource and may_restore(request, resource)),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the fields; the transition follows when the files are stored."""
        if "cover" in form.changed_data:
            if not obj.cover_from_file:
                trash_file(
                    "pictures", form.initial["cover"].name if form.initial.get("cover") else ""
                )
            obj.cover_from_file = False
        super().save_model(request, obj, form, change)

    def record_edit(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> None:
        """Record a creation; a change is recorded with its transition."""
        if not change:
            super().record_edit(request, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: list, change: bool) -> None:
        """Store tags, files and relations, then apply the chosen transition."""
        forget(request, form.instance)
        super().save_related(request, form, formsets, change)
        resource = form.instance
        cast(DeskRequest, request).desk_step = self._take_step(request, form), form.was_scheduled
        if "cover" in form.changed_data:
            make_renditions.enqueue(resource.pk)
            if not resource.cover:
                cover_from_main_file.enqueue(resource.pk)
        self._record_order(request, form)

    def _take_step(self, request: HttpRequest, form: ResourceForm) -> str:
        """Apply the chosen transition with its note; return the action recorded."""
        resource, note = form.instance, form.cleaned_data.get("step_note", "")
        if form.step:
            about = {"actor": request.user, "note": note, **form.step_details}
            return transition(resource, form.step, with_edit=True, **about)
        record(resource, request.user, Revision.Action.CHANGED, note)
        return Revision.Action.CHANGED

    def _record_order(self, request: HttpRequest, form: ResourceForm) -> None:
        """Record a new place among its section's resources, which is told on the section."""
        if "position" in form.changed_data:
            before, now = form.initial.get("position"), form.instance.position
            note = f"«{form.instance}»: orden {before} → {now}."
            record(form.instance.section, request.user, Revision.Action.CHANGED, note)

    def save_formset(
        self, request: HttpRequest, form: ResourceForm, formset: Any, change: bool
    ) -> None:
        """Store the rows and show the inspection's remarks."""
        super().save_formset(request, form, formset, change)
        if isinstance(formset, FileFormSet):
            for remark in formset.remarks():
                self.message_user(request, remark, messages.WARNING)

    def response_add(
        self, request: HttpRequest, obj: Resource, post_url_continue: str | None = None
    ) -> HttpResponse:
        """After a transition stay at the form and show the address."""
        return self._after_step(request, obj) or super().response_add(
            request, obj, post_url_continue
        )

    def response_change(self, request: HttpRequest, obj: Resource) -> HttpResponse:
        """After a transition stay at the form and show the address."""
        return self._after_step(request, obj) or super().response_change(request, obj)

    def _after_step(self, request: HttpRequest, obj: Resource) -> HttpResponse | None:
        """Show the transition's message; redirect to the form if its button was pressed."""
        pressed = any(name in request.POST for name in BUTTONS)
        action, was_scheduled = cast(DeskRequest, request).desk_step
        if action != Revision.Action.CHANGED:
            told = step_message(obj, action, was_scheduled=was_scheduled)
            self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(form_url(obj)) if pressed else None


def _essentials() -> tuple[str, dict[str, Any]]:
    return (
        "Qué es",
        {
            "classes": [BEFORE_FILES],
            "description": "Lo que la gente lee primero: en la portada, en los resultados de búsqueda y al compartir.",
            "fields": ["title", "summary", "section", "tags"],
        },
    )


def _of_kind(name: str) -> Fieldsets:
    """Return the parts of the form that only this kind has."""
    return [
        (
            part.title,
            {"classes": [BEFORE_FILES], "description": part.description, "fields": part.fields},
        )
        for part in kind_spec(name).fieldsets
    ]


def _particulars() -> Fieldsets:
    return [
        (
            "De dónde viene",
            {
                "description": "Escriba solo lo que consta en el recurso o en su fuente. Lo que no se conoce se deja vacío: "
                "el sitio dirá «por verificar», y eso también es información.",
                "fields": [
                    "issuer",
                    ("issued_on", "issued_on_precision"),
                    "language",
                    "licence",
                    "source_url",
                    "link_pending",
                ],
            },
        ),
        ("Portada", {"classes": ["collapse"], "fields": ["cover"]}),
        (
            "Dirección y orden",
            {
                "classes": ["collapse"],
                "description": "La dirección identifica al recurso para siempre: se imprime, se cita y se comparte. Si la cambia "
                "después de publicar, la anterior sigue funcionando y lleva a la nueva.",
                "fields": ["slug", "position"],
            },
        ),
    ]


def _state(publishes: bool, changes: bool) -> tuple[str, dict[str, Any]]:
    prepares = "Cuando termine, envíelo a revisión: una persona con permiso de publicar lo verá en su lista."
    schedules = (
        "Para publicar ahora basta el botón. Para programar, escriba una fecha futura en «Publicado desde»: el botón dirá "
        "«Programar para el…». Si borra la fecha de lo programado y guarda, vuelve a borrador. Lo publicado no se borra: "
        "se retira, y su dirección explica por qué."
    )
    note = ["step_note"] if changes else []
    dates = ["published_at", "withdraw_at", "withdrawn_reason"] if publishes else []
    return (
        "Estado y revisión",
        {
            "description": schedules if publishes else prepares,
            "fields": ["status", *note, *dates, ("review_by", "verified_on"), "editor_note"],
        },
    )
