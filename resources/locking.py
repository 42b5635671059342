"""Pessimistic and optimistic locks of a resource: a step acts upon the stored row, never upon the one read before."""

from collections.abc import Callable

from resources.models import Edit, Resource, StaleRowError
from resources.workflow.diff import differences
from resources.workflow.revisions import state_of

GONE = "Ya no existe: alguien lo eliminó o le cambió el tipo mientras tanto."
NOT_ALLOWED_NOW = (
    "Cambió mientras tanto: su estado ya no lo permite, o cambiaron sus permisos. No se tocó."
)
DERIVED = (
    *("main_version", "accessible_version", "force", "preview_series", "awaits_clock"),
    *("cover", "cover_width", "cover_height", "cover_from_file", "renditions"),
)
"""Fields that queries update without a new revision: files, the worker, the clock."""


Allowed = Callable[[Resource], bool]


def lock(resource: Resource, allowed: Allowed | None = None) -> None:
    """Lock the row of `resource` until the transaction ends and read it again, all fields.

    Raises StaleRowError where it is gone, or `allowed` (asked of the row as it is now) says no.
    """
    lock_row(resource)
    try:
        resource.refresh_from_db()
    except Resource.DoesNotExist as gone:  # the child's exception inherits from it
        raise StaleRowError(GONE) from gone
    if allowed is not None and not allowed(resource):
        raise StaleRowError(NOT_ALLOWED_NOW)


def lock_unchanged(resource: Resource) -> None:
    """Lock the row of `resource`, whose fields have new values in memory, and renew only the derived ones.

    Raises StaleRowError where the row has another revision than the one that was read.
    """
    lock_row(resource)
    stored = type(resource)._base_manager.filter(pk=resource.pk).first()
    if stored is None:
        raise StaleRowError(GONE)
    refuse_revision(stored, resource.revision)
    resource.refresh_from_db(fields=DERIVED)


def refuse_revision(resource: Resource, read: int) -> None:
    """Raise StaleRowError, with what changed, where `resource` (just locked) is not of the revision that was `read`."""
    if resource.revision != read:
        raise StaleRowError(f"Cambió mientras tanto: {changes_since(resource, read)}. No se tocó.")


def changes_since(resource: Resource, revision: int) -> str:
    """Return in Spanish which fields of `resource` differ from those of `revision`."""
    base = Edit.objects.of(resource).filter(revision=revision).first()
    found = differences(type(resource), base.state, state_of(resource)) if base else []
    labels = [difference.label[:1].lower() + difference.label[1:] for difference in found]
    return ", ".join(labels) or "otra persona guardó cambios"


def lock_row(resource: Resource) -> None:
    """Lock the row of `resource` until the transaction ends, without reading it."""
    list(Resource.objects.select_for_update().order_by("pk").filter(pk=resource.pk).values("pk"))
