"""`manage.py serve`: prepare everything, then serve the site and run its worker until Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from maintenance.tasks import schedule_link_checks
from portal import temporary_files, worker_liveness
from portal.editor_accounts import create_or_reset_editor
from portal.file_permissions import tighten
from resources import seed
from resources.code_version import code_version
from resources.files.packs import builder
from resources.workflow.schedule import apply_due
from search.index.rebuild import refresh_index
from search.index.writer import index_pending

RESTART_AFTER = 2  # seconds before a worker that ended is started again
GIVE_UP_AFTER = 25  # seconds that a child has to end by itself


class Command(BaseCommand):
    """Prepare and serve; safe to run repeatedly."""

    help = (
        "Prepara todo (base de datos, muestra, archivos estáticos) y sirve el sitio hasta Ctrl-C."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --prepare-only."""
        parser.add_argument(
            "--prepare-only", action="store_true", help="prepara todo y termina sin servir"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, announce, serve."""
        if not options["prepare_only"]:
            refuse_busy_port()
            if settings.EMBEDDED_WORKER:  # a worker that runs as a service has files there
                temporary_files.clear_temporary_files()
        is_first_run = self._prepare()
        take_up = index_pending.call if options["prepare_only"] else index_pending.enqueue
        take_up()  # what a worker that was stopped left behind
        self.stdout.write(f"\n  El sitio:         {settings.SITE_URL}/")
        self.stdout.write(f"  Mesa editorial:   {settings.SITE_URL}/admin/")
        if is_first_run:
            password, _ = create_or_reset_editor("editora")
            self.stdout.write(
                f"  Cuenta de prueba: usuario editora, clave {password}  (solo se muestra esta vez)"
            )
        self.stdout.write("  Para terminar:    Ctrl-C\n\n")
        self.stdout.flush()
        if not options["prepare_only"]:
            connections.close_all()
            sys.exit(Children().run())

    def _prepare(self) -> bool:
        """Update database, sample and static files; return whether there is no account yet."""
        for_group = bool(settings.MEDIA_ACCEL_REDIRECT)
        tighten(settings.VAR_DIR, Path(settings.MEDIA_ROOT), for_group=for_group)
        call_command("migrate", verbosity=0, interactive=False)
        if seed.is_untouched():
            self.stdout.write(
                "Primera vez: se llena el catálogo con la muestra (menos de un minuto)…"
            )
            call_command("seed", verbosity=0)
        apply_due(force=True)
        schedule_link_checks()
        self._renew_what_code_makes()
        return not get_user_model().objects.exists()

    def _renew_what_code_makes(self) -> None:
        """After a change of the code, collect static files and queue the comparison of packs and index."""
        mark = settings.STATIC_ROOT / ".release"
        release = code_version(settings.BASE_DIR)
        if not mark.exists() or mark.read_text() != release:
            self.stdout.write("Se preparan los archivos estáticos…")
            call_command("collectstatic", verbosity=0, interactive=False)
            builder.request_refresh()
            refresh_index.enqueue()
            mark.write_text(release)


def refuse_busy_port() -> None:
    """Raise CommandError, with the remedy, where another program listens at the site's address."""
    host, _, port = settings.WEB_BIND.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as busy:
            raise CommandError(
                f"El puerto {port} está ocupado o no se puede usar. Cierre el otro programa o elija otro: make run PORT=8001"
            ) from busy


class Children:
    """The web server and the worker as child processes: they end together, and the worker is restarted."""

    def __init__(self) -> None:
        self.stopping = False
        self.web = self._start("-m", "gunicorn", "-c", "python:portal.gunicorn")
        self.worker = self._start_worker() if settings.EMBEDDED_WORKER else None

    def run(self) -> int:
        """Wait until the web server ends or a signal stops it; return the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        while self.web.poll() is None and not self.stopping:
            if self.worker and self.worker.poll() is not None:
                time.sleep(RESTART_AFTER)
                self.worker = self._start_worker()
            time.sleep(0.5)
        return self._end()

    def _start(self, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=os.environ | {"TMPDIR": str(settings.FILE_UPLOAD_TEMP_DIR)},
            start_new_session=True,
        )

    def _start_worker(self) -> subprocess.Popen:
        return self._start(
            "manage.py",
            "db_worker",
            "--verbosity=0",
            "--no-startup-delay",
            "--no-reload",
            f"--worker-id={worker_liveness.new_worker_id()}",
        )

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _end(self) -> int:
        children = [child for child in (self.web, self.worker) if child]
        for child in children:
            if child.poll() is None:
                child.terminate()
        for child in children:
            try:
                child.wait(GIVE_UP_AFTER)
            except subprocess.TimeoutExpired:
                child.kill()
        return 0 if self.stopping else (self.web.returncode or 1)
