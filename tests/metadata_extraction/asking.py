"""Asks what a file suggests."""

from inspection import FileFacts
from resources.files.metadata_extraction.extract import Known, suggest


def facts(*pages: str, **values) -> FileFacts:
    """Facts of a PDF with these texts."""
    given = {"media_type": "application/pdf", "extension": "pdf", "size": 1, "sha256": "0" * 64}
    return FileFacts(**given | {"page_texts": pages} | values)


def of(*pages: str, name: str = "archivo.pdf", known: Known | None = None, **values):
    return suggest(facts(*pages, **values), name, known or Known())
