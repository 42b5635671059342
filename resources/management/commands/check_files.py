"""`manage.py check_files`: compare every stored file with its sum; made for a person or for a monitor (--json)."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from resources.files.fixity import Report, check

HEADINGS = {
    "missing": "Faltan",
    "altered": "Alterados",
    "unerased": "Retenidos que no se borraron",
    "orphaned": "Huérfanos (nadie los nombra)",
    "deleted": "Huérfanos borrados",
}


class Command(BaseCommand):
    """Check, tell, and end with code 1 where something is wrong."""

    help = "Compara cada archivo guardado con su huella SHA-256 y busca los que faltan o sobran. Código 1 si algo está mal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --json and --delete-orphans."""
        parser.add_argument(
            "--json", action="store_true", help="el informe en JSON, para un monitor"
        )
        parser.add_argument(
            "--delete-orphans",
            action="store_true",
            help="borra los huérfanos que tengan más de un día",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and report."""
        is_watched = not options["json"] and self.stderr.isatty()
        report = check(
            delete_orphans=options["delete_orphans"],
            progress=self._progress if is_watched else lambda done, of: None,
        )
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
        else:
            self._tell(report)
        if not report.is_ok:
            sys.exit(1)

    def _progress(self, done: int, of: int) -> None:
        self.stderr.write(f"\r{done}/{of}", ending="\n" if done == of else "")

    def _tell(self, report: Report) -> None:
        for name, heading in HEADINGS.items():
            problems = getattr(report, name)
            if problems:
                self.stdout.write(f"{heading}: {len(problems)}")
            for problem in problems:
                what = f" ({problem.what})" if problem.what else ""
                self.stdout.write(f"  {problem.place}: {problem.name}{what}")
        verdict = "Todo está en su lugar." if report.is_ok else "Hay algo que atender."
        self.stdout.write(f"{report.checked} archivos comprobados. {verdict}")
