"""Declarations of background tasks for the case that their worker is killed."""

from collections.abc import Callable
from typing import NamedTuple

from django_tasks.base import Task


class WhenLost(NamedTuple):
    """Return whether a lost task may run again, and the dashboard's text for one that may not."""

    repeats: bool
    words: str
    model: str = ""
    """Label of the model whose primary key is the task's first argument."""


DECLARED: dict[str, WhenLost] = {}
UNDECLARED = WhenLost(False, "Una tarea del sitio no terminó")


def when_lost(words: str, *, repeats: bool, model: str = "") -> Callable[[Task], Task]:
    """Declare a task: `repeats` where running it again is harmless, `words` for the dashboard where it fails."""

    def declare(task: Task) -> Task:
        DECLARED[task.module_path] = WhenLost(repeats, words, model)
        return task

    return declare
