"""Record revisions: the whole state of a row as JSON with every change."""

import datetime as dt
from typing import Any

from django.db.models import ForeignKey, Model
from django.utils import timezone

from resources.kinds.legislation.models import LegalRelation
from resources.models import FileVersion, Resource, Revision
from resources.models.revisions import subject_name

STEPPED = frozenset({"withdrawn_on", "deleted_at"})
"""Fields that no form shows and a person's step sets all the same."""

SPEAKING = (
    Revision.Action.SUBMITTED,
    Revision.Action.RETURNED,
    Revision.Action.PUBLISHED,
    Revision.Action.SCHEDULED,
    Revision.Action.WITHDRAWN,
)
"""The steps whose note one person leaves to another."""

BY_CLOCK = "Por fecha programada."
"""The note of a scheduled transition."""
TYPED = "Guardado automático."
A_SITTING = dt.timedelta(minutes=10)

FILE_FIELDS = ("role", "label", "language", "accessible", "position", "file_name")


def state_of(subject: Model) -> dict[str, Any]:
    """Return the state stored now of `subject`: its fields and, of a resource, its tags, files and relations."""
    stored = type(subject)._base_manager.get(pk=subject.pk)
    state: dict[str, Any] = {"fields": {}, "links": {}}
    for field in editable_fields(type(stored)):
        if isinstance(field, ForeignKey):
            end = getattr(stored, field.name)
            state["links"][field.name] = [end.pk, str(end)] if end else None
        else:
            state["fields"][field.name] = plain_value(field, stored)
    if isinstance(stored, Resource):
        if stored.cover_from_file:
            state["fields"]["cover"] = ""  # follows from the main file
        state |= _surroundings(stored)
    return state


def editable_fields(model: type[Model]) -> list[Any]:
    """Return the fields of `model` that an editor's change can touch, by form or by step; the others follow or count.

    The order of a resource is told on its section.
    """
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key
        and (field.editable or field.name in STEPPED)
        and not (field.name == "position" and issubclass(model, Resource))
        and not (field.remote_field and field.remote_field.parent_link)
    ]


def plain_value(field: Any, row: Model) -> Any:
    """Return the value of `field` for JSON; `field.to_python` parses it back."""
    value = field.value_from_object(row)
    if value is None or isinstance(value, str | int | bool | dict | list):
        return value
    return field.value_to_string(row)


def _surroundings(resource: Resource) -> dict[str, Any]:
    return {
        "tags": [[tag.pk, tag.name] for tag in resource.tags.order_by("folded")],
        "files": [
            _file(version)
            for version in FileVersion.objects.filter(current_of__resource=resource.pk)
            .select_related("file")
            .order_by("file__position", "file_id")
        ],
        "relations": [
            _relation(relation, way)
            for way in ("outgoing", "incoming")
            for relation in getattr(resource, way).select_related("source", "target")
        ],
    }


def _file(version: FileVersion) -> dict[str, Any]:
    slot = version.file
    about = {name: getattr(slot, name) for name in FILE_FIELDS}
    return about | {
        "id": slot.pk,
        "version": version.pk,
        "number": version.number,
        "stored": version.stored.name,
        "is_sample": version.is_sample,
        "change_note": version.change_note,
        "withheld": version.is_withheld,
    }


def _relation(relation: LegalRelation, way: str) -> dict[str, Any]:
    far = "target" if way == "outgoing" else "source"
    end = getattr(relation, far)
    return {
        "way": way,
        "verb": relation.verb,
        "end": end.pk if end else None,
        "name": end.title if end else "",
        "citation": getattr(relation, f"{far}_citation"),
        "url": getattr(relation, f"{far}_url"),
        "on": relation.happened_on.isoformat() if relation.happened_on else "",
    }


def normalised_state(state: dict[str, Any]) -> dict[str, Any]:
    """Return a state without the names of linked rows, for comparison."""
    return state | {
        "links": {name: link and link[0] for name, link in state["links"].items()},
        "tags": sorted(pk for pk, _ in state.get("tags", ())),
        "relations": sorted(
            (
                tuple(str(v) for k, v in row.items() if k != "name")
                for row in state.get("relations", ())
            ),
        ),
        "files": sorted(
            (
                {k: v for k, v in row.items() if k not in ("stored",)}
                for row in state.get("files", ())
            ),
            key=lambda row: row["id"],
        ),
    }


def record_external_change(subject: Model) -> Revision | None:
    """Record the state of `subject` if it differs from the last revision: a command changed it."""
    last = Revision.objects.of(subject).first()
    state = state_of(subject)
    if last and normalised_state(last.state) == normalised_state(state):
        return last
    return store_revision(subject, Revision.Action.OUTSIDE, state)


def record(
    subject: Model, user: Any, action: str = Revision.Action.CHANGED, note: str = ""
) -> Revision | None:
    """Record a revision of `subject`; return None for a save without change or note."""
    state = state_of(subject)
    if action == Revision.Action.CHANGED and not note.strip():
        last = Revision.objects.of(subject).first()
        if last and normalised_state(last.state) == normalised_state(state):
            return None
    return store_revision(subject, action, state, user, note.strip()[:1000])


def record_typing(subject: Resource, user: Any) -> None:
    """Record an autosave, merged with the last one of the same person within A_SITTING."""
    last = Revision.objects.of(subject).first()
    if last is None or not _is_sitting(last, user):
        record(subject, user, note=TYPED)
        return
    last.state, last.revision = state_of(subject), _revision(subject)
    last.save(update_fields=["state", "revision"])


def _is_sitting(edit: Revision, user: Any) -> bool:
    """Return whether `edit` is a recent autosave by `user`."""
    is_typed = edit.action == Revision.Action.CHANGED and edit.note == TYPED
    return is_typed and edit.by_id == user.pk and timezone.now() - edit.at < A_SITTING


def store_revision(
    subject: Model, action: str, state: dict[str, Any], user: Any = None, note: str = ""
) -> Revision:
    """Store one revision of `subject`."""
    return Revision.objects.create(
        subject=subject_name(subject),
        subject_id=subject.pk,
        by=user,
        action=action,
        note=note,
        state=state,
        revision=_revision(subject),
    )


def _revision(subject: Model) -> int:
    if not isinstance(subject, Resource):
        return 0
    return Resource.objects.values_list("revision", flat=True).get(pk=subject.pk)


def last_note(resource: Resource) -> Revision | None:
    """Return the last transition of `resource` if it has a note for the next person."""
    step = Revision.objects.of(resource).select_related("by").filter(action__in=SPEAKING).first()
    return step if step and step.note not in ("", BY_CLOCK) else None
