"""Orders other than relevance, as both databases sort by them and scan along them."""

from functools import lru_cache
from typing import Any

from search.backends.schema import TABLE
from search.backends.types import Page
from search.source import get_source

NEWEST = "d.visible_from DESC, d.doc_id DESC"
NAMES = ("newest", "title", "popular")
UNCOUNTED = "uncounted"
_IS_VISIBLE = (
    "+d.visible_from <= %s AND d.visible_until > %s"  # +: the order's own index is scanned
)


@lru_cache(maxsize=1)
def sort_keys() -> dict[str, str]:
    """Return the ORDER BY of each order."""
    counts = get_source().popularity
    return {
        "newest": NEWEST,
        "title": "d.sort_title, d.doc_id",
        "popular": f"coalesce((SELECT c.{counts.count} FROM {counts.table} c "
        f"WHERE c.{counts.doc_id} = d.doc_id), 0) DESC, {NEWEST}",
    }


@lru_cache(maxsize=1)
def scans() -> dict[str, tuple[str, str]]:
    """Return for each order the FROM to scan along, with twice `now` as parameters, and its keys.

    No index has both the counted documents and the others: the others are an order of their own.
    """
    counts = get_source().popularity
    counted = f"c.{counts.doc_id} = d.doc_id AND c.{counts.count} > 0"
    return {
        "newest": (f"{TABLE} d WHERE {_IS_VISIBLE}", NEWEST),
        "title": (f"{TABLE} d WHERE {_IS_VISIBLE}", sort_keys()["title"]),
        "popular": (  # CROSS: for SQLite, in this order
            f"{counts.table} c CROSS JOIN {TABLE} d WHERE {counted} AND {_IS_VISIBLE}",
            f"c.{counts.count} DESC, {NEWEST}",
        ),
        UNCOUNTED: (
            f"{TABLE} d WHERE {_IS_VISIBLE} AND NOT EXISTS (SELECT 1 FROM {counts.table} c WHERE {counted})",
            NEWEST,
        ),
    }


def most_popular(cursor: Any, page: Page) -> list[int]:
    """Return the ids of one page of all documents: along the index of counts, then along that of the newest."""
    counted, others = (
        f"SELECT d.doc_id AS id, {times} AS times, d.visible_from AS since "
        "FROM {} ORDER BY {} LIMIT %s".format(*scans()[order])
        for order, times in (("popular", f"c.{get_source().popularity.count}"), (UNCOUNTED, "0"))
    )
    part = [page.now, page.now, page.end]
    cursor.execute(
        f"SELECT id FROM (SELECT * FROM ({counted}) counted UNION ALL SELECT * FROM ({others}) others) hits "
        "ORDER BY times DESC, since DESC, id DESC LIMIT %s OFFSET %s",
        [*part, *part, page.limit, page.offset],
    )
    return [row[0] for row in cursor.fetchall()]


def are_few_counted(cursor: Any, limit: int) -> bool:
    """Return True if no more than `limit` documents were ever counted."""
    counts = get_source().popularity
    cursor.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {counts.table} WHERE {counts.count} > 0 LIMIT %s) counted",
        [limit + 1],
    )
    return cursor.fetchone()[0] <= limit
