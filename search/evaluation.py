"""How good the search is: a set of questions with their answers, and two numbers that a change of the analyser moves."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from search.service import SearchRequest, SearchService
from search.source import get_source

DEEP = 20  # results among which MRR looks for the answer


@dataclass(frozen=True)
class QueryOutcome:
    """The outcome of one query: rank of the expected document (0: not found), and the document found first instead."""

    question: str
    place: int
    first: list[str]


@dataclass(frozen=True)
class RelevanceReport:
    """All outcomes with recall@3 and mean reciprocal rank."""

    outcomes: list[QueryOutcome]

    @property
    def recall_at_3(self) -> float:
        """Return the share of questions whose answer is among the first three results."""
        return sum(1 <= outcome.place <= 3 for outcome in self.outcomes) / len(self.outcomes)

    @property
    def mrr(self) -> float:
        """Return the mean reciprocal rank: 1 if every answer comes first."""
        return sum(1 / outcome.place for outcome in self.outcomes if outcome.place) / len(
            self.outcomes
        )


def evaluate(path: Path) -> RelevanceReport:
    """Run the queries of the TOML file at `path` (its head explains the format) against the present catalogue."""
    data = tomllib.loads(path.read_text("utf-8"))
    wanted = {
        question: {data["resources"][key] for key in keys}
        for question, keys in data["queries"].items()
    }
    return RelevanceReport([_outcome(question, keys) for question, keys in wanted.items()])


def _outcome(question: str, wanted: set[str]) -> QueryOutcome:
    ids = SearchService().execute(SearchRequest(question, limit=DEEP)).found.ids
    keys = get_source().keys(ids)
    found = [keys[pk] for pk in ids if pk in keys]
    place = next((n for n, slug in enumerate(found, 1) if slug in wanted), 0)
    return QueryOutcome(question, place, found[:3])
