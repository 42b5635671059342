"""The quality summary of the dashboard: counted at once for a small catalogue, by the worker for a large one."""

import datetime as dt
from typing import NamedTuple, cast

from django.core.cache import cache
from django.db.models import Max
from django.utils import timezone
from django_tasks import task

from resources.lost_tasks import when_lost
from resources.models import Link, QualitySnapshot, Resource, SiteSettings
from resources.quality.issues import IssueSummary, issue_counts, issue_summary, summary_of

COUNTED_AT_ONCE = 2000  # public resources; more take seconds
KEPT = 600  # seconds


class QualitySummary(NamedTuple):
    """The quality issues of public resources; `counted_at` is set while newer ones are counted."""

    issues: list[IssueSummary]
    counted_at: dt.datetime | None = None
    is_unknown: bool = False
    """Whether nothing was counted yet."""


def quality_summary(version: int) -> QualitySummary:
    """Return the summary at `version`, the content_version, or the last one while the worker counts."""
    key = _key(version)
    if not Resource.objects.published().has_more_than(COUNTED_AT_ONCE):
        counted = cache.get_or_set(f"desk-care-{key}", issue_summary, timeout=KEPT)
        return QualitySummary(cast(list[IssueSummary], counted))
    snapshot = QualitySnapshot.load()
    is_current = snapshot.key == key
    if not is_current and snapshot.ask():
        count_quality_issues.enqueue()
    return QualitySummary(
        summary_of(snapshot.rows),
        None if is_current else snapshot.counted_at,
        is_unknown=snapshot.counted_at is None,
    )


@when_lost("No se terminó de contar lo que falta en los recursos", repeats=True)
@task()
def count_quality_issues() -> None:
    """Count the quality issues of public resources and store the summary."""
    key = _key(SiteSettings.load().content_version)
    QualitySnapshot.load()
    QualitySnapshot.objects.filter(pk=1).update(
        key=key, rows=issue_counts(), counted_at=timezone.now(), asked_at=None
    )


def _key(version: int) -> str:
    """Return a key of all that the summary follows from: content, day, links."""
    seen = Link.objects.aggregate(last=Max("checked_at"))["last"]
    return f"{version}-{timezone.localdate()}-{seen and seen.timestamp()}"
