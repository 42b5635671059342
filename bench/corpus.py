"""A synthetic Spanish catalogue to measure on: the same for the same size, up to a million pages in minutes.

Resources have 1 to 20 pages, ten on average, 200 words each, drawn from 20,000 sentences over a vocabulary with
Zipf's frequencies. The site's own code indexes the first 10,000 resources, which says how fast it is; what is
larger is made of copies of them, each a resource of its own, multiplied in SQL.
"""

import random
import resource as usage
import sys
import time
from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

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
ORIGINALS = 10_000  # resources that are not copies
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
        from resources.models import SearchDoc

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

    from resources.models import Consultation, Resource

    numbers = Resource.objects.order_by("pk").values_list("pk", flat=True)
    rows = (
        Consultation(resource_id=pk, times=1 + 4000 // (1 + pk * 7919 % 997))
        for pk in numbers.iterator()
        if pk % 5 < 3
    )
    Consultation.objects.bulk_create(rows, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # last: what only some tables tell misleads SQLite


def index(size: int) -> None:
    """Write the entries by the site's own code, and say how fast and in how much memory."""
    from resources.models import PageText
    from resources.publishing.reindexing import bring_up_to_date

    pages = PageText.objects.count()
    start, processor, own = time.monotonic(), processor_time(), time.process_time()
    bring_up_to_date(lambda done, _: progress("Índice", done, size, start))
    spent, own = processor_time() - processor, time.process_time() - own
    memory = usage.getrusage(usage.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"Indexing: {pages:,} pages, {pages / own:,.0f} a second of its processor time, "
        f"{pages / spent:,.0f} with the database's, {memory:,.0f} MB at most."
    )


KEYS = {
    "resources_resource": "id",
    "resources_document": "resource_ptr_id",
    "resources_resourcefile": "id",
    "resources_fileversion": "id",
    "resources_pagetext": "id",
    "resources_resourcetag": "id",
    "resources_searchdoc": "resource_id",
}
POINTERS = {  # columns that point to a row of which every copy has its own
    "resource_id": "resources_resource",
    "resource_ptr_id": "resources_resource",
    "content_object_id": "resources_resource",
    "file_id": "resources_resourcefile",
    "main_version_id": "resources_fileversion",
    "current_id": "resources_fileversion",
    "version_id": "resources_fileversion",
}


def multiply(times: int) -> None:
    """Make the catalogue so many times as large, in SQL; the engine's own indexes are made anew at the end."""
    from django.db import connection

    from resources.search.engines.choose import engine_for

    with connection.cursor() as cursor:
        take_indexes_away(cursor)
        highest, columns = {}, {}
        for table, key in KEYS.items():
            cursor.execute(f"SELECT max({key}) FROM {table}")
            highest[table] = cursor.fetchone()[0]
            described = connection.introspection.get_table_description(cursor, table)
            columns[table] = [column.name for column in described]
        start = time.monotonic()
        for copy in range(1, times):
            cursor.execute("BEGIN")
            for table, key in KEYS.items():
                values = [copied(name, table, copy, highest) for name in columns[table]]
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(columns[table])}) SELECT {', '.join(values)} FROM {table} "
                    f"WHERE {key} <= {highest[table]}"
                )
            cursor.execute("COMMIT")
            progress("Copias", copy + 1, times, start)
        cursor.execute(f"UPDATE resources_term SET frequency = frequency * {times}")
        engine_for(connection.vendor).install(cursor)


def copied(column: str, table: str, copy: int, highest: dict[str, int]) -> str:
    """Return what a column of a copied row is: keys move on, addresses are new, each copy is older than the one before."""
    if column == "id":
        return f"id + {copy * highest[table]}"
    if column in POINTERS:
        return f"{column} + {copy * highest[POINTERS[column]]}"
    if column == "slug":
        return f"slug || '-{copy}'"
    if column == "facets":  # one of them says which document it is
        return (
            f"trim(replace(facets || ' ', ' r_' || resource_id || ' ', "
            f"' r_' || (resource_id + {copy * highest['resources_resource']}) || ' '))"
        )
    if column == "visible_from":
        return f"visible_from - {copy * 600_000_000_000}"
    if column in ("vector", "head"):
        return moved_lexemes(column, copy * highest["resources_resource"])
    if column == "pairs":
        return moved_pairs(copy * highest["resources_resource"])
    return column


def moved_lexemes(column: str, by: int) -> str:
    """Return PostgreSQL's words of a copy: which document it is and in which band, else those of the original."""
    from resources.search.engines.postgres_columns import BAND, BANDS

    old, new = (
        f"ARRAY['r_' || {pk}, '{BANDS}_' || {pk} / {BAND}]"
        for pk in ("resource_id", f"(resource_id + {by})")
    )
    return f"ts_delete({column}, {old}) || array_to_tsvector({new})"


def moved_pairs(by: int) -> str:
    """Return PostgreSQL's pairs of a copy, the band among them."""
    from resources.search.engines.postgres_columns import BAND, band_hash, band_of, band_token

    highest = band_of(2 * ORIGINALS + by)
    hashes = ",".join(str(band_hash(band_token(band))) for band in range(highest + 1))
    old, new = (
        f"(ARRAY[{hashes}])[{pk} / {BAND} + 1]" for pk in ("resource_id", f"(resource_id + {by})")
    )
    return f"array_replace(pairs, {old}, {new})"


def take_indexes_away(cursor: Any) -> None:
    """Drop what the engine keeps in step row by row; `Engine.install` makes it whole, which is far quicker."""
    from django.db import connection

    if connection.vendor == "postgresql":
        cursor.execute("DROP INDEX search_vector, search_head, search_pairs")
        return
    for name in ("search_insert", "search_delete", "search_update"):
        cursor.execute(f"DROP TRIGGER {name}")
    for name in ("search_all", "search_head"):
        cursor.execute(f"DROP TABLE {name}")


def processor_time() -> float:
    """Return the seconds of processor time of this process, and of its backend where one serves it on this machine."""
    from django.db import connection

    spent = time.process_time()
    if connection.vendor == "postgresql":
        backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
        spent += int(backend.read_text().split()[0]) / 1e9 if backend.exists() else 0
    return spent


def progress(what: str, done: int, total: int, start: float) -> None:
    """Draw a bar on the terminal."""
    if not sys.stderr.isatty() and done < total:
        return
    share = done / total
    left = (time.monotonic() - start) * (1 - share) / share
    bar = "█" * round(share * 30)
    sys.stderr.write(f"\r{what} {bar:<30} {done:,}/{total:,}, faltan {left:,.0f} s ")
    if done == total:
        sys.stderr.write("\n")
