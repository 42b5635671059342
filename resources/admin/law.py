"""The desk of legal instruments: their record, what acts upon what, and when someone last checked it."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from resources.admin.permissions import may_change
from resources.admin.resource import BEFORE_FILES, Fieldsets, ResourceAdmin
from resources.catalog.legal import force_sentence
from resources.models import LegalInstrument, LegalRelation, Resource


class RelationForm(forms.ModelForm):
    """One relation, told from the instrument whose form this is: its own end is known, the other is asked for."""

    near: ClassVar[str] = ""  # the end that is this instrument: source or target

    def _get_validation_exclusions(self) -> set[str]:
        """Leave out the near end while it is new: it has no number yet that the database could compare."""
        exclusions = super()._get_validation_exclusions()
        return exclusions if getattr(self.instance, self.near).pk else exclusions | {self.near}


class OutgoingForm(RelationForm):
    """This instrument acts upon another."""

    near = "source"


class IncomingForm(RelationForm):
    """Another instrument acts upon this one; the verbs read from here."""

    near = "target"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "verb" in self.fields:
            verbs = [(verb.value, words) for verb, words in LegalRelation.INVERSE.items()]
            self.fields["verb"].choices = [("", "---------"), *verbs]


class RelationFormSet(BaseInlineFormSet):
    """Relations whose near end is known before it is stored."""

    def _construct_form(self, i: int, **kwargs: Any) -> forms.ModelForm:
        form = super()._construct_form(i, **kwargs)
        setattr(form.instance, self.fk.name, self.instance)
        return form

    def clean(self) -> None:
        """Refuse the same relation twice in one submission."""
        super().clean()
        told = [
            _told(form.instance) for form in self.forms if form.has_changed() and form.is_valid()
        ]
        if len(told) != len(set(told)):
            raise ValidationError("La misma relación está dos veces: deje una sola.")


class RelationInline(admin.StackedInline):
    """The relations of an instrument in one direction."""

    model = LegalRelation
    formset = RelationFormSet
    extra = 0
    template = "admin/resources/relations.html"
    formfield_overrides = ResourceAdmin.formfield_overrides

    def get_queryset(self, request: HttpRequest) -> QuerySet[LegalRelation]:
        """Fetch both ends with the relations."""
        return super().get_queryset(request).select_related("source", "target")


class OutgoingInline(RelationInline):
    """What this instrument does to others."""

    form = OutgoingForm
    fk_name = "source"
    verbose_name = "relación"
    verbose_name_plural = "Este instrumento actúa sobre otros"
    autocomplete_fields = ("target",)
    fields = (("verb", "target"), ("target_citation", "target_url"), "happened_on")


class IncomingInline(RelationInline):
    """What others do to this instrument."""

    form = IncomingForm
    fk_name = "target"
    verbose_name = "relación"
    verbose_name_plural = "Otros instrumentos actúan sobre este"
    autocomplete_fields = ("source",)
    fields = (("verb", "source"), ("source_citation", "source_url"), "happened_on")


@admin.register(LegalInstrument)
class LegalInstrumentAdmin(ResourceAdmin):
    """A law, a code, an agreement. Its force is shown with its reason and never typed."""

    inlines = (*ResourceAdmin.inlines, OutgoingInline, IncomingInline)
    list_display = (
        "title",
        "section",
        "state",
        "force_word",
        "verified_on",
        "what_is_missing",
        "changed",
    )
    list_filter = (
        *ResourceAdmin.list_filter[:2],
        "instrument_type",
        "force",
        *ResourceAdmin.list_filter[2:],
    )
    actions = (*ResourceAdmin.actions, "mark_as_verified")
    readonly_fields = ("force_and_why",)
    kind_fieldsets: Fieldsets = [
        (
            "La norma",
            {
                "classes": [BEFORE_FILES],
                "description": "Los datos que la identifican, tal como constan en ella o en el Registro Oficial.",
                "fields": [("instrument_type", "number"), ("gazette", "gazette_date")],
            },
        ),
        (
            "Vigencia",
            {
                "classes": [BEFORE_FILES],
                "description": "La vigencia no se escribe: resulta de las fechas, de las relaciones con otros instrumentos y de "
                "que alguien la haya comprobado en una fuente oficial. Lo que no se ha comprobado se muestra «por verificar».",
                "fields": [
                    "force_and_why",
                    ("in_force_on", "repealed_on"),
                    "evidence_url",
                    "evidence_note",
                ],
            },
        ),
    ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Offer the click that says "verified today"."""
        instrument = kwargs.get("obj")
        offers = instrument is not None and self.has_change_permission(request, instrument)
        return super().render_change_form(
            request, context | {"offers_verifying": offers}, *args, **kwargs
        )

    @admin.display(description="vigencia")
    def force_and_why(self, instrument: LegalInstrument) -> str:
        """Tell the force in a word, and why."""
        if instrument.pk is None:
            return "Se calcula al guardar."
        return " ".join([f"{instrument.get_force_display()}.", *_reasons(instrument)])

    @admin.action(description="Marcar como verificadas hoy", permissions=["change"])
    def mark_as_verified(self, request: HttpRequest, queryset: QuerySet[LegalInstrument]) -> None:
        """Record that someone has checked the chosen ones against their sources today."""
        chosen = [instrument for instrument in queryset if may_change(request, instrument)]
        for instrument in chosen:
            instrument.verified_on = timezone.localdate()
            instrument.save()
            self.log_change(request, instrument, "Verificado contra su fuente.")
        self.message_user(request, f"Verificadas hoy: {len(chosen)}.", messages.SUCCESS)


def _told(relation: LegalRelation) -> tuple:
    """Return what makes a relation the same as another."""
    ends = (
        relation.source_id,
        relation.source_citation,
        relation.target_id,
        relation.target_citation,
    )
    return (relation.verb, *ends)


def _reasons(instrument: LegalInstrument) -> Iterator[str]:
    """Say why the force is what it is, and what would have to be done for it to be known."""
    if instrument.force != Resource.Force.UNVERIFIED:
        yield force_sentence(instrument)
        return
    if not instrument.has_evidence:
        yield "Falta decir dónde se comprueba: escriba la dirección de la evidencia o una nota."
    if not instrument.verified_on:
        yield "Falta comprobarla en su fuente: al hacerlo, use el botón «Verificado hoy»."
    elif instrument.review_by and instrument.review_by < timezone.localdate():
        yield "Venció la fecha de revisión: compruébela de nuevo, use «Verificado hoy» y ponga otra fecha."
