"""The stored document, shared by all backends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

TABLE = "search_searchdoc"
MAX_TIMESTAMP = 2**62  # microseconds since 1970: never withdrawn

FIELD_GAP = "_"  # stands between tags, so that no phrase runs from one to the next
# a facet token that every document carries, for questions that only exclude
ALL_DOCS_TOKEN = "x_every"  # noqa: S105
DOC_ID_FACET = "r"  # the facet group of a document itself: a filter for one, which nobody counts


@dataclass(frozen=True)
class Doc:
    """The stored document of one resource. Texts are stems between spaces; `body` has one line a page.

    `visible_from` and `visible_until` are microseconds since 1970: outside them no engine returns it.
    """

    id: int
    title: str
    tags: str
    summary: str
    body: str
    facets: str
    layout: str
    words: str
    sort_title: str
    visible_from: int
    visible_until: int
    analyzer: int


@dataclass(frozen=True)
class ListParameters:
    """SQL for parameters that are lists.

    `one_of`: the condition that a column has one of the values, with a place for the column; `parameter`: the list of
    numbers or texts as that takes it; `pairs`: a table of two columns, with places for their names, whose parameter is the
    JSON of a list of pairs of numbers.
    """

    one_of: str
    parameter: Callable[[Sequence[Any]], Any]
    pairs: str
