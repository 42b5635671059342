"""`manage.py restore ARCHIVE`: put an archive in the place of the site's data."""

import json
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backups.errors import BackupError
from backups.management.interruption import sigterm_interrupts
from backups.management.progress import progress_line
from backups.manifest import SUFFIX, Manifest
from backups.pages import open_pages
from backups.repository import Repository
from backups.restore import restore
from backups.runs import in_time
from resources.files.fixity import Report, check
from resources.files.packs.builder import refresh_packs


class Command(BaseCommand):
    """Restore all or nothing, make again what is derived, and check every file."""

    requires_system_checks: tuple[str, ...] = ()  # they query tables that may not be there
    help = (
        "Restaura un respaldo: comprueba todas sus sumas, reemplaza la base de datos y los archivos, rehace lo derivado y "
        "compara cada archivo (check_files). O todo o nada. Sirve de SQLite a PostgreSQL y al revés."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the archive, --key, --overwrite, --json and --open-pages."""
        parser.add_argument(
            "archive",
            metavar="RESPALDO",
            help="un archivo .manifest, o la carpeta de los respaldos para el más nuevo; también s3://…",
        )
        parser.add_argument(
            "--key",
            default=settings.BACKUP_KEY_FILE,
            metavar="ARCHIVO",
            help="la clave, si se cifró",
        )
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="reemplaza todo el contenido que el sitio tenga ahora",
        )
        parser.add_argument("--json", action="store_true", help="el resultado en JSON")
        parser.add_argument(
            "--open-pages", action="store_true", help="al final abre las páginas públicas"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, check, tell; code 1 where the check finds something missing or altered."""
        start = time.monotonic()
        try:
            with sigterm_interrupts():
                manifest = self._restore(options)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as interrupted:
            raise CommandError("Interrumpido: no cambió nada.", returncode=130) from interrupted
        refresh_packs.call()  # a start of the site makes up for an interruption from here on
        report = check()
        pages, failing = open_pages() if options["open_pages"] else (0, [])
        rows = sum(table.rows for table in manifest.tables)
        is_ok = not (report.missing or report.altered or report.unerased or failing)
        if options["json"]:
            values = {
                "ok": is_ok,
                "archive": manifest.name,
                "rows": rows,
                "files": len(manifest.files),
                "pages": pages,
                "problems": [*_problems(report), *failing],
            }
            self.stdout.write(json.dumps(values, ensure_ascii=False))
        else:
            self.stdout.write(
                f"Restaurado {manifest.name}: {rows} filas y {len(manifest.files)} archivos, iguales a los del respaldo, "
                f"en {in_time(time.monotonic() - start)}. {report.checked} archivos comprobados."
            )
            for problem in (*_problems(report), *failing):
                self.stdout.write(problem)
            self.stdout.write(
                "Todo está en su lugar. Inicie el sitio." if is_ok else "Hay algo que atender."
            )
        if not is_ok:
            sys.exit(1)

    def _restore(self, options: dict[str, Any]) -> Manifest:
        place, name = split_archive(options["archive"])
        repository = Repository.open(place, options["key"])
        manifest = repository.read_manifest(name) if name else repository.newest()
        if manifest is None:
            raise BackupError(f"En {place} no hay respaldos. Para hacer uno: manage.py backup")
        restore(
            repository,
            manifest,
            overwrite=options["overwrite"],
            progress=progress_line(self.stderr),
        )
        return manifest


def split_archive(argument: str) -> tuple[str, str]:
    """Return the repository's place and the archive's name, empty for the newest."""
    if not argument.endswith(SUFFIX):
        return argument, ""
    place, _, name = argument.rpartition("/")
    return place or ".", name


def _problems(report: Report) -> list[str]:
    found = (
        ("FALTA", report.missing),
        ("ALTERADO", report.altered),
        ("RETENIDO QUE NO SE BORRÓ", report.unerased),
        ("SOBRA", report.orphaned),
    )
    return [
        f"{words} {problem.place}: {problem.name} {problem.what}".rstrip()
        for words, problems in found
        for problem in problems
    ]
