"""`manage.py check_links`: check the due links now. The worker does the same by itself, a few at a time."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from maintenance.link_checks import check_links
from resources.models import Link

AT_MOST = 200


class Command(BaseCommand):
    """Check due links, print each and the broken ones."""

    help = (
        "Comprueba los enlaces del catálogo a los que ya les toca. Uno está roto cuando su página falta en dos días distintos; "
        "lo que el sitio no deja saber no cuenta."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --limit."""
        parser.add_argument(
            "--limit",
            type=int,
            default=AT_MOST,
            help=f"cuántos, como máximo ({AT_MOST})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the due links."""
        if not settings.LINK_CHECK_DAYS:
            raise CommandError("Los enlaces no se comprueban: LINK_CHECK_DAYS es 0.")
        done = check_links(limit=options["limit"], seconds=float("inf"), on_check=self._tell)
        self.stdout.write(
            f"Comprobados: {done.checked}. Rotos entre ellos: {done.broken}. Por comprobar todavía: {done.due}."
        )

    def _tell(self, link: Link) -> None:
        mark = "ROTO" if link.is_broken else "    "
        self.stdout.write(f"{mark} {link.url}: {link.get_finding_display()}")
