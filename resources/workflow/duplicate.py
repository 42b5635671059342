"""A new draft that starts from another resource: its words, tags and place, never its files or its history."""

from typing import Any

from django.db import transaction

from resources.models import Resource, Revision
from resources.workflow.revert import STEPS
from resources.workflow.revisions import editable_fields, record
from search.index.writer import batch_index_updates

LEFT_OUT = STEPS | {
    "slug",
    "title",
    "cover",
    "editor_note",
    "verified_on",
    "review_by",
    "number",
    "gazette",
    "gazette_date",
    "in_force_on",
    "repealed_on",
    "evidence_url",
    "evidence_note",
}
"""What belongs to the one resource: its address, its steps, its cover, and all that says a law is what it is.

Files stay with the original too. The same bytes at two addresses would be two things to correct, to withhold and to
verify; whoever needs the file again uploads it, and the desk says where it already is. Relations between
instruments state what one of them does, so a copy of them would be false.
"""


@transaction.atomic
def duplicate(resource: Resource, *, user: Any) -> Resource:
    """Return a new draft made of `resource` (the child), at the end of its section."""
    values = {
        field.attname: getattr(resource, field.attname)
        for field in editable_fields(type(resource))
        if field.name not in LEFT_OUT
    }
    last = resource.section.resources.order_by("-position").values_list("position", flat=True)[0]
    title = f"Copia de {resource.title}"[: Resource._meta.get_field("title").max_length]
    with batch_index_updates():
        copy = type(resource)(**values, title=title, position=last + 10)
        copy.save()
        copy.tags.set(resource.tags.all())
        record(
            copy, user, Revision.Action.CREATED, f"Copia de «{resource.title}», sin sus archivos."
        )
    return copy
