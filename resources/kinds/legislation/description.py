"""Describe a legal instrument: its force in one sentence, its relations, its history."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.encoding import iri_to_uri

from resources.dates import in_words
from resources.identifiers import resource_iri
from resources.kinds.legislation.models import LegalInstrument, LegalRelation
from resources.models import Resource
from resources.models.choices import Force
from resources.models.compiled import CompiledQuery, Parameter
from resources.text import printable

Verb = LegalRelation.Verb

HEADINGS: dict[tuple[str, str], str] = {
    (Verb.AMENDS, "incoming"): "Reformado por",
    (Verb.REPEALS, "incoming"): "Derogado por",
    (Verb.IMPLEMENTS, "incoming"): "Se desarrolla en",
    (Verb.AMENDS, "outgoing"): "Reforma a",
    (Verb.REPEALS, "outgoing"): "Deroga a",
    (Verb.IMPLEMENTS, "outgoing"): "Desarrolla a",
}
PAST: dict[tuple[str, str], str] = {
    (Verb.AMENDS, "incoming"): "Se reforma",
    (Verb.REPEALS, "incoming"): "Se deroga",
    (Verb.IMPLEMENTS, "incoming"): "Se desarrolla",
    (Verb.AMENDS, "outgoing"): "Reforma",
    (Verb.REPEALS, "outgoing"): "Deroga",
    (Verb.IMPLEMENTS, "outgoing"): "Desarrolla",
}


@dataclass(frozen=True)
class ForceLabel:
    """Names of a force: slug, label, badge with icon and style, schema.org term."""

    slug: str
    label: str
    badge: str
    icon: str
    style: str
    schema_org: str  # the end of its address; empty where nothing may be claimed


FORCE_LABELS: dict[str, ForceLabel] = {
    Force.IN_FORCE: ForceLabel("vigente", "Vigente", "Vigente", "vigente", "ok", "InForce"),
    Force.AMENDED: ForceLabel(
        "vigente-con-reformas",
        "Vigente con reformas",
        "Vigente con reformas",
        "reformas",
        "amended",
        "InForce",
    ),
    Force.REPEALED: ForceLabel("derogado", "Derogado", "Derogado", "derogado", "bad", "NotInForce"),
    Force.NOT_YET: ForceLabel(
        "aun-no-vigente", "Aún no vigente", "Aún no vigente", "futuro", "soon", "NotInForce"
    ),
    Force.UNVERIFIED: ForceLabel(
        "por-verificar", "Por verificar", "Vigencia por verificar", "verificar", "open", ""
    ),
}
"""The one table of what is said of each force: page, search facet, exports and JSON-LD read it."""

SENTENCES = {
    Force.IN_FORCE: "Está vigente. No conocemos reformas hasta el {verified}, fecha de su última verificación.",
    Force.AMENDED: "Está vigente con reformas. El texto de este archivo puede no incluirlas todas.",
    Force.REPEALED: "Está derogado: ya no se aplica. Se conserva como referencia.",
    Force.NOT_YET: "Aún no está vigente.",
    Force.UNVERIFIED: "Nadie ha verificado todavía si está vigente. Antes de aplicar su texto, compruebe en el Registro Oficial.",
}


@dataclass(frozen=True)
class RelatedAct:
    """The other end of a relation; `url` and `iri` are empty where there is nothing to open."""

    verb: str
    direction: str
    title: str
    url: str
    happened_on: dt.date | None
    is_here: bool
    iri: str


@dataclass(frozen=True)
class Event:
    """One event of the history; `is_confirmed` where a checked source has it."""

    date: dt.date | None
    text: str
    is_confirmed: bool
    precision: str = Resource.Precision.DAY


@dataclass(frozen=True)
class LegislationRecord:
    """An instrument's force, relations and history, ready to show."""

    force: Force
    word: ForceLabel
    sentence: str
    number: str
    gazette: str
    gazette_reference: str
    gazette_date: dt.date | None
    in_force_on: dt.date | None
    repealed_on: dt.date | None
    evidence_url: str
    evidence_note: str
    checked_on: dt.date | None
    acts: list[RelatedAct]
    events: list[Event]

    @property
    def identifier(self) -> str:
        """The number or, without one, the gazette reference."""
        return self.number or self.gazette_reference

    @property
    def unchecked_since(self) -> dt.date | None:
        """The day on which the verification of the force lapsed: "sin verificar desde …"."""
        return self.checked_on if self.force == Force.UNVERIFIED else None

    @property
    def groups(self) -> list[dict]:
        """The related acts by heading."""
        return relation_groups(self.acts)


def legislation_record(
    instrument: LegalInstrument, relations: Iterable[LegalRelation]
) -> LegislationRecord:
    """Build the record of `instrument`; its `relations` come with both ends."""
    acts = related_acts(instrument, relations)
    return LegislationRecord(
        force=Force(instrument.force),
        word=FORCE_LABELS[Force(instrument.force)],
        sentence=force_sentence(instrument),
        number=printable(instrument.number),
        gazette=printable(instrument.gazette),
        gazette_reference=printable(gazette_reference(instrument)),
        gazette_date=instrument.gazette_date,
        in_force_on=instrument.in_force_on,
        repealed_on=instrument.repealed_on,
        evidence_url=iri_to_uri(instrument.evidence_url),
        evidence_note=printable(instrument.evidence_note),
        checked_on=instrument.verified_on,
        acts=acts,
        events=history(instrument, acts),
    )


_INSTRUMENT = Parameter("instrument", models.IntegerField())
RELATIONS = CompiledQuery(
    lambda: LegalRelation.objects.filter(
        Q(source=_INSTRUMENT) | Q(target=_INSTRUMENT)
    ).select_related("source", "target")
)


def relations_of(instrument: Resource) -> list[LegalRelation]:
    """Fetch the relations of an instrument with both ends, oldest first: one query."""
    return RELATIONS.all(instrument=instrument.pk)


def gazette_reference(instrument: LegalInstrument) -> str:
    """Return gazette and date ("Registro Oficial Suplemento 303, de 19 de octubre de 2010"), or ""."""
    if not instrument.gazette:
        return ""
    day = in_words(instrument.gazette_date)
    return f"{instrument.gazette}, de {day}" if day else instrument.gazette


def related_acts(instrument: Resource, relations: Iterable[LegalRelation]) -> list[RelatedAct]:
    """Return the other ends of `relations` that are public, in their order."""
    acts = []
    for relation in relations:
        direction = "outgoing" if relation.source_id == instrument.pk else "incoming"
        other = relation.target if direction == "outgoing" else relation.source
        if other is not None and not (other.is_public or other.is_gone):
            continue
        citation, url = (
            (relation.target_citation, relation.target_url)
            if direction == "outgoing"
            else (relation.source_citation, relation.source_url)
        )
        acts.append(
            RelatedAct(
                verb=relation.verb,
                direction=direction,
                title=other.title if other else citation,
                url=(other.get_absolute_url() if other.is_public else "") if other else url,
                happened_on=relation.happened_on,
                is_here=other is not None,
                iri=resource_iri(other.pk, other.created) if other and other.is_public else "",
            )
        )
    return acts


def relation_groups(acts: Iterable[RelatedAct]) -> list[dict]:
    """Group the acts by heading: "Reformado por", "Deroga a"."""
    acts = list(acts)
    groups = []
    for (verb, direction), heading in HEADINGS.items():
        items = [act for act in acts if (act.verb, act.direction) == (verb, direction)]
        if items:
            groups.append({"heading": heading, "items": items})
    return groups


def force_sentence(instrument: LegalInstrument) -> str:
    """Return the force as one plain sentence."""
    sentence = SENTENCES[Force(instrument.force)]
    if instrument.force == Force.REPEALED and instrument.repealed_on:
        return f"Está derogado desde el {in_words(instrument.repealed_on)}: ya no se aplica. Se conserva como referencia."
    if instrument.force == Force.NOT_YET and instrument.in_force_on:
        return f"Aún no está vigente: entra en vigencia el {in_words(instrument.in_force_on)}."
    if instrument.force == Force.UNVERIFIED and instrument.verified_on:
        return f"Sin verificar desde el {in_words(instrument.verified_on)}. Antes de aplicar su texto, compruebe en el Registro Oficial."
    return sentence.format(verified=in_words(instrument.verified_on))


def history(instrument: LegalInstrument, acts: Iterable[RelatedAct]) -> list[Event]:
    """Return the events of the instrument by date; those without one come last."""
    checked = instrument.verified_on is not None
    events = []
    if instrument.issued_on and instrument.issued_on != instrument.gazette_date:
        events.append(
            Event(instrument.issued_on, "Se emite.", checked, instrument.issued_on_precision)
        )
    if instrument.gazette_date:
        where = instrument.gazette or "Registro Oficial"
        events.append(Event(instrument.gazette_date, f"Se publica: {where}.", checked))
    if instrument.in_force_on:
        events.append(Event(instrument.in_force_on, "Entra en vigencia.", checked))
    if instrument.repealed_on:
        events.append(Event(instrument.repealed_on, "Queda derogado.", checked))
    for act in acts:
        if act.verb != Verb.IMPLEMENTS:
            text = f"{PAST[(act.verb, act.direction)]}: {act.title.rstrip('.')}."
            events.append(Event(act.happened_on, text, checked and act.is_here))
    return sorted(events, key=lambda event: (event.date is None, event.date or dt.date.max))
