"""The texts behind the lines of a document's entry: pages of files, and what follows them."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from resources.kinds.legislation.models import LegalRelation
from resources.models import FileVersion, PageText, Resource, ResourceFile
from search.backends import prepared


class TextLocation(NamedTuple):
    """Where a line of an entry's body stands: version and page, or, with 0 for both, the name of a text without pages."""

    version: int
    page: int
    tail: str


class Page(NamedTuple):
    """The text of a page, and of which file it is; `pages`: how many that has, None where it has none."""

    text: str
    pages: int | None
    file_name: str
    label: str


def locations_of(written: str, lines: Sequence[int]) -> list[TextLocation]:
    """Return where these lines of a body stand, by the layout that its entry has `written`."""
    layout = json.loads(written)
    places, first = [], 0
    runs = [(version, a, b) for _, version, pages in layout["files"] for a, b in pages]
    ends = []
    for version, a, b in runs:
        ends.append((first, first + b - a + 1, version, a))
        first += b - a + 1
    for line in lines:
        for start, end, version, page in ends:
            if start <= line < end:
                places.append(TextLocation(version, page + line - start, ""))
                break
        else:
            tails = layout["tails"]
            if 0 <= line - first < len(tails):
                places.append(TextLocation(0, 0, tails[line - first]))
    return places


def page_texts(wanted: set[tuple[int, int]]) -> dict[tuple[int, int], Page]:
    """Read these pages, by version and number: in SQL, for sixty pairs as `Q` take longer than their query."""
    if not wanted:
        return {}
    table, versions, files = (
        model._meta.db_table for model in (PageText, FileVersion, ResourceFile)
    )
    rows = prepared.rows(
        f"SELECT version, place, text, pages, file_name, label FROM {prepared.pairs('version', 'place')} wanted "  # noqa: S608 our own names
        f"CROSS JOIN {table} t JOIN {versions} v ON v.id = t.version_id JOIN {files} f ON f.id = v.file_id "
        "WHERE t.version_id = version AND t.page = place",
        [json.dumps(sorted(wanted))],
    )
    return {(version, page): Page(*rest) for version, page, *rest in rows}


def tail_texts(ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Read the texts without pages of these resources, by resource and name."""
    columns = ("pk", "infographic__text_alternative", "video__transcript")
    rows = Resource.objects.filter(pk__in=ids).values_list(*columns) if ids else ()
    cited = LegalRelation.citations_of(ids) if ids else {}
    return {
        pk: {
            "alternative": alternative or "",
            "transcript": transcript or "",
            "citations": cited.get(pk, ""),
        }
        for pk, alternative, transcript in rows
    }
