"""What of a resource is searched, and with what weight: from its rows to its entry in the index."""

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass, field, fields
from typing import Any

from django.db import connection
from django.utils import timezone

from resources.dates import in_words
from resources.kinds.legislation.models import SPEC as LEGISLATION
from resources.kinds.legislation.models import LegalRelation
from resources.models import FileVersion, PageText, Resource, ResourceTag, Synonym
from resources.models.kind_spec import kind_spec
from search.backends.base import Doc
from search.backends.schema import ALL_DOCS_TOKEN, DOC_ID_FACET, FIELD_GAP, MAX_TIMESTAMP
from search.index.suggest_terms import NewTerms, suggest_terms, words_in
from search.language.analyzer import (
    ANALYZER_VERSION,
    acronym,
    analyze,
    fold,
    joined_words,
    stems_of,
    written_words,
)
from search.language.stemming import stem

_COLUMNS = """
    pk kind type_label title sort_title summary section_id issuer_id issuer__name issuer__acronym language force
    issued_on issued_on_precision published_at withdraw_at infographic__alt_text infographic__text_alternative
    document__edition video__transcript legalinstrument__number legalinstrument__gazette legalinstrument__gazette_date
"""
COLUMNS = _COLUMNS.split()
TAILS = {
    "infographic__text_alternative": "alternative",
    "video__transcript": "transcript",
    "citations": "citations",
}
"""Texts that follow the pages in a body, one line each, with their names in `layout`."""

FEW_PAGES = 20  # in longer documents a word counts for corrections from its second page on: the rest is scanning errors
PAGES_AT_ONCE = 200  # in memory
UNKNOWN_YEAR = 0


@dataclass
class IndexedDocument:
    """A resource's entry: what the engine stores, and what its words lend to suggestions and corrections."""

    doc: Doc
    labels: dict[str, str] = field(default_factory=dict)  # folded word → as people write it
    body_words: dict[str, str] = field(default_factory=dict)
    pages_read: int = 0

    def is_stored_as(self, row: dict[str, Any] | None) -> bool:
        """Tell whether this very entry is stored already."""
        names = [f.name for f in fields(Doc) if f.name != "id"]
        return row is not None and all(row[name] == getattr(self.doc, name) for name in names)


def build_documents(
    ids: list[int], stored: dict[int, dict], known_words: Set[str] = frozenset()
) -> Iterator[IndexedDocument]:
    """Yield the entries of those among `ids` that are published or scheduled.

    Pages already in `stored` are not read again; `known_words` (folded) are not told of as new.
    """
    rows = list(
        Resource.objects.filter(pk__in=ids, status=Resource.Status.PUBLISHED, deleted_at=None)
        .order_by("pk")
        .values(*COLUMNS)
    )
    found = [row["pk"] for row in rows]
    tags: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for resource, tag, name in (
        ResourceTag.objects.filter(content_object__in=found)
        .order_by("pk")
        .values_list("content_object_id", "tag_id", "tag__name")
    ):
        tags[resource].append((tag, name))
    versions: dict[int, list[FileVersion]] = defaultdict(list)
    current = FileVersion.objects.filter(
        current_of__resource__in=found, withheld_on=None
    ).select_related("current_of")
    for version in current.order_by("current_of__position", "current_of__pk"):
        versions[version.current_of.resource_id].append(version)
    laws = [row["pk"] for row in rows if row["kind"] == LEGISLATION.name]
    cited = LegalRelation.citations_of(laws) if laws else {}
    groups = Synonym.objects.values_list("words", flat=True) if rows else ()
    synonyms = {fold(member.strip()) for group in groups for member in group.split(",")}
    for row in rows:
        row["citations"] = cited.get(row["pk"], "")
        yield _entry(
            row, tags[row["pk"]], versions[row["pk"]], stored.get(row["pk"]), known_words, synonyms
        )


def _entry(
    row: dict[str, Any],
    tags: list[tuple[int, str]],
    versions: list[FileVersion],
    stored: dict | None,
    known_words: Set[str],
    synonyms: Set[str],
) -> IndexedDocument:
    body, layout, words, read = _body(row, versions, stored, known_words)
    names = _names(row, tags)
    initials = acronym(row["title"])
    if initials in synonyms or _stands_in(body, initials):
        names.append(initials.upper())  # others that nobody writes are found, never suggested
    labels = suggest_terms(names, row["summary"], [name for _, name in tags])
    published = _micros(row["published_at"])
    is_public = published <= _micros(timezone.now())
    doc = Doc(
        id=row["pk"],
        title=" ".join(analyze(row["title"])),
        tags=f" {FIELD_GAP} ".join(" ".join(analyze(text)) for text in _labelling(row, tags)),
        summary=_line(f"{row['summary']} {row['infographic__alt_text'] or ''}"),
        body=body,
        facets=" ".join(_facets(row, [tag for tag, _ in tags], versions)),
        layout=layout,
        words=" ".join(sorted(word.replace(" ", "_") for word in labels)) if is_public else "",
        sort_title=row["sort_title"],
        visible_from=published,
        visible_until=_micros(row["withdraw_at"]) if row["withdraw_at"] else MAX_TIMESTAMP,
        analyzer=ANALYZER_VERSION,
    )
    return IndexedDocument(doc, labels, words, read)


def _labelling(row: dict[str, Any], tags: list[tuple[int, str]]) -> list[str]:
    """Return what files the resource: tags, initials, kind, entity, number, gazette and its day, date, edition, year."""
    year = _year(row)
    texts = [
        *(name for _, name in tags),
        acronym(row["title"]),
        *joined_words(row["title"]),
        row["type_label"],
        kind_spec(row["kind"]).label,
        row["issuer__name"],
        row["issuer__acronym"],
        acronym(row["issuer__name"] or ""),
        row["legalinstrument__number"],
        row["legalinstrument__gazette"],
        in_words(row["legalinstrument__gazette_date"]),
        in_words(row["issued_on"], row["issued_on_precision"]),
        row["document__edition"],
        str(year) if year else "",
    ]
    return [text for text in texts if text]


def _facets(row: dict[str, Any], tags: list[int], versions: list[FileVersion]) -> Iterator[str]:
    """Yield the tokens of what can be filtered by (catalog/facets.py names the groups): first what many share."""
    yield f"k_{row['kind']}"
    yield f"s_{row['section_id']}"
    if row["issuer_id"]:
        yield f"o_{row['issuer_id']}"
    yield f"y_{_year(row)}"
    if row["force"]:
        yield f"v_{row['force']}"
    yield from sorted({f"f_{version.type_name.lower()}" for version in versions})
    yield from sorted(
        {f"l_{row['language']}", *(f"l_{version.current_of.language}" for version in versions)}
    )
    if versions:
        yield "a_si" if any(version.current_of.accessible for version in versions) else "a_no"
    yield ALL_DOCS_TOKEN
    yield f"{DOC_ID_FACET}_{row['pk']}"
    yield from (f"t_{tag}" for tag in tags)


def _year(row: dict[str, Any]) -> int:
    day = row["issued_on"] or row["legalinstrument__gazette_date"]
    return day.year if day else UNKNOWN_YEAR


def _body(
    row: dict[str, Any],
    versions: list[FileVersion],
    stored: dict | None,
    known_words: Set[str],
) -> tuple[str, str, dict[str, str], int]:
    """Return the body, its layout, the words that only stand there, and how many pages were read."""
    tails = [(name, row[column]) for column, name in TAILS.items() if row[column]]
    files, lines, words, read = [], [], {}, 0
    known = (
        json.loads(stored["layout"])["files"]
        if stored and stored["analyzer"] == ANALYZER_VERSION
        else None
    )
    if known is not None and [version for _, version, _ in known] == [
        version.pk for version in versions
    ]:
        files = known
        lines = stored["body"].split("\n")[
            : sum(last - first + 1 for _, _, runs in files for first, last in runs)
        ]
    else:
        fresh = NewTerms(known_words)
        for version in versions:
            pages: list[int] = []
            for page, text in _pages(version.pk):
                pages.append(page)
                folded = written_words(text)
                lines.append(" ".join(stems_of(folded)))
                fresh.read(folded, text)
            files.append([version.current_of.pk, version.pk, _runs(pages)])
            read += len(pages)
        words = fresh.on_pages(1 if read <= FEW_PAGES else 2)
    for _, text in tails:
        lines.append(_line(text))
        words |= words_in(text)
    layout = json.dumps(
        {"files": files, "tails": [name for name, _ in tails]}, separators=(",", ":")
    )
    return "\n".join(lines), layout, words, read


def _line(text: str) -> str:
    """Return the stems of a text as they are stored."""
    return " ".join(stems_of(written_words(text)))


def _pages(version: int) -> Iterator[tuple[int, str]]:
    """Yield number and text of a version's pages, some at a time; in SQL, for each file asks for its own."""
    last: int | None = -1
    with connection.cursor() as cursor:
        while last is not None:
            cursor.execute(
                f"SELECT page, text FROM {PageText._meta.db_table} WHERE version_id = %s AND page > %s "  # noqa: S608 our own names
                f"ORDER BY page LIMIT {PAGES_AT_ONCE}",
                [version, last],
            )
            rows = cursor.fetchall()
            yield from rows
            last = rows[-1][0] if len(rows) == PAGES_AT_ONCE else None


def _runs(pages: list[int]) -> list[list[int]]:
    """Return page numbers as runs: 1, 2, 3, 5 → [[1, 3], [5, 5]]."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return runs


def _names(row: dict[str, Any], tags: list[tuple[int, str]]) -> list[str]:
    """Return what the resource is called and filed under, whose words are suggested, also two together."""
    texts = [
        row["title"],
        row["issuer__name"],
        row["issuer__acronym"],
        *(name for _, name in tags),
    ]
    return [text for text in texts if text]


def _stands_in(body: str, initials: str) -> bool:
    """Tell whether a body, of stems between spaces and lines, has these initials as a word."""
    stemmed = stem(initials) if initials else ""
    return bool(stemmed and re.search(rf"(?<!\S){re.escape(stemmed)}(?!\S)", body))


def _micros(instant: dt.datetime) -> int:
    return int(instant.timestamp() * 1_000_000)
