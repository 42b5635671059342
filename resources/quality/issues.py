"""Quality issues of resources, by severity, for forms, dashboard and changelist."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Aggregate, Count, ExpressionWrapper, Max, Min, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.fields import BooleanField
from django.utils import timezone

from resources.models import Link, Resource
from resources.models.kind_spec import QualityRule, kind_names
from resources.quality.broken_links import broken_links, first_broken_place, told
from resources.quality.rules import BROKEN, quality_rules, with_flags
from resources.workflow.requirements import publication_blockers

EVERYTHING = 10**9
"""A slice makes the database work out each check once for a row, and not again for each total."""


class QualityIssue(NamedTuple):
    """One quality issue for the form; `stops` marks those that block publication."""

    words: str
    advice: str
    anchor: str
    stops: bool


def rules() -> tuple[QualityRule, ...]:
    """Return every check as of today, the most harmful first."""
    return quality_rules(timezone.localdate())


def rules_of(kind: str) -> list[QualityRule]:
    """Return the checks that make sense for a kind; all of them for none ("")."""
    return [check for check in rules() if not kind or kind in check.kinds]


def with_issues(resources: QuerySet) -> QuerySet:
    """Annotate each row with one boolean for each check, and where a broken link stands: a list costs one further query.

    That one asks whether any link is broken: on most days none is, and to look for it in every text is half the work.
    """
    is_any_broken = Link.objects.broken().exists()
    return _flagged(resources, is_any_broken).annotate(broken_at=_place_of_break(is_any_broken))


def _flagged(resources: QuerySet, is_any_broken: bool) -> QuerySet:
    flags = {}
    for check in rules():
        is_moot = check.slug == BROKEN and not is_any_broken
        condition = Value(False) if is_moot else _within_kinds(check)
        flags[check.flag] = ExpressionWrapper(condition, output_field=BooleanField())
    return with_flags(resources).annotate(**flags)


def _place_of_break(is_any_broken: bool) -> Combinable:
    return first_broken_place() if is_any_broken else Value("")


def _within_kinds(check: QualityRule) -> Combinable | Q:
    return (
        check.condition
        if len(check.kinds) == len(kind_names())
        else Q(kind__in=sorted(check.kinds)) & check.condition
    )


def issue_flags(resource: Resource) -> list[QualityRule]:
    """Return the issues of an annotated row, most severe first."""
    return [_placed(check, resource) for check in rules() if getattr(resource, check.flag)]


def _placed(check: QualityRule, resource: Any) -> QualityRule:
    """Return `check` with the place where it is mended in the form of a row of `with_gaps`."""
    return check._replace(place=resource.broken_at) if check.slug == BROKEN else check


def issues_of(resource: Resource) -> list[QualityIssue]:
    """Return the issues of `resource` (the child, stored or new), blockers first."""
    stopping = publication_blockers(resource)
    lacking = (
        issue_flags(with_issues(Resource.objects.filter(pk=resource.pk)).get())
        if resource.pk
        else []
    )
    found = [
        finding
        for check in lacking
        for finding in (
            _of_links(resource) if check.slug == BROKEN else [_finding(check, stopping)]
        )
    ]
    told = {field for check in lacking for field in check.fields}
    untold = [
        QualityIssue(problem, "", f"id_{field}", True)
        for field, problem in stopping.items()
        if field not in told
    ]
    return sorted([*untold, *found], key=lambda finding: not finding.stops)


def _finding(check: QualityRule, stopping: dict[str, str]) -> QualityIssue:
    stopped = [field for field in check.fields if field in stopping]
    anchor = f"id_{stopped[0]}" if stopped else check.anchor
    return QualityIssue(check.words, check.advice, anchor, bool(stopped))


def _of_links(resource: Resource) -> list[QualityIssue]:
    """Return one issue for each broken link, with its fault and date."""
    return [
        QualityIssue(
            f"enlace roto: {place.words}",
            f"{link.url} — {told(link)}. Busque la nueva dirección y corríjala, o bórrela.",
            place.mended_at,
            stops=False,
        )
        for place, link in broken_links(resource)
    ]


class Example(NamedTuple):
    """A resource that lacks something, and where its form mends it."""

    resource: Resource
    anchor: str


@dataclass(frozen=True)
class IssueSummary:
    """How many public resources lack one thing, and one or two of them to begin with."""

    check: QualityRule
    count: int
    examples: list[Example]


def issue_summary(now: dt.datetime | None = None) -> list[IssueSummary]:
    """Return issue counts of public resources, most severe first, in three queries."""
    return summary_of(issue_counts(now))


def issue_counts(now: dt.datetime | None = None) -> list[list]:
    """Return for each rule with issues its slug, their number, and the primary keys of the newest and the oldest."""
    every, is_any_broken = rules(), Link.objects.broken().exists()
    totals: dict[str, Aggregate] = {}
    for check in every:
        lacking = Q(**{check.flag: True})
        totals[f"{check.slug}_count"] = Count("pk", filter=lacking)
        totals[f"{check.slug}_first"] = Min("pk", filter=lacking)
        totals[f"{check.slug}_last"] = Max("pk", filter=lacking)
    once = _flagged(Resource.objects.published(now), is_any_broken).order_by()[:EVERYTHING]
    counted = once.aggregate(**totals)
    return [
        [
            check.slug,
            counted[f"{check.slug}_count"],
            list(dict.fromkeys(counted[f"{check.slug}_{end}"] for end in ("last", "first"))),
        ]
        for check in every
        if counted[f"{check.slug}_count"]
    ]


def summary_of(counts: Iterable[Sequence]) -> list[IssueSummary]:
    """Return the summary of `issue_counts`, with the resources that still are there as examples."""
    known, listed = {check.slug: check for check in rules()}, list(counts)
    named = Resource.objects.only("pk", "kind", "title").annotate(
        broken_at=_place_of_break(Link.objects.broken().exists())
    )
    rows = named.in_bulk({pk for _, _, keys in listed for pk in keys})
    return [
        IssueSummary(known[slug], number, _examples(known[slug], keys, rows))
        for slug, number, keys in listed
        if slug in known
    ]


def _examples(check: QualityRule, keys: Iterable[int], rows: dict[int, Resource]) -> list[Example]:
    return [Example(rows[pk], _placed(check, rows[pk]).anchor) for pk in keys if pk in rows]


__all__ = [
    "Example",
    "IssueSummary",
    "QualityIssue",
    "QualityRule",
    "issue_counts",
    "issue_flags",
    "issue_summary",
    "issues_of",
    "rules",
    "rules_of",
    "summary_of",
    "with_issues",
]
