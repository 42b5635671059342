"""Parse typed text to clauses of stems; no other input reaches a backend, and no input breaks one."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from search.language.analyzer import (
    analyze,
    exact_tokens,
    figures_apart,
    fold,
    is_amount,
    joined_words,
    ungrouped,
)
from search.language.stemming import LONGEST
from search.language.words import ASKED_WITH

LONGEST_QUERY = 400  # characters that are read; what follows is nobody's question
MOST_CLAUSES = 16

Alternative = tuple[str, ...]
"""Stems in order; more than one is a phrase."""

QUOTES = "“”„‟«»″＂"
"""What people type for the plain one."""
_QUOTES = str.maketrans(dict.fromkeys(QUOTES, '"') | dict.fromkeys("−‐‑", "-"))
_DASH = re.compile(r"(?<!\w)[–—]|[–—](?!\w)")  # before an aside: no minus
_UNCLOSED = re.compile(r'(?<!\S)-"(?=[^"]*$)')
_LOOSE_ACCENT = re.compile("´([aeiou])", re.IGNORECASE)  # typed before the letter, beside it
_PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_IN_PIECES = re.compile(r"[^\W\d_]+(?:[-.][^\W\d_]+)+\.?")
_CENTS = re.compile(r"(?<=\d{3})[.,]\d{1,2}$")
_SPELT_OUT = {"r.o": "registro oficial", "r.o.s": "registro oficial suplemento"}
_SHORT = re.compile(r"[^\W\d_]{1,2}")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=\d)")
_DATE = re.compile(
    r"(?:(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)|(?P<day>\d\d?)[/-](?P<month>\d\d?)[/-](?P<year>\d{4}))"
)
_MONTHS = """enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre""".split()
_N_FOR_ENYE = re.compile(r"(?<=[aeiouáéíóú])(?<!io)n(?=[aeiouáéíóú])", re.IGNORECASE)
_ARTICLE = analyze("artículo")[0]
_NUMBER = {analyze("número")[0], "n"}
_ORDINALS = analyze("primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo")
_WITHIN_ARTICLE = {analyze(word)[0] for word in ("literal", "numeral", "inciso")}
"""Stems that a number follows in a question, where texts may write otherwise: N.º 449; a) and 1. within an article."""
_I_FIND = re.compile(r"\b(?:donde|como|no|l[aeo]s?) encuentro\b")
_APART = re.compile(r"(?:[^\w\-/.,@'’&°\u0300-\u036f]|(?<!\d),|,(?!\d))+")


@dataclass(frozen=True)
class Clause:
    """One required clause, matched by any of its alternatives. `text` is the typed text.

    So many of the alternatives, the last, are `synonyms`: other words for what was typed. `exact_tokens` is a phrase in quotes
    with words that no index has (de, la), where it has such words (see `analyzer.exact_tokens`).
    """

    alternatives: tuple[Alternative, ...]
    text: str
    is_quoted: bool = False
    synonyms: int = 0
    exact_tokens: tuple[str, ...] = ()

    @property
    def typed(self) -> tuple[Alternative, ...]:
        """Return the alternatives that are readings of the typed text."""
        return self.alternatives[: len(self.alternatives) - self.synonyms]

    @property
    def loosest(self) -> tuple[Alternative, ...]:
        """Return the alternatives without those that hold another: who finds "municipal" has "gobierno municipal" too."""
        words = {stems[0] for stems in self.alternatives if len(stems) == 1}
        return tuple(
            stems for stems in self.alternatives if len(stems) == 1 or not words.intersection(stems)
        )

    def apart(self) -> list["Clause"]:
        """Return the clause and, where it is an unquoted phrase (SGAPG-2023-001), each of its words."""
        stems = self.alternatives[0]
        if self.is_quoted or len(stems) == 1:
            return [self]
        return [self, *(Clause(((stem,),), stem) for stem in stems)]


@dataclass(frozen=True)
class Query:
    """A whole question. With `any_word` one clause is enough."""

    clauses: tuple[Clause, ...] = ()
    excluded: tuple[Alternative, ...] = ()
    any_word: bool = False
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Return whether the query has no clause and no exclusion."""
        return not self.clauses and not self.excluded

    @property
    def excluded_words(self) -> tuple[Alternative, ...]:
        """Return the excluded single words."""
        return tuple(stems for stems in self.excluded if len(stems) == 1)

    @property
    def excluded_phrases(self) -> tuple[Alternative, ...]:
        """Return the excluded phrases."""
        return tuple(stems for stems in self.excluded if len(stems) > 1)

    def loosened(self) -> "Query":
        """Return the same question, content with any of its words."""
        words: dict[tuple[Alternative, ...], Clause] = {}
        for word in (word for clause in self.clauses for word in clause.apart()):
            words.setdefault(word.alternatives, word)
        return replace(self, clauses=tuple(words.values())[:MOST_CLAUSES], any_word=True)

    def one_of(self) -> tuple[Clause, ...]:
        """Return the minimal alternatives: a phrase with a word that is an alternative itself adds nothing."""
        words = {a[0] for clause in self.clauses for a in clause.alternatives if len(a) == 1}
        kept = [
            tuple(a for a in clause.alternatives if len(a) == 1 or not words.intersection(a))
            for clause in self.clauses
        ]
        return tuple(
            replace(clause, alternatives=alternatives)
            for clause, alternatives in zip(self.clauses, kept, strict=True)
            if alternatives
        )


@dataclass(frozen=True)
class Synonyms:
    """Groups of words and phrases that mean the same: from each member to its group."""

    groups: dict[Alternative, tuple[Alternative, ...]] = field(default_factory=dict)
    longest: int = 0

    @classmethod
    def read(cls, lines: Iterable[str]) -> "Synonyms":
        """Read groups, one a line, their members between commas: "GAD, gobierno autónomo descentralizado"."""
        groups: dict[Alternative, tuple[Alternative, ...]] = {}
        for line in lines:
            members = [stems for member in line.split(",") if (stems := tuple(analyze(member)))]
            known = [other for member in members for other in groups.get(member, ())]
            together = tuple(dict.fromkeys(known + members))
            groups |= dict.fromkeys(together, together)
        return cls(groups, max(map(len, groups), default=0))


def normalise(text: str) -> str:
    """Return `text` as one line in NFC without control characters, cut to LONGEST_QUERY."""
    return _line(text)[:LONGEST_QUERY].strip()


def is_cut(text: str) -> bool:
    """Return whether `text` is longer than LONGEST_QUERY."""
    return len(_line(text)) > LONGEST_QUERY


def _line(text: str) -> str:
    text = _LOOSE_ACCENT.sub("\\1\N{COMBINING ACUTE ACCENT}", text[: LONGEST_QUERY * 2])
    text = unicodedata.normalize("NFC", text)
    kept = "".join(
        " " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") else c
        for c in text
    )
    return " ".join(kept.split())


def parse(text: str, synonyms: Synonyms | None = None) -> Query:
    """Read words, "phrases" and -exclusions. A word with hyphens, dots or slashes inside is a phrase (SGAPG-2023-001)."""
    text = normalise(text)
    clauses: list[Clause] = []
    excluded: list[Alternative] = []
    for part in _PART.finditer(_marks(text)):
        quoted = part["phrase"] is not None
        for piece in [part["phrase"]] if quoted else _APART.split(part["word"]):
            alternatives = _readings(piece)
            if alternatives and not quoted and len(piece) <= LONGEST:
                alternatives = tuple(dict.fromkeys((*alternatives, *_with_enye(piece))))
            if alternatives and part["minus"]:
                excluded += alternatives
            elif alternatives:
                exact = tuple(exact_tokens(piece)) if quoted else ()
                exact = exact if exact != alternatives[0] else ()
                clauses.append(
                    Clause(alternatives, piece.strip(" .,;:"), quoted, exact_tokens=exact)
                )
    clauses = _with_ordinals(_without_counted(_without_repeats(_without_asking(clauses, text))))
    clauses = _with_synonyms(clauses, synonyms or Synonyms())
    return Query(tuple(clauses[:MOST_CLAUSES]), tuple(excluded[:MOST_CLAUSES]), text=text)


def without_quotes(text: str) -> str:
    """Return `text` without its quotes."""
    return " ".join(normalise(text).translate(_QUOTES).replace('"', " ").split())


def without_exclusions(text: str) -> tuple[str, list[str]]:
    """Return `text` without its exclusions, and the exclusions as typed."""
    parts = list(_PART.finditer(_marks(normalise(text))))
    kept = " ".join(part.group() for part in parts if not part["minus"])
    left_out = (part["phrase"] or part["word"] for part in parts if part["minus"])
    return kept, [words for words in left_out if words]


def _marks(text: str) -> str:
    """Return `text` with plain quotes and hyphens; a dash that is none ends a word, a quote that never ends is left out."""
    text = _DASH.sub(" ", text).translate(_QUOTES | dict.fromkeys(map(ord, "–—"), "-"))
    return _UNCLOSED.sub("-", text)


def _readings(piece: str) -> tuple[Alternative, ...]:
    """Return the stems of a piece; letters with hyphens, dots or capitals between them are also one word (co-creación, YouTube).

    A number glued to letters is also a word of its own (ISO9001), and a year one within it (SGAPG2023001); a date in
    figures is also one in words.
    """
    readings = [tuple(analyze(piece))]
    if _IN_PIECES.fullmatch(piece):
        readings.append(tuple(analyze(re.sub("[-.]", "", piece))))
    whole = _CENTS.sub("", piece)
    if is_amount(whole) or (whole != piece and whole.isdigit()):
        readings.append(tuple(analyze(ungrouped(whole))))
    if spelt_out := _SPELT_OUT.get(fold(piece).rstrip(".")):
        readings.append(tuple(analyze(spelt_out)))
    if joined := joined_words(piece):
        readings.append(tuple(analyze(" ".join(joined))))
    if (apart := figures_apart(piece)) != piece:
        readings += [tuple(analyze(apart)), tuple(analyze(_YEAR.sub(r"\g<0> ", apart)))]
    if (found := _DATE.fullmatch(piece)) and (day := _in_words(found)):
        readings.append(tuple(analyze(day)))
    return tuple(dict.fromkeys(stems for stems in readings if stems))


def _with_enye(word: str) -> list[Alternative]:
    """Return the word with ñ for each n that may stand for one: contrasena, nino. Not every keyboard has it."""
    spelt = (f"{word[: n.start()]}ñ{word[n.end() :]}" for n in _N_FOR_ENYE.finditer(word))
    return [tuple(analyze(other)) for other in spelt]


def _in_words(date: re.Match) -> str:
    day, month, year = (
        date[a] or date[b] for a, b in (("d", "day"), ("m", "month"), ("y", "year"))
    )
    is_month = 0 < int(month) <= len(_MONTHS)
    return f"{int(day)} de {_MONTHS[int(month) - 1]} de {year}" if is_month else ""


def _without_asking(clauses: Sequence[Clause], text: str) -> list[Clause]:
    """Remove question words (busco, explícame, dónde encuentro) outside quotes, unless nothing else is left."""
    words = ASKED_WITH | ({"encuentro"} if _I_FIND.search(fold(text)) else set())
    kept = [clause for clause in clauses if clause.is_quoted or fold(clause.text) not in words]
    return kept or list(clauses)


def _without_counted(clauses: Sequence[Clause]) -> list[Clause]:
    """Remove "número" before a number, and list markers ("a)", "1.")."""
    stems = [clause.alternatives[0] for clause in clauses]
    before_number = {
        n for n, one in enumerate(stems[:-1]) if len(one) == 1 and stems[n + 1][0].isdigit()
    }
    in_article = any(stems[n][0] == _ARTICLE for n in before_number)
    return [
        clause
        for n, clause in enumerate(clauses)
        if clause.is_quoted
        or not (
            (n in before_number and stems[n][0] in _NUMBER)
            or (in_article and stems[n][0] in _WITHIN_ARTICLE)
        )
    ]


def _with_ordinals(clauses: Sequence[Clause]) -> list[Clause]:
    """Let a number before a word be an ordinal as well: 2 plan de acción."""
    read = list(clauses)
    for n, (clause, after) in enumerate(pairwise(clauses)):
        number = clause.text if clause.text.isascii() and clause.text.isdigit() else "0"
        if 0 < int(number) <= len(_ORDINALS) and not (clause.is_quoted or after.text.isdigit()):
            ordinal = (_ORDINALS[int(number) - 1],)
            read[n] = replace(clause, alternatives=(*clause.alternatives, ordinal))
    return read


def _without_repeats(clauses: Sequence[Clause]) -> list[Clause]:
    return list({clause.alternatives: clause for clause in reversed(clauses)}.values())[::-1]


def _with_synonyms(clauses: Sequence[Clause], synonyms: Synonyms) -> list[Clause]:
    """Join runs of unquoted words that are a member of a group, the longest first, and add the other members.

    Those of two letters are not added: RO means Registro Oficial, but most that is written "ro" does not.
    """
    result: list[Clause] = []
    here = 0
    while here < len(clauses):
        for length in range(min(synonyms.longest, len(clauses) - here), 0, -1):
            run = clauses[here : here + length]
            own = (
                run[0].alternatives  # G.A.D. is GAD as well
                if length == 1
                else (tuple(stem for clause in run for stem in clause.alternatives[0]),)
            )
            group = next((synonyms.groups[s] for s in own if s in synonyms.groups), None)
            if group and not any(clause.is_quoted for clause in run):
                meant = tuple(
                    dict.fromkeys((*own, *(s for s in group if not _SHORT.fullmatch("".join(s)))))
                )
                text = " ".join(clause.text for clause in run)
                result.append(Clause(meant, text, synonyms=len(meant) - len(own)))
                here += length
                break
        else:
            result.append(clauses[here])
            here += 1
    return result
