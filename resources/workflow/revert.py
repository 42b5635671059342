"""Revert a resource or another row to a revision: fields, tags, relations and files, never the status."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ForeignKey, Model
from django.utils import timezone
from django.utils.formats import date_format

from resources.files.covers import make_renditions
from resources.files.ingest import examine
from resources.files.trashed_files import trash_file
from resources.files.versions import cover_from_main_file, remove_slot, revert_to, store_version
from resources.kinds.legislation.models import LegalRelation
from resources.locking import Allowed, lock, lock_row
from resources.models import FileVersion, Resource, ResourceFile, Revision, Tag, TrashedFile
from resources.text import fold, one_line
from resources.workflow.diff import relation_key
from resources.workflow.requirements import publication_blockers
from resources.workflow.revisions import (
    FILE_FIELDS,
    editable_fields,
    record,
    record_external_change,
    state_of,
)
from search.index.writer import batch_index_updates

STEPS = frozenset(
    "status published_at withdraw_at withdrawn_on withdrawn_reason deleted_at".split()
)
"""Fields of a resource that its steps set: going back to an earlier text neither publishes nor hides."""

PICTURES = ("FileField", "ImageField")
COVER = ("cover", "cover_width", "cover_height", "cover_from_file", "renditions")


def revert(
    subject: Model, edit: Revision, *, user: Any, allowed: Allowed | None = None
) -> list[str]:
    """Revert `subject` (of a resource: its child) to the revision `edit`; return remarks in Spanish on the parts not reverted.

    Raises ValidationError where the earlier state breaks a rule of today, or `allowed` says no of the locked row. The change
    is recorded, so it can be undone.
    """
    remarks: list[str] = []
    pictures = _revert_fields(subject, edit, remarks, allowed)
    if isinstance(subject, Resource):
        _revert_versions(subject, edit.state, user, remarks)
    record(subject, user, Revision.Action.REVERTED, _which(edit))
    if isinstance(subject, Resource) and pictures["cover"][0] != (subject.cover.name or ""):
        make_renditions.enqueue(subject.pk)
        if not subject.cover:
            cover_from_main_file.enqueue(subject.pk)
    return remarks


@batch_index_updates()
def _revert_fields(
    subject: Model, edit: Revision, remarks: list[str], allowed: Allowed | None
) -> dict[str, tuple[str, bool]]:
    """Bring back all but the files, in one transaction that starts from the row as it is now; return its pictures before."""
    if isinstance(subject, Resource):
        lock(subject, allowed)
    record_external_change(subject)
    pictures = _pictures(subject)
    set_fields(subject, edit.state, remarks)
    subject.full_clean(exclude=_derived(subject))
    if (
        isinstance(subject, Resource)
        and subject.status == Resource.Status.PUBLISHED
        and (problems := publication_blockers(subject))
    ):
        raise ValidationError(problems)
    subject.save()
    _exchange(pictures, _pictures(subject))
    if isinstance(subject, Resource):
        _set_tags(subject, edit.state)
        _set_relations(subject, edit.state, remarks)
    return pictures


def _which(edit: Revision) -> str:
    return f"Al del {date_format(timezone.localtime(edit.at), 'j/n/Y H:i')}."


def _derived(subject: Model) -> set[str]:
    """Return the fields that no editor fills; they are not checked again."""
    told = {field.name for field in editable_fields(type(subject))}
    return {field.name for field in subject._meta.concrete_fields} - told | {"cover", "logo"}


def set_fields(subject: Model, state: dict[str, Any], remarks: list[str]) -> None:
    """Set the fields of `subject` from `state`, except those of transitions; failures are added to `remarks`."""
    for field in editable_fields(type(subject)):
        if field.name in STEPS:
            continue
        if isinstance(field, ForeignKey):
            _set_link(subject, field, state["links"].get(field.name), remarks)
        elif field.name == "slug":
            _set_slug(subject, state["fields"].get("slug", ""), remarks)
        elif field.get_internal_type() in PICTURES:
            _set_picture(subject, field, state["fields"].get(field.name) or "", remarks)
        elif field.name in state["fields"]:
            setattr(subject, field.attname, field.to_python(state["fields"][field.name]))


def _set_link(subject: Model, field: ForeignKey, link: list | None, remarks: list[str]) -> None:
    if link and not field.related_model._base_manager.filter(pk=link[0]).exists():
        remarks.append(f"«{link[1]}» ya no existe: {field.verbose_name} queda como está.")
    else:
        setattr(subject, field.attname, link[0] if link else None)


def _set_slug(subject: Any, slug: str, remarks: list[str]) -> None:
    """Restore the address of a resource if it is still free; other addresses never change."""
    now, subject.slug = subject.slug, slug or subject.slug
    if not isinstance(subject, Resource):
        subject.slug = now
    elif subject.slug != now and not subject.may_take(subject.slug):
        remarks.append(f"La dirección «{slug}» ya es de otro recurso: queda «{now}».")
        subject.slug = now


def _set_picture(subject: Any, field: Any, name: str, remarks: list[str]) -> None:
    now = getattr(subject, field.name)
    if name == (now.name or "") or (not name and getattr(subject, "cover_from_file", False)):
        return
    if name and not field.storage.exists(name):
        remarks.append(f"La imagen de «{field.verbose_name}» de entonces ya no se conserva.")
        return
    setattr(subject, field.name, name)
    if field.name == "cover":
        subject.cover_from_file = False


def _pictures(subject: Model) -> dict[str, tuple[str, bool]]:
    """Return the pictures of `subject` by field: their names, and whether an editor brought them."""
    by_hand = not getattr(subject, "cover_from_file", False)
    return {
        field.name: (getattr(subject, field.name).name or "", by_hand)
        for field in editable_fields(type(subject))
        if field.get_internal_type() in PICTURES
    }


def _exchange(before: dict[str, tuple[str, bool]], after: dict[str, tuple[str, bool]]) -> None:
    """Trash the replaced pictures and take the restored ones out of the trash."""
    for name, (old, was_by_hand) in before.items():
        new = after[name][0]
        if old != new:
            TrashedFile.objects.filter(name=new).delete()
            if was_by_hand:
                trash_file("pictures", old)


def _set_tags(resource: Resource, state: dict[str, Any]) -> None:
    """Put back the tags by their numbers, or by their names where a tag was deleted meanwhile."""
    known = Tag.objects.in_bulk([pk for pk, _ in state["tags"]])
    names = {name: one_line(name) for pk, name in state["tags"] if pk not in known}
    folded = Tag.objects.in_bulk([fold(name) for name in names], field_name="folded")
    resource.tags.set(
        [known.get(pk) or folded.get(fold(name)) or names[name] for pk, name in state["tags"]]
    )


def _set_relations(resource: Resource, state: dict[str, Any], remarks: list[str]) -> None:
    wanted = {relation_key(row): row for row in state["relations"]}
    present = {relation_key(row): row for row in state_of(resource)["relations"]}
    for key in present.keys() - wanted.keys():
        for relation in LegalRelation.objects.filter(**_ends(resource, present[key])):
            relation.delete()
    for key in wanted.keys() - present.keys():
        row = wanted[key]
        if row["end"] and not Resource.objects.filter(pk=row["end"]).exists():
            remarks.append(f"La relación con «{row['name']}» no vuelve: ya no está en el catálogo.")
            continue
        LegalRelation.objects.create(**_ends(resource, row))


def _ends(resource: Resource, row: dict[str, Any]) -> dict[str, Any]:
    """Return a recorded relation as the columns of LegalRelation."""
    near, far = ("source", "target") if row["way"] == "outgoing" else ("target", "source")
    return {
        f"{near}_id": resource.pk,
        f"{far}_id": row["end"],
        f"{far}_citation": row["citation"],
        f"{far}_url": row["url"],
        "verb": row["verb"],
        "happened_on": row["on"] or None,
    }


def _revert_versions(
    resource: Resource, state: dict[str, Any], user: Any, remarks: list[str]
) -> None:
    """Revert each file to its version and texts; bytes are inspected outside of any transaction."""
    slots = {slot.pk: slot for slot in resource.files.select_related("current")}
    for row in state["files"]:
        slot = slots.pop(row["id"], None)
        if slot is None:
            _bring_back(resource, row, user, remarks)
            continue
        if slot.current_id != row["version"]:
            _go_back(slot, row, user, remarks)
        _rename(slot, row)
    for slot in slots.values():
        try:
            remove_slot(slot)
        except ValueError:
            remarks.append(f"{slot.file_name} se queda: ya fue público y su dirección no muere.")
    resource.refresh_from_db(fields=["main_version", "accessible_version", *COVER])


@transaction.atomic
def _rename(slot: ResourceFile, row: dict[str, Any]) -> None:
    """Revert the texts of a file, not its version."""
    lock_row(slot.resource)
    slot.refresh_from_db()
    for name in FILE_FIELDS:
        setattr(slot, name, row[name])
    slot.save()


def _go_back(slot: ResourceFile, row: dict[str, Any], user: Any, remarks: list[str]) -> None:
    version = FileVersion.objects.filter(pk=row["version"]).select_related("file__resource").first()
    now = slot.current
    if version and now and version.sha256 == now.sha256 and not now.is_withheld:
        return  # the same bytes stand there already, as a later version
    try:
        if version is None:
            raise ValidationError("esa versión ya no existe.")
        slot.current = revert_to(version, user=user)
    except ValidationError as refusal:
        remarks.append(f"{row['file_name']}, versión {row['number']}: {refusal.messages[0]}")


def _bring_back(resource: Resource, row: dict[str, Any], user: Any, remarks: list[str]) -> None:
    """Restore a removed file of a draft from its trashed bytes."""
    slot = ResourceFile(resource=resource, **{name: row[name] for name in FILE_FIELDS})
    if resource.files.filter(file_name=slot.file_name).exists():
        slot.file_name = ""
    with tempfile.NamedTemporaryFile(prefix="apartado-") as copy:
        try:
            with default_storage.open(row["stored"], "rb") as stream:
                shutil.copyfileobj(stream, copy)
            copy.flush()
            with examine(Path(copy.name), row["file_name"]) as examined:
                store_version(slot, examined, user=user, is_sample=row["is_sample"])
        except (FileNotFoundError, ValidationError):
            remarks.append(f"{row['file_name']} no vuelve: sus bytes ya se borraron.")
