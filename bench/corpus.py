"""A synthetic Spanish catalogue to measure on: the same for the same size, up to a million pages in minutes.

Resources have 1 to 20 pages, ten on average, 200 words each, drawn from 20,000 sentences over a vocabulary with
Zipf's frequencies. The site's own code indexes the first 10,000 resources, which says how fast it is; the bodies of
the others are put together from their sentences' stems, and written by the site's engine.
"""

import random
import resource as usage
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

_SYLLABLES = """
ca co de di fe ga go la le lo ma me mi mo na ne no pa pe po ra re ri ro sa se si ta te ti to tra va ve vi
"""
_COMMON = """
gobierno abierto participación ciudadana municipio transparencia información pública gestión plan acción ley derecho
acceso territorio autonomía estado política servicio desarrollo nacional local datos proceso control social cuentas
rendición presupuesto ordenanza consejo asamblea organización instrumento estrategia compromiso institución
"""
_ENDINGS = "ción ado ada miento dad ista ario oria ante ez ura ismo able al"
_LINKS = "de la el en y a los que se las del por con para una un su"
SYLLABLES, COMMON, ENDINGS, LINKS = (
    _SYLLABLES.split(),
    _COMMON.split(),
    _ENDINGS.split(),
    _LINKS.split(),
)
BATCH = 500  # resources that are written at once
MEASURED = 10_000  # resources that the site's own code indexes
ON_A_PAGE = 17  # sentences


def vocabulary(size: int = 30_000) -> list[str]:
    """Return Spanish-looking words, the most frequent first."""
    rng = random.Random(1)
    made = {
        "".join(rng.choices(SYLLABLES, k=rng.randint(2, 3))) + rng.choice(ENDINGS)
        for _ in range(size * 2)
    }
    return COMMON + rng.sample(sorted(made), len(made))[:size]


def sentences(words: list[str]) -> list[str]:
    """Return the stock that pages are made of."""
    rng = random.Random(2)
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    stock = []
    for _ in range(20_000):
        content = rng.choices(words, cum_weights=weights, k=8)
        stock.append(
            " ".join(
                f"{rng.choice(LINKS)} {word}" if n % 2 else word for n, word in enumerate(content)
            ).capitalize()
            + "."
        )
    return stock


@dataclass
class Stored:
    """A resource of the corpus whose entry is still to be written: its version, and the sentences of each page."""

    pk: int
    version: int
    file: int
    pages: list[list[int]]


class Corpus:
    """Builds one catalogue in the present database."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.words = vocabulary()
        self.stock = sentences(self.words)
        self._rng = random.Random(3)
        self._in_titles = list(accumulate(1 / (n + 2) for n in range(len(self.words))))

    def is_built(self) -> bool:
        """Tell whether this very corpus stands already."""
        from resources.models import SearchDoc

        return SearchDoc.objects.count() == self.size

    def build(self) -> None:
        """Store resources, files and page texts straight into the tables, and index them."""
        from resources.models import Section, Tag
        from resources.search.analysis import analyze

        sections = [Section.objects.create(title=f"Sección {n}") for n in range(1, 9)]
        names = self.words[len(COMMON) : len(COMMON) + 400]
        tags = [Tag.objects.create(name=name) for name in names]
        stems = [" ".join(analyze(sentence)) for sentence in self.stock]
        start = time.monotonic()
        waiting: list[Stored] = []
        for first in range(0, self.size, BATCH):
            count = min(BATCH, self.size - first)
            stored = self._store(sections, tags, first, count)
            if first < MEASURED:
                waiting += stored
                if first + count == min(MEASURED, self.size):
                    index_as_the_site_does(waiting)
                    before_many()
            else:
                index_by_sentences(stored, stems)
            progress("Catálogo", first + count, self.size, start)
        after_many()

    def _store(self, sections: list, tags: list, first: int, count: int) -> list[Stored]:
        """Store `count` published documents with one file each."""
        from django.db import transaction
        from django.db.models import QuerySet
        from django.utils import timezone

        from resources.models import FileVersion, Resource, ResourceFile, ResourceTag

        rng, now = self._rng, timezone.now()
        rows = []
        for n in range(first, first + count):
            title = " ".join(rng.choices(self.words, cum_weights=self._in_titles, k=6)).capitalize()
            rows.append(
                Resource(
                    kind="document",
                    type_label=rng.choice(["Guía", "Manual", "Plan", "Estudio"]),
                    section=rng.choice(sections),
                    title=title,
                    sort_title=title.lower(),
                    slug=f"bench-{n}",
                    summary=" ".join(rng.choices(self.stock, k=3)),
                    status="published",
                    published_at=now - timezone.timedelta(minutes=n + 1),
                    issued_on=now.date().replace(year=rng.randint(2005, 2025), day=1),
                    issued_on_precision="year",
                )
            )
        with transaction.atomic():
            rows = QuerySet(Resource).bulk_create(rows, batch_size=100)
            links = [
                ResourceTag(content_object=row, tag=tag)
                for row in rows
                for tag in set(rng.choices(tags, k=3))
            ]
            QuerySet(ResourceTag).bulk_create(links, batch_size=200)
            files = [
                ResourceFile(resource=row, file_name="documento.pdf", accessible=rng.random() < 0.5)
                for row in rows
            ]
            files = QuerySet(ResourceFile).bulk_create(files, batch_size=100)
            about = {"number": 1, "stored": "x.pdf", "media_type": "application/pdf", "size": 1}
            versions = [
                FileVersion(file=file, sha256="0" * 64, pages=rng.randint(1, 20), **about)
                for file in files
            ]
            versions = QuerySet(FileVersion).bulk_create(versions, batch_size=100)
            for row, file, version in zip(rows, files, versions, strict=True):
                file.current, row.main_version = version, version
            QuerySet(ResourceFile).bulk_update(files, ["current"], batch_size=100)
            QuerySet(Resource).bulk_update(rows, ["main_version"], batch_size=100)
            of_documents = ((row.pk, "guide", "") for row in rows)
            insert(
                "resources_document", ("resource_ptr_id", "document_type", "edition"), of_documents
            )
            stored = [
                Stored(row.pk, version.pk, version.file_id, self._pages(version.pages))
                for row, version in zip(rows, versions, strict=True)
            ]
            texts = (
                (one.version, number, " ".join([self.stock[n] for n in page]))
                for one in stored
                for number, page in enumerate(one.pages, 1)
            )
            insert("resources_pagetext", ("version_id", "page", "text"), texts)
        return stored

    def _pages(self, count: int) -> list[list[int]]:
        number, size = self._rng.random, len(self.stock)
        return [[int(number() * size) for _ in range(ON_A_PAGE)] for _ in range(count)]


def insert(table: str, columns: Sequence[str], rows: Iterable[tuple]) -> None:
    """Write rows past the models."""
    from django.db import connection

    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", list(rows)
        )


def index_as_the_site_does(waiting: list[Stored]) -> None:
    """Write these entries by the site's own code, and say how fast and in how much memory."""
    from resources.publishing.indexing import bring_up_to_date

    pages = sum(len(one.pages) for one in waiting)
    start, processor = time.monotonic(), time.process_time()
    bring_up_to_date(lambda done, _: progress("Índice", done, len(waiting), start))
    spent = time.process_time() - processor
    memory = usage.getrusage(usage.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"Indexing: {pages:,} pages, {pages / spent:,.0f} a second of processor time, {memory:,.0f} MB at most."
    )


def index_by_sentences(stored: list[Stored], stems: list[str]) -> None:
    """Write these entries from the stems of their sentences: what the analyser would say of each page, at once."""
    from django.db import connection, transaction

    from resources.publishing.entries import entries_of
    from resources.publishing.vocabulary import Vocabulary
    from resources.search.analysis import ANALYZER_VERSION
    from resources.search.engines.choose import engine_for

    known = {}
    for one in stored:
        runs = [one.file, one.version, [[1, len(one.pages)]]]
        known[one.pk] = {
            "layout": f'{{"files":[{runs}],"tails":[]}}',
            "body": "\n".join(" ".join([stems[n] for n in page]) for page in one.pages),
            "analyzer": ANALYZER_VERSION,
        }
    with transaction.atomic(), connection.cursor() as cursor:
        entries = list(entries_of(list(known), known))
        engine_for(connection.vendor).store(cursor, [entry.doc for entry in entries])
        vocabulary = Vocabulary()
        for entry in entries:
            vocabulary.learn(entry.labels)


def before_many() -> None:
    """Take PostgreSQL's indexes of the search away, which are quicker made whole than word by word."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX search_vector, search_head, search_pairs")


def after_many() -> None:
    """Bring indexes, counted words and the planner's knowledge up to date."""
    from django.db import connection

    from resources.publishing.indexing import bring_up_to_date
    from resources.search.engines.choose import engine_for

    with connection.cursor() as cursor:
        engine_for(connection.vendor).install(cursor)
        cursor.execute("ANALYZE")
    bring_up_to_date()


def progress(what: str, done: int, total: int, start: float) -> None:
    """Draw a bar on the terminal."""
    share = done / total
    left = (time.monotonic() - start) * (1 - share) / share
    bar = "█" * round(share * 30)
    sys.stderr.write(f"\r{what} {bar:<30} {done:,}/{total:,}, faltan {left:,.0f} s ")
    if done == total:
        sys.stderr.write("\n")
