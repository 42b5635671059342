"""The task worker of `manage.py serve`: a process forked from the loaded application while there are tasks.

A thread of each web worker looks at the queue once a second and asks the arbiter for a task worker through a pipe.
"""

import logging
import os
import signal
import sys
import threading
import time
from contextlib import suppress

from django.db import Error, close_old_connections, connections
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, DEFAULT_TASK_QUEUE_NAME
from django_tasks_db.models import DBTaskResult
from gunicorn.arbiter import Arbiter

from portal import worker_liveness
from portal.management.commands.db_worker import (
    Command,
    PatientWorker,
    PeriodicMaintenance,
    run_as_service,
)
from resources.models import SiteSettings

logger = logging.getLogger(__name__)
INTERVAL = 1.0  # seconds between two looks at the queue
RESTART_AFTER = 2.0  # seconds between two starts, so that a crash at the start makes no loop
ROUND = 300.0  # seconds after which a worker is started in any case: for maintenance
RETRY_DUE = (
    60.0  # seconds until a scheduled change that failed is tried again; tasks do not wait for it
)
GIVE_UP_AFTER = 25  # seconds that the process has to end by itself
MAINTENANCE_FAILED = os.EX_TEMPFAIL  # exit code of a process whose round of maintenance failed
FOR_TASK, FOR_DUE = b"t", b"d"
"""What a web worker writes to the pipe: a task is ready, or only a scheduled change is due."""


class TaskWorkerProcess:
    """The arbiter's handle of the task worker; it is started when asked for, after a crash and every ROUND seconds."""

    def __init__(self) -> None:
        self.pid = 0
        self.next_start = self.next_round = self.next_due = 0.0
        self.crashed = False
        self.requests, self.bell = os.pipe()
        os.set_blocking(self.requests, False)
        os.set_blocking(self.bell, False)

    def reap(self) -> None:
        """Note the end of the process."""
        if self.pid:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                code = os.waitstatus_to_exitcode(status)
                self.pid, self.crashed = 0, code not in (0, MAINTENANCE_FAILED)
                if code == MAINTENANCE_FAILED:  # a start every two seconds would fill the log
                    self.next_due = time.monotonic() + RETRY_DUE

    def start_if_wanted(self, arbiter: Arbiter) -> None:
        """Fork the process if there is something to do."""
        self.reap()
        is_wanted = self._was_requested() or self.crashed or time.monotonic() >= self.next_round
        if is_wanted and not self.pid and time.monotonic() >= self.next_start:
            self.next_start = time.monotonic() + RESTART_AFTER
            self.next_round = time.monotonic() + ROUND
            self.crashed = False
            self.pid = os.fork()
            if self.pid == 0:
                run_child(arbiter)

    def _was_requested(self) -> bool:
        with suppress(BlockingIOError):
            reasons = os.read(self.requests, 1000)
            return FOR_TASK in reasons or time.monotonic() >= self.next_due
        return False

    def terminate(self) -> None:
        """Ask the process to end after its current task."""
        self.reap()
        if self.pid:
            os.kill(self.pid, signal.SIGTERM)

    def wait(self, seconds: float) -> None:
        """Wait until the process has ended; kill it after `seconds`."""
        end = time.monotonic() + seconds
        self.reap()
        while self.pid:
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.05)
            self.reap()

    def watch_queue(self) -> None:
        """Start the thread of a web worker that asks for the process."""
        threading.Thread(target=watch_queue, args=(self.bell,), name="tasks", daemon=True).start()


def watch_queue(bell: int) -> None:
    """Write to the pipe `bell` each second while tasks wait."""
    while True:
        time.sleep(INTERVAL)
        try:
            close_old_connections()
            if reason := waiting_work():
                os.write(bell, reason)
        except BlockingIOError:
            pass  # asked often enough
        except (Error, OSError):  # an outage, which requests report
            connections.close_all()


def waiting_work() -> bytes:
    """Return FOR_TASK if a task is ready, else FOR_DUE if a scheduled change is due, else b""."""
    ready = DBTaskResult.objects.ready().filter(
        backend_name=DEFAULT_TASK_BACKEND_ALIAS, queue_name=DEFAULT_TASK_QUEUE_NAME
    )
    if ready.exists():
        return FOR_TASK
    due: QuerySet[SiteSettings] = QuerySet(SiteSettings).filter(next_due_at__lte=timezone.now())
    return FOR_DUE if due.exists() else b""


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
        code = 0 if run_tasks() else MAINTENANCE_FAILED
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except Error as outage:
        logger.warning("The task worker cannot use the database: %s", outage)
        code = 0  # it is asked for again when the database answers
    except BaseException:
        logger.exception("The task worker ended by an error; it is started again.")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # what the arbiter registered for its own end is not for this process


def run_tasks() -> bool:
    """Do a round of maintenance, then run tasks until none is left; return whether the maintenance succeeded."""
    command = Command()
    command.configure_logging(verbosity=0)
    is_maintained = PeriodicMaintenance().round()
    worker = PatientWorker(
        queue_names=[DEFAULT_TASK_QUEUE_NAME],
        interval=0,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_liveness.new_worker_id(),
        excluded_queue_names=[],
    )
    run_as_service(worker)
    return is_maintained
