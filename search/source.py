"""The only door to the documents that are searched: a project implements SearchSource and names it in SEARCH_SOURCE."""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class PopularityTable:
    """The table and columns with the number of views of each document; a document without a row was never viewed."""

    table: str
    doc_id: str
    count: str


@dataclass(frozen=True)
class SourceFile:
    """A file of a document: the ids of its slot and of the version to index."""

    slot: int
    version: int


@dataclass(frozen=True)
class SourceDocument:
    """A document to index.

    `names`: its title and proper names, suggested also in pairs of words; `labels`: other texts that classify it (kind,
    number, dates), searched as tags are. `facets`: tokens that many documents share; `own_facets`: those of few.
    `visible_from` and `visible_until`: microseconds since 1970, None for no end.
    """

    id: int
    title: str
    sort_title: str
    visible_from: int
    visible_until: int | None = None
    summary: str = ""
    caption: str = ""  # a text searched as the summary is, and not suggested
    tags: Sequence[str] = ()
    labels: Sequence[str] = ()
    names: Sequence[str] = ()
    facets: Sequence[str] = ()
    own_facets: Sequence[str] = ()
    files: Sequence[SourceFile] = ()
    tails: Mapping[str, str] = field(default_factory=dict)  # texts without pages, by name


class SourceTexts(NamedTuple):
    """The texts of a document without its files."""

    title: str
    summary: str
    tails: Mapping[str, str]


class PageText(NamedTuple):
    """The text of a page and its file; `pages`: how many the file has, None for a file without pages.

    `is_readable`: whether the site shows the text as a page of its own.
    """

    text: str
    pages: int | None
    file_name: str
    label: str
    is_readable: bool = False


class SearchSource(Protocol):
    """The documents of a project, as search reads them. Visibility is data of a document."""

    popularity: PopularityTable

    def ids(self, after: int, limit: int) -> list[int]:
        """Return the ids of documents to index above `after`, in order."""
        ...

    def documents(self, ids: Sequence[int]) -> Iterator[SourceDocument]:
        """Yield those of `ids` that are or will be visible, in order."""
        ...

    def revisions(self, ids: Sequence[int], *, lock: bool) -> Mapping[int, Hashable]:
        """Return a value for each existing document that changes whenever it changes; lock the rows if asked."""
        ...

    def page_counts(self, ids: Sequence[int]) -> Mapping[int, int]:
        """Return the number of pages of the files of each document."""
        ...

    def pages(self, version: int) -> Iterator[tuple[int, str]]:
        """Yield number and text of the pages of a file version, a few in memory at a time."""
        ...

    def page_texts(self, pages: Collection[tuple[int, int]]) -> Mapping[tuple[int, int], PageText]:
        """Return pages by file version and number."""
        ...

    def texts(self, ids: Collection[int], *, tails: bool) -> Mapping[int, SourceTexts]:
        """Return the texts of documents; without `tails` these are empty."""
        ...

    def titles(self, ids: Collection[int]) -> list[str]:
        """Return the titles of the visible ones among `ids`, the newest first."""
        ...

    def titles_starting(self, prefix: str, limit: int) -> list[str]:
        """Return titles of visible documents that begin with a typed prefix, in alphabetical order."""
        ...

    def keys(self, ids: Collection[int]) -> Mapping[int, str]:
        """Return the public names of documents, for relevance judgments."""
        ...

    def index_changed(self) -> None:
        """Invalidate cached results: the worker has changed the index."""
        ...


@lru_cache(maxsize=1)
def get_source() -> SearchSource:
    """Return the source that `settings.SEARCH_SOURCE` names."""
    return import_string(settings.SEARCH_SOURCE)()
