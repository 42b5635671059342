"""gunicorn's arbiter for `manage.py serve`: web workers and the task worker are forks of one loaded application."""

import sys
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.arbiter import Arbiter

from portal import worker_liveness
from portal.embedded_worker import GIVE_UP_AFTER, TaskWorkerProcess


class SiteArbiter(Arbiter):
    """gunicorn's arbiter, which also runs the task worker. Ctrl-C and a closed terminal stop it gracefully."""

    def __init__(self, app: Any) -> None:
        self.task_worker = TaskWorkerProcess() if settings.EMBEDDED_WORKER else None
        super().__init__(app)

    def manage_workers(self) -> None:
        """Start the processes that are missing."""
        super().manage_workers()
        if self.task_worker:
            self.task_worker.start_if_wanted(self)

    def reap_workers(self) -> None:
        """Note which processes have ended."""
        if self.task_worker:
            self.task_worker.reap()  # first: gunicorn reaps all children and forgets those it does not know
        super().reap_workers()

    def stop(self, graceful: bool = True) -> None:
        """Stop web workers and task worker, at the same time."""
        if self.task_worker:
            self.task_worker.terminate()
        super().stop(graceful)
        if self.task_worker:
            self.task_worker.wait(GIVE_UP_AFTER)

    def handle_int(self) -> None:
        """Stop gracefully; a second Ctrl-C stops the web workers at once."""
        self.handle_term()

    def handle_hup(self) -> None:
        """Stop gracefully: the terminal was closed."""
        self.handle_term()

    def handle_usr2(self) -> None:
        """Do nothing: a second arbiter would need the same port and the same task worker."""


def run_server() -> None:
    """Serve until a signal; exits the process."""
    sys.argv = ["gunicorn", "-c", "python:portal.gunicorn"]
    lock = worker_liveness.worker_lock(worker_liveness.new_worker_id())
    with (
        lock if settings.EMBEDDED_WORKER else nullcontext()
    ):  # tasks are taken up, also while none runs
        SiteArbiter(WSGIApplication(prog="gunicorn")).run()
