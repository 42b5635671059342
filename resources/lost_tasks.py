"""What becomes of a background task whose worker was killed: each app declares it of its tasks."""

from collections.abc import Callable
from typing import NamedTuple

from django_tasks.base import Task


class WhenLost(NamedTuple):
    """Whether the task may run again, and what the desk says of one that does not."""

    repeats: bool
    words: str
    model: str = ""
    """Label of the model whose primary key is the task's first argument."""


DECLARED: dict[str, WhenLost] = {}
UNDECLARED = WhenLost(False, "Una tarea del sitio no terminó")


def when_lost(words: str, *, repeats: bool, model: str = "") -> Callable[[Task], Task]:
    """Declare a task: `repeats` where running it again does no harm, `words` for the desk where it cannot end."""

    def declare(task: Task) -> Task:
        DECLARED[task.module_path] = WhenLost(repeats, words, model)
        return task

    return declare
