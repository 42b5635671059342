"""Find the title of a file in its metadata or on its first page."""

import re
from itertools import pairwise

from inspection import FileFacts
from inspection.mojibake import count_garbled
from resources.models.choices import UNTITLED
from resources.text import fold

LONGEST = 300

_EXTENSION = re.compile(
    r"\.(pdf|docx?|xlsx?|pptx?|od[tsp]|indd|ai|cdr|pub|rtf|txt|png|jpe?g|webp|tiff?|mp4)$", re.I
)
_MAKERS = re.compile(
    r"^(microsoft (word|powerpoint|excel)|presentación de powerpoint)\s*-?\s*", re.I
)
_PROGRAM_NAMES = re.compile(
    r"^(adobe|corel|microsoft( office)?|ms|apple|google|libreoffice|openoffice(\.org)?|autodesk|wps office|foxit|nitro|esri)?\s*"
    r"(acrobat( distiller)?|illustrator|indesign|photoshop|pagemaker|framemaker|freehand|coreldraw|autocad|inkscape|canva|scribus|"
    r"quark\s?xpress|publisher|powerpoint|word|excel|visio|libreoffice|openoffice|gimp|arcgis|arcmap|qgis|sketchup|"
    r"camscanner|adobe scan|pdfcreator|pdf24|google docs|crystal reports|latex|figma)"
    r"([\s-]+(graphics suite|pro|cc|cs\d*|dc|desktop|x?\d[\d.]*|document|drawing|dibujo|graphic|documento|gr[aá]fico|\([^()]*\)))*$",
    re.I,
)
"""What drawing and office programs leave as a title: their own names."""
_EMPTY_NAMES = re.compile(
    r"^(untitled|unnamed|no name|none|null|unknown|desconocido|unspecified|no especificado|(documento|presentaci[oó]n|diseño|"
    r"hoja de c[aá]lculo|proyecto|dibujo)? ?sin (t[ií]tulo|nombre)|untitled (document|presentation|design|spreadsheet)|"
    r"documento|document|presentaci[oó]n|presentation|slide|diapositiva|libro|book|hoja|sheet|microsoft word|scan|drawing|dibujo|"
    r"artboard|mesa de trabajo|p[aá]gina|page|model|modelo|diseño|design|graphic|"
    r"escaneo|imagen|image|copia de|nuevo|new|t[ií]tulo|title|portada|cover|layout|plantilla|template|default)?[\s_\-()]*"
    r"(\d|final|de|powerpoint|v\d+|copia)*[\s_\-()]*\d*$",
    re.I,
)
_NOT_A_TITLE = re.compile(
    r"^(p[aá]gina|page|p[aá]g\.?)\s*\d+|^\W*\d[\d\s./-]*\W*$|registro oficial|^muestra\b|www\.|https?:|@|^rep[uú]blica del ecuador$|"
    r"^(gobierno|gad|municipio|ministerio|secretar[ií]a|alcald[ií]a|asamblea|prefectura)\b[^:]{0,70}$|^suplemento\b|^(quito|ecuador|índice|indice)\b",
    re.I,
)
_LETTERS = re.compile(r"[^\W\d_]+")
_AROUND_WORDS = "()[]{}«»“”‘’'\"¿?¡!.,:;…*"
_DASHES = frozenset("- – — / & + · | •".split())
_VOWEL = "aeiouyáéíóúüàâêôãõAEIOUYÁÉÍÓÚÜÀÂÊÔÃÕ"
_WORD = re.compile(
    # a word with a vowel (or two, joined), capitals or a number with what belongs to it, "y", "n.º", "2.ª"
    rf"(?=.*[{_VOWEL}])[^\W\d_]{{2,}}([-–/'’.&+@·][^\W\d_]+)*|[yoeuaYOEUA]|[A-ZÑ]{{1,8}}([-.&/][A-Z0-9Ñ]+)*|"
    r"[A-Za-z]{0,12}[-–./°º]?\d[\d.,/:°º%ªh–-]*[A-Za-z]{0,4}(-[\w.]+)*|[nN][.º°o]{1,3}|[A-Za-z]([+/][A-Za-z])+|[^\W\d_A-Za-z]+|(art|nro|núm|pp|vs|dr|cm|km|mm|kg)"
)
_SMALL = frozenset(
    "de del la las el los lo y e o u a al en con por para sin sobre que se su sus un una".split()
)
_PROPER = frozenset(
    "ecuador quito guayaquil cuenca loja ambato manta riobamba esmeraldas ibarra galápagos azuay".split()
)


def find(facts: FileFacts, name: str) -> tuple[str, str]:
    """Return the title and its source; else the file name marked as untitled, and ""."""
    first = facts.page_texts[0] if facts.page_texts else ""
    beginning = "\n".join(facts.page_texts[:2])
    stated = _tidy(facts.title)
    choices = (
        (stated if _stands_in(stated, beginning) else "", "los metadatos del archivo"),
        (_tidy(facts.headline), "lo más grande de la primera página"),
        (_first_lines(first), "las primeras líneas"),
        (stated, "los metadatos del archivo, que no coinciden con el texto"),
    )
    for title, source in choices:
        if title and not is_file_name(title, name) and reads_as_words(title):
            return _lower_capitals(title, "\n".join(facts.page_texts[:10]))[:LONGEST], source
    return f"{UNTITLED}{name.strip() or 'archivo'}"[:LONGEST], ""


def is_file_name(title: str, name: str = "") -> bool:
    """Return whether `title` looks like a file name: an extension, underscores, "Documento1", or `name`."""
    bare = _EXTENSION.sub("", title.strip())
    one_word = " " not in bare and ("_" in bare or "-" in bare or any(c.isdigit() for c in bare))
    known_as = bool(name) and " " not in bare and fold(bare) == fold(_EXTENSION.sub("", name))
    return bool(
        one_word
        or known_as
        or bare != title.strip()
        or "_" in bare
        or _EMPTY_NAMES.match(bare)
        or _PROGRAM_NAMES.match(bare)
    )


def reads_as_words(title: str) -> bool:
    """Return whether `title` is made of words, not of OCR noise or mojibake."""
    tokens = [token.strip(_AROUND_WORDS) for token in title.split()]
    noise = sum(not _WORD.fullmatch(token) for token in tokens if token)
    noise += sum(
        not token and raw not in _DASHES for token, raw in zip(tokens, title.split(), strict=True)
    )
    drawn = "".join(title.split())
    is_written = any(map(str.isalpha, drawn)) and sum(map(str.isalnum, drawn)) * 2 >= len(drawn)
    return not count_garbled(title) and noise * 3 <= len(tokens) and is_written


def _tidy(raw: str) -> str:
    """Strip the program's name and quotation marks from `raw`, on one line."""
    return _MAKERS.sub("", " ".join(raw.split())).strip(' \t.·|«»"“”_-')


def _stands_in(title: str, text: str) -> bool:
    """Return whether at least half the words of `title` occur in `text`; true for a scan."""
    if not text.strip():
        return bool(title)
    words = {word for word in _LETTERS.findall(fold(title)) if len(word) > 3}
    there = set(_LETTERS.findall(fold(text)))
    return bool(title) and len(words & there) * 2 >= len(words)


def _first_lines(text: str) -> str:
    """Return the first lines that read like a title, joined while each leads on to the next."""
    lines = [" ".join(line.split()) for line in text.splitlines()[:25]]
    kept = [line for line in lines if line and not _NOT_A_TITLE.search(line)]
    if not kept or not any(len(word) > 2 for word in _LETTERS.findall(kept[0])):
        return ""
    title = kept[0]
    for before, line in pairwise(kept[:5]):
        if len(title) + len(line) > 200 or not _leads_on(before, line):
            break
        title = f"{title} {line}"
    return title.rstrip(".:;,") if len(title) <= 220 else ""


def _leads_on(before: str, line: str) -> bool:
    """Return whether a title goes on in `line`: it begins in lower case, `before` ends with a function word, or both are capitals."""
    if before.endswith((".", ":")):
        return False
    last = fold(before).split()[-1]
    capitals = before.isupper() and line.isupper()
    return line[0].islower() or last in _SMALL or before.endswith(",") or capitals


def _lower_capitals(title: str, text: str) -> str:
    """Convert a title in capitals to sentence case, except for acronyms of the text."""
    if not title.isupper() or len(title.split()) < 2:
        return title
    mixed = [line for line in text.splitlines() if not line.isupper()]
    seen = set(_LETTERS.findall("\n".join(mixed)))
    lowered = {word.lower() for word in seen if not word.isupper()}
    acronyms = {word for word in seen if word.isupper() and len(word) > 1} - {
        word.upper() for word in lowered
    }
    names = {
        word.lower()
        for word in seen
        if word.istitle() and len(word) > 3 and word.lower() not in seen
    }
    return _LETTERS.sub(lambda match: _written(match, acronyms, names), title)


def _written(match: re.Match, acronyms: set[str], names: set[str]) -> str:
    word, small = match.group(), match.group().lower()
    if word in acronyms or re.fullmatch("[IVXLC]{2,}", word):
        return word
    is_name = small in _PROPER or (small in names and small not in _SMALL)
    return small.capitalize() if match.start() == 0 or is_name else small
