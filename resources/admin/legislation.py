"""The admin of legal instruments: record, relations, verification."""

from collections.abc import Iterator
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from resources.admin.bulk.operations import VERIFY
from resources.admin.optimistic_locking import ConflictForm
from resources.admin.permissions import PREPARING, can_publish, may_change
from resources.admin.resource import ResourceAdmin
from resources.admin.shortcuts import row_or_404
from resources.admin.transition_messages import step_message
from resources.dates import in_words
from resources.kinds.legislation.description import force_sentence
from resources.kinds.legislation.models import LegalInstrument, LegalRelation
from resources.models import Resource, Revision
from resources.workflow.transitions import next_review, transition


class RelationForm(ConflictForm):
    """One relation, told from the instrument whose form this is: its own end is known, the other is asked for.

    The form of the other end may have changed it meanwhile: that is no new revision of this instrument.
    """

    near: ClassVar[str] = ""  # the end that is this instrument: source or target

    def _get_validation_exclusions(self) -> set[str]:
        """Leave out the near end while it is new: it has no number yet that the database could compare."""
        exclusions = super()._get_validation_exclusions()  # type: ignore[misc]  # not in the stubs
        return exclusions if getattr(self.instance, self.near).pk else exclusions | {self.near}


class OutgoingForm(RelationForm):
    """A relation by which the edited instrument acts upon another."""

    near = "source"


class IncomingForm(RelationForm):
    """Another instrument acts upon this one; the verbs read from here."""

    near = "target"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "verb" in self.fields:
            verbs = [(verb.value, words) for verb, words in LegalRelation.INVERSE.items()]
            cast(forms.ChoiceField, self.fields["verb"]).choices = [("", "---------"), *verbs]


class RelationFormSet(BaseInlineFormSet):
    """Relations whose near end is known before it is stored."""

    def _construct_form(self, i: int, **kwargs: Any) -> forms.ModelForm:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]  # not in the stubs
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
    """Relations from this instrument to others."""

    form = OutgoingForm
    fk_name = "source"
    verbose_name = "relación"
    verbose_name_plural = "Este instrumento actúa sobre otros"
    autocomplete_fields = ("target",)
    fields = (("verb", "target"), ("target_citation", "target_url"), "happened_on")


class IncomingInline(RelationInline):
    """Relations from others to this instrument."""

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
        "state",
        "force_word",
        "verified_on",
        "evidence",
        "quality_issues",
    )
    kind_filters = ("force",)
    bulk_steps = (*ResourceAdmin.bulk_steps, VERIFY)
    readonly_fields = ("force_with_reason",)
    change_list_template = "admin/resources/legislation_list.html"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Offer the click that says "verified today"."""
        instrument = kwargs.get("obj")
        offers = instrument is not None and self.has_change_permission(request, instrument)
        until = next_review(instrument.review_by) if instrument and offers else None
        return super().render_change_form(
            request,
            context | {"offers_verifying": offers, "verified_until": until},
            *args,
            **kwargs,
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Annotate whether the user may mark each row as verified."""
        may = Q(deleted_at=None) if self.has_change_permission(request) else Q(pk=None)
        if not can_publish(request):
            may &= Q(status__in=PREPARING)
        verifiable = ExpressionWrapper(may, output_field=BooleanField())
        return super().get_queryset(request).annotate(may_verify=verifiable)

    @admin.display(description="dónde se comprueba")
    def evidence(self, law: LegalInstrument) -> str:
        """Show the source, with the click that says "verified today" where the person may change the row."""
        context = {"law": law, "verified_until": next_review(law.review_by)}
        return render_to_string("admin/resources/cells/evidence.html", context)

    def get_urls(self) -> list[URLPattern]:
        """Add the click of the list."""
        view = self.admin_site.admin_view(require_POST(self.verify_view))
        return [
            path("<path:object_id>/verificar/", view, name="resources_legalinstrument_verify"),
            *super().get_urls(),
        ]

    def verify_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Record that one instrument was checked against its source today, and go back to the list."""
        law = row_or_404(LegalInstrument, object_id)
        if not self.has_change_permission(request, law):
            raise PermissionDenied
        try:
            transition(
                law,
                Revision.Action.VERIFIED,
                actor=request.user,
                allowed=lambda now: may_change(request, now),
            )
        except ValidationError as refusal:
            self.message_user(request, f"«{law}»: {' '.join(refusal.messages)}", messages.ERROR)
        else:
            self.log_change(request, law, "Verificado contra su fuente.")
            self.message_user(
                request, step_message(law, Revision.Action.VERIFIED), messages.SUCCESS
            )
        place = reverse("admin:resources_legalinstrument_changelist")
        return HttpResponseRedirect(
            f"{place}?{QueryDict(request.POST.get('filters', '')).urlencode()}"
        )

    @admin.display(description="vigencia")
    def force_with_reason(self, instrument: LegalInstrument) -> str:
        """Render the force and its reason."""
        if instrument.pk is None:
            return "Se calcula al guardar."
        context = {"law": instrument, "reasons": list(_reasons(instrument))}
        return render_to_string("admin/resources/cells/force.html", context)


def _told(relation: LegalRelation) -> tuple:
    """Return the identity of a relation, to detect duplicates."""
    ends = (
        relation.source_id,
        relation.source_citation,
        relation.target_id,
        relation.target_citation,
    )
    return (relation.verb, *ends)


def _reasons(instrument: LegalInstrument) -> Iterator[str]:
    """Return the reason for the current force, and the missing facts."""
    if instrument.force != Resource.Force.UNVERIFIED:
        yield force_sentence(instrument)
        if instrument.force in (Resource.Force.IN_FORCE, Resource.Force.AMENDED):
            yield f"La verificación vale hasta el {in_words(instrument.verification_ends)}."
        return
    if not instrument.has_evidence:
        yield "Falta decir dónde se comprueba: escriba la dirección de la evidencia o una nota."
    if not instrument.verified_on:
        yield "Falta comprobarla en su fuente: al hacerlo, use el botón «Verificado hoy»."
    elif (end := instrument.verification_ends) and end < timezone.localdate():
        ended = in_words(end)
        yield f"Venció la fecha de revisión, el {ended}: compruébela de nuevo y use «Verificado hoy»."
