"""Detect the kind of a resource from its file's type, title and first pages."""

import re
from dataclasses import dataclass, field

from inspection import FileFacts
from resources.text import fold

LAWS = (
    ("constitution", r"constitucion de la republica|constitucion politica"),
    ("organic_code", r"codigo organico"),
    ("organic_law", r"ley organica"),
    ("ministerial_agreement", r"acuerdo (ministerial|interministerial|nro|no\b|n°|nº)"),
    ("decree", r"decreto (ejecutivo|supremo|nro|no\b|n°|nº)"),
    ("ordinance", r"ordenanza"),
    ("regulation", r"reglamento"),
    ("resolution", r"resolucion"),
    (
        "international_instrument",
        r"(convencion|convenio|tratado|pacto|acuerdo) (internacional|interamerican\w|regional|iberoamerican\w)",
    ),
    (
        "law",
        r"ley (de|para|del|que|reformatoria|nro|no\b)|codigo (civil|tributario|de|del|integral)",
    ),
)
"""Instrument type → how the title of one begins, folded."""
READING = (
    ("guide", r"guia"),
    ("manual", r"manual|instructivo"),
    ("plan", r"(\w+ )?plan\b|agenda|hoja de ruta"),
    ("study", r"estudio|diagnostico|investigacion|analisis|evaluacion"),
    ("report", r"informe|memoria|rendicion de cuentas|reporte"),
    ("policy", r"politica|estrategia|lineamientos"),
)
"""Document type → how the title of one begins, folded."""

_ABOUT = re.compile(
    r"^(guia|manual|instructivo|resumen|analisis|estudio|presentacion|cartilla|folleto|comentarios?|informe|propuesta|proyecto|preguntas|"
    r"plan|estrategia|boletin|modelo|formato|taller|curso)\b"
)
_ARTICLE = re.compile(r"^\W*(art(iculo|\.)?)\s*(1|primero|unico|\d+)\s*[.\-–—:º°]", re.M)
_LEGAL = (
    re.compile(r"\bconsiderando\b"),
    re.compile(r"\b(expide|expedir|acuerda|resuelve|decreta|dispone)\s*:"),
    re.compile(r"\ben ejercicio de (sus|las|la) (atribuciones|facultades|atribucion)"),
    re.compile(r"\bregistro oficial\b"),
    re.compile(r"\bdisposicion(es)? (general|transitoria|derogatoria|final|reformatoria)"),
)
_NUMBER = re.compile(
    r"\b(?:n[°ºo]\.?|nro\.?|núm\.?|número)\s*((?=[\w./-]*\d)[A-Za-z0-9][\w./-]{0,40}\w|\d)", re.I
)
_GAZETTE = re.compile(
    r"((?:(?:primer|segundo|tercer|cuarto|edición especial)\s+)?(?:suplemento del\s+)?registro oficial"
    r"(?:\s+(?:suplemento|edición especial))?)\s*(?:n[°ºo]\.?|nro\.?)?\s*(\d{1,4})\b",
    re.I,
)
_STRONG = 2
"""Marks of a legal text that make a law of what does not begin like one, together with numbered articles."""


@dataclass(frozen=True)
class Found:
    """A kind, by its stored value, and values found for its own fields."""

    kind: str
    values: dict[str, str] = field(default_factory=dict)


def find(facts: FileFacts, title: str, beginning: str) -> Found:
    """Return the likeliest kind with values of its fields."""
    if facts.media_type.startswith("image/"):
        return Found("infographic")
    if facts.media_type.startswith(("video/", "audio/")):
        return Found("video")
    law = _law(fold(title), "\n".join(fold(line) for line in beginning.splitlines()))
    if law:
        return Found("legalinstrument", {"instrument_type": law} | _stated(title, beginning))
    reading = _first(READING, fold(title))
    return Found("document", {"document_type": reading} if reading else {})


def _law(title: str, text: str) -> str:
    """Return the type of legal instrument; "" for a text that is about one."""
    if _ABOUT.match(title):
        return ""
    marks = sum(bool(mark.search(text)) for mark in _LEGAL)
    articles = bool(_ARTICLE.search(text))
    named = _first(LAWS, title)
    if named and (
        articles or marks or not text.strip() or named in ("organic_law", "organic_code")
    ):
        return named
    if named and len(text) < 400:  # a cover alone
        return named
    if articles and marks >= _STRONG:
        return named or _first(LAWS, text[:600], anywhere=True) or "other"
    return ""


def _first(choices: tuple[tuple[str, str], ...], text: str, *, anywhere: bool = False) -> str:
    start = r"\b" if anywhere else r"^(la |el |los |las )?"
    return next((value for value, words in choices if re.search(f"{start}({words})", text)), "")


def _stated(title: str, beginning: str) -> dict[str, str]:
    """Return number and gazette of the instrument itself, where the first pages state them."""
    values = {}
    head = beginning[:600]
    number = _NUMBER.search(title) or _NUMBER.search(_without_gazette(head))
    if number:
        values["number"] = number.group(1)[:80]
    gazette = _GAZETTE.search(head)
    if gazette:
        values["gazette"] = f"{' '.join(gazette.group(1).split())} {gazette.group(2)}"[:150]
    return values


def _without_gazette(text: str) -> str:
    return _GAZETTE.sub(" ", text)
