"""What is said of a legal instrument: its force in one sentence, what acts upon it, its history in order."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.formats import date_format

from resources.models import LegalInstrument, LegalRelation, Resource
from resources.models.resource import Resource as Base

Verb = LegalRelation.Verb
Force = Base.Force

HEADINGS = {
    (Verb.AMENDS, "incoming"): "Reformado por",
    (Verb.REPEALS, "incoming"): "Derogado por",
    (Verb.IMPLEMENTS, "incoming"): "Se desarrolla en",
    (Verb.AMENDS, "outgoing"): "Reforma a",
    (Verb.REPEALS, "outgoing"): "Deroga a",
    (Verb.IMPLEMENTS, "outgoing"): "Desarrolla a",
}
PAST = {
    (Verb.AMENDS, "incoming"): "Se reforma",
    (Verb.REPEALS, "incoming"): "Se deroga",
    (Verb.IMPLEMENTS, "incoming"): "Se desarrolla",
    (Verb.AMENDS, "outgoing"): "Reforma",
    (Verb.REPEALS, "outgoing"): "Deroga",
    (Verb.IMPLEMENTS, "outgoing"): "Desarrolla",
}
SENTENCES = {
    Force.IN_FORCE: "Está vigente. No conocemos reformas.",
    Force.AMENDED: "Está vigente con reformas. El texto de este archivo puede no incluirlas todas.",
    Force.REPEALED: "Está derogado: ya no se aplica. Se conserva como referencia.",
    Force.NOT_YET: "Aún no está vigente.",
    Force.UNVERIFIED: "Nadie ha verificado todavía si está vigente. Antes de usarlo, compruébelo en el Registro Oficial.",
}


@dataclass(frozen=True)
class RelatedAct:
    """The other end of a relation, as a reader sees it; `url` is empty where there is nothing to open."""

    verb: str
    direction: str
    title: str
    url: str
    happened_on: dt.date | None
    is_here: bool


@dataclass(frozen=True)
class Event:
    """One line of the history; `is_confirmed` is false for what no checked source says."""

    date: dt.date | None
    text: str
    is_confirmed: bool
    precision: str = Resource.Precision.DAY


def related_acts(instrument: Resource) -> list[RelatedAct]:
    """Return the other ends of all the instrument's relations that a visitor may know of, oldest first: one query."""
    relations = LegalRelation.objects.filter(Q(source=instrument) | Q(target=instrument))
    acts = []
    for relation in relations.select_related("source", "target"):
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
            )
        )
    return acts


def relation_groups(acts: Iterable[RelatedAct]) -> list[dict]:
    """Return the acts under the heading that reads them from this instrument: "Reformado por", "Deroga a"."""
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
        return f"Está derogado desde el {_day(instrument.repealed_on)}: ya no se aplica. Se conserva como referencia."
    if instrument.force == Force.NOT_YET and instrument.in_force_on:
        return f"Aún no está vigente: entra en vigencia el {_day(instrument.in_force_on)}."
    if instrument.force == Force.UNVERIFIED and instrument.verified_on:
        return f"Sin verificar desde el {_day(instrument.verified_on)}. Antes de usarlo, compruébelo en el Registro Oficial."
    return sentence


def history(instrument: LegalInstrument, acts: Iterable[RelatedAct]) -> list[Event]:
    """Return what happened to the instrument, in order; what has no date stands last."""
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


def _day(day: dt.date) -> str:
    return date_format(day, r"j \d\e F \d\e Y")
