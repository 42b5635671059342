"""What the desk deletes at once, such as a tag or a section, can be brought back for as long as the bin keeps resources."""

from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from resources.models import Edit, FormerAddress, Resource, Tag
from resources.models.resource import IN_BIN
from resources.models.revisions import subject_name
from resources.workflow.revert import set_fields
from resources.workflow.revisions import keep, record, state_of
from search.index.writer import indexed_once

ROOMS = {"section": "secciones", "tag": "etiquetas"}
"""Model → where its addresses stand, for those whose deletion leaves a tombstone there."""


def record_deletion(subject: Model, user: Any) -> Edit:
    """Keep the whole of `subject`, which is about to be deleted; of a tag, also which resources carry it."""
    state = state_of(subject) | {"name": str(subject)}
    if isinstance(subject, Tag):
        state["carried_by"] = list(subject.tagged.values_list("content_object", flat=True))
    return keep(subject, Edit.Action.DELETED, state, user)


def deletions(model: type[Model]) -> QuerySet[Edit]:
    """Return the deletions of rows of `model` that can still be undone, the last first."""
    kept = Edit.objects.filter(
        subject=subject_name(model),
        action=Edit.Action.DELETED,
        at__gt=timezone.now() - IN_BIN,
    )
    newest = {edit.subject_id: edit.pk for edit in kept.order_by("pk").only("subject_id")}
    here = model._base_manager.filter(pk__in=newest).values_list("pk", flat=True)
    gone = newest.keys() - set(here)
    return kept.filter(pk__in=[newest[pk] for pk in gone]).select_related("by")


@transaction.atomic
def bring_back(edit: Edit, user: Any) -> tuple[Model, list[str]]:
    """Make again what `edit` deleted, at its own address; return it, and in Spanish what did not come with it.

    Raises ValidationError where something new has taken its place.
    """
    model, remarks = apps.get_model("resources", edit.subject), []
    subject = model(pk=edit.subject_id)
    set_fields(subject, edit.state, remarks)
    if "slug" in edit.state["fields"]:
        subject.slug = edit.state["fields"]["slug"]
    subject.full_clean(exclude={"id", "folded"})
    if edit.subject in ROOMS:
        FormerAddress.reopen(ROOMS[edit.subject], subject.slug)
    subject.save(force_insert=True)
    with indexed_once():
        for resource in Resource.objects.filter(pk__in=edit.state.get("carried_by", ())):
            resource.tags.add(subject)
    record(subject, user, Edit.Action.UNDELETED)
    return subject, remarks
