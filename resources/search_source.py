"""The resources as search reads them: documents to index, texts for highlights, titles for suggestions."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum

from resources.dates import in_words
from resources.kinds.legislation.models import SPEC as LEGISLATION
from resources.kinds.legislation.models import LegalRelation
from resources.listing.facets import FACETS, UNKNOWN_YEAR, FacetRow
from resources.models import (
    FileVersion,
    PageText,
    Resource,
    ResourceFile,
    ResourceTag,
    SiteSettings,
    ViewCount,
)
from resources.models.kind_spec import all_kinds, kind_spec
from resources.text import sort_key
from search import source
from search.backends import prepared
from search.language.analyzer import acronym, joined_words
from search.models import LAST
from search.source import PopularityTable, SourceDocument, SourceFile, SourceTexts

COLUMNS = """
    pk kind type_label title sort_title summary section_id issuer_id issuer__name issuer__acronym language force
    issued_on issued_on_precision published_at withdraw_at
""".split()
GAZETTE_DATE = f"{LEGISLATION.name}__gazette_date"
CITATIONS = "citations"  # the name of a law's history among the texts without pages
PAGES_AT_ONCE = 200  # in memory

Row = dict[str, Any]
Tags = Sequence[tuple[int, str]]


class ResourceSource:
    """Resources that are published or scheduled; their visibility is data of each document."""

    popularity = PopularityTable(ViewCount._meta.db_table, "resource_id", "times")

    def ids(self, after: int, limit: int) -> list[int]:
        """Return the ids of published and scheduled resources above `after`."""
        rows = _indexed().filter(pk__gt=after).order_by("pk")
        return list(rows.values_list("pk", flat=True)[:limit])

    def documents(self, ids: Sequence[int]) -> Iterator[SourceDocument]:
        """Yield the published and scheduled resources among `ids`."""
        rows = list(
            _indexed()
            .filter(pk__in=ids)
            .order_by("pk")
            .values(*COLUMNS, *_columns("tags", "summary", "body"))
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
        for row in rows:
            row[CITATIONS] = cited.get(row["pk"], "")
            yield _document(row, tags[row["pk"]], versions[row["pk"]])

    def revisions(self, ids: Sequence[int], *, lock: bool) -> Mapping[int, Hashable]:
        """Return when each resource was modified, and its status."""
        rows = Resource.objects.filter(pk__in=ids).order_by("pk")
        if lock:
            rows = rows.select_for_update(no_key=True)
        state = rows.values_list(
            "pk", "updated", "status", "published_at", "withdraw_at", "deleted_at"
        )
        return {pk: tuple(rest) for pk, *rest in state}

    def page_counts(self, ids: Sequence[int]) -> Mapping[int, int]:
        """Sum the pages of the current versions."""
        of_pages = Sum("files__current__pages", default=0)
        return dict(Resource.objects.filter(pk__in=ids).values_list("pk").annotate(n=of_pages))

    def pages(self, version: int) -> Iterator[tuple[int, str]]:
        """Yield the pages of a version; in SQL, for each file asks for its own."""
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

    def page_texts(
        self, pages: Collection[tuple[int, int]]
    ) -> Mapping[tuple[int, int], source.PageText]:
        """Read pages; in SQL: sixty pairs as `Q` take longer to compile than to read."""
        if not pages:
            return {}
        table, versions, files = (
            model._meta.db_table for model in (PageText, FileVersion, ResourceFile)
        )
        rows = prepared.rows(
            f"SELECT version, place, text, pages, file_name, label, v.is_readable FROM {prepared.pairs('version', 'place')} wanted "  # noqa: S608 our own names
            f"CROSS JOIN {table} t JOIN {versions} v ON v.id = t.version_id JOIN {files} f ON f.id = v.file_id "
            "WHERE t.version_id = version AND t.page = place",
            [json.dumps(sorted(pages))],
        )
        return {(version, page): source.PageText(*rest) for version, page, *rest in rows}

    def texts(self, ids: Collection[int], *, tails: bool) -> Mapping[int, SourceTexts]:
        """Read titles and summaries, and texts of single kinds."""
        if not ids:
            return {}
        columns = _columns("body") if tails else []
        rows = Resource.objects.filter(pk__in=ids).values("pk", "title", "summary", *columns)
        cited = LegalRelation.citations_of(ids) if tails else {}
        return {
            row["pk"]: SourceTexts(
                row["title"],
                row["summary"],
                _tails(row | {CITATIONS: cited.get(row["pk"], "")}) if tails else {},
            )
            for row in rows
        }

    def titles(self, ids: Collection[int]) -> list[str]:
        """Return the titles of public resources, the newest first."""
        rows = Resource.objects.published().filter(pk__in=ids)
        return list(rows.order_by("-pk").values_list("title", flat=True))

    def titles_starting(self, prefix: str, limit: int) -> list[str]:
        """Return titles of public resources by the index of sort keys."""
        start = sort_key(prefix)
        if not start:
            return []
        rows = (
            Resource.objects.published()
            .filter(sort_title__gte=start, sort_title__lt=start + LAST)
            .order_by("sort_title")
        )
        return list(rows.values_list("title", flat=True)[:limit])

    def keys(self, ids: Collection[int]) -> Mapping[int, str]:
        """Return the slugs."""
        return dict(Resource.objects.filter(pk__in=ids).values_list("pk", "slug"))

    def index_changed(self) -> None:
        """Raise content_version: cached pages have the old labels."""
        SiteSettings.content_changed()


def _indexed() -> QuerySet[Resource]:
    return Resource.objects.filter(status=Resource.Status.PUBLISHED, deleted_at=None)


def _document(row: Row, tags: Tags, versions: Sequence[FileVersion]) -> SourceDocument:
    facets = _facet_row(row, tags, versions)
    shared, own = (
        [
            token
            for facet in FACETS
            if facet.is_shared == is_shared
            for token in facet.tokens(facet.keys(facets))
        ]
        for is_shared in (True, False)
    )
    names = (row["title"], row["issuer__name"], row["issuer__acronym"])
    return SourceDocument(
        id=row["pk"],
        title=row["title"],
        sort_title=row["sort_title"],
        visible_from=_micros(row["published_at"]),
        visible_until=_micros(row["withdraw_at"]) if row["withdraw_at"] else None,
        summary=row["summary"],
        caption=" ".join(row[column] for column in _columns("summary") if row[column]),
        tags=[name for _, name in tags],
        labels=_labels(row, facets.year),
        names=[name for name in names if name],
        facets=shared,
        own_facets=own,
        files=[SourceFile(version.current_of.pk, version.pk) for version in versions],
        tails=_tails(row),
    )


def _labels(row: Row, year: int) -> list[str]:
    """Return the labels of a resource besides tags: initials, kind, entity, number, gazette, dates, edition."""
    texts = [
        acronym(row["title"]),
        *joined_words(row["title"]),
        row["type_label"],
        kind_spec(row["kind"]).label,
        row["issuer__name"],
        row["issuer__acronym"],
        acronym(row["issuer__name"] or ""),
        *(_as_text(row[column]) for column in _columns("tags")),
        in_words(row["issued_on"], row["issued_on_precision"]),
        str(year) if year else "",
    ]
    return [text for text in texts if text]


def _facet_row(row: Row, tags: Tags, versions: Sequence[FileVersion]) -> FacetRow:
    day = row["issued_on"] or row[GAZETTE_DATE]
    slots = [version.current_of for version in versions]
    return FacetRow(
        kind=row["kind"],
        section=row["section_id"],
        issuer=row["issuer_id"],
        year=day.year if day else UNKNOWN_YEAR,
        force=row["force"],
        formats=[version.type_name for version in versions],
        languages=[row["language"], *(slot.language for slot in slots)],
        accessible=any(slot.accessible for slot in slots) if slots else None,
        tags=[tag for tag, _ in tags],
    )


def _columns(*indexes: str) -> list[str]:
    """Return the columns of the kinds' declared fields in these fields of the index."""
    return [
        spec.column(field)
        for spec in all_kinds()
        for index in indexes
        for field in spec.indexed(index)
    ]


def _as_text(value: object) -> str:
    return in_words(value) if isinstance(value, dt.date) else str(value or "")


def _tails(row: Row) -> dict[str, str]:
    """Return the texts without pages that a row has, in the order in which they follow the pages."""
    return {name: row[name] for name in (*_columns("body"), CITATIONS) if row[name]}


def _micros(instant: dt.datetime) -> int:
    return int(instant.timestamp() * 1_000_000)
