"""Find the articles of a law in its text: proposed to an editor with what looks doubtful, never invented."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from inspection.blocks import Block
from reading.models import Article, Reading, ReadingPage
from resources.kinds.legislation.models import SPEC as LEGISLATION
from resources.text import slug_of

FEWEST = 2
"""A text with fewer articles is no law by articles."""
MOST = 3_000
LONGEST_HEADING = 160
"""Characters of the heading of an article, which ends with its first full stop."""

_ROMAN = r"[IVXLC]{1,7}"
_ORDINALS = (
    "primer[ao]|segund[ao]|tercer[ao]|cuart[ao]|quint[ao]|sext[ao]|s[ée]ptim[ao]|octav[ao]|noven[ao]|d[ée]cim[ao]|"
    "und[ée]cim[ao]|duod[ée]cim[ao]|vig[ée]sim[ao]|trig[ée]sim[ao]|[úu]nic[ao]|final"
)
_ORDINAL = rf"(?:{_ORDINALS})(?:\s+(?:{_ORDINALS}))?"
_ARTICLE = re.compile(
    r"(?:Art[íi]culo|ART[ÍI]CULO|Art|ART)\.?\s*"
    rf"(?P<number>\d{{1,4}}|(?:[úÚuU]nico|[ÚU]NICO)|{_ORDINAL}|{_ROMAN}(?=\s*[.\-–—:]))"
    r"(?P<suffix>\s*(?:bis|ter|qu[áa]ter|\.\d{1,3}|[A-Z](?=[.\-\s]))?)"
    r"(?:\s*(?:[.\-–—:º°]+\s*)+|\s+(?=[A-ZÁÉÍÓÚÑ][^.]{2,80}\.\s*[-–—]))(?P<rest>.*)|"
    r"(?:Art[íi]culo|ART[ÍI]CULO)\s+(?P<bare>\d{1,4})(?P<bare_suffix>)\s*(?P<bare_rest>)\Z",
    re.DOTALL,
)
_ADDED = re.compile(
    r"(?:Art[íi]culo|ART[ÍI]CULO|Art|ART)\.?\s*(?:\(?\.{2,}\)?|\(\s*\)|innumerado|INNUMERADO)\W*(?P<rest>.*)",
    re.DOTALL | re.IGNORECASE,
)
_DISPOSITIONS = re.compile(
    r"DISPOSICI(?:ONES|ÓN|ON)\s+(?P<sort>[A-ZÁÉÍÓÚÑ]+(?:\s+Y\s+[A-ZÁÉÍÓÚÑ]+)?)\W*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SORTS = {
    "GENERAL": "general",
    "TRANSITORIA": "transitoria",
    "DEROGATORIA": "derogatoria",
    "REFORMATORIA": "reformatoria",
    "FINAL": "final",
    "INTERPRETATIVA": "interpretativa",
    "COMPLEMENTARIA": "complementaria",
}
_NUMBERED = re.compile(
    rf"(?P<number>{_ORDINAL}|\d{{1,2}})\s*[.\-–—:ª°]+\s*(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_DIVISION = re.compile(
    rf"(?P<name>LIBRO|T[ÍI]TULO|CAP[ÍI]TULO|SECCI[ÓO]N|PAR[ÁA]GRAFO)\s+(?P<number>{_ROMAN}\b|\d{{1,3}}\b|{_ORDINAL}|PRELIMINAR|[ÚU]NICO)\W*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_LEVELS = {"LIBRO": 1, "TITULO": 1, "CAPITULO": 2, "SECCION": 3, "PARAGRAFO": 3}
_HEADING = re.compile(
    r"\(?(?P<heading>[^.:;]{3,}?)\)?\s*[.:]?\s*[-–—]\s+|(?P<dotted>[A-ZÁÉÍÓÚÑ][^.:;]{2,80})\.\s+(?=[A-ZÁÉÍÓÚÑ«“])"
)


Place = tuple[int, int]
"""Page, from 1, and place of a block on it, from 0."""


@dataclass(frozen=True)
class Found:
    """A part of a law found in the text, before it has a key of its own."""

    kind: str
    key: str
    label: str
    heading: str
    level: int
    page: int
    block: int
    number: int = 0
    """Of an article numbered in figures; else 0."""


def find_articles(pages: Iterable[tuple[int, Sequence[Block]]]) -> list[Found]:
    """Return the articles, dispositions and divisions of a text, in its order; [] where it has fewer than two articles."""
    found = list(_walk(pages))
    articles = [part for part in found if part.kind == Article.Kind.ARTICLE]
    return found[:MOST] if len(articles) >= FEWEST else []


def doubts_of(found: Sequence[Found]) -> list[str]:
    """Return what looks doubtful, in Spanish: numbers missing or out of turn, numbers twice."""
    doubts: list[str] = []
    seen: dict[int, int] = {}
    last = 0
    for part in found:
        if part.kind != Article.Kind.ARTICLE or not part.number:
            continue
        if part.number in seen and not _has_suffix(part):
            doubts.append(
                f"El artículo {part.number} aparece dos veces: páginas {seen[part.number]} y {part.page}."
            )
        elif last and part.number > last + 1:
            missing = _range(last + 1, part.number - 1)
            doubts.append(
                f"Entre los artículos {last} y {part.number} falta {missing} (página {part.page})."
            )
        elif part.number < last and part.number not in seen:
            doubts.append(
                f"El artículo {part.number} viene después del {last} (página {part.page})."
            )
        seen.setdefault(part.number, part.page)
        last = max(last, part.number)
    if seen and 1 not in seen:
        doubts.insert(0, f"El primer artículo que se encontró es el {min(seen)}, no el 1.")
    return doubts


def label_end(text: str) -> int:
    """Return where the label of an article or disposition ends in the text that begins with it; 0 without one."""
    for pattern, group in ((_ARTICLE, "suffix"), (_ARTICLE, "bare_suffix"), (_NUMBERED, "number")):
        match = pattern.match(text)
        if match and match[group] is not None:
            return match.end(group)
    if match := _ADDED.match(text):
        return match.start("rest")
    return 0


def propose_articles(reading: Reading) -> None:
    """Store the articles found in a law's reading, unless an editor confirmed some before."""
    if is_law(reading) and not reading.articles_confirmed_on:
        store_articles(reading)


def is_law(reading: Reading) -> bool:
    """Return whether the document is a legal instrument."""
    return reading.version.file.resource.kind == LEGISLATION.name


def store_articles(reading: Reading) -> None:
    """Replace the stored articles of a reading by those that its text has now."""
    found = find_articles((page.number, page.shown) for page in reading.pages.all())
    reading.articles.all().delete()
    taken: set[str] = set()
    rows = []
    for position, part in enumerate(found):
        key = _free(part.key, taken)
        rows.append(
            Article(
                reading=reading,
                position=position,
                kind=part.kind,
                key=key,
                label=part.label,
                heading=part.heading[:300],
                level=part.level,
                page=part.page,
                block=part.block,
            )
        )
    Article.objects.bulk_create(rows, batch_size=200)


def doubts(reading: Reading) -> list[str]:
    """Return what looks doubtful in the text of a reading."""
    return doubts_of(find_articles((page.number, page.shown) for page in reading.pages.all()))


def articles_text(
    pages: Sequence[ReadingPage], articles: Sequence[Article]
) -> Iterator[tuple[Article, list[Block]]]:
    """Yield each part of a law with the blocks from its beginning to that of the next."""
    blocks = [
        ((page.number, place), block) for page in pages for place, block in enumerate(page.shown)
    ]
    starts = [(article.page, article.block) for article in articles]
    for article, start, end in zip(articles, starts, [*starts[1:], (10**9, 0)], strict=True):
        yield article, [block for at, block in blocks if start <= at < end]


def _walk(pages: Iterable[tuple[int, Sequence[Block]]]) -> Iterator[Found]:
    walk = _Walk()
    for page, blocks in pages:
        for place, block in enumerate(blocks):
            yield from walk.read(block, (page, place))
    yield from walk.end()


class _Walk:
    """A walk through a law: which sort of disposition and which division the next block belongs to."""

    def __init__(self) -> None:
        self._sort = ""
        self._division = ""
        self._unnamed: Found | None = None
        """A division whose name may stand on the next line."""

    def read(self, block: Block, at: Place) -> Iterator[Found]:
        """Yield the part that begins with this block, and a division whose name it is."""
        text = block.plain.strip()
        if self._unnamed and block.kind in ("heading", "paragraph") and not _begins_part(text):
            is_name = len(text) <= LONGEST_HEADING
            yield replace(self._unnamed, heading=_title(text)) if is_name else self._unnamed
            self._unnamed = None
            return
        yield from self.end()
        if part := _article(text, at):
            self._sort = ""
            yield part
        elif match := _DIVISION.match(text):
            self._sort = ""
            yield from self._begin_division(match, at)
        elif (match := _DISPOSITIONS.match(text)) and (sort := _sort_of(match["sort"])):
            self._sort = sort
            yield from _first_disposition(sort, match["rest"], at)
        elif self._sort and (match := _NUMBERED.match(text)):
            yield _disposition(self._sort, match, at)

    def end(self) -> Iterator[Found]:
        """Yield a division that has no name."""
        if self._unnamed:
            yield self._unnamed
            self._unnamed = None

    def _begin_division(self, match: re.Match[str], at: Place) -> Iterator[Found]:
        level = _LEVELS[_bare(match["name"])]
        above = self._division.split("--")[: level - 1] if level > 1 else []
        self._division = "--".join([*above, slug_of(f"{_bare(match['name'])} {match['number']}")])
        label = f"{match['name'].capitalize()} {_shown_number(match['number'])}"
        title = _title(match["rest"])
        part = Found(Article.Kind.DIVISION, self._division, label, title, level, *at)
        if title:
            yield part
        else:
            self._unnamed = part


def _first_disposition(sort: str, rest: str, at: Place) -> Iterator[Found]:
    """Yield the disposition that stands on the line that announces its sort, or else the sort as a division.

    A final one need not be numbered.
    """
    if match := _NUMBERED.match(rest):
        yield _disposition(sort, match, at)
    elif sort == "final" and len(rest) > len("es"):
        key = slug_of(f"disposicion {sort}")
        yield Found(Article.Kind.DISPOSITION, key, "Disposición final", "", 1, *at)
    else:
        label = f"Disposiciones {sort}{'es' if sort in ('general', 'final') else 's'}"
        yield Found(Article.Kind.DIVISION, slug_of(label), label, "", 1, *at)


def _article(text: str, at: Place) -> Found | None:
    match = _ARTICLE.match(text)
    if match:
        number = match["number"] or match["bare"]
        suffix = (match["suffix"] or "").strip(" .").lower()
        rest = match["rest"] if match["number"] else match["bare_rest"]
        word = (
            number
            if number.isdigit()
            else number.lower()
            if len(number) > 7 or not number.isupper()
            else number
        )
        name = f"{int(number) if number.isdigit() else word}{'.' if suffix.isdigit() else ' ' if suffix else ''}{suffix}"
        return Found(
            Article.Kind.ARTICLE,
            slug_of(name),
            f"Artículo {name}",
            _heading(rest or ""),
            1,
            *at,
            number=int(number) if number.isdigit() and not suffix else 0,
        )
    if added := _ADDED.match(text):
        return Found(
            Article.Kind.ARTICLE,
            "innumerado",
            "Artículo innumerado",
            _heading(added["rest"]),
            1,
            *at,
        )
    return None


def _disposition(sort: str, match: re.Match[str], at: Place) -> Found:
    number = match["number"].lower()
    label = f"Disposición {sort} {number}"
    return Found(Article.Kind.DISPOSITION, slug_of(label), label, _heading(match["rest"]), 1, *at)


def _begins_part(text: str) -> bool:
    return bool(_ARTICLE.match(text) or _DIVISION.match(text))


def _heading(rest: str) -> str:
    """Return the heading of an article: what stands before the first dash or full stop, if that is short."""
    match = _HEADING.match(rest.strip())
    heading = (match["heading"] or match["dotted"] or "").strip(" .-–—") if match else ""
    return heading if 2 < len(heading) <= LONGEST_HEADING else ""


def _title(text: str) -> str:
    """Return the name of a division; capitals become small letters."""
    name = " ".join(text.split()).strip(" .-–—")
    return name.capitalize() if name.isupper() else name[:300]


def _bare(name: str) -> str:
    return slug_of(name).upper()


def _shown_number(number: str) -> str:
    return number.upper() if re.fullmatch(_ROMAN, number.upper()) else number.lower()


def _sort_of(word: str) -> str:
    bare = _bare(word.split()[0]).removesuffix("ES") if word else ""
    return _SORTS.get(bare) or _SORTS.get(bare.removesuffix("S"), "")


def _has_suffix(part: Found) -> bool:
    return not part.key.isdigit()


def _range(first: int, last: int) -> str:
    return f"el {first}" if first == last else f"del {first} al {last}"


def _free(key: str, taken: set[str]) -> str:
    """Return a key that no part before has: "4", then "4-2"."""
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}-{number}"
    taken.add(free)
    return free[:80]
