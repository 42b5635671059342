"""Extract form values for a draft from the facts of an inspected file. Pure.

Nothing is invented: what the file does not say stays empty, and each value tells where it was read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from inspection import FileFacts
from resources.files.metadata_extraction import kind_detection, stated_date, tags_and_issuer
from resources.files.metadata_extraction import language as languages
from resources.files.metadata_extraction import summary as summaries
from resources.files.metadata_extraction import title as titles

BEGINNING = 3
"""Pages whose text tells what a document is."""


@dataclass(frozen=True)
class Known:
    """Existing tags by name, and organizations by id, name and acronym."""

    tags: tuple[str, ...] = ()
    organizations: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """Values suggested for one file, by the names of the models' fields."""

    kind: str
    title: str
    language: str
    values: dict[str, str] = field(default_factory=dict)
    """Fields of the kind alone, and the summary where the file states one."""
    issued_on: date | None = None
    issued_on_precision: str = ""
    issuer: int | None = None
    tags: tuple[str, ...] = ()
    sources: dict[str, str] = field(default_factory=dict)
    """Field → where its value was read, in Spanish for the editor."""


def suggest(facts: FileFacts, name: str, known: Known) -> Suggestion:
    """Return the suggestions for a file from its facts and the name that its sender gave it."""
    beginning = "\n".join(facts.page_texts[:BEGINNING])
    title, title_source = titles.find(facts, name)
    kind = kind_detection.find(facts, title, beginning)
    stated = stated_date.find(facts.page_texts)
    language, language_source = languages.find(beginning, facts.language)
    summary, summary_source = summaries.find(beginning, facts.subject, title)
    issuer = tags_and_issuer.issuer(known.organizations, f"{title}\n{beginning}")
    tags = tags_and_issuer.tags(known.tags, title, facts.page_texts)
    values = kind.values | ({"summary": summary} if summary else {})
    return Suggestion(
        kind=kind.kind,
        title=title,
        language=language,
        values=values,
        issued_on=stated.day if stated else None,
        issued_on_precision=stated.precision if stated else "",
        issuer=issuer,
        tags=tags,
        sources=_sources(
            {
                "title": title_source,
                "summary": summary_source,
                "language": language_source,
                "issued_on": stated and stated.source,
                "issuer": issuer and "se nombra en las primeras páginas",
                "tags": tags and "aparecen en el texto",
            }.items(),
            kind,
        ),
    )


def _sources(pairs: Iterable[tuple[str, object]], kind: kind_detection.Found) -> dict[str, str]:
    """Return the source of each value, by field."""
    found = {name: str(source) for name, source in pairs if source}
    return found | dict.fromkeys(kind.values, "de las primeras palabras")


__all__ = ["Known", "Suggestion", "suggest"]
