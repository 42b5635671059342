"""`manage.py search_quality`: ask the kept questions of the present catalogue and report recall@3 and MRR."""

import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.evaluation import evaluate


class Command(BaseCommand):
    """Report how good the search is."""

    help = "Mide el buscador con las preguntas guardadas: recall@3 y MRR. Requiere la muestra (manage.py seed)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --queries."""
        parser.add_argument(
            "--queries", type=Path, default=settings.BASE_DIR / "tests/search/queries.toml"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure, and name the questions whose answer does not come first."""
        try:
            report = evaluate(options["queries"])
        except FileNotFoundError as missing:
            raise CommandError(
                f"No existe el archivo de preguntas {options['queries']}."
            ) from missing
        except tomllib.TOMLDecodeError as wrong:
            raise CommandError(f"{options['queries']} no es TOML: {wrong}") from wrong
        for outcome in report.outcomes:
            if outcome.place != 1:
                place = str(outcome.place) if outcome.place else "–"
                self.stdout.write(
                    f"{place:>3}  {outcome.question}  →  {', '.join(slug[:45] for slug in outcome.first)}"
                )
        self.stdout.write(
            f"{len(report.outcomes)} preguntas: recall@3 {report.recall_at_3:.1%}, MRR {report.mrr:.3f}"
        )
