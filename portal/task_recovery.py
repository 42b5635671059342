"""Recover background tasks of killed workers: repeatable ones run again, the others show on the dashboard."""

import logging
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal import worker_liveness
from resources.lost_tasks import DECLARED, UNDECLARED, WhenLost

logger = logging.getLogger(__name__)
MOST_STARTS = 3  # a task that ends its worker each time is not tried for ever
READY, RUNNING, FAILED = "READY", "RUNNING", "FAILED"
LOST = "portal.task_recovery.WorkerLost"


class WorkerLost(Exception):
    """The recorded error of a task whose worker died."""


def declaration(task_path: str) -> WhenLost:
    """Return what to do with the task when lost, declared in its module; None for a task of an earlier release."""
    try:
        import_module(task_path.rpartition(".")[0])
    except ImportError:
        return UNDECLARED
    return DECLARED.get(task_path, UNDECLARED)


def recover_lost_tasks(own_id: str = "") -> None:
    """Queue again or fail each running task of a dead worker; `own_id` is the caller, which runs none now."""
    for row in DBTaskResult.objects.filter(status=RUNNING):
        is_own = own_id and row.worker_ids[-1:] == [own_id]
        if is_own or worker_liveness.is_lost(row):
            _take_up(row)
    worker_liveness.delete_dead_locks()


def _take_up(row: DBTaskResult) -> None:
    same = DBTaskResult.objects.filter(task_path=row.task_path, args_kwargs=row.args_kwargs)
    mine = DBTaskResult.objects.filter(pk=row.pk, status=RUNNING, started_at=row.started_at)
    if not declaration(row.task_path).repeats or len(row.worker_ids) >= MOST_STARTS:
        mine.update(status=FAILED, finished_at=timezone.now(), exception_class_path=LOST)
        logger.error("The task %s ended with its worker and is not repeated.", row.task_path)
    elif same.filter(status=READY).exists():
        mine.delete()  # it runs anyway; a second chain of turns would never end
    else:
        mine.update(status=READY, started_at=None)
        logger.warning("The task %s ended with its worker and is repeated.", row.task_path)


def abandoned_tasks() -> QuerySet[DBTaskResult]:
    """Return the lost tasks that were not repeated, the latest first, until their records are deleted."""
    return DBTaskResult.objects.filter(status=FAILED, exception_class_path=LOST).order_by(
        "-finished_at"
    )


def lost_task_in_words(row: DBTaskResult) -> tuple[str, str]:
    """Return the dashboard's text on a lost task, and the address to go to."""
    told = declaration(row.task_path)
    subject = _subject(told.model, row.args_kwargs["args"])
    if subject is None:
        return f"{told.words}.", reverse("admin:index")
    try:
        url = reverse(_form_of(subject), args=[subject.pk])
    except NoReverseMatch:
        url = reverse("admin:index")
    return f"{told.words}: «{subject}».", url


def _subject(model: str, arguments: list) -> Any:
    return (
        apps.get_model(model).objects.filter(pk=arguments[0]).first()
        if model and arguments
        else None
    )


def _form_of(subject: Any) -> str:
    """Return the address name of the object's form; a resource has that of its kind."""
    name = getattr(subject, "kind", "") if subject._meta.model_name == "resource" else ""
    return f"admin:{subject._meta.app_label}_{name or subject._meta.model_name}_change"


def may_see(request: HttpRequest) -> bool:
    """Return whether the user may publish: others cannot repair a lost task."""
    return request.user.has_perm("resources.publish_resource")
