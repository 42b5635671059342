"""`manage.py reindex`: write the search index anew while the site goes on searching; what is done stays done."""

import time
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from resources.models import SearchDoc
from resources.publishing.indexing import BATCH, index_resources, stale_ids
from resources.publishing.vocabulary import Vocabulary
from resources.search.engines.choose import engine_for


class Command(BaseCommand):
    """Bring every entry up to this analyser, a few resources in each transaction."""

    help = (
        "Escribe de nuevo el índice del buscador, sin interrumpir las búsquedas. Si se detiene, la próxima vez sigue "
        "donde quedó. Con --all rehace también las entradas que están al día."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --all."""
        parser.add_argument("--all", action="store_true", help="Rehace todas las entradas.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Index what is stale, saying how far it is."""
        with connection.cursor() as cursor:
            engine_for(connection.vendor).install(cursor)
        if options["all"]:
            SearchDoc.objects.update(
                analyzer=0
            )  # from here on it can be taken up again without --all
        ids, total = stale_ids(), sum(1 for _ in stale_ids())
        done, pages, start, vocabulary = 0, 0, time.monotonic(), Vocabulary()
        while batch := list(islice(ids, BATCH)):
            pages += index_resources(batch, vocabulary, afresh=True)
            done += len(batch)
            if self.stderr.isatty() or done == total:
                self.stderr.write(f"\r{done} de {total} recursos, {pages} páginas", ending="")
        self.stderr.write("")
        self._tidy()
        self.stdout.write(
            f"Índice al día: {done} recursos, {pages} páginas, {time.monotonic() - start:.1f} s."
        )

    def _tidy(self) -> None:
        """Drop the entries of what is no longer public, and count the suggestions' words anew."""
        gone = SearchDoc.objects.exclude(
            analyzer__gt=0, resource__status="published", resource__deleted_at=None
        )
        index_resources(gone.values_list("pk", flat=True))
        Vocabulary.recount(
            SearchDoc.objects.values_list("words", flat=True).iterator(chunk_size=2000)
        )
