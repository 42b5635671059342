"""More like this: the documents nearest to one, by its terms and facets in the index."""

from collections.abc import Collection

from django.db import connection

from search.backends import prepared
from search.backends.base import TABLE, get_backend
from search.backends.schema import ALL_DOCS_TOKEN
from search.utils import now_micros

MOST_TERMS = 24


def more_like_this(doc_id: int, count: int, shelf: str, same: Collection[str]) -> list[int]:
    """Return the ids of `count` visible documents near `doc_id`, the nearest first; fewer if the index has no more.

    Near are shared terms of the title, shared facets of its own (tags), and equal facets of the codes in `same`.
    Documents of the same `shelf`, a facet code, and the newest fill up.
    """
    known = prepared.rows(f"SELECT title, facets FROM {TABLE} WHERE doc_id = %s", [doc_id])
    title, facets = next(known, ("", ALL_DOCS_TOKEN))
    own, words, alike = _own_facets(facets), set(title.split()), _facets_of(facets, same)
    backend, now = get_backend(connection.vendor), now_micros()
    sql, params = backend.nearest_sql([*sorted(own), *title.split()][:MOST_TERMS], count * 3)
    on_shelf = [backend.term_sql(token, count) for token in _facets_of(facets, (shelf,))]
    candidates = [(sql, params), *on_shelf]
    union = " UNION ALL ".join(
        f"SELECT id FROM ({sql}) part{n}" for n, (sql, _) in enumerate(candidates)
    )
    visible = "visible_from <= %s AND visible_until > %s AND doc_id <> %s"
    newest = (
        f"SELECT doc_id FROM {TABLE} WHERE {visible} ORDER BY visible_from DESC LIMIT {count:d}"
    )
    rows = prepared.rows(
        f"SELECT doc_id, title, facets, sort_title FROM {TABLE} WHERE {visible} "
        f"AND doc_id IN ({union} UNION ALL SELECT * FROM ({newest}) newest)",
        [
            now,
            now,
            doc_id,
            *(value for _, values in candidates for value in values),
            now,
            now,
            doc_id,
        ],
    )
    nearness = {
        pk: (
            -2 * len(own & _own_facets(tokens))
            - len(words & set(title.split()))
            - len(alike & _facets_of(tokens, same)),
            sort_title,
        )
        for pk, title, tokens, sort_title in rows
    }
    return sorted(nearness, key=nearness.__getitem__)[:count]


def _own_facets(facets: str) -> set[str]:
    """Return the tokens after the document's own id, which few documents share."""
    return set(facets.partition(f"{ALL_DOCS_TOKEN} ")[2].split()[1:])


def _facets_of(facets: str, codes: Collection[str]) -> set[str]:
    return {token for token in facets.split() if token.partition("_")[0] in codes}
