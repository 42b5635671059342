"""The planned result of an import row, in words, and its execution in a transaction per row."""

import hashlib
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError, OperationalError, models

from resources.models import Resource, Revision
from resources.workflow.concurrency import lock_unchanged
from resources.workflow.diff import Difference
from resources.workflow.revisions import record, record_external_change
from resources.workflow.transitions import transition
from search.index.writer import batch_index_updates

logger = logging.getLogger(__name__)
FAILED = "No se pudo guardar por una falla del sitio: suba esta línea otra vez en unos minutos."


@dataclass
class RowResult:
    """The planned result of one row."""

    number: int
    title: str
    resource: Resource | None = None
    differences: list[Difference] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    """Pairs of the column, or "" for the whole line, and what is wrong with it."""
    tags: list[str] | None = None
    step: str = ""
    """The step to take once it is stored: a submission, a publication …"""

    @property
    def is_new(self) -> bool:
        """Return whether the row creates a resource."""
        return self.resource is not None and self.resource.pk is None

    @property
    def changes(self) -> bool:
        """Return whether applying the row changes anything."""
        return not self.errors and bool(self.differences or self.is_new)


def preview_token(plans: Iterable[RowResult]) -> str:
    """Return a digest of the preview: it changes when applying would do anything else."""
    told = [
        [
            plan.number,
            plan.errors,
            plan.step,
            [[d.label, d.before, d.after] for d in plan.differences],
        ]
        for plan in plans
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def apply(plans: Iterable[RowResult], *, user: Any, name: str) -> int:
    """Apply the rows without errors, one transaction each; return the number of changes.

    A line whose resource changed meanwhile, or that fails, gets that as its error: the others are done all the same.
    """
    done = 0
    for plan in plans:
        if not plan.changes:
            continue
        try:
            _apply_one(plan, user, name)
            done += 1
        except ValidationError as refusal:
            plan.errors += [("", message) for message in refusal.messages]
        except (OperationalError, InterfaceError):
            raise  # the database as such does not work: the rest would fail one by one
        except (DatabaseError, OSError):
            logger.exception("Line %d of an import failed", plan.number)
            plan.errors.append(("", FAILED))
    return done


@batch_index_updates()
def _apply_one(plan: RowResult, user: Any, name: str) -> None:
    resource, is_new = cast(Resource, plan.resource), plan.is_new
    if is_new:
        places = resource.section.resources.aggregate(last=models.Max("position"))
        resource.position = (places["last"] or 0) + 10
    else:
        lock_unchanged(resource)
        record_external_change(resource)
    resource.save()
    if plan.tags is not None:
        resource.tags.set(plan.tags)
    note = f"Línea {plan.number} de «{name}»."
    if is_new:
        record(resource, user, Revision.Action.CREATED, note)
    else:
        record(resource, user, Revision.Action.IMPORTED, note)
    if plan.step:
        transition(resource, plan.step, actor=user, note=note)
