"""Build a synthetic Spanish catalogue and time the search over it.

    python -m bench.search 10000                 (SQLite, in a folder of its own under the temporary one)
    DATABASE_URL=postgres://… python -m bench.search 10000

`bench.corpus` says what the catalogue is. With --keep it stays, and is used again next time.
"""

import argparse
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.corpus import COMMON, Corpus
from bench.measuring import processor_time

RUNS = 120
ORDERS = ("newest", "title", "popular")


def main() -> None:
    """Build what is asked for, and print the table."""
    options = read_options()
    folder = set_up(options.size)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    corpus = Corpus(options.size)
    if not corpus.is_built():
        corpus.build()
    if options.only_build:
        return
    report(corpus)
    if not options.keep and "DATABASE_URL" not in os.environ:
        shutil.rmtree(folder)


def set_up(size: int) -> Path:
    """Make Django ready for the corpus of this size, and return the folder in which its database is."""
    folder = Path(tempfile.gettempdir()) / f"recursos-bench-{size}"
    os.environ.setdefault("VAR_DIR", str(folder))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    return folder


def read_options() -> argparse.Namespace:
    """Read size and --keep."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("size", type=int, help="resources: 1000, 10000, 100000")
    parser.add_argument("--keep", action="store_true", help="leave the corpus for the next time")
    parser.add_argument("--only-build", action="store_true", help="measure nothing, and leave it")
    return parser.parse_args()


def report(corpus: Corpus) -> None:
    """Print the table: milliseconds for a whole answer with facets and ten results with passages."""
    from resources.models import Resource
    from search.models import SearchDoc

    rng, lines = random.Random(4), corpus.stock[:400]
    known = [word.strip(".").lower() for line in lines for word in line.split() if len(word) > 4]
    content = [[w.strip(".").lower() for w in line.split() if len(w) > 3] for line in lines]
    kinds: dict[str, Callable[[], str]] = {
        "one word": lambda: rng.choice(known),
        "two words": lambda: " ".join(rng.sample(known, 2)),
        "frequent words": lambda: " ".join(rng.sample(COMMON[:8], 2)),
        "phrase": lambda: '"' + " ".join(rng.choice(content)[:3]) + '"',
        "worst phrase": lambda: '"' + " ".join(rng.sample(COMMON[:4], 2)) + '"',
        "question": lambda: "¿cómo " + " ".join(rng.sample(known, 5)) + "?",
        "hyphens": lambda: (
            " ".join("-".join(rng.sample(COMMON[:8], 2)) for _ in range(4)) + " 2024-2025"
        ),
        "facet alone": lambda: "",
        **{f"by {order}": lambda: rng.choice([*known, *COMMON[:8]]) for order in ORDERS},
        "two filters": lambda: " ".join(rng.sample(known, rng.randint(1, 2))),
    }
    print(f"\n{SearchDoc.objects.count():,} resources; ms p50 / p95 of {RUNS}")
    for name, make in kinds.items():
        year = {"y": [f"y_{rng.randint(2005, 2025)}"]}
        filters = {"facet alone": year, "two filters": year | {"f": ["f_pdf"]}}.get(name, {})
        order = name.removeprefix("by ") if name.startswith("by ") else "relevance"
        run = partial(answer_made, make, filters, order)
        print(f"{name:>15}: {timed(run)}")
    print(f"{'suggestions':>15}: {timed(lambda: suggest(rng.choice(known)[: rng.randint(2, 5)]))}")
    pks = list(Resource.objects.values_list("pk", flat=True)[:500])
    print(f"{'related':>15}: {timed(lambda: related(rng.choice(pks)))}")


def answer_made(make: Callable[[], str], filters: dict, order: str) -> None:
    """Answer what `make` asks."""
    answer(make(), filters, order)


def answer(text: str, filters: dict, order: str = "relevance") -> None:
    """Answer as the page does."""
    from resources.listing.hits import build_hits
    from resources.listing.request import ResultPage
    from search.service import SearchRequest, SearchService

    found = SearchService().execute(SearchRequest(text, filters, 1, limit=10, order=order))
    if found.parsed.clauses:
        build_hits(ResultPage(found, found.found.ids))


def suggest(typed: str) -> None:
    """Suggest as the box does."""
    from search.autocomplete import autocomplete

    autocomplete(typed)


def related(pk: int) -> None:
    """Find what is related, as a resource's page does."""
    from resources.listing.cards import cards
    from search.more_like_this import more_like_this

    cards(more_like_this(pk, 4, "s", ("s", "k")))


def timed(run: Callable[[], None]) -> str:
    """Return the median and the 95th percentile of RUNS, in milliseconds, after ten to warm up.

    Then the same of processor time, this process's and its PostgreSQL backend's: a busy machine disturbs that less.
    """
    waited, worked = [], []
    for n in range(RUNS + 10):
        start, processor = time.perf_counter(), processor_time()
        run()
        if n >= 10:
            waited.append((time.perf_counter() - start) * 1000)
            worked.append((processor_time() - processor) * 1000)
    return f"{percentiles(waited)}   processor {percentiles(worked)}"


def percentiles(values: list[float]) -> str:
    """Return the median and the 95th percentile."""
    values = sorted(values)
    return f"{values[len(values) // 2]:7.1f} / {values[int(len(values) * 0.95)]:7.1f}"


if __name__ == "__main__":
    main()
