"""`manage.py inspect_files`: inspect every current file again. Ctrl-C is safe; the same command goes on where it stopped."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand

from resources.files.reinspection import current_versions, inspect_again, missing_facts
from resources.models import FileVersion

INTERRUPTED = 130  # the shell's code for Ctrl-C


def _named(version: FileVersion) -> str:
    """Name a version so that an editor finds it."""
    return f"«{version.file.resource}», {version.file.file_name}, versión {version.number}"


class Bookmark:
    """Where a run stands, in the site's own folder: the last version done, and those that failed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last, self.failed = 0, []
        if path.exists():
            stored = json.loads(path.read_text("utf-8"))
            self.last, self.failed = stored["last"], stored["failed"]

    def put(self, version: FileVersion, *, has_failed: bool) -> None:
        """Note that `version` is done."""
        self.last = version.pk
        self.failed += [_named(version)] * has_failed
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps({"last": self.last, "failed": self.failed}), "utf-8")
        new.replace(self.path)

    def delete(self) -> None:
        """Forget it: the run has come to its end."""
        self.path.unlink(missing_ok=True)


class Command(BaseCommand):
    """Inspect again: facts, page texts, and the covers that come from files."""

    help = "Inspecciona de nuevo los archivos actuales: datos, textos y portadas. Si se interrumpe, la misma orden continúa."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --missing and --restart."""
        parser.add_argument(
            "--missing", action="store_true", help="solo los archivos de los que falta algún dato"
        )
        parser.add_argument(
            "--restart",
            action="store_true",
            help="desde el primero, aunque una corrida quedara a medias",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the versions; a bad one is told of and the others follow."""
        folder = settings.VAR_DIR / "inspection"
        folder.mkdir(parents=True, exist_ok=True)
        bookmark = Bookmark(folder / ("missing.json" if options["missing"] else "again.json"))
        if options["restart"]:
            bookmark.delete()
            bookmark = Bookmark(bookmark.path)
        versions = missing_facts(current_versions()) if options["missing"] else current_versions()
        waiting = list(versions.filter(pk__gt=bookmark.last).values_list("pk", flat=True))
        if bookmark.last:
            self.stdout.write("Se continúa donde quedó la corrida anterior.")
        try:
            self._inspect(waiting, bookmark)
        except KeyboardInterrupt:
            self.stderr.write(
                "\nInterrumpido. Nada quedó a medias; la misma orden continúa donde quedó."
            )
            sys.exit(INTERRUPTED)
        bookmark.delete()
        self._conclude(len(waiting), bookmark.failed)

    def _inspect(self, waiting: list[int], bookmark: Bookmark) -> None:
        for number, pk in enumerate(waiting, 1):
            version = current_versions().filter(pk=pk).first()
            if version is None:  # replaced or withheld in the meantime
                continue
            outcome, has_failed = self._outcome(version)
            bookmark.put(version, has_failed=has_failed)
            self.stdout.write(f"{number}/{len(waiting)} {_named(version)}: {outcome}")

    def _outcome(self, version: FileVersion) -> tuple[str, bool]:
        """Inspect one version; return the message and whether it failed."""
        try:
            return ("actualizado" if inspect_again(version) else "sin cambios"), False
        except ValidationError as refusal:
            return f"ERROR: {' '.join(refusal.messages)}", True
        except Exception as problem:  # a file nobody foresaw must not keep the others waiting
            return f"ERROR: {type(problem).__name__}: {problem}", True

    def _conclude(self, count: int, failed: list[str]) -> None:
        self.stdout.write(f"Listo: {count} archivos inspeccionados, {len(failed)} con error.")
        for name in failed:
            self.stderr.write(f"Con error: {name}")
        if failed:
            sys.exit(1)
