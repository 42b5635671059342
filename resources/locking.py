"""Lock the row of a resource and read it again before a change."""

from collections.abc import Callable

from resources.models import Resource, StaleRowError

GONE = "Ya no existe: alguien lo eliminó o le cambió el tipo mientras tanto."
NOT_ALLOWED_NOW = (
    "Cambió mientras tanto: su estado ya no lo permite, o cambiaron sus permisos. No se tocó."
)
DERIVED = (
    *("main_version", "accessible_version", "force", "preview_series", "awaits_clock"),
    *("cover", "cover_width", "cover_height", "cover_from_file", "renditions"),
)
"""Fields that queries update without a new revision: files, worker, schedule."""


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


def lock_row(resource: Resource) -> None:
    """Lock the row of `resource` until the transaction ends, without reading it."""
    list(Resource.objects.select_for_update().order_by("pk").filter(pk=resource.pk).values("pk"))
