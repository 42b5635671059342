"""Serialize records as the JSON of the API: Spanish names, null for unknown values."""

from typing import Any

from resources.addresses import reverse
from resources.dates import in_figures
from resources.kinds.legislation.description import (
    Event,
    ForceLabel,
    LegislationRecord,
    RelatedAct,
    Verb,
)
from resources.listing.hits import Highlight
from resources.models.kind_spec import KindSpec
from resources.opendata.fields import FILE_FIELDS, Value, resource_fields
from resources.opendata.record import FileRecord, PublisherRef, ResourceRecord, TermRef, absolute

Json = dict[str, Any]
ACTS = {
    (Verb.AMENDS, "outgoing"): "reforma-a",
    (Verb.REPEALS, "outgoing"): "deroga-a",
    (Verb.IMPLEMENTS, "outgoing"): "desarrolla-a",
    (Verb.AMENDS, "incoming"): "reformado-por",
    (Verb.REPEALS, "incoming"): "derogado-por",
    (Verb.IMPLEMENTS, "incoming"): "desarrollado-en",
}


def resource_json(facts: ResourceRecord) -> Json:
    """Serialize a resource for a list."""
    return {field.api: _json(field.read(facts)) for field in resource_fields() if field.api}


def _json(value: Value) -> Any:
    """Return a value of a field as JSON."""
    match value:
        case None | "":
            return None
        case KindSpec() | ForceLabel():
            return value.slug
        case TermRef():
            return _shelf(value)
        case PublisherRef():
            return _issuer(value)
        case FileRecord():
            return {field.api: _json(field.read(value)) for field in FILE_FIELDS if field.api}
        case tuple():
            return [_json(inner) for inner in value]
        case _:
            return value


def whole_resource_json(facts: ResourceRecord) -> Json:
    """Serialize one resource with its long text and its legislation record."""
    return resource_json(facts) | {
        "texto": facts.text or None,
        "norma": _law(facts.law) if facts.law else None,
    }


def passage_json(passage: Highlight) -> Json:
    """Serialize a highlight with its place."""
    return {
        "texto": "".join(piece.text for piece in passage.pieces),
        "donde": passage.label,
        "archivo": passage.file_title or None,
        "url": absolute(passage.url),
    }


def section_json(shelf: TermRef, description: str, count: int) -> Json:
    """Serialize a section."""
    return _shelf(shelf) | {
        "descripcion": description or None,
        "recursos": count,
        "api": f"{absolute(reverse('api-resources'))}?seccion={shelf.slug}",
    }


def tag_json(shelf: TermRef, count: int) -> Json:
    """Serialize a tag."""
    return _shelf(shelf) | {
        "recursos": count,
        "api": f"{absolute(reverse('api-resources'))}?etiqueta={shelf.slug}",
    }


def _shelf(shelf: TermRef) -> Json:
    return {"slug": shelf.slug, "titulo": shelf.title, "url": shelf.url}


def _issuer(issuer: PublisherRef) -> Json:
    return {
        "slug": issuer.slug,
        "nombre": issuer.name,
        "siglas": issuer.acronym or None,
        "url": issuer.url or None,
    }


def _law(law: LegislationRecord) -> Json:
    return {
        "vigencia": law.word.slug,
        "vigencia_en_palabras": law.sentence,
        "verificado": in_figures(law.checked_on) or None,
        "sin_verificar_desde": in_figures(law.unchecked_since) or None,
        "identificador": law.identifier or None,
        "numero": law.number or None,
        "registro_oficial": law.gazette or None,
        "fecha_registro_oficial": in_figures(law.gazette_date) or None,
        "en_vigencia_desde": in_figures(law.in_force_on) or None,
        "derogado_desde": in_figures(law.repealed_on) or None,
        "evidencia": law.evidence_url or None,
        "nota_evidencia": law.evidence_note or None,
        "relaciones": [_act(act) for act in law.acts],
        "historia": [_event(event) for event in law.events],
    }


def _act(act: RelatedAct) -> Json:
    return {
        "relacion": ACTS[Verb(act.verb), act.direction],
        "titulo": act.title,
        "url": absolute(act.url) or None,
        "fecha": in_figures(act.happened_on) or None,
        "en_este_catalogo": act.is_here,
    }


def _event(event: Event) -> Json:
    return {
        "fecha": in_figures(event.date, event.precision) or None,
        "texto": event.text,
        "confirmado": event.is_confirmed,
    }
