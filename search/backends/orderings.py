"""The orders of a list other than relevance, as both databases sort by them and walk along them."""

from typing import Any

from search.backends.schema import TABLE
from search.backends.types import Page

CONSULTATIONS = "resources_viewcount"
NEWEST = "d.visible_from DESC, d.resource_id DESC"
ORDERS = {
    "newest": NEWEST,
    "title": "d.sort_title, d.resource_id",
    "consulted": f"coalesce((SELECT c.times FROM {CONSULTATIONS} c WHERE c.resource_id = d.resource_id), 0) DESC, {NEWEST}",
}
_IS_VISIBLE = (
    "+d.visible_from <= %s AND d.visible_until > %s"  # +: the order's own index is walked along
)
WALKS = {
    "newest": (f"{TABLE} d WHERE {_IS_VISIBLE}", NEWEST),
    "title": (f"{TABLE} d WHERE {_IS_VISIBLE}", ORDERS["title"]),
    "consulted": (  # CROSS: for SQLite, in this order
        f"{CONSULTATIONS} c CROSS JOIN {TABLE} d WHERE d.resource_id = c.resource_id AND c.times > 0 AND {_IS_VISIBLE}",
        f"c.times DESC, {NEWEST}",
    ),
    "never consulted": (
        f"{TABLE} d WHERE {_IS_VISIBLE} AND NOT EXISTS (SELECT 1 FROM {CONSULTATIONS} c "
        "WHERE c.resource_id = d.resource_id AND c.times > 0)",
        NEWEST,
    ),
}
"""Order → what stands behind FROM, with twice `now` as parameters, and the keys of the order.

Those that were consulted come first and then the others, for no index has both.
"""


def most_consulted(cursor: Any, page: Page) -> list[int]:
    """Return the ids of one page of the whole catalogue, along the index of what was counted, then along that of the newest."""
    counted, others = (
        f"SELECT d.resource_id AS id, {times} AS times, d.visible_from AS since "
        "FROM {} ORDER BY {} LIMIT %s".format(*WALKS[order])
        for order, times in (("consulted", "c.times"), ("never consulted", "0"))
    )
    part = [page.now, page.now, page.end]
    cursor.execute(
        f"SELECT id FROM (SELECT * FROM ({counted}) counted UNION ALL SELECT * FROM ({others}) others) hits "
        "ORDER BY times DESC, since DESC, id DESC LIMIT %s OFFSET %s",
        [*part, *part, page.limit, page.offset],
    )
    return [row[0] for row in cursor.fetchall()]
