"""`manage.py serve`: prepare everything, then serve the site and run its worker until Ctrl-C."""

import os
import signal
import socket
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from backups.tasks import schedule_nightly_backup
from maintenance.tasks import schedule_link_checks
from portal import preload, temporary_files
from portal.arbiter import run_server
from portal.editor_accounts import create_or_reset_editor
from portal.file_permissions import tighten
from reading.making import make_missing_readings
from resources import seed
from resources.code_version import code_version
from resources.files.caption_upgrade import read_captions_again
from resources.files.packs import builder
from resources.workflow.schedule import apply_due
from search.index.rebuild import refresh_index
from search.index.writer import index_pending
from tables.tasks import read_unread_tables

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERRUPTED = 130  # exit code after Ctrl-C, by the shell's convention
PATIENCE = 10  # seconds that an interrupted preparation has to end


class Command(BaseCommand):
    """Prepare and serve; safe to run repeatedly."""

    requires_system_checks: tuple[str, ...] = ()  # they query the database: the child runs them
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
        if options["prepare_only"]:
            self._prepare_and_announce()
            index_pending.call()
            return
        refuse_busy_port()
        if settings.EMBEDDED_WORKER:  # a worker that runs as a service has files there
            temporary_files.clear_temporary_files()
        os.environ["TMPDIR"] = str(settings.FILE_UPLOAD_TEMP_DIR)
        self._prepare_while_loading()
        run_server()

    def _prepare_while_loading(self) -> None:
        """Prepare in a child process, whose memory and database connections end with it, and load the code here."""
        self.stdout.flush()
        child = os.fork()
        if child == 0:
            os.setsid()  # Ctrl-C reaches the parent alone
            try:
                self._prepare_and_announce()
                index_pending.enqueue()  # what a worker that was stopped left behind
            except KeyboardInterrupt:
                sys.exit(INTERRUPTED)
            sys.exit(0)
        ended_at: list[float] = []

        def end(*_: Any) -> None:
            ended_at.append(time.monotonic())
            os.kill(child, signal.SIGINT)

        for number in ENDINGS:
            signal.signal(number, end)
        preload.load_code()
        status = _wait_for(child, ended_at)
        for number in ENDINGS:
            signal.signal(number, signal.SIG_DFL)
        if status or ended_at:
            sys.exit(INTERRUPTED if ended_at else os.waitstatus_to_exitcode(status))

    def _prepare_and_announce(self) -> None:
        self.check()
        is_first_run = self._prepare()
        self.stdout.write(f"\n  El sitio:         {settings.SITE_URL}/")
        self.stdout.write(f"  Mesa editorial:   {settings.SITE_URL}/admin/")
        if is_first_run:
            password, _ = create_or_reset_editor("editora")
            self.stdout.write(
                f"  Cuenta de prueba: usuario editora, clave {password}  (solo se muestra esta vez)"
            )
        self.stdout.write("  Para terminar:    Ctrl-C\n\n")
        self.stdout.flush()

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
        schedule_nightly_backup()
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
            make_missing_readings.enqueue()
            read_unread_tables.enqueue()
            read_captions_again.enqueue()
            mark.write_text(release)


def _wait_for(child: int, ended_at: list[float]) -> int:
    """Return the exit status of the preparation; kill it where it has not ended PATIENCE seconds after a signal."""
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return status
        if ended_at and time.monotonic() > ended_at[0] + PATIENCE:
            os.kill(
                child, signal.SIGKILL
            )  # Python loses an interrupt that comes while it destroys an object
        time.sleep(0.02)


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
