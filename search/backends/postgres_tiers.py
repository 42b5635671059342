"""PostgreSQL's top results by tier: matches in the title, then in title, tags and summary, then anywhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search.backends.postgres_conditions import conditions, every_word
from search.backends.schema import TABLE
from search.backends.types import Filters, Page
from search.query.parser import Query

READ = 100  # results whose whole vectors are read to rank them
WEIGHTS = "{0.02, 0.2, 0.5, 1}"  # body, summary, tags, title


def rank(column: str, total: int) -> str:
    """Return how well a row answers, in SQL, with `every_word` for its parameter: by its whole vector only where few are read."""
    read = "vector" if column == "vector" and total <= READ else "head"
    return f"ts_rank('{WEIGHTS}', d.{read}, %s::tsquery, 1)"


@dataclass(frozen=True)
class Tiers:
    """The tiers of a query with `total` results.

    `looked_at`: ranges of ids, the newest first, with the filters that select one and the SQL of its other ids; `is_ranked`:
    each is ranked by relevance, not by its id alone.
    """

    parsed: Query
    page: Page
    total: int
    looked_at: Sequence[tuple[Filters, str]]
    is_ranked: bool

    def at_once(self) -> list[tuple[str, ...]]:
        """Return which are asked for at once: to ask twice costs more than to look where one more may not be needed.

        One frequent word fills a page with titles; several seldom stand in so many.
        """
        if self.total <= self.page.end:
            return [("title", "head", "vector")]
        if len(self.parsed.clauses) > 1:
            return [("title", "head"), ("vector",)]
        return [("title",), ("head",), ("vector",)]

    def sql(self, columns: Iterable[str]) -> tuple[str, list]:
        """Return the query of ids for some, one after another: an append is read in its order. An id may come in each."""
        selects = [self._sql_of(column) for column in columns]
        params = [value for _, values in selects for value in values]
        return " UNION ALL ".join(sql for sql, _ in selects), params

    def _sql_of(self, column: str) -> tuple[str, list]:
        """Return the query of one tier, limited to the end of the page.

        Older documents are looked at only as far as the newest do not fill the page: so far an append is read.
        """
        place, ranked = "0", []
        if self.total <= READ if column == "vector" else self.is_ranked:
            place, ranked = rank(column, self.total), [every_word(self.parsed)]
        last = f"ORDER BY place DESC, id DESC LIMIT {self.page.end:d}"
        now, choices, params = self.page.now, [], []
        for filters, ids in self.looked_at:
            parts = []
            for where, values in conditions(self.parsed, filters, column):
                parts.append(
                    f"(SELECT d.doc_id AS id, {place} AS place FROM {TABLE} d WHERE {where} "
                    f"AND d.visible_from <= %s AND d.visible_until > %s AND {ids} {last})"
                )
                params += [*ranked, *values, now, now]
            choices.append(f"(SELECT id FROM ({' UNION '.join(parts)}) hits {last})")
        union = " UNION ALL ".join(choices)
        return f"(SELECT id FROM ({union}) hits LIMIT {self.page.end:d})", params
