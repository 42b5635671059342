"""gunicorn's arbiter for `manage.py serve`: the web workers and the task worker are forks of one loaded application."""

import logging
import os
import signal
import sys
import time
from typing import Any

from django.conf import settings
from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.arbiter import Arbiter

from portal.management.commands.db_worker import run_embedded_worker

logger = logging.getLogger(__name__)
RESTART_AFTER = (
    2.0  # seconds between two starts of the task worker, so that a crash at its start makes no loop
)
GIVE_UP_AFTER = 25  # seconds that the task worker has to end by itself


class TaskWorker:
    """The process that runs background tasks; started again whenever it ends."""

    def __init__(self) -> None:
        self.pid = 0
        self.next_start = 0.0

    def is_running(self) -> bool:
        """Return whether the process is alive; the arbiter may have reaped it already."""
        try:
            if self.pid and os.waitpid(self.pid, os.WNOHANG) == (0, 0):
                return True
        except ChildProcessError:
            pass
        self.pid = 0
        return False

    def keep_running(self, arbiter: Arbiter) -> None:
        """Fork the process unless it is alive or was started a moment ago."""
        if not self.is_running() and time.monotonic() >= self.next_start:
            self.next_start = time.monotonic() + RESTART_AFTER
            self.pid = os.fork()
            if self.pid == 0:
                run_child(arbiter)

    def terminate(self) -> None:
        """Ask the process to end after its current task."""
        if self.is_running():
            os.kill(self.pid, signal.SIGTERM)

    def wait(self, seconds: float) -> None:
        """Wait until the process has ended; kill it after `seconds`."""
        end = time.monotonic() + seconds
        while self.is_running():
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.05)


def run_child(arbiter: Arbiter) -> None:
    """Run the task worker in a process just forked from the arbiter, and end the process."""
    code = 1
    try:
        for number in (*arbiter.SIGNALS, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os.setsid()  # Ctrl-C reaches the arbiter alone
        for listener in arbiter.LISTENERS:
            listener.close()
        for worker in arbiter.WORKERS.values():
            worker.tmp.close()
        run_embedded_worker(parent=arbiter.pid)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        logger.exception("The task worker ended by an error; it is started again.")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # what the arbiter registered for its own end is not for this process


class SiteArbiter(Arbiter):
    """gunicorn's arbiter, which also runs the task worker. Ctrl-C and a closed terminal stop it gracefully."""

    def __init__(self, app: Any) -> None:
        self.task_worker = TaskWorker() if settings.EMBEDDED_WORKER else None
        super().__init__(app)

    def manage_workers(self) -> None:
        """Start the processes that are missing."""
        super().manage_workers()
        if self.task_worker:
            self.task_worker.keep_running(self)

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
    SiteArbiter(WSGIApplication(prog="gunicorn")).run()
