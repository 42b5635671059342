"""Cite a resource: APA 7, ISO 690 and the form of ordinances."""

import datetime as dt
import re
from dataclasses import dataclass

from resources.dates import in_words
from resources.models import Resource
from resources.opendata.record import SAMPLE_NOTE, ResourceRecord, Site

NO_DATE = "s. f."
MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
MASCULINE_IN_A = {"programa", "tema", "sistema", "problema", "poema", "mapa", "día"}
FEMININE = re.compile(r"(?:ley|norma|.*(?:ción|sión|dad|a))s?\Z")


class BadPage(ValueError):
    """The document has no such page; the message has advice in Spanish."""


@dataclass(frozen=True)
class Citation:
    """One form of citation; the title between `before` and `after` is set in italics."""

    name: str
    before: str
    title: str
    after: str

    def __str__(self) -> str:
        return f"{self.before}{self.title}{self.after}"


@dataclass(frozen=True)
class Cited:
    """The values of a citation for all forms; `page` is 0 for the whole.

    A sample is no edition of anything: it is cited as such, and of a law not at all.
    """

    facts: ResourceRecord
    site: Site
    today: dt.date
    page: int = 0

    @property
    def author(self) -> str:
        """The issuer; "" if unknown."""
        return self.facts.issuer.name if self.facts.issuer else ""

    @property
    def title(self) -> str:
        """The title without a full stop of its own: the form sets one."""
        return self.facts.display_title.rstrip(".")

    @property
    def version(self) -> str:
        """The version of the official file; "" without one."""
        file = self.facts.official_file
        return str(file.version) if file else ""

    @property
    def address(self) -> str:
        """The address of the resource or, for a page, of that page in this version of the file."""
        file = self.facts.main_file
        return f"{file.version_url}#page={self.page}" if self.page and file else self.facts.url

    @property
    def number(self) -> str:
        """The number of a law, unless its title has it."""
        law = self.facts.law
        return law.number if law and law.number not in self.facts.title else ""

    @property
    def publication(self) -> str:
        """The gazette of a law, else the publisher of the portal."""
        law = self.facts.law
        return (law.gazette if law else "") or self.site.publisher

    @property
    def date(self) -> tuple[str, str, str]:
        """Year, month and day in figures; "" for unknown ones."""
        year, month, day, *_ = (*self.facts.dated.split("-"), "", "", "")
        return year, month, day

    @property
    def sample(self) -> str:
        """The note that marks a sample."""
        main = self.facts.main_file
        return SAMPLE_NOTE if main and main.is_sample else ""

    @property
    def last_page(self) -> int:
        """The number of pages that can be cited."""
        return (self.facts.main_file.pages or 0) if self.facts.main_file else 0


def citations(cited: Cited) -> list[Citation]:
    """Return all forms in the order of the page; for a law, that of ordinances first."""
    forms = [apa(cited), in_text(cited), iso_690(cited)]
    return [ordinance(cited), *forms] if cited.facts.law else forms


def apa(cited: Cited) -> Citation:
    """Return the reference of APA 7: author, date, title (edition; version) [medium], source, address.

    Without an author the title leads. The source of a law is its gazette, then the site; who is its own site is said once.
    """
    year, month, day = cited.date
    words = MONTHS.split()[int(month) - 1] if month else ""
    parts = [year or NO_DATE, " de ".join(filter(None, [str(int(day)) if day else "", words]))]
    date = f"({', '.join(filter(None, parts))})"
    medium = _medium(cited)
    version = f"versión {cited.version}" if cited.version else ""
    which = "; ".join(filter(None, [cited.number, cited.facts.edition, version]))
    about = f"{f' ({which})' if which else ''}{f' [{medium}]' if medium else ''}"
    gazette = cited.facts.law.gazette if cited.facts.law else ""
    site = cited.site.name if cited.site.name != cited.author else ""
    sources = [_sentence(source) for source in (gazette, site) if source]
    end = " ".join([*sources, cited.address])
    if cited.author:
        return Citation(
            "APA 7", f"{_sentence(cited.author)} {date}. ", cited.title, f"{about}. {end}"
        )
    return Citation("APA 7", "", cited.title, f"{about}. {date}. {end}")


def in_text(cited: Cited) -> Citation:
    """Return the short form that APA 7 puts in the running text, with the page if one is cited."""
    year = cited.date[0] or NO_DATE
    page = f", p. {cited.page}" if cited.page else ""
    if cited.author:
        return Citation("APA 7, en el texto", f"({cited.author}, {year}{page})", "", "")
    return Citation("APA 7, en el texto", "(", cited.title, f", {year}{page})")


def iso_690(cited: Cited) -> Citation:
    """Return the reference of ISO 690:2021: creator, title [medium], edition, version, publication, date, page, [consulted], address."""
    author = f"{_sentence(cited.author.upper())} " if cited.author else ""
    version = f"Versión {cited.version}. " if cited.version else ""
    edition = f"{_sentence(cited.facts.edition)} " if cited.facts.edition else ""
    number = f", {cited.number}" if cited.number else ""
    where = f"{cited.publication}, {_long(cited) or NO_DATE}"
    page = f", p. {cited.page}" if cited.page else ""
    sample = f" {cited.sample}." if cited.sample else ""
    after = (
        f"{number} [en línea]. {edition}{version}{_sentence(where + page)}{sample} "
        f"[consulta: {in_words(cited.today)}]. Disponible en: {cited.address}"
    )
    return Citation("ISO 690", author, cited.title, after)


def ordinance(cited: Cited) -> Citation:
    """Return the form of the recitals of Ecuadorian ordinances: name, gazette, number and date of a law.

    What of these nobody knows is said to be unverified, so that nobody signs it by mistake.
    """
    facts, law = cited.facts, cited.facts.law
    known = f", número {cited.number}" if cited.number else ""
    published = "publicada" if is_feminine(facts.title) else "publicado"
    reference = law.gazette_reference if law else ""
    where = reference or "Registro Oficial (número y fecha por verificar)"
    undated = law and reference and not law.gazette_date
    missing = " (fecha por verificar)" if undated else ""
    page = f", p. {cited.page}" if cited.page else ""
    after = f"{known}, {published} en el {where}{missing}{page}"
    return Citation("Forma de las ordenanzas", "", cited.title, after)


def is_feminine(title: str) -> bool:
    """Return the grammatical gender of a Spanish title, by its first word."""
    first = re.split(r"\W+", title.strip().lower(), maxsplit=1)[0]
    return first not in MASCULINE_IN_A and bool(FEMININE.match(first))


def _medium(cited: Cited) -> str:
    main = cited.facts.main_file
    medium = cited.facts.kind.citation_medium.format(type=main.type_name if main else "")
    return "; ".join(filter(None, [medium, cited.sample.lower()]))


def _long(cited: Cited) -> str:
    year, month, day = cited.date
    if not year:
        return ""
    precision = (
        Resource.Precision.DAY
        if day
        else Resource.Precision.MONTH
        if month
        else Resource.Precision.YEAR
    )
    return in_words(dt.date(int(year), int(month or 1), int(day or 1)), precision)


def _sentence(text: str) -> str:
    """End `text` with one full stop."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def read_page(asked: str, last: int) -> int:
    """Parse the number of a page; 0 for none.

    Raises BadPage where the document has no such page.
    """
    asked = asked.strip()
    if not asked:
        return 0
    if not last:
        raise BadPage("Este recurso no tiene páginas numeradas: cítelo entero.")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 7 and 1 <= int(asked) <= last):
        raise BadPage(f"Escriba un número de página del 1 al {last}.")
    return int(asked)
