"""Match a document against a query: which lines of its body contain which clauses, and which contain all.

A body may be of thousands of pages: it is looked through once, and let go.
"""

import json
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import nlargest
from itertools import accumulate, pairwise
from typing import NamedTuple

from search.query.parser import Alternative, Clause, Query


class TextLocation(NamedTuple):
    """A line of a body: version and page of a file or, with 0 for both, the name of a text without pages."""

    version: int
    page: int
    tail: str


def locations_of(layout: str, lines: Sequence[int]) -> list[TextLocation]:
    """Return the locations of lines of a body, by the document's layout."""
    stored = json.loads(layout)
    ends, first = [], 0
    for _, version, runs in stored["files"]:
        for start, end in runs:
            ends.append((first, first + end - start + 1, version, start))
            first += end - start + 1
    locations = []
    for line in lines:
        for start, end, version, page in ends:
            if start <= line < end:
                locations.append(TextLocation(version, page + line - start, ""))
                break
        else:
            tails = stored["tails"]
            if 0 <= line - first < len(tails):
                locations.append(TextLocation(0, 0, tails[line - first]))
    return locations


FIELDS = ("title", "tags", "summary", "layout", "body")
"""What is read of an entry, in this order."""
SYNONYM = 0.4  # as good is another word for what was typed
SHOWN = 3  # lines of one document that are shown
SHORT_PAGE = 250  # characters of stems: a cover, an empty form
OPENING = 80  # characters of stems with which a page opens
CONTENTS = 0.3  # share of numbers among the stems of a page: a table of contents, an index

Lines = dict[int, int]
"""Line of a body (from 0) → how often something stands there."""


@dataclass(frozen=True)
class DocumentMatch:
    """The stems of one document except its body, the `layout` of the body's lines, and the matching lines.

    `clauses`: where each clause is answered; `typed`: where by what was typed; `pairs`: where each two that follow one
    another stand side by side; `answering`: the lines that answer most clauses, every one if `have_all`; `best`: those of
    them to show, in the order of the pages, contents last, and where these are few, others that have all words but one, two of
    them side by side, or that has the rarest; `length`: characters of the body.
    """

    title: str
    tags: str
    summary: str
    layout: str
    clauses: list[Lines]
    typed: list[Lines]
    pairs: list[Lines]
    answering: list[int]
    have_all: bool
    best: list[int]
    length: int

    @cached_property
    def head(self) -> str:
        """Return title, tags and summary, with a space before and after each stem."""
        return f" {self.title} _ {self.tags} _ {self.summary} "

    def narrowed(self, having: Mapping[int, Set[int]]) -> "DocumentMatch":
        """Return the same, but that clauses, by their number, are answered only on the lines that `having` says."""

        def kept(parts: Sequence[Lines]) -> list[Lines]:
            return [
                {line: times for line, times in lines.items() if line in having.get(number, lines)}
                for number, lines in enumerate(parts)
            ]

        on_pages = [lines for lines in having.values() if lines]
        answering = [line for line in self.answering if all(line in lines for lines in on_pages)]
        if on_pages and not answering:
            answering = sorted(set[int]().union(*on_pages))
        elif not on_pages:
            answering = []
        best = [line for line in self.best if line in answering] or answering[:SHOWN]
        return replace(
            self,
            clauses=kept(self.clauses),
            typed=kept(self.typed),
            answering=answering,
            best=best,
        )

    @property
    def together(self) -> list[float]:
        """Return for each clause how well it is answered (0 to 1) on the line that answers most of them, and best."""
        best = max(self.answering, key=self._typed_on, default=-1)
        return [
            1 if best in typed else SYNONYM if best in lines else 0
            for typed, lines in zip(self.typed, self.clauses, strict=True)
        ]

    def _typed_on(self, line: int) -> int:
        return sum(line in typed for typed in self.typed)


def has(text: str, alternatives: Sequence[Alternative]) -> bool:
    """Return whether `text`, stems with a space before and after each, contains one of the alternatives."""
    return any(f" {' '.join(stems)} " in text for stems in alternatives)


def how_well(text: str, clause: Clause) -> float:
    """Return the score of a clause in a `text`, 0 to 1."""
    if has(text, clause.typed):
        return 1
    return SYNONYM if clause.synonyms and has(text, clause.alternatives) else 0


def side_by_side(ones: Sequence[Alternative], others: Sequence[Alternative]) -> list[Alternative]:
    """Return two words, each as it may be read, as neighbours: datos abiertos, abrir datos."""
    return [both for one in ones for other in others for both in (one + other, other + one)]


def match_document(
    texts: Sequence[str], parsed: Query, without: Sequence[Alternative] = ()
) -> DocumentMatch:
    """Match a document's `texts` (see FIELDS); lines that contain an exclusion do not count."""
    title, tags, summary, layout, body = texts
    spaced = f" {body} ".replace("\n", " \n ")  # so that a word has a space before and after it
    lines = spaced.split("\n")
    ends = list(accumulate(len(line) + 1 for line in lines))
    unwanted = _sum([_lines_of(stems, spaced, ends) for stems in without])

    def where(stems: Alternative, look: Callable[..., Lines] = _lines_of) -> Lines:
        found = look(stems, spaced, ends)
        return {line: times for line, times in found.items() if line not in unwanted}

    def answers(alternatives: Sequence[Alternative]) -> Lines:
        found = _sum([stand[stems] for stems in alternatives])
        return found or _sum([where(stems, _lines_across) for stems in alternatives])

    stand = {
        stems: where(stems) for clause in parsed.clauses for stems in clause.alternatives
    }  # each is looked for once
    clauses = [answers(clause.alternatives) for clause in parsed.clauses]
    typed = [
        answers(clause.typed) if clause.synonyms else lines
        for clause, lines in zip(parsed.clauses, clauses, strict=True)
    ]
    pairs: list[Lines] = []
    for (one, here), (other, there) in pairwise(zip(parsed.clauses, typed, strict=True)):
        both = side_by_side(
            [stems for stems in one.typed if stand[stems]],
            [stems for stems in other.typed if stand[stems]],
        )
        pairs.append({} if here.keys().isdisjoint(there) else _sum(list(map(where, both))))
    answered = _sum(clauses, 1)
    most = max(answered.values(), default=0)
    answering = sorted(line for line, count in answered.items() if count == most)
    together = _sum(pairs, 1)
    nearly = [
        line for line, count in answered.items() if 0 < count == most - 1 and line in together
    ]
    density = _sum([*clauses, *typed], 5)
    best = _best(answering, together, density, parsed.clauses, lines)
    best += _best(nearly, together, density, parsed.clauses, lines)[: SHOWN - len(best)]
    if 0 < most < len(clauses) and (rarest := _rarest(clauses, density)) not in best:
        best = [*best[: SHOWN - 1], rarest]
    return DocumentMatch(
        title,
        tags,
        summary,
        layout,
        clauses,
        typed,
        pairs,
        answering,
        have_all=most == len(clauses),
        best=best,
        length=len(body),
    )


def _lines_of(stems: Alternative, spaced: str, ends: Sequence[int]) -> Lines:
    """Return line → how often it has these stems side by side; only lines that have them are looked at."""
    found: Lines = {}
    words = f" {' '.join(stems)} "
    here = spaced.find(words)
    while here >= 0:
        line = bisect(ends, here)
        found[line] = spaced.count(words, here, ends[line])
        here = spaced.find(words, ends[line])
    return found


def _lines_across(stems: Alternative, spaced: str, ends: Sequence[int]) -> Lines:
    """Return the lines at whose end these stems begin that go on in the next one, as a sentence does on the next page."""
    found: Lines = {}
    for cut in range(1, len(stems)):
        here = spaced.find(f" {' '.join(stems[:cut])} \n {' '.join(stems[cut:])} ")
        if here >= 0:
            found[bisect(ends, here)] = 1
    return found


def _sum(parts: Sequence[Lines], most: int | None = None) -> Lines:
    """Add up the scores of each line, with at most `most` for each part."""
    if len(parts) == 1 and most is None:
        return parts[0]
    found: Lines = {}
    for part in parts:
        for line, times in part.items():
            found[line] = found.get(line, 0) + (times if most is None else min(times, most))
    return found


def _rarest(clauses: Sequence[Lines], density: Lines) -> int:
    """Return the line with the best score; clauses on few lines weigh more."""
    merit: dict[int, float] = {}
    for lines in clauses:
        for line in lines:
            merit[line] = merit.get(line, 0) + 1 / len(lines)
    return max(merit, key=lambda line: (merit[line], density[line], -line))


def _best(
    answering: Sequence[int],
    together: Lines,
    density: Lines,
    clauses: Sequence[Clause],
    lines: Sequence[str],
) -> list[int]:
    """Return the lines to show, the best first.

    Covers and tables of contents come last; before them lines with adjacent words, with words that open the page as a
    heading does, with most words.
    """

    def merit(line: int) -> tuple:
        return len(lines[line]) >= SHORT_PAGE, together.get(line, 0), density[line], -line

    def opening(line: int) -> tuple:
        text = f" {lines[line][:OPENING]} "
        opens = sum(has(text, clause.alternatives) for clause in clauses)
        is_page, beside, *rest = merit(line)
        return not _is_contents(lines[line]), is_page, beside, opens, *rest

    shown = answering
    if len(answering) > SHOWN:
        likely = nlargest(SHOWN * 8, answering, key=merit)
        shown = sorted(likely, key=opening, reverse=True)[:SHOWN]
    asked = len(clauses)
    return sorted(
        shown,
        key=lambda line: (_is_contents(lines[line]), opening(line)[3] < asked, line),
    )


def _is_contents(line: str) -> bool:
    """Return whether a page is a table of contents."""
    figures = len(line) - len(line.encode().translate(None, b"0123456789").decode())
    if figures <= CONTENTS * line.count(" "):  # far sooner known
        return False
    stems = line.split()
    return sum(map(str.isdigit, stems)) > CONTENTS * len(stems)
