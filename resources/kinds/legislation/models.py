"""The kind legal instrument: its record, relations and stored force."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from resources.kinds.legislation.force import Change, Verb, decide_force, verification_ends
from resources.models.base import PublicModel, day_after, start_of
from resources.models.choices import Force
from resources.models.kind_spec import (
    Fieldset,
    KindField,
    KindSpec,
    Palette,
    QualityRule,
    register,
)
from resources.models.queries import exists_for
from resources.models.resource import Resource


class LegalInstrument(Resource):
    """A law, a code, an agreement. `force` is derived from its record and relations."""

    class Type(models.TextChoices):
        CONSTITUTION = "constitution", "Constitución"
        ORGANIC_CODE = "organic_code", "Código orgánico"
        ORGANIC_LAW = "organic_law", "Ley orgánica"
        LAW = "law", "Ley ordinaria"
        DECREE = "decree", "Decreto ejecutivo"
        MINISTERIAL_AGREEMENT = "ministerial_agreement", "Acuerdo ministerial"
        INTERNATIONAL_INSTRUMENT = "international_instrument", "Instrumento internacional"
        ORDINANCE = "ordinance", "Ordenanza"
        RESOLUTION = "resolution", "Resolución"
        REGULATION = "regulation", "Reglamento"
        OTHER = "other", "Instrumento legal"

    instrument_type = models.CharField(
        "clase de norma", max_length=30, choices=Type.choices, default=Type.OTHER
    )
    number = models.CharField(
        "número",
        max_length=80,
        blank=True,
        help_text="Tal como consta en la norma: SGAPG-2023-001.",
    )
    gazette = models.CharField(
        "Registro Oficial",
        max_length=150,
        blank=True,
        help_text="Edición y número: Registro Oficial Suplemento 303.",
    )
    gazette_date = models.DateField("fecha del Registro Oficial", null=True, blank=True)
    in_force_on = models.DateField(
        "en vigencia desde",
        null=True,
        blank=True,
        help_text="Solo si consta. Vacío si no se conoce.",
    )
    repealed_on = models.DateField(
        "derogada desde", null=True, blank=True, help_text="Solo si consta la fecha de derogatoria."
    )
    evidence_url = models.URLField(
        "dirección de la evidencia",
        max_length=500,
        blank=True,
        help_text="La página oficial donde se comprueba lo dicho aquí.",
    )
    evidence_note = models.TextField(
        "nota sobre la evidencia",
        blank=True,
        help_text="De dónde sale cada dato y qué falta confirmar. Se publica.",
    )

    DUE_FIELDS = Resource.DUE_FIELDS | {"in_force_on", "repealed_on", "verified_on"}

    class Meta:
        verbose_name = "instrumento legal"
        verbose_name_plural = "instrumentos legales"
        constraints = [
            models.CheckConstraint(
                condition=Q(repealed_on__isnull=True)
                | Q(in_force_on__isnull=True)
                | Q(repealed_on__gte=F("in_force_on")),
                name="repeal_does_not_precede_force",
            ),
        ]

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Derive the force, here and of the instruments that this one acts upon."""
        self.refuse_stale()  # no relation is stored between reading them here and saving
        self.force = self.force_on(timezone.localdate())
        super().save(*args, **kwargs)
        refresh_force(LegalInstrument.objects.filter(incoming__source=self))

    def clean(self) -> None:
        """Validate the constraints of the database, with messages in Spanish by field."""
        super().clean()
        if self.repealed_on and self.in_force_on and self.repealed_on < self.in_force_on:
            raise ValidationError(
                {"repealed_on": "La derogatoria no puede ser anterior a la entrada en vigencia."}
            )
        if self.verified_on and self.verified_on > timezone.localdate():
            raise ValidationError(
                {"verified_on": "La verificación no puede tener una fecha futura."}
            )

    def next_due(self, now: dt.datetime) -> dt.datetime | None:
        """Return the first instant after `now` at which publication or force may change."""
        instants = [
            super().next_due(now),
            day_after(self.verification_ends),
            start_of(self.in_force_on),
            start_of(self.repealed_on),
        ]
        return min((instant for instant in instants if instant and instant > now), default=None)

    @property
    def has_evidence(self) -> bool:
        """Return whether the record names its evidence."""
        return bool(self.evidence_url or self.evidence_note.strip())

    @property
    def verification_ends(self) -> dt.date | None:
        """The last day of the verification; None without one."""
        days = settings.VERIFICATION_VALID_DAYS
        return verification_ends(self.verified_on, self.review_by, days)

    @property
    def review_due(self) -> dt.date | None:
        """The day of the next review; a verified record always has one."""
        return self.verification_ends or self.review_by

    def has_taken_effect(self, today: dt.date) -> bool:
        """Return whether its acts upon others count: it is or was public, was verified, and has begun.

        A lapsed review or a later repeal does not undo it: what it repealed stays repealed.
        """
        known = (
            self.status in (self.Status.PUBLISHED, self.Status.WITHDRAWN)
            and self.deleted_at is None
            and self._was_public_by(today)
        )
        begun = self.in_force_on is None or self.in_force_on <= today
        return bool(known and begun and self.has_evidence and self.verified_on)

    def _was_public_by(self, today: dt.date) -> bool:
        """Return whether it was public by `today`; on that day the hour decides."""
        at = self.published_at
        return at is not None and (at <= timezone.now() or timezone.localdate(at) < today)

    def force_on(self, today: dt.date, incoming: Iterable["LegalRelation"] | None = None) -> Force:
        """Decide the force on `today` from this record and its relations (`incoming`, if already read)."""
        if incoming is None:
            incoming = (
                []
                if self._state.adding
                else self.incoming.select_related("source__legalinstrument")
            )
        return decide_force(
            today=today,
            in_force_on=self.in_force_on,
            repealed_on=self.repealed_on,
            has_evidence=self.has_evidence,
            verified_until=self.verification_ends,
            changes=[
                Change(relation.verb, relation.source_has_taken_effect(today))
                for relation in incoming
            ],
        )


def _quality_rules() -> tuple[QualityRule, ...]:
    return (
        QualityRule(
            150,
            "evidencia",
            "sin evidencia de su vigencia",
            "Diga dónde se comprueba: la página oficial en «dirección de la evidencia», o una nota.",
            ("evidence_url",),
            Q(exists_for(LegalInstrument, "pk", evidence_url="", evidence_note="")),
        ),
        QualityRule(
            160,
            "vigencia",
            "vigencia por verificar",
            "Abra la fuente oficial, compruébela y use «Verificado hoy».",
            ("verified_on",),
            Q(force=Force.UNVERIFIED),
        ),
    )


SPEC = register(
    KindSpec(
        LegalInstrument,
        slug="instrumento-legal",
        order=30,
        hint="Una ley, un código, un acuerdo, una ordenanza; con su vigencia.",
        help_chapter="Publicar una norma",
        palette=Palette("#6a2a62", "#96478b", "#e2b0d8"),
        schema_type="Legislation",
        ris_type="STAT",
        dc_type="Text",
        fields=(
            KindField("instrument_type", desk="clase_de_norma"),
            KindField(
                "number",
                "De un instrumento legal: su número.",
                desk="numero",
                table="numero",
                index="tags",
            ),
            KindField(
                "gazette",
                "De un instrumento legal: edición y número del Registro Oficial.",
                desk="registro_oficial",
                table="registro_oficial",
                index="tags",
            ),
            KindField(
                "gazette_date",
                "De un instrumento legal: la fecha del Registro Oficial.",
                desk="fecha_registro_oficial",
                table="fecha_registro_oficial",
                index="tags",
            ),
            KindField("in_force_on", desk="en_vigencia_desde"),
            KindField("repealed_on", desk="derogada_desde"),
            KindField("evidence_url", desk="evidencia"),
            KindField("evidence_note", desk="nota_de_evidencia"),
        ),
        type_field="instrument_type",
        stated=("number", "gazette"),
        fieldsets=(
            Fieldset(
                "La norma",
                (("instrument_type", "number"), ("gazette", "gazette_date")),
                "Los datos que la identifican, tal como constan en ella o en el Registro Oficial.",
            ),
            Fieldset(
                "Vigencia",
                (
                    "force_with_reason",
                    ("in_force_on", "repealed_on"),
                    "evidence_url",
                    "evidence_note",
                ),
                "La vigencia no se escribe: resulta de las fechas, de las relaciones con otros instrumentos y de "
                "que alguien la haya comprobado en una fuente oficial. Lo que no se ha comprobado se muestra «por verificar».",
            ),
        ),
        quality_rules=_quality_rules,
    )
)


class LegalRelation(PublicModel):
    """One instrument acts upon another. Each end is a resource, or a citation of one outside the catalogue."""

    Verb = Verb

    INVERSE = {
        Verb.AMENDS: "es reformado por",
        Verb.REPEALS: "es derogado por",
        Verb.IMPLEMENTS: "se desarrolla en",
    }

    source = models.ForeignKey(
        Resource,
        verbose_name="instrumento que actúa",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="outgoing",
    )
    source_citation = models.CharField(
        "o su cita, si no está en el catálogo", max_length=400, blank=True
    )
    source_url = models.URLField("dirección de esa cita", max_length=500, blank=True)
    verb = models.CharField("qué hace", max_length=10, choices=Verb.choices)
    target = models.ForeignKey(
        Resource,
        verbose_name="instrumento afectado",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="incoming",
    )
    target_citation = models.CharField(
        "o su cita, si no está en el catálogo", max_length=400, blank=True
    )
    target_url = models.URLField("dirección de esa cita", max_length=500, blank=True)
    happened_on = models.DateField(
        "fecha",
        null=True,
        blank=True,
        help_text="Del Registro Oficial que lo publica. Vacío si no consta.",
    )

    ends_before: tuple[int | None, int | None] = (None, None)  # source and target, before saving
    SEARCHED = frozenset(
        "source source_id source_citation target target_id target_citation".split()
    )

    class Meta:
        verbose_name = "relación entre instrumentos"
        verbose_name_plural = "relaciones entre instrumentos"
        ordering = ["happened_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source__isnull=False) | Q(target__isnull=False),
                name="a_relation_has_an_end_in_the_catalogue",
            ),
            models.CheckConstraint(
                condition=(Q(source__isnull=False) & Q(source_citation=""))
                | (Q(source__isnull=True) & ~Q(source_citation="")),
                name="a_relation_source_is_a_resource_or_a_citation",
            ),
            models.CheckConstraint(
                condition=(Q(target__isnull=False) & Q(target_citation=""))
                | (Q(target__isnull=True) & ~Q(target_citation="")),
                name="a_relation_target_is_a_resource_or_a_citation",
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=True) | Q(target__isnull=True) | ~Q(source=F("target")),
                name="a_relation_joins_two_instruments",
            ),
            models.UniqueConstraint(
                fields=["source", "verb", "target"],
                name="a_relation_between_resources_is_told_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source or self.source_citation} {self.get_verb_display()} {self.target or self.target_citation}"

    @classmethod
    def citations_of(cls, ids: Collection[int]) -> dict[int, str]:
        """Return the citations of instruments outside the catalogue by resource, one a line."""
        cited: dict[int, list[str]] = defaultdict(list)
        for source, source_citation, target, target_citation in cls.objects.filter(
            Q(source__in=ids) | Q(target__in=ids)
        ).values_list("source", "source_citation", "target", "target_citation"):
            for resource, citation in ((source, target_citation), (target, source_citation)):
                if citation:
                    cited[resource].append(citation)
        return {resource: "\n".join(citations) for resource, citations in cited.items()}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the relation and derive the force of its target, and of its former one."""
        rows = LegalRelation.objects.filter(pk=self.pk).values_list("source", "target")
        self.ends_before = rows.first() or (None, None)
        super().save(*args, **kwargs)
        targets = {pk for pk in (self.ends_before[1], self.target_id) if pk is not None}
        refresh_force(LegalInstrument.objects.filter(pk__in=targets))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the relation and derive the force of its target."""
        target = self.target_id
        deleted = super().delete(*args, **kwargs)
        refresh_force(LegalInstrument.objects.filter(pk__in=[target] if target else []))
        return deleted

    def clean(self) -> None:
        """Validate the constraints of the database, with messages in Spanish."""
        ends = (
            ("source", self.source, self.source_citation),
            ("target", self.target, self.target_citation),
        )
        for name, resource, citation in ends:
            if bool(resource) == bool(citation.strip()):
                raise ValidationError(
                    {
                        f"{name}_citation": "Elija un recurso del catálogo o escriba la cita, una de las dos cosas."
                    }
                )
        if not self.source and not self.target:
            raise ValidationError("Al menos uno de los dos instrumentos debe estar en el catálogo.")
        if self.source_id and self.source_id == self.target_id:
            raise ValidationError("Un instrumento no actúa sobre sí mismo.")

    def source_has_taken_effect(self, today: dt.date) -> bool:
        """Return whether the source has taken effect; true for one outside the catalogue."""
        if self.source is None:
            return True
        source = self.source.specific if self.source.kind == SPEC.name else None
        return isinstance(source, LegalInstrument) and source.has_taken_effect(today)


def review_due_by(day: dt.date, *, since: dt.date | None = None) -> Q:
    """Return the condition of `review_due` not after `day` (nor before `since`)."""
    span = dt.timedelta(days=settings.VERIFICATION_VALID_DAYS)
    typed = Q(review_by__lte=day)
    derived = Q(kind=SPEC.name, review_by=None, verified_on__lte=day - span)
    if since is not None:
        typed &= Q(review_by__gte=since)
        derived &= Q(verified_on__gte=since - span)
    return typed | derived


def refresh_force(
    instruments: models.QuerySet[LegalInstrument], today: dt.date | None = None
) -> int:
    """Update the stored force of `instruments`; return how many changed."""
    today = today or timezone.localdate()
    changed = 0
    for instrument in instruments.order_by("pk").prefetch_related(
        models.Prefetch("incoming", LegalRelation.objects.select_related("source__legalinstrument"))
    ):
        if instrument.force_on(today, instrument.incoming.all()) != instrument.force:
            changed += _store_force(instrument, today)
    return changed


@transaction.atomic
def _store_force(instrument: LegalInstrument, today: dt.date) -> int:
    """Decide the force again from the locked row and store it; return how many rows changed."""
    rows = Resource.objects.select_for_update().order_by("pk").filter(pk=instrument.pk)
    if not rows.values_list("pk", flat=True).first():
        return 0
    instrument.refresh_from_db()
    force = instrument.force_on(today)
    return rows.exclude(force=force).update(force=force)
