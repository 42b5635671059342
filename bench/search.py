"""Build a synthetic Spanish catalogue and time the search over it.

    python -m bench.search 10000                 (SQLite, in a folder of its own under the temporary one)
    DATABASE_URL=postgres://… python -m bench.search 10000

The corpus is the same for the same size (seeded). Resources have 1 to 20 pages, ten on average, 200 words each, drawn
from 20,000 sentences over a vocabulary with Zipf's frequencies. With --keep it stays, and is used again next time.
"""

import argparse
import os
import random
import resource as usage
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

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
RUNS = 120


def main() -> None:
    """Build what is asked for, and print the table."""
    options = read_options()
    folder = Path(tempfile.gettempdir()) / f"recursos-bench-{options.size}"
    os.environ.setdefault("VAR_DIR", str(folder))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    words = vocabulary()
    if not is_built(options.size):
        build(options.size, words)
    report(words)
    if not options.keep and "DATABASE_URL" not in os.environ:
        shutil.rmtree(folder)


def read_options() -> argparse.Namespace:
    """Read size and --keep."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("size", type=int, help="resources: 1000, 10000, 100000")
    parser.add_argument("--keep", action="store_true", help="leave the corpus for the next time")
    return parser.parse_args()


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
    weights = [1 / (rank + 3) for rank in range(len(words))]
    stock = []
    for _ in range(20_000):
        content = rng.choices(words, weights, k=8)
        stock.append(
            " ".join(
                f"{rng.choice(LINKS)} {word}" if n % 2 else word for n, word in enumerate(content)
            ).capitalize()
            + "."
        )
    return stock


def is_built(size: int) -> bool:
    """Tell whether this very corpus stands already."""
    from resources.models import SearchDoc

    return SearchDoc.objects.count() == size


def build(size: int, words: list[str]) -> None:
    """Store resources, files and page texts straight into the tables, then index them as the site does."""
    from resources.models import Section

    rng, stock = random.Random(3), sentences(words)
    sections = [Section.objects.create(title=f"Sección {n}") for n in range(1, 9)]
    tags = make_tags(words)
    start, pages = time.monotonic(), 0
    for first in range(0, size, 500):
        pages += store_batch(rng, stock, words, sections, tags, first, min(500, size - first))
        progress("Catálogo", min(first + 500, size), size, start)
    index(size, pages)


def make_tags(words: list[str]) -> list:
    """Store 400 tags."""
    from resources.models import Tag

    return [Tag.objects.create(name=word) for word in words[len(COMMON) : len(COMMON) + 400]]


def store_batch(
    rng: random.Random, stock: list, words: list, sections: list, tags: list, first: int, count: int
) -> int:
    """Store `count` published documents with one file each; return how many pages they have."""
    from django.db.models import QuerySet
    from django.utils import timezone

    from resources.models import FileVersion, PageText, Resource, ResourceFile, ResourceTag

    now = timezone.now()
    head = [1 / (n + 2) for n in range(len(words))]
    rows = []
    for n in range(first, first + count):
        title = " ".join(rng.choices(words, head, k=6)).capitalize()
        rows.append(
            Resource(
                kind="document",
                type_label=rng.choice(["Guía", "Manual", "Plan", "Estudio"]),
                section=rng.choice(sections),
                title=title,
                sort_title=title.lower(),
                slug=f"bench-{n}",
                summary=" ".join(rng.choices(stock, k=3)),
                status="published",
                published_at=now - timezone.timedelta(minutes=n + 1),
                issued_on=now.date().replace(year=rng.randint(2005, 2025)),
                issued_on_precision="year",
            )
        )
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
    lengths = [rng.randint(1, 20) for _ in files]
    versions = [
        FileVersion(
            file=file,
            number=1,
            stored="x.pdf",
            media_type="application/pdf",
            size=1,
            sha256="0" * 64,
            pages=pages,
        )
        for file, pages in zip(files, lengths, strict=True)
    ]
    versions = QuerySet(FileVersion).bulk_create(versions, batch_size=100)
    for file, version in zip(files, versions, strict=True):
        file.current = version
    QuerySet(ResourceFile).bulk_update(files, ["current"], batch_size=100)
    texts = [
        PageText(version=version, page=page, text=" ".join(rng.choices(stock, k=17)))
        for version, pages in zip(versions, lengths, strict=True)
        for page in range(1, pages + 1)
    ]
    PageText.objects.bulk_create(texts, batch_size=200)
    return len(texts)


def index(size: int, pages: int) -> None:
    """Write the index by the site's own code, and say how fast."""
    from resources.publishing.indexing import index_resources, stale_ids
    from resources.publishing.vocabulary import Vocabulary

    ids, known = list(stale_ids()), Vocabulary()
    start, processor = time.monotonic(), time.process_time()
    for first in range(0, len(ids), 200):
        index_resources(ids[first : first + 200], known)
        progress("Índice", min(first + 200, size), size, start)
    spent = time.process_time() - processor
    memory = usage.getrusage(usage.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"Indexing: {pages:,} pages, {pages / spent:,.0f} pages per second of processor time, {memory:,.0f} MB at most."
    )


def report(words: list[str]) -> None:
    """Print the table: milliseconds for a whole answer with facets and ten results with passages."""
    from resources.models import Resource, SearchDoc

    stock, rng = sentences(words), random.Random(4)
    known = [
        word.strip(".").lower() for line in stock[:400] for word in line.split() if len(word) > 4
    ]
    content = [[w.strip(".").lower() for w in line.split() if len(w) > 3] for line in stock[:400]]
    kinds: dict[str, Callable[[], str]] = {
        "one word": lambda: rng.choice(known),
        "two words": lambda: " ".join(rng.sample(known, 2)),
        "frequent words": lambda: " ".join(rng.sample(COMMON[:8], 2)),
        "phrase": lambda: '"' + " ".join(rng.choice(content)[:3]) + '"',
        "worst phrase": lambda: '"' + " ".join(rng.sample(COMMON[:4], 2)) + '"',
        "question": lambda: "¿cómo " + " ".join(rng.sample(known, 5)) + "?",
        "facet alone": lambda: "",
    }
    print(f"\n{SearchDoc.objects.count():,} resources; ms p50 / p95 of {RUNS}")
    for name, make in kinds.items():
        filters = {"y": [f"y_{rng.randint(2005, 2025)}"]} if name == "facet alone" else {}
        print(f"{name:>15}: {timed(lambda make=make, filters=filters: answer(make(), filters))}")
    print(f"{'suggestions':>15}: {timed(lambda: suggest(rng.choice(known)[: rng.randint(2, 5)]))}")
    pks = list(Resource.objects.values_list("pk", flat=True)[:500])
    print(f"{'related':>15}: {timed(lambda: related(rng.choice(pks)))}")


def answer(text: str, filters: dict) -> None:
    """Answer as the page does."""
    from resources.catalog.finding import ask
    from resources.catalog.passages import hits

    found = ask(text, filters, version=1, limit=10)
    if found.parsed.clauses:
        hits(found)


def suggest(typed: str) -> None:
    """Suggest as the box does."""
    from resources.catalog.finding import suggestions

    suggestions(typed)


def related(pk: int) -> None:
    """Find what is related, as a resource's page does."""
    from resources.catalog.finding import related_to
    from resources.models import Resource

    resource = Resource.objects.get(pk=pk)
    list(related_to(resource, list(resource.tags.all()), 4))


def timed(run: Callable[[], None]) -> str:
    """Return the median and the 95th percentile of RUNS, in milliseconds, after ten to warm up.

    Then the same of this process's own processor time, which a busy machine disturbs less; on SQLite it is all there is.
    """
    waited, worked = [], []
    for n in range(RUNS + 10):
        start, processor = time.perf_counter(), time.process_time()
        run()
        if n >= 10:
            waited.append((time.perf_counter() - start) * 1000)
            worked.append((time.process_time() - processor) * 1000)
    return f"{percentiles(waited)}   processor {percentiles(worked)}"


def percentiles(values: list[float]) -> str:
    """Return the median and the 95th percentile."""
    values = sorted(values)
    return f"{values[len(values) // 2]:7.1f} / {values[int(len(values) * 0.95)]:7.1f}"


def progress(what: str, done: int, total: int, start: float) -> None:
    """Draw a bar on the terminal."""
    share = done / total
    left = (time.monotonic() - start) * (1 - share) / share
    bar = "█" * round(share * 30)
    sys.stderr.write(f"\r{what} {bar:<30} {done:,}/{total:,}, faltan {left:,.0f} s ")
    if done == total:
        sys.stderr.write("\n")


if __name__ == "__main__":
    main()
