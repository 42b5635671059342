"""Find the summary that a file states: the subject of its metadata, or the paragraph under "Resumen"."""

import re

from inspection.mojibake import count_garbled
from resources.text import fold

LONGEST = 500
SHORTEST = 40

_HEADING = re.compile(r"^\W*\d*\W*(resumen( ejecutivo)?|sinopsis|objeto|objetivo general)\W*$")
_ENDS = re.compile(r"[a-záéíóúñ)»][.!?](?:\s|$)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÁÉÍÓÚÑ¿¡«])")
_SAMPLE = re.compile(r"no es el documento oficial", re.I)


def find(beginning: str, subject: str, title: str) -> tuple[str, str]:
    """Return the summary and its source; two empty texts where the file states none."""
    said = " ".join(subject.split())
    if _says_something(said, title):
        return _whole_sentences(said), "el asunto de los metadatos"
    under = _under_heading(beginning)
    if _says_something(under, title):
        return _whole_sentences(under), "el resumen del propio documento"
    return "", ""


def _says_something(text: str, title: str) -> bool:
    """Return whether `text` is prose: long enough, and no repetition of the title."""
    return (
        len(text) >= SHORTEST
        and " " in text
        and not _SAMPLE.search(text)
        and not count_garbled(text)
        and fold(text) not in fold(title)
        and not fold(text).startswith(fold(title))
    )


def _under_heading(text: str) -> str:
    """Return the first full paragraph below a heading like "Resumen"; skip the one of a table of contents."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if _HEADING.match(fold(line)):
            paragraph: list[str] = []
            for following in lines[number + 1 : number + 12]:
                if not following.strip() and paragraph:
                    break
                paragraph.append(following.strip())
            found = " ".join(" ".join(paragraph).split())
            if _ENDS.search(found):
                return found
    return ""


def _whole_sentences(text: str) -> str:
    """Truncate `text` at a sentence or, where the first is too long, at a word with an ellipsis."""
    if len(text) <= LONGEST:
        return text
    kept = ""
    for sentence in _SENTENCE.split(text):
        if len(kept) + len(sentence) + 1 > LONGEST:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or f"{text[: LONGEST - 1].rsplit(' ', 1)[0]}…"
