"""`manage.py reindex`: rebuild the index while searches go on; an interrupted rebuild continues."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from search.backends.base import get_backend
from search.index.rebuild import continue_rebuild, remaining, start_rebuild


class Command(BaseCommand):
    """Bring every entry up to this analyser, a few resources in each transaction."""

    help = (
        "Escribe de nuevo el índice del buscador, sin interrumpir las búsquedas. Si se detiene, la próxima vez sigue "
        "donde quedó. Con --all rehace también las entradas que están al día."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --all."""
        parser.add_argument("--all", action="store_true", help="Rehace todas las entradas.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Index stale documents with a progress report."""
        with connection.cursor() as cursor:
            get_backend(connection.vendor).install(cursor)
        if options["all"]:
            start_rebuild()  # from here on it can be taken up again without --all
        total, start = sum(1 for _ in remaining()), time.monotonic()
        done, pages = 0, 0

        def progress(so_far: int, read: int) -> None:
            nonlocal done, pages
            done, pages = so_far, read
            if self.stderr.isatty() or done == total:
                self.stderr.write(f"\r{done} de {total} recursos, {pages} páginas", ending="")

        stopped = False
        try:
            continue_rebuild(progress)
        except KeyboardInterrupt:
            stopped = True
        if stopped:  # told of here: an exception with its frames would hold the open cursor
            raise CommandError(
                f"Detenido: {done} de {total} recursos están al día y se buscan. Para seguir: manage.py reindex",
                returncode=130,
            )
        self.stderr.write("")
        self.stdout.write(
            f"Índice al día: {done} recursos, {pages} páginas, {time.monotonic() - start:.1f} s."
        )
