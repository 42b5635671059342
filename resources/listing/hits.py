"""Hits: the highlighted title of a result, and passages with their pages."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from urllib.parse import urlencode

from resources.addresses import reverse
from resources.dates import in_words
from resources.files.transcripts import clock
from resources.kinds.legislation.models import SPEC as LEGISLATION
from resources.kinds.legislation.models import LegalInstrument
from resources.kinds.video import SPEC as VIDEO
from resources.listing.request import ResultPage
from resources.models import Resource, ResourceTag, Tag
from resources.models.kind_spec import all_kinds
from search.language.analyzer import acronym
from search.query.parser import Clause, Query
from search.results.highlights import Fragment, mark, snippet
from search.results.highlights import plain as without_markup
from search.results.matches import DocumentMatch, has, locations_of
from search.results.response import SearchResponse
from search.source import PageText, get_source

CAPTIONS = (".vtt", ".srt")
HISTORY = ("historia y relaciones", "historia")


EXPLANATIONS: list[Callable[[Sequence["Hit"], Query], None]] = []
"""Functions of other apps that add passages to the hits of a question; each app adds its own when it is ready."""


def _tail_link(name: str) -> tuple[str, str]:
    """Return the label of a text without pages, and its anchor on the resource's page."""
    for spec in all_kinds():
        for declared in spec.indexed("body"):
            if spec.column(declared) == name:
                return declared.passage, declared.anchor
    return HISTORY


@dataclass(frozen=True)
class Highlight:
    """A passage of a page with its address; `target` names another resource that the address leads to."""

    pieces: list[Fragment]
    label: str
    url: str
    file_title: str = ""
    target: str = ""


@dataclass
class Hit:
    """One result. `total`: how many of its pages answer; `more`: how many of them are not shown; `have_all`: with every word."""

    resource: Resource
    title: list[Fragment]
    summary: list[Fragment]
    passages: list[Highlight] = field(default_factory=list)
    total: int = 0
    more: int = 0
    have_all: bool = True

    @property
    def is_explained(self) -> bool:
        """Return whether anything highlighted shows why it was found."""
        return bool(self.passages) or any(piece.hit for piece in (*self.title, *self.summary))


def build_hits(page: ResultPage, count: int = 0, start: int = 0) -> list[Hit]:
    """Return the results with their best passages, or `count` passages from number `start` on.

    One query for all their pages; one more for texts that have no pages.
    """
    resources = [card.resource for card in page.cards]
    answer, parsed = page.answer, page.answer.parsed
    places = {
        pk: locations_of(doc.layout, doc.answering[start : start + count] if count else doc.best)
        for pk, doc in answer.evidence.items()
    }
    wanted = {(version, page) for rows in places.values() for version, page, _ in rows if version}
    source = get_source()
    pages = source.page_texts(wanted)
    tailed = [pk for pk, rows in places.items() if any(tail for _, _, tail in rows)]
    tails = {pk: texts.tails for pk, texts in source.texts(tailed, tails=True).items()}
    found = []
    for resource in resources:
        summary = snippet(" ".join(resource.summary.split()), parsed) if resource.summary else []
        hit = Hit(resource, mark(resource.title, parsed), summary)
        for version, number, tail in places[resource.pk]:
            made = (
                _page_passage(resource, version, number, pages.get((version, number)), parsed)
                if version
                else _tail_passage(resource, tail, tails.get(resource.pk, {}).get(tail, ""), parsed)
            )
            if made:
                hit.passages.append(made)
        hit.total = len(answer.evidence[resource.pk].answering)
        hit.have_all = answer.evidence[resource.pk].have_all
        hit.more = max(0, hit.total - len(places[resource.pk]))
        found.append(hit)
    _show_records(found, answer)
    for explain in EXPLANATIONS:
        explain(found, parsed)
    _explain([hit for hit in found if not hit.is_explained], parsed)
    return found


def _show_records(found: Sequence[Hit], answer: SearchResponse) -> None:
    """Show number, gazette and day of a law first, where only these have something that was asked for: one query."""
    hidden = {
        hit.resource.pk: _hidden(answer.evidence[hit.resource.pk], answer.parsed)
        for hit in found
        if hit.resource.kind == LEGISLATION.name
    }
    asked = {
        pk: replace(answer.parsed, clauses=clauses) for pk, clauses in hidden.items() if clauses
    }
    columns = ("pk", "number", "gazette", "gazette_date")
    rows = LegalInstrument.objects.filter(pk__in=asked).values_list(*columns) if asked else ()
    records = {
        pk: ", ".join(filter(None, (number, gazette, in_words(day))))
        for pk, number, gazette, day in rows
    }
    for hit in found:
        record = records.get(hit.resource.pk, "")
        if record and any(piece.hit for piece in mark(record, asked[hit.resource.pk])):
            pieces, url = mark(record, answer.parsed), hit.resource.get_absolute_url()
            hit.passages.insert(0, Highlight(pieces, "datos de la norma", url))


def _hidden(doc: DocumentMatch, parsed: Query) -> tuple[Clause, ...]:
    """Return the clauses that neither title, summary nor shown passages match."""
    texts = f" {doc.title} _ {doc.summary} "
    return tuple(
        clause
        for clause, lines in zip(parsed.clauses, doc.clauses, strict=True)
        if not has(texts, clause.alternatives) and lines.keys().isdisjoint(doc.best)
    )


def _explain(unexplained: Sequence[Hit], parsed: Query) -> None:
    """Show the tags, the entity, the kind or the initials by which results were found that show no word: one query."""
    if not unexplained:
        return
    ids = [hit.resource.pk for hit in unexplained]
    tagged = ResourceTag.objects.filter(content_object__in=ids).select_related("tag").order_by("pk")
    tags: dict[int, list[Tag]] = defaultdict(list)
    for row in tagged:
        tags[row.content_object_id].append(row.tag)
    for hit in unexplained:
        resource, url = hit.resource, hit.resource.get_absolute_url()
        named = [
            (tag.name, "etiqueta", tag.get_absolute_url(), tag.name) for tag in tags[resource.pk]
        ]
        if resource.issuer:
            named.append((str(resource.issuer), "entidad", url, ""))
        named += [
            (resource.type_label or resource.get_kind_display(), "tipo de recurso", url, ""),
            (acronym(resource.title).upper(), "iniciales del título", url, ""),
        ]
        for name, label, address, target in named:
            pieces = mark(name, parsed)
            if any(piece.hit for piece in pieces):
                hit.passages.append(Highlight(pieces, label, address, target=target))


def _page_passage(
    resource: Resource, version: int, number: int, page: PageText | None, parsed: Query
) -> Highlight | None:
    pieces = page and (snippet(page.text, parsed) or snippet(page.text, _word_by_word(parsed)))
    if not page or not pieces:
        return None
    is_main = version == resource.main_version_id
    title = "" if is_main else page.label or page.file_name
    label = f"página {number} de {page.pages}" if page.pages else "en el archivo"
    if page.is_readable:
        url = _reading_url(resource.slug, "" if is_main else page.file_name)
        return Highlight(
            pieces, label, url + _place(number if page.pages else 0, parsed.text), title
        )
    url = _file_url(resource.slug, page.file_name)
    if page.pages:
        return Highlight(pieces, label, f"{url}#page={number}", title)
    if resource.kind == VIDEO.name and page.file_name.endswith(CAPTIONS):
        at = f"{resource.get_absolute_url()}#t={number}"
        return Highlight(pieces, f"minuto {clock(number)}", at)
    return Highlight(pieces, label, url, title)


def _place(number: int, words: str) -> str:
    """Return query and fragment of the first of `words` on page `number` of a reading view (0: wherever it is first)."""
    page = {"pagina": number} if number else {}
    query = urlencode(page | {"q": words})
    return f"?{query}#h{number}-1" if number else f"?{query}#encontrado"


def _word_by_word(parsed: Query) -> Query:
    """Return a question for any word of its phrases: one that goes on on the next page stands whole on neither."""
    words = dict.fromkeys(w for clause in parsed.clauses for stems in clause.typed for w in stems)
    return replace(parsed, clauses=tuple(Clause(((word,),), word) for word in words))


@lru_cache(maxsize=500)
def _file_url(slug: str, name: str) -> str:
    """Return the address of a file; sixty passages of a page have a third as many."""
    return reverse("file", args=[slug, name])


@lru_cache(maxsize=500)
def _reading_url(slug: str, name: str) -> str:
    """Return the address at which a file is read: the main one without its name (the app `reading`)."""
    return reverse("read-file", args=[slug, name]) if name else reverse("read", args=[slug])


def _tail_passage(resource: Resource, tail: str, text: str, parsed: Query) -> Highlight | None:
    pieces = snippet(without_markup(text), parsed)
    label, anchor = _tail_link(tail)
    return Highlight(pieces, label, f"{resource.get_absolute_url()}#{anchor}") if pieces else None
