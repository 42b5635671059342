"""Refuse a change that was made to an older revision of a resource."""

from resources.locking import DERIVED, GONE, lock_row
from resources.models import Resource, Revision, StaleRowError
from resources.workflow.diff import differences
from resources.workflow.revisions import state_of


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
    """Raise StaleRowError with the changes if the locked `resource` is newer than the revision `read`."""
    if resource.revision != read:
        raise StaleRowError(f"Cambió mientras tanto: {changes_since(resource, read)}. No se tocó.")


def changes_since(resource: Resource, revision: int) -> str:
    """Return in Spanish which fields of `resource` differ from those of `revision`."""
    base = Revision.objects.of(resource).filter(revision=revision).first()
    found = differences(type(resource), base.state, state_of(resource)) if base else []
    labels = [difference.label[:1].lower() + difference.label[1:] for difference in found]
    return ", ".join(labels) or "otra persona guardó cambios"
