"""Short calls of `transition()` for tests that need a resource in another status."""

from typing import Any

from resources.models import Resource, Revision
from resources.workflow.transitions import transition


def publish(resource: Resource, **details: Any) -> None:
    """Publish `resource` now, or at `at`."""
    transition(resource, Revision.Action.PUBLISHED, actor=None, **details)


def withdraw(resource: Resource, reason: str) -> None:
    """Withdraw `resource` now."""
    transition(resource, Revision.Action.WITHDRAWN, actor=None, reason=reason)


def trash(resource: Resource) -> None:
    """Move `resource` to the trash."""
    transition(resource, Revision.Action.TRASHED, actor=None)


def restore(resource: Resource) -> None:
    """Move `resource` out of the trash."""
    transition(resource, Revision.Action.RESTORED, actor=None)
