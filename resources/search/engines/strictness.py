"""How strictly a question is asked, step by step: all that was asked for, then with some of it missing, then any of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from resources.search.parser import Clause, Parsed

MOST_MISSING = 3  # words that may be missing before any one is enough: each step costs time
MOST_PHRASES = 3  # that are looked for beside their words; more are hardly ever all there


@dataclass(frozen=True)
class Way:
    """One way to answer: all of `needed`, and all of `others` but for `missing` of them."""

    needed: tuple[Clause, ...]
    others: tuple[Clause, ...] = ()
    missing: int = 0


def strictnesses(parsed: Parsed) -> Iterator[list[Way]]:
    """Yield the ways that will do, from the strictest to the loosest.

    A phrase that was taken apart counts as much as one word more: who has its words need not have them side by side.
    """
    if not parsed.any_word:
        yield [Way(parsed.clauses)]
        return
    phrases, words = parsed.taken_apart()
    inside = {stem for clause in phrases for stem in clause.alternatives[0]}
    free = tuple(clause for clause in words if clause.alternatives[0][0] not in inside)
    if len(phrases) > MOST_PHRASES:
        phrases = ()
    spare = 1 if phrases else 0
    for missing in range(min(MOST_MISSING + 1, len(words) - 1) + spare):
        ways = [Way(phrases, free, missing)] if phrases and missing <= len(free) else []
        if missing >= spare:
            ways.append(Way((), words, missing - spare))
        yield ways
    yield [loosest(parsed)]


def loosest(parsed: Parsed) -> Way:
    """Return the way in which anything that answers does."""
    if not parsed.any_word:
        return Way(parsed.clauses)
    return Way((), parsed.one_of(), len(parsed.one_of()) - 1)


def all_but(parts: Sequence[str], missing: int, both: str, either: str) -> str:
    """Return the expression, in an engine's words for `both` and `either`, of all `parts` but for `missing`; "" for none.

    Told by halves it stays short: two of sixteen can be missing in 120 ways.
    """
    if not parts or missing >= len(parts):
        return ""
    if not missing:
        return f"({both.join(parts)})"
    if missing == len(parts) - 1:
        return f"({either.join(parts)})"
    half = len(parts) // 2
    ways = []
    for here in range(max(0, missing - (len(parts) - half)), min(missing, half) + 1):
        sides = (
            all_but(parts[:half], here, both, either),
            all_but(parts[half:], missing - here, both, either),
        )
        ways.append(both.join(filter(None, sides)))
    return "(" + either.join(f"({way})" for way in ways) + ")"
