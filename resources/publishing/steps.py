"""One step of a resource: taken on the locked row, recorded with its note, and told to whom it concerns."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from resources.locking import Allowed, lock
from resources.models import Edit, Resource
from resources.workflow import transitions
from resources.workflow.notifications import announce
from resources.workflow.revisions import BY_CLOCK, catch_up, record
from search.index.writer import indexed_once

Action = Edit.Action
IN_BIN = "Está en la papelera: restáurelo primero."

STEPS: dict[str, Callable[..., None]] = {
    Action.SUBMITTED: transitions.submit,
    Action.RETURNED: transitions.give_back,
    Action.PUBLISHED: transitions.publish,
    Action.WITHDRAWN: transitions.withdraw,
    Action.VERIFIED: transitions.verify,
    Action.BINNED: transitions.move_to_bin,
    Action.RESTORED: transitions.restore,
}
"""What is stored in each step."""


@transaction.atomic
def take(
    resource: Resource,
    step: str,
    *,
    user: Any,
    note: str = "",
    allowed: Allowed | None = None,
    **details: Any,
) -> str:
    """Lock `resource` (the child), read it again and take `step`; return the action recorded.

    `allowed` is asked of the row as it is now. Raises ValidationError as it and the step's function do.
    """
    with indexed_once():
        lock(resource, allowed)
        if step not in (Action.BINNED, Action.RESTORED) and resource.deleted_at:
            raise ValidationError(IN_BIN)
        catch_up(resource)
        return transition(resource, step, user=user, note=note, **details)


def transition(resource: Resource, step: str, *, user: Any, note: str = "", **details: Any) -> str:
    """Take `step` with a row that the caller has locked and caught up with; return the action recorded.

    Every change of status comes through here: button, bulk step, import, form and clock.
    """
    STEPS[step](resource, **details)
    if step == Action.PUBLISHED and resource.is_scheduled:
        step = Action.SCHEDULED
    return tell(resource, step, user, note)


CLOCK_STEPS: dict[str, Callable[[Resource], None]] = {
    Action.PUBLISHED: transitions.arrive,
    Action.WITHDRAWN: transitions.expire,
}
"""What is stored where the date of a step has come."""


def transition_by_clock(resource: Resource, step: str) -> None:
    """Take `step` with a locked row whose date has come: recorded without a person, and told as if by one."""
    catch_up(resource)
    CLOCK_STEPS[step](resource)
    tell(resource, step, None, BY_CLOCK)


def tell(resource: Resource, step: str, user: Any, note: str) -> str:
    """Record a step that has been taken, and write to whom it concerns; return the action recorded.

    Whoever verified is believed about the links.
    """
    if step == Action.VERIFIED:
        transitions.believe(resource)
    record(resource, user, step, note)
    if resource.deleted_at is None:  # of what is in the bin nobody is told
        announce(resource, step, user, note)
    return step


def withdraw_at(
    resource: Resource,
    at: dt.datetime,
    reason: str,
    *,
    user: Any,
    note: str = "",
    allowed: Allowed | None = None,
) -> None:
    """Have `resource` withdrawn at the future instant `at`, with the reason that visitors will then read."""
    with transaction.atomic():
        lock(resource, allowed)
        catch_up(resource)
        transitions.plan_withdrawal(resource, at, reason)
        record(resource, user, Action.CHANGED, note)
