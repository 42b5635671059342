"""`manage.py backup`: make one archive of database and files; the worker does the same each night."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backups.encryption import make_key
from backups.errors import BackupError
from backups.management.interruption import sigterm_interrupts
from backups.management.progress import progress_line
from backups.runs import in_bytes, run_backup
from backups.tasks import is_on


class Command(BaseCommand):
    """Make an archive, or a key."""

    help = (
        "Hace un respaldo de la base de datos y los archivos, mientras el sitio sigue en uso. Cada archivo se guarda una vez: "
        "el segundo respaldo solo agrega lo que cambió. Se conservan 7 días, 5 semanas y 12 meses."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --to, --key, --check and --make-key."""
        parser.add_argument(
            "--to",
            default=settings.BACKUP_TO if is_on() else "",
            metavar="CARPETA",
            help="dónde: una carpeta o s3://depósito/carpeta (si falta, BACKUP_TO)",
        )
        parser.add_argument(
            "--key",
            default=settings.BACKUP_KEY_FILE,
            metavar="ARCHIVO",
            help="cifra el respaldo con la clave de este archivo (si falta, BACKUP_KEY_FILE)",
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="comprueba antes las sumas del último respaldo y guarda de nuevo lo dañado",
        )
        parser.add_argument(
            "--make-key", metavar="ARCHIVO", help="crea una clave en este archivo y termina"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make an archive and print its size; with --make-key, write a key instead."""
        try:
            if options["make_key"]:
                make_key(options["make_key"])
                self.stdout.write(
                    f"Clave nueva en {options['make_key']}. Guarde una copia en otro lugar: sin ella nadie podrá leer los respaldos."
                )
                return
            with sigterm_interrupts():
                self._back_up(options)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as interrupted:
            raise CommandError(
                "Interrumpido: no quedó ningún respaldo a medias. Lo ya copiado no se copiará otra vez.",
                returncode=130,
            ) from interrupted

    def _back_up(self, options: dict[str, Any]) -> None:
        if not options["to"]:
            raise BackupError("Diga dónde: manage.py backup --to CARPETA")
        outcome, deleted = run_backup(
            options["to"], options["key"], progress_line(self.stderr), check=options["check"]
        )
        manifest = outcome.manifest
        self.stdout.write(
            f"Respaldo hecho: {options['to'].rstrip('/')}/{manifest.name}\n"
            f"{sum(table.rows for table in manifest.tables)} filas y {len(manifest.files)} archivos; "
            f"{in_bytes(outcome.new_bytes)} nuevos. Respaldos antiguos borrados: {deleted}."
        )
        for file in outcome.absent:
            self.stdout.write(f"FALTA {file.place}: {file.name} ({file.what})")
        if outcome.absent:
            raise BackupError(
                f"El respaldo se hizo sin {len(outcome.absent)} archivos que faltan o cambiaron. Ejecute manage.py check_files"
            )
