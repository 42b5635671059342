"""Create a draft from an uploaded file, with the form filled from its metadata."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q

from resources.files.ingest import Examined
from resources.files.metadata_extraction.extract import Known, Suggestion, suggest
from resources.files.versions import same_bytes, store_version
from resources.locking import lock
from resources.models import FileVersion, Organization, Resource, ResourceFile, Section, Tag
from resources.models.kind_spec import kind_names
from search.index.writer import batch_index_updates

NO_SECTION = (
    "Todavía no hay ninguna sección. Cree una antes de subir archivos: cada recurso aparece en una."
)


@dataclass(frozen=True)
class Draft:
    """A draft just made from a file: where each value was read, and which resources hold the same bytes."""

    resource: Resource
    sources: dict[str, str]
    notes: tuple[str, ...] = ()
    twins: list[FileVersion] = field(default_factory=list)


def known_words() -> Known:
    """Return the tags and organizations that exist: two queries."""
    return Known(
        tags=tuple(Tag.objects.values_list("name", flat=True)),
        organizations=tuple(Organization.objects.values_list("pk", "name", "acronym")),
    )


@batch_index_updates()
def draft_from(
    examined: Examined, *, user: Any, known: Known, kinds: Collection[str] = ()
) -> Draft:
    """Store `examined` as the main file of a new draft of one of `kinds` (the one its words speak for, if it is among them).

    Raises ValidationError where there is no section yet.
    """
    kinds = kinds or kind_names()
    suggestion = suggest(examined.facts, examined.name, known)
    kind = suggestion.kind if suggestion.kind in kinds else next(iter(kinds))
    section = likely_section(kind)
    if section is None:
        raise ValidationError(NO_SECTION, code="section")
    twins = same_bytes(examined.facts.sha256)
    with transaction.atomic():
        resource = _stored(suggestion, kind, section)
        slot = ResourceFile(resource=resource, language=resource.language)
        store_version(slot, examined, user=user)
    sources = suggestion.sources | {"section": "donde suele ir este tipo de recurso"}
    return Draft(resource, sources, examined.facts.notes, twins)


def likely_section(kind: str) -> Section | None:
    """Return the section that holds most resources of `kind`, the first one where none holds any."""
    here = Count("resources", filter=Q(resources__kind=kind, resources__deleted_at=None))
    return Section.objects.annotate(here=here).order_by("-here", "position", "pk").first()


def _stored(suggestion: Suggestion, kind: str, section: Section) -> Resource:
    model = apps.get_model("resources", kind)
    own = {field.name for field in model._meta.fields}
    resource = model(
        section=section,
        title=suggestion.title,
        language=suggestion.language,
        issued_on=suggestion.issued_on,
        issued_on_precision=suggestion.issued_on_precision,
        issuer_id=suggestion.issuer,
        **{name: value for name, value in suggestion.values.items() if name in own},
    )
    resource.save()
    resource.tags.add(*suggestion.tags)
    return resource


@batch_index_updates()
def change_kind(resource: Resource, kind: str) -> Resource:
    """Change the kind of a draft that was never public: common fields stay, fields of its own kind are lost.

    Raises ValidationError for anything else, and for an instrument that others relate to.
    """
    lock(resource)
    if resource.status != Resource.Status.DRAFT or resource.was_public or resource.deleted_at:
        raise ValidationError("Solo un borrador que nunca fue público puede cambiar de tipo.")
    if kind not in kind_names() or kind == resource.kind:
        raise ValidationError("Elija otro tipo.")
    if resource.outgoing.exists() or resource.incoming.exists():
        raise ValidationError("Quite primero sus relaciones con otros instrumentos.")
    pk, model = resource.pk, apps.get_model("resources", kind)
    base = Resource.objects.get(pk=pk)
    shared = {
        field.attname: getattr(base, field.attname) for field in Resource._meta.concrete_fields
    }
    with transaction.atomic():
        base.specific.delete(keep_parents=True)
        changed = model(resource_ptr_id=pk, **shared | {"force": "", "duration": None})
        changed.save(force_insert=(model,))
    return changed
