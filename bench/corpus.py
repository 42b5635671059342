"""A synthetic Spanish catalogue to measure on: the same for the same size, up to a million pages in minutes.

Resources have 1 to 20 pages, ten on average, 200 words each, drawn from 20,000 sentences over a vocabulary with
Zipf's frequencies. The site's own code indexes the first 10,000 resources, which says how fast it is; what is
larger is made of copies of them, each a resource of its own, multiplied in SQL.
"""

import random
import resource as usage
import time
from collections.abc import Iterable, Sequence
from itertools import accumulate

from bench.copies import ORIGINALS, multiply
from bench.measuring import processor_time, progress

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
        from search.models import SearchDoc

        return SearchDoc.objects.count() == self.size

    def build(self) -> None:
        """Store resources, files and page texts straight into the tables, and index them."""
        from resources.models import Section, Tag

        sections = [Section.objects.create(title=f"Sección {n}") for n in range(1, 9)]
        names = self.words[len(COMMON) : len(COMMON) + 400]
        tags = [Tag.objects.create(name=name) for name in names]
        start, own = time.monotonic(), min(self.size, ORIGINALS)
        for first in range(0, own, BATCH):
            self._store(sections, tags, first, min(BATCH, own - first))
            progress("Catálogo", min(first + BATCH, own), own, start)
        index(own)
        if self.size > own:
            multiply(self.size // own)
        consult()

    def _store(self, sections: list, tags: list, first: int, count: int) -> None:
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
            texts = (
                (version.pk, page, " ".join(rng.choices(self.stock, k=ON_A_PAGE)))
                for version in versions
                for page in range(1, version.pages + 1)
            )
            insert("resources_pagetext", ("version_id", "page", "text"), texts)


def insert(table: str, columns: Sequence[str], rows: Iterable[tuple]) -> None:
    """Write rows past the models."""
    from django.db import connection

    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", list(rows)
        )


def consult() -> None:
    """Say of three in five resources that they were consulted, some often and most now and then."""
    from django.db import connection

    from resources.models import Resource, ViewCount

    numbers = Resource.objects.order_by("pk").values_list("pk", flat=True)
    rows = (
        ViewCount(resource_id=pk, times=1 + 4000 // (1 + pk * 7919 % 997))
        for pk in numbers.iterator()
        if pk % 5 < 3
    )
    ViewCount.objects.bulk_create(rows, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # last: what only some tables tell misleads SQLite


def index(size: int) -> None:
    """Write the entries by the site's own code, and say how fast and in how much memory."""
    from resources.models import PageText
    from search.index.rebuild import continue_rebuild

    pages = PageText.objects.count()
    start, processor, own = time.monotonic(), processor_time(), time.process_time()
    continue_rebuild(lambda done, _: progress("Índice", done, size, start))
    spent, own = processor_time() - processor, time.process_time() - own
    memory = usage.getrusage(usage.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"Indexing: {pages:,} pages, {pages / own:,.0f} a second of its processor time, "
        f"{pages / spent:,.0f} with the database's, {memory:,.0f} MB at most."
    )
