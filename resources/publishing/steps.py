"""One step of a resource, taken by a person: done, recorded with its note, and told to whom it concerns."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction

from resources.models import Edit, Resource
from resources.publishing import workflow
from resources.publishing.history import catch_up, record
from resources.publishing.indexing import indexed_once
from resources.publishing.letters import announce

Action = Edit.Action

STEPS: dict[str, Callable[..., None]] = {
    Action.SUBMITTED: workflow.submit,
    Action.RETURNED: workflow.give_back,
    Action.PUBLISHED: workflow.publish,
    Action.WITHDRAWN: workflow.withdraw,
    Action.VERIFIED: workflow.verify,
    Action.BINNED: workflow.move_to_bin,
    Action.RESTORED: workflow.restore,
}
"""What is done in each step; whoever calls `take` has asked for permission first."""


@transaction.atomic
def take(resource: Resource, step: str, *, user: Any, note: str = "", **details: Any) -> None:
    """Take `step` with `resource` (the child); `details` go to its function. Raises ValidationError as that does."""
    with indexed_once():
        catch_up(resource)
        STEPS[step](resource, **details)
        tell(resource, step, user, note)


def tell(resource: Resource, step: str, user: Any, note: str) -> None:
    """Record a step that has been taken, and write to whom it concerns; whoever verified is believed about the links."""
    if step == Action.VERIFIED:
        workflow.believe(resource)
    if step == Action.PUBLISHED and not resource.was_public:
        step = Action.SCHEDULED
    record(resource, user, step, note)
    announce(resource, step, user, note)


def withdraw_at(
    resource: Resource, at: dt.datetime, reason: str, *, user: Any, note: str = ""
) -> None:
    """Have `resource` withdrawn at the future instant `at`, with the reason that visitors will then read."""
    with transaction.atomic():
        catch_up(resource)
        workflow.plan_withdrawal(resource, at, reason)
        record(resource, user, Action.CHANGED, note)
