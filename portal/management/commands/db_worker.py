"""`manage.py db_worker`: the worker of django-tasks-db that survives a locked database and recovers lost tasks."""

import logging
import tempfile
import threading
import time
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.utils import timezone
from django_tasks_db.management.commands import db_worker

from portal import temporary_files, worker_liveness
from portal.task_recovery import recover_lost_tasks
from resources.models import SiteSettings
from resources.workflow.schedule import apply_due

logger = logging.getLogger(__name__)
PAUSE = 5  # seconds after an error of the database
EVERY = 60  # seconds between two rounds of care


class PatientWorker(db_worker.Worker):
    """A worker that waits where the database is locked or away, instead of ending."""

    def run(self) -> None:
        """Run tasks until asked to stop; first recover those of an earlier worker, or this one."""
        while self.running:
            try:
                recover_lost_tasks(self.worker_id)
                super().run()
                return
            except (DatabaseError, InterfaceError):
                if self.batch:
                    raise
                logger.exception("The worker cannot use the database; it tries again.")
                connections.close_all()
                if self.running:
                    time.sleep(PAUSE)


class PeriodicMaintenance(threading.Thread):
    """Run periodic maintenance once a minute: transitions by date, tasks of dead workers, old temporary files."""

    def __init__(self) -> None:
        super().__init__(name="care", daemon=True)
        self.ended = threading.Event()

    def run(self) -> None:
        """Do a round, then wait, until ended."""
        while not self.ended.wait(EVERY):
            self.round()

    def round(self) -> bool:
        """Run each job and return whether all succeeded; a failed one is tried again in the next round."""
        is_done = True
        for act in (run_schedule, recover_lost_tasks, temporary_files.clear_old_temporary_files):
            try:
                act()
            except Exception:
                is_done = False
                logger.exception("%s failed; it is tried again in a minute.", act.__name__)
        connections.close_all()
        return is_done


def run_schedule() -> None:
    """Run the schedule, where anything is due."""
    due = SiteSettings.load().next_due_at
    if due and due <= timezone.now():
        apply_due()


class Command(db_worker.Command):
    """Run tasks; takes the options of django-tasks-db."""

    def handle(self, *, verbosity: int, worker_id: str, **options: Any) -> None:
        """Hold the liveness lock and run the worker."""
        self.configure_logging(verbosity)
        worker_id = worker_liveness.with_machine(worker_id)
        excluded = options["exclude_queues"]
        worker = PatientWorker(
            queue_names=options["queue_name"].split(","),
            interval=options["interval"],
            batch=options["batch"],
            backend_name=options["backend_name"],
            startup_delay=options["startup_delay"],
            max_tasks=options["max_tasks"],
            worker_id=worker_id,
            excluded_queue_names=excluded.split(",") if excluded else [],
        )
        if worker.batch:
            with worker_liveness.worker_lock(worker_id):
                worker.run()
        else:
            run_as_service(worker)


def run_as_service(worker: PatientWorker) -> None:
    """Run the worker under its liveness lock, with signals and periodic maintenance."""
    with worker_liveness.worker_lock(worker.worker_id):
        tempfile.tempdir = str(settings.FILE_UPLOAD_TEMP_DIR)  # cleared after a crash
        worker.configure_signals()
        PeriodicMaintenance().start()
        worker.run()
