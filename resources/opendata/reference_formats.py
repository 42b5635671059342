"""Citations for programs: BibTeX, RIS, and the metadata of a page by which Zotero and Google Scholar know it."""

import re
from collections.abc import Iterator

from resources.dates import in_figures
from resources.models import Document, Resource
from resources.opendata.citations import Cited
from resources.opendata.record import Facts, Site

LATEX = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        **{mark: f"\\{mark}" for mark in "&%$#_"},
    }
)
REPORTS = {Document.Type.REPORT, Document.Type.STUDY}
MANUALS = {Document.Type.GUIDE, Document.Type.MANUAL}
RIS_TYPES = {
    Resource.Kind.INFOGRAPHIC: "FIGURE",
    Resource.Kind.DOCUMENT: "RPRT",
    Resource.Kind.LEGAL_INSTRUMENT: "STAT",
    Resource.Kind.VIDEO: "VIDEO",
}
DUBLIN_CORE_TYPES = {
    Resource.Kind.INFOGRAPHIC: "StillImage",
    Resource.Kind.DOCUMENT: "Text",
    Resource.Kind.LEGAL_INSTRUMENT: "Text",
    Resource.Kind.VIDEO: "MovingImage",
}
"""DCMI Type Vocabulary."""


def bibtex(cited: Cited) -> str:
    """Return one BibTeX entry in UTF-8. Its key is the end of the resource's address."""
    facts = cited.facts
    year, month, _ = cited.date
    fields = {
        "title": f"{{{_latex(facts.title)}}}",
        "author": f"{{{_latex(cited.author)}}}" if cited.author else "",
        "year": year,
        "month": str(int(month)) if month else "",
        _publisher_field(facts): _latex(cited.site.publisher),
        "edition": _latex(facts.edition),
        "version": cited.version,
        "number": _latex(facts.law.number) if facts.law else "",
        "howpublished": _latex(facts.law.gazette_reference) if facts.law else "",
        "pages": str(cited.page) if cited.page else "",
        "language": facts.language,
        "keywords": _latex(", ".join(tag.title for tag in facts.tags)),
        "note": _latex(cited.sample),
        "url": cited.address,
        "urldate": in_figures(cited.today),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{_entry_type(facts)}{{{facts.slug},\n" + ",\n".join(lines) + "\n}\n"


def ris(cited: Cited) -> str:
    """Return one RIS record, lines ended as the format wants them."""
    facts = cited.facts
    year, month, day = cited.date
    version = f"Versión {cited.version}" if cited.version else ""
    lines = [
        ("TY", RIS_TYPES[facts.kind]),
        ("ID", facts.slug),
        ("TI", facts.title),
        ("AU", cited.author),
        ("PY", year),
        ("DA", f"{year}/{month}/{day}/" if year else ""),
        ("PB", cited.site.publisher),
        ("ET", "; ".join(filter(None, [facts.edition, version]))),
        ("M1", facts.law.identifier if facts.law else ""),
        ("T2", facts.law.gazette if facts.law else ""),
        ("SP", str(cited.page) if cited.page else ""),
        ("LA", facts.language),
        ("AB", facts.summary),
        *(("KW", tag.title) for tag in facts.tags),
        ("N1", cited.sample),
        ("UR", cited.address),
        ("Y2", in_figures(cited.today).replace("-", "/") + "/"),
        ("ER", ""),
    ]
    kept = [(tag, " ".join(value.split())) for tag, value in lines if value or tag == "ER"]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in kept)


def page_metadata(facts: Facts, site: Site) -> Iterator[tuple[str, str]]:
    """Return name and content of the `<meta>` elements: Highwire's `citation_*`, then Dublin Core."""
    author = facts.issuer.name if facts.issuer else ""
    official = facts.official_file
    is_report = (
        facts.kind == Resource.Kind.DOCUMENT
    )  # as its RIS says: else it is taken for an article
    pairs = [
        ("citation_title", facts.title),
        ("citation_author", author),
        ("citation_publication_date", facts.dated.replace("-", "/")),
        ("citation_publisher", site.publisher),
        ("citation_technical_report_institution", (author or site.publisher) if is_report else ""),
        ("citation_language", facts.language),
        ("citation_public_url", facts.url),
        ("citation_abstract_html_url", facts.url),
        ("citation_pdf_url", official.url if official and official.type_name == "PDF" else ""),
        *(("citation_keywords", tag.title) for tag in facts.tags),
        ("DC.title", facts.title),
        ("DC.creator", author),
        ("DC.date", facts.dated),
        ("DC.publisher", site.publisher),
        ("DC.description", " ".join(facts.description.split())),
        ("DC.type", DUBLIN_CORE_TYPES[facts.kind]),
        ("DC.format", official.media_type if official else ""),
        ("DC.identifier", facts.url),
        ("DC.language", facts.language),
        ("DC.rights", facts.licence),
        ("DC.source", facts.source_url),
        *(("DC.subject", tag.title) for tag in facts.tags),
    ]
    return ((name, content) for name, content in pairs if content)


def _entry_type(facts: Facts) -> str:
    if facts.document_type in REPORTS:
        return "techreport"
    return "manual" if facts.document_type in MANUALS else "misc"


def _publisher_field(facts: Facts) -> str:
    """Return the field in which this type of entry names who publishes it."""
    return {"techreport": "institution", "manual": "organization"}.get(
        _entry_type(facts), "publisher"
    )


def _latex(text: str) -> str:
    return re.sub(r"\s+", " ", text).translate(LATEX)
