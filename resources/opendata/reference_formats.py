"""Serialize citations for reference managers: BibTeX and RIS."""

import re

from resources.dates import in_figures
from resources.opendata.citations import Cited
from resources.opendata.record import ResourceRecord

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


def bibtex(cited: Cited) -> str:
    """Return one BibTeX entry in UTF-8. Its key is the end of the resource's address."""
    facts = cited.facts
    year, month, _ = cited.date
    fields = {
        "title": f"{{{_latex(facts.display_title)}}}",
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
    return (
        f"@{facts.kind.bibtex_type_of(facts.subtype)}{{{facts.slug},\n"
        + ",\n".join(lines)
        + "\n}\n"
    )


def ris(cited: Cited) -> str:
    """Return one RIS record with CRLF line ends."""
    facts = cited.facts
    year, month, day = cited.date
    version = f"Versión {cited.version}" if cited.version else ""
    lines = [
        ("TY", facts.kind.ris_type),
        ("ID", facts.slug),
        ("TI", facts.display_title),
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


def _publisher_field(facts: ResourceRecord) -> str:
    """Return the field for the publisher in this type of entry."""
    return {"techreport": "institution", "manual": "organization"}.get(
        facts.kind.bibtex_type_of(facts.subtype), "publisher"
    )


def _latex(text: str) -> str:
    return re.sub(r"\s+", " ", text).translate(LATEX)
