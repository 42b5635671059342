"""The admin of tickets: list by deadline, answer, dismiss, erase."""

import logging
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import Error
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from participation.deadlines import deadline_in_words
from participation.models import Ticket, TicketQuerySet
from participation.tickets import answer, attach, dismiss, erase, erase_old, mail, reopen
from resources.admin.optimistic_locking import EditConflictMixin
from resources.admin.permissions import may_change
from resources.admin.uploads import InspectedUploads, InspectedUploadsMixin
from resources.files.ingest import Examined
from resources.files.upload_limits import accepted, greatest_size
from resources.models import ResourceFile

logger = logging.getLogger(__name__)
ANSWER, DISMISS, REOPEN, MAIL = "_answer", "_dismiss", "_reopen", "_mail"
"""Names of the buttons under a ticket."""

CLOSED_MEANWHILE = (
    "Otra persona cerró esta solicitud mientras usted escribía. Su texto sigue aquí, sin guardar: "
    "mírela en otra pestaña y, si hace falta, reábrala para corregir la respuesta."
)


class StateFilter(admin.SimpleListFilter):
    """Filter tickets by state; open ones by default."""

    title = "estado"
    parameter_name = "estado"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the states, each with its Spanish word for addresses."""
        return [
            ("vencidas", "Vencidas"),
            ("respondidas", "Respondidas"),
            ("descartadas", "Descartadas"),
            ("todas", "Todas"),
        ]

    def choices(self, changelist: Any) -> Any:
        """Label the default."""
        first, *others = super().choices(changelist)
        yield first | {"display": "Por responder"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the tickets in the chosen state."""
        if self.value() == "vencidas":
            return cast(TicketQuerySet, queryset).late()
        conditions = {
            "respondidas": Q(status=Ticket.Status.ANSWERED),
            "descartadas": Q(status=Ticket.Status.DISMISSED),
            "todas": Q(),
        }
        return queryset.filter(conditions.get(self.value() or "", Q(status=Ticket.Status.OPEN)))


class AnswerForm(forms.ModelForm):
    """The answer to a ticket, and the accessible version that may come with it."""

    upload = forms.FileField(
        label="Archivo accesible",
        required=False,
        widget=forms.FileInput(attrs={"accept": accepted()}),
    )
    upload_label = forms.CharField(
        label="Cómo se llama",
        required=False,
        max_length=ResourceFile._meta.get_field("label").max_length,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Por ejemplo: Guía de datos, en Word. Vacío: «Versión accesible».",
    )
    upload_language = forms.ChoiceField(
        label="Idioma", choices=ResourceFile._meta.get_field("language").flatchoices, required=False
    )

    UPLOAD = ("upload", "upload_label", "upload_language")
    pressed: str
    may_attach: bool
    bench: InspectedUploads

    class Meta:
        model = Ticket
        fields = ("answer",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examined: Examined | None = None
        if not self.may_attach:
            for name in self.UPLOAD:
                del self.fields[name]
            return
        self.fields["upload"].help_text = (
            "Se agrega al recurso para todas las personas, como formato accesible. Súbalo solo si comprobó que lo es. "
            f"Hasta {greatest_size()}."
        )

    def clean(self) -> dict[str, Any]:
        """Refuse an empty answer or a closed ticket; add the errors of the inspection."""
        cleaned = super().clean() or self.cleaned_data
        if self.pressed in (ANSWER, DISMISS) and not self.instance.is_open:
            raise ValidationError(CLOSED_MEANWHILE)
        if self.pressed == ANSWER and not cleaned.get("answer", "").strip():
            self.add_error("answer", "Escriba la respuesta: es lo que la persona va a leer.")
        if self.may_attach and self.add_prefix("upload") in self.files:
            self._take_upload()
        return cleaned

    def _take_upload(self) -> None:
        if self.pressed != ANSWER:
            self.add_error("upload", "El archivo se agrega al pulsar «Responder y cerrar».")
            return
        try:
            self.examined = self.bench.finding(self.add_prefix("upload"))
        except ValidationError as refusal:
            self.add_error("upload", refusal)


@admin.register(Ticket)
class TicketAdmin(EditConflictMixin, InspectedUploadsMixin, admin.ModelAdmin):
    """Answers, dismisses and erases tickets; only the public creates them."""

    form = AnswerForm
    change_form_template = "admin/participation/ticket_form.html"
    list_display = ("number", "kind", "topic", "subject", "deadline", "received_on")
    list_filter = (StateFilter, "kind", "topic")
    list_select_related = ("resource",)
    list_per_page = 50
    search_fields = ("resource__sort_title", "about", "message")
    search_help_text = "Busca en el recurso y en el mensaje."
    show_full_result_count = False
    actions = ("dismiss_chosen", "erase_chosen")
    view_on_site = False
    SENT = ("topic", "subject", "file", "message", "needed_by", "email", "received_on", "deadline")
    OUTCOME = ("answer", "attached", "closed_on", "closed_by", "mail_state")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Forbid adding: only the public creates tickets."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        """Forbid deleting: a ticket is erased instead, as the statistics count it."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        """Order open tickets first, by deadline."""
        tickets = super().get_queryset(request).select_related("resource", "file__resource")
        waits = Case(When(status=Ticket.Status.OPEN, then=Value(0)), default=Value(1))
        return tickets.order_by(waits, "promised_for", "pk")

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Erase expired personal data, then show the list."""
        try:
            erase_old()
        except Error:
            logger.exception("What is too old could not be erased; it is tried again next time.")
        return super().changelist_view(request, *args, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Ticket | None = None) -> list[tuple]:
        """Return the ticket, then the answer or its field."""
        sent = ("Lo que envió", {"fields": self._sent(obj)})
        if not self._is_written(request, obj):
            return [sent, ("Lo que se respondió", {"fields": self.OUTCOME})]
        parts = [sent, ("Su respuesta", {"fields": ("answer",)})]
        if self._may_attach(request, obj):
            title = "Agregar un formato accesible al recurso"
            parts.append((title, {"fields": AnswerForm.UPLOAD}))
        return parts

    def _may_attach(self, request: HttpRequest, ticket: Ticket | None) -> bool:
        """Return whether the user may add a file to the ticket's resource."""
        if not ticket or not ticket.resource or not self._is_written(request, ticket):
            return False
        return may_change(request, ticket.resource)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Ticket | None = None
    ) -> tuple[str, ...]:
        """Make every field read-only except the answer of an open ticket."""
        sent = self._sent(obj)
        return sent if self._is_written(request, obj) else (*sent, *self.OUTCOME)

    def _sent(self, ticket: Ticket | None) -> tuple[str, ...]:
        """Return what was sent; that it came as fast as a program's is said only where it did."""
        return (*self.SENT, "is_hasty") if ticket and ticket.is_hasty else self.SENT

    def _is_written(self, request: HttpRequest, ticket: Ticket | None) -> bool:
        """Return whether an answer is being submitted; also for a ticket closed in the meantime."""
        pressed = {ANSWER, DISMISS, "_save"} & request.POST.keys()
        return bool(ticket and (ticket.is_open or (pressed and "answer" in request.POST)))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[AnswerForm]:
        """Pass the pressed button and the user's permissions to the form."""
        form = cast(type[AnswerForm], super().get_form(request, obj, change, **kwargs))
        form.may_attach = self._may_attach(request, obj)
        buttons = (ANSWER, DISMISS, REOPEN, MAIL)
        form.pressed = next((name for name in buttons if name in request.POST), "")
        return form

    def save_model(self, request: HttpRequest, obj: Ticket, form: AnswerForm, change: bool) -> None:
        """Apply the pressed button; without one, save the answer as a draft."""
        if form.pressed == ANSWER:
            self._answer(obj, form, request.user)
        elif form.pressed == DISMISS:
            dismiss(obj, user=request.user)
        elif form.pressed == REOPEN and not obj.erased_on:
            reopen(obj)
        elif form.pressed == MAIL:
            mail(obj)
        elif obj.is_open:
            obj.save()

    def _answer(self, ticket: Ticket, form: AnswerForm, user: Any) -> None:
        if form.examined and ticket.resource:
            attach(
                ticket,
                form.examined,
                label=form.cleaned_data["upload_label"] or "Versión accesible",
                language=form.cleaned_data["upload_language"] or ticket.resource.language,
                user=user,
            )
        answer(ticket, user=user)

    def response_change(self, request: HttpRequest, obj: Ticket) -> HttpResponse:
        """Show the result, and redirect to the next open ticket."""
        said = {
            ANSWER: f"{obj}: se respondió. La respuesta ya está en su dirección de seguimiento.",
            DISMISS: f"{obj}: se descartó. No cuenta en las cifras públicas.",
            REOPEN: f"{obj}: se abrió de nuevo para corregir la respuesta.",
            MAIL: f"{obj}: el correo se enviará otra vez.",
        }
        pressed = next((name for name in said if name in request.POST), "")
        if not pressed:
            return super().response_change(request, obj)
        self.message_user(request, said[pressed], messages.SUCCESS)
        stays = pressed in (REOPEN, MAIL)
        return HttpResponseRedirect(
            reverse("admin:participation_ticket_change", args=[obj.pk])
            if stays
            else reverse("admin:participation_ticket_changelist")
        )

    @admin.display(description="número", ordering="pk")
    def number(self, ticket: Ticket) -> str:
        """Show the ticket's number, for use on the telephone."""
        return ticket.number

    @admin.display(description="sobre", ordering="resource__sort_title")
    def subject(self, ticket: Ticket) -> str:
        """Show the ticket's resource and file."""
        return str(ticket.resource or ticket.about or "")

    @admin.display(description="plazo", ordering="promised_for")
    def deadline(self, ticket: Ticket) -> str:
        """Show the deadline in words."""
        return deadline_in_words(ticket)

    @admin.display(description="correo")
    def mail_state(self, ticket: Ticket) -> str:
        """Show whether the answer was mailed."""
        if ticket.erased_on and not ticket.mailed_on:
            return "Los datos se borraron."
        if ticket.mail_failed:
            return "No salió. Puede enviarlo otra vez."
        if ticket.mailed_on:
            return f"Enviado el {timezone.localtime(ticket.mailed_on):%d/%m/%Y a las %H:%M}"
        return "Por enviar" if ticket.email else "No dejó correo: lee la respuesta en el sitio."

    @admin.action(description="Descartar las elegidas (no son solicitudes)", permissions=["change"])
    def dismiss_chosen(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        """Dismiss the selected open tickets."""
        waiting = list(Ticket.objects.waiting().filter(pk__in=queryset.values("pk")))
        for ticket in waiting:
            dismiss(ticket, user=request.user)
        said = "Se descartó una." if len(waiting) == 1 else f"Se descartaron {len(waiting)}."
        self.message_user(request, said, messages.SUCCESS)

    @admin.action(
        description="Borrar ya los datos personales de las elegidas", permissions=["change"]
    )
    def erase_chosen(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        """Erase the personal data of the selected tickets at once."""
        closed = Ticket.objects.filter(pk__in=queryset.values("pk")).exclude(
            status=Ticket.Status.OPEN
        )
        self.message_user(
            request,
            f"Se borraron los datos de {erase(closed)}. Las que siguen por responder no cambian.",
            messages.SUCCESS,
        )
