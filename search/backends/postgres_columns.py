"""PostgreSQL's columns of a document: two tsvectors, and its word pairs as numbers."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from zlib import crc32

from search.backends.schema import FIELD_GAP, TABLE, Doc

PENDING = "gin_pending_list_limit=512"  # kB: some twenty documents wait to be merged; more would mislead the planner
COLUMNS = {"vector": "tsvector", "head": "tsvector", "pairs": "integer[]"}
INDEXES = [f"search_{name}" for name in COLUMNS]
MOST_BYTES = 1_000_000  # of one tsvector, head and body together; PostgreSQL holds 1,048,575
MOST_HEAD = 500_000  # of these for title, tags, summary and facets
MOST_PLACES = 250  # of one stem in a head
MOST_POSITION = 16_383
OFTEN = [(10, ":1,2,3,4"), (6, ":1,2,3"), (3, ":1,2")]
"""Times that a stem stands in a body, and the places that are stored of it."""
TITLE = "="  # before a title's stem, which stands once more so, for no index knows weights; no stem has it
BAND = 1024  # ids of which a token says that a document has one of them
BANDS = "z"  # what these tokens begin with; the group that they are among the filters


def schema(*, has_lz4: bool) -> Iterator[str]:
    """Yield the statements that create or migrate columns and indexes."""
    for name, kind in COLUMNS.items():
        empty = "{}" if kind.endswith("[]") else ""
        yield f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS {name} {kind} NOT NULL DEFAULT '{empty}'"
        yield f"CREATE INDEX IF NOT EXISTS search_{name} ON {TABLE} USING gin ({name})"
        yield f"ALTER INDEX search_{name} SET (fastupdate = on, {PENDING})"
    for name in (*COLUMNS, "body") if has_lz4 else ():  # packed and unpacked in less time
        yield f"ALTER TABLE {TABLE} ALTER COLUMN {name} SET COMPRESSION lz4"


def pair_hash(first: str, second: str) -> int:
    """Return the signed 32-bit number of two neighbouring stems."""
    return _signed(crc32(f"{first} {second}".encode()))


def band_hash(token: str) -> int:
    """Return the number that stands for a band among the pairs."""
    return pair_hash(BANDS, token)


def _signed(number: int) -> int:
    return number - 2**32 if number >= 2**31 else number


def band_of(pk: int) -> int:
    """Return the number of the band in which an id is."""
    return pk // BAND


def band_token(number: int) -> str:
    """Return the token that documents of a band carry."""
    return f"{BANDS}_{number}"


def head(doc: Doc) -> str:
    """Return title, tags, summary, facets and band as the text of a tsvector, with positions and weights.

    Of a summary that is longer than many a book, as much as there is room for.
    """
    places: dict[str, list[str]] = {}
    position = 0
    for text, weight in ((doc.title, "A"), (doc.tags, "B"), (doc.summary, "C")):
        for stem in [*text.split(), FIELD_GAP]:
            position = min(position + 1, MOST_POSITION)
            places.setdefault(stem, []).append(f"{position}{weight}")
            if weight == "A" and stem != FIELD_GAP:
                places.setdefault(TITLE + stem, []).append(f"{position}")
    tokens = [*doc.facets.split(), band_token(band_of(doc.id))]
    room = MOST_HEAD - sum(_size(token, 0) for token in tokens)
    kept = [f"'{token}'" for token in tokens]
    for stem, where in places.items():  # the title's first
        where = where[:MOST_PLACES]
        room -= _size(stem, len(where))
        if room < 0:
            break
        kept.append(f"'{stem}':{','.join(where)}")
    return " ".join(kept)


def body(doc: Doc, head: str) -> str:
    """Return the distinct stems of the body, as many as one tsvector holds beside `head`, as its text.

    Letters and digits need no quotes. Words come before what has digits: a table's numbers are not to take their room.
    One that stands there often is given more places than one: `ts_rank` counts them.
    """
    room = MOST_BYTES - sum(_size(part, part.count(",") + 1) for part in head.split())
    kept, counted = [], Counter(doc.body.split())
    for stem in sorted(counted, key=str.isalpha, reverse=True):
        times = counted[stem]
        places = next((places for least, places in OFTEN if times >= least), "")
        room -= _size(stem, len(places) // 2)
        if room < 0:
            break
        kept.append(stem + places)
    return " ".join(kept)


def _size(stem: str, places: int) -> int:
    """Return how many bytes of a tsvector a stem takes at most with its places."""
    return len(stem.encode()) + 3 + 2 * places


def pairs(doc: Doc) -> str:
    """Return the hashes of all neighbours, and of the band, as the text of an array.

    Phrases may run from one page to the next, not from one field to another.
    """
    found: set[int] = set()
    for text in (doc.title, doc.tags, doc.summary, doc.body):  # what pair_hash does, in C
        found.update(map(crc32, map(str.encode, map(" ".join, pairwise(text.split())))))
    return (
        f"{{{','.join(map(str, [band_hash(band_token(band_of(doc.id))), *map(_signed, found)]))}}}"
    )
