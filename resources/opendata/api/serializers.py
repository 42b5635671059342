"""Facts as the JSON of the API: plain Spanish names, null for what nobody knows."""

from typing import Any

from django.urls import reverse
from django.utils.duration import duration_iso_string

from resources.dates import in_figures, instant
from resources.kinds.legislation.description import Event, LegislationRecord, RelatedAct, Verb
from resources.listing.hits import Highlight
from resources.opendata.record import SAMPLE_NOTE, FileRecord, ResourceRecord, TermRef, absolute

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
    """Return a resource as lists have it."""
    return {
        "id": facts.pk,
        "slug": facts.slug,
        "url": facts.url,
        "api": absolute(reverse("api-resource", args=[facts.slug])),
        "tipo": facts.kind.slug,
        "clase": facts.type_label,
        "titulo": facts.title,
        "descripcion": facts.summary or None,
        "idioma": facts.language,
        "seccion": _shelf(facts.section),
        "etiquetas": [_shelf(tag) for tag in facts.tags],
        "entidad": _issuer(facts),
        "fecha_emision": facts.issued or None,
        "edicion": facts.edition or None,
        "licencia": facts.licence or None,
        "licencia_url": facts.licence_url or None,
        "fuente": facts.source_url or None,
        "enlace_por_verificar": facts.link_pending,
        "publicado": instant(facts.published_at),
        "modificado": instant(facts.modified),
        "verificado": in_figures(facts.verified_on) or None,
        "revisar_antes_de": in_figures(facts.review_by) or None,
        "portada": facts.picture.url if facts.picture else None,
        "texto_alternativo": facts.alt_text or None,
        "video": facts.video_url or None,
        "duracion": duration_iso_string(facts.duration) if facts.duration else None,
        "vigencia": facts.law.word.slug if facts.law else None,
        "archivos": [_file(file) for file in facts.files],
    }


def whole_resource_json(facts: ResourceRecord) -> Json:
    """Return one resource with what only its own answer has: its long text and, for a law, all that is known of it."""
    return resource_json(facts) | {
        "texto": facts.text or None,
        "norma": _law(facts.law) if facts.law else None,
    }


def passage_json(passage: Highlight) -> Json:
    """Return a passage that answers, and where it stands."""
    return {
        "texto": "".join(piece.text for piece in passage.pieces),
        "donde": passage.label,
        "archivo": passage.file_title or None,
        "url": absolute(passage.url),
    }


def section_json(shelf: TermRef, description: str, count: int) -> Json:
    """Return a section."""
    return _shelf(shelf) | {
        "descripcion": description or None,
        "recursos": count,
        "api": f"{absolute(reverse('api-resources'))}?seccion={shelf.slug}",
    }


def tag_json(shelf: TermRef, count: int) -> Json:
    """Return a tag."""
    return _shelf(shelf) | {
        "recursos": count,
        "api": f"{absolute(reverse('api-resources'))}?etiqueta={shelf.slug}",
    }


def _shelf(shelf: TermRef) -> Json:
    return {"slug": shelf.slug, "titulo": shelf.title, "url": shelf.url}


def _issuer(facts: ResourceRecord) -> Json | None:
    issuer = facts.issuer
    if issuer is None:
        return None
    return {
        "slug": issuer.slug,
        "nombre": issuer.name,
        "siglas": issuer.acronym or None,
        "url": issuer.url or None,
    }


def _file(file: FileRecord) -> Json:
    return {
        "titulo": file.title,
        "nombre": file.file_name,
        "funcion": file.role_label,
        "url": file.url,
        "version": file.version,
        "url_version": file.version_url,
        "cambio": file.change_note or None,
        "fecha": instant(file.created),
        "tipo_de_medio": file.media_type,
        "bytes": file.size,
        "sha256": file.sha256,
        "paginas": file.pages,
        "ancho": file.width,
        "alto": file.height,
        "idioma": file.language,
        "accesible": file.accessible,
        "muestra": file.is_sample,
        "aviso": SAMPLE_NOTE if file.is_sample else None,
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
