"""Documents of the source become indexed documents: stems, facet tokens, a layout of lines, terms for suggestions."""

import json
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, fields
from typing import Any

from search import synonyms
from search.backends.base import Doc
from search.backends.schema import ALL_DOCS_TOKEN, DOC_ID_FACET, FIELD_GAP, MAX_TIMESTAMP
from search.index.suggest_terms import NewTerms, suggest_terms, words_in
from search.language.analyzer import (
    ANALYZER_VERSION,
    acronym,
    analyze,
    fold,
    stems_of,
    written_words,
)
from search.language.stemming import stem
from search.source import SourceDocument, get_source
from search.utils import now_micros

FEW_PAGES = 20  # in longer documents a word counts for corrections from its second page on: the rest is scanning errors


@dataclass
class IndexedDocument:
    """The row of a document, and its terms for suggestions and corrections."""

    doc: Doc
    labels: dict[str, str] = field(default_factory=dict)  # folded term → as people write it
    body_words: dict[str, str] = field(default_factory=dict)
    pages_read: int = 0

    def is_stored_as(self, row: dict[str, Any] | None) -> bool:
        """Return True if the stored row is the same."""
        names = [f.name for f in fields(Doc) if f.name != "id"]
        return row is not None and all(row[name] == getattr(self.doc, name) for name in names)


def build_documents(
    ids: Sequence[int], stored: dict[int, dict[str, Any]], known_words: Set[str] = frozenset()
) -> Iterator[IndexedDocument]:
    """Yield the documents to index among `ids`.

    Pages that are already in a `stored` row are not read again; `known_words` (folded) are not reported as new terms.
    """
    documents = list(get_source().documents(ids))
    groups = synonyms.groups() if documents else ()
    members = {fold(member.strip()) for group in groups for member in group.split(",")}
    for document in documents:
        yield _build(document, stored.get(document.id), known_words, members)


def _build(
    source: SourceDocument,
    stored: dict[str, Any] | None,
    known_words: Set[str],
    synonym_members: Set[str],
) -> IndexedDocument:
    body, layout, words, read = _body(source, stored, known_words)
    names = [*source.names, *source.tags]
    initials = acronym(source.title)
    # Initials that nobody writes are found, never suggested.
    if initials in synonym_members or _has_word(body, initials):
        names.append(initials.upper())
    labels = suggest_terms(names, source.summary, source.tags)
    is_public = source.visible_from <= now_micros()
    doc = Doc(
        id=source.id,
        title=" ".join(analyze(source.title)),
        tags=f" {FIELD_GAP} ".join(
            " ".join(analyze(text)) for text in (*source.tags, *source.labels)
        ),
        summary=_stems(f"{source.summary} {source.caption}"),
        body=body,
        # Counting relies on this order: what many share, then the token of all, then the document's own.
        facets=" ".join(
            [
                *source.facets,
                ALL_DOCS_TOKEN,
                f"{DOC_ID_FACET}_{source.id}",
                *source.own_facets,
            ]
        ),
        layout=layout,
        words=" ".join(sorted(word.replace(" ", "_") for word in labels)) if is_public else "",
        sort_title=source.sort_title,
        visible_from=source.visible_from,
        visible_until=source.visible_until or MAX_TIMESTAMP,
        analyzer=ANALYZER_VERSION,
    )
    return IndexedDocument(doc, labels, words, read)


def _body(
    source: SourceDocument, stored: dict[str, Any] | None, known_words: Set[str]
) -> tuple[str, str, dict[str, str], int]:
    """Return the body, its layout, the terms that are only in it, and the number of pages read."""
    files: list[list[Any]] = []
    lines: list[str] = []
    words: dict[str, str] = {}
    read = 0
    is_current = stored is not None and stored["analyzer"] == ANALYZER_VERSION
    known = json.loads(stored["layout"])["files"] if stored and is_current else None
    versions = [file.version for file in source.files]
    if stored and known is not None and [version for _, version, _ in known] == versions:
        files = known
        count = sum(last - first + 1 for _, _, runs in files for first, last in runs)
        lines = stored["body"].split("\n")[:count]
    else:
        fresh = NewTerms(known_words)
        for file in source.files:
            pages: list[int] = []
            for page, text in get_source().pages(file.version):
                pages.append(page)
                folded = written_words(text)
                lines.append(" ".join(stems_of(folded)))
                fresh.read(folded, text)
            files.append([file.slot, file.version, _runs(pages)])
            read += len(pages)
        words = fresh.on_pages(1 if read <= FEW_PAGES else 2)
    for text in source.tails.values():
        lines.append(_stems(text))
        words |= words_in(text)
    layout = json.dumps({"files": files, "tails": list(source.tails)}, separators=(",", ":"))
    return "\n".join(lines), layout, words, read


def _stems(text: str) -> str:
    return " ".join(stems_of(written_words(text)))


def _runs(pages: list[int]) -> list[list[int]]:
    """Return page numbers as runs: 1, 2, 3, 5 → [[1, 3], [5, 5]]."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return runs


def _has_word(body: str, word: str) -> bool:
    """Return True if a body of stems has a folded word."""
    stemmed = stem(word) if word else ""
    return bool(stemmed and re.search(rf"(?<!\S){re.escape(stemmed)}(?!\S)", body))
