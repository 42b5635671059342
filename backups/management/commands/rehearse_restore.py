"""`manage.py rehearse_restore`: find out whether the newest archive can be restored, before it is needed."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backups.errors import BackupError
from backups.management.interruption import sigterm_interrupts
from backups.rehearsal import rehearse
from backups.runs import in_time
from backups.tasks import is_on


class Command(BaseCommand):
    """Rehearse, and end with code 1 where something differs."""

    help = (
        "Restaura el respaldo más nuevo en un lugar aparte, compara filas y sumas, abre las páginas y anota el resultado, "
        "que la mesa editorial muestra. No toca el sitio."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --from and --key."""
        parser.add_argument(
            "--from",
            dest="place",
            default=settings.BACKUP_TO if is_on() else "",
            metavar="CARPETA",
            help="dónde están los respaldos (si falta, BACKUP_TO)",
        )
        parser.add_argument(
            "--key",
            default=settings.BACKUP_KEY_FILE,
            metavar="ARCHIVO",
            help="la clave, si se cifró",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rehearse and tell."""
        if not options["place"]:
            raise CommandError("Diga dónde: manage.py rehearse_restore --from CARPETA")
        self.stderr.write("Se restaura en un lugar aparte; puede tardar unos minutos…")
        try:
            with sigterm_interrupts():
                event = rehearse(options["place"], options["key"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as interrupted:
            raise CommandError("Interrumpido: no cambió nada.", returncode=130) from interrupted
        self.stdout.write(f"Ensayo: {in_time(event.seconds)}, {event.words}.")
        if not event.is_ok:
            sys.exit(1)
