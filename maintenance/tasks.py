"""Background task that checks links without cron: each run schedules the next one; a broken chain is started again.

Each run also deletes old records of finished tasks, its own among them.
"""

import datetime as dt

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from maintenance.link_checks import check_links
from resources.lost_tasks import when_lost
from resources.models import Link, SiteSettings

SOON = dt.timedelta(minutes=2)  # more are due: the worker does other things in between
LATER = dt.timedelta(hours=1)
KEPT = dt.timedelta(days=14)  # what was finished, for whoever looks into an error
LOST_AFTER = dt.timedelta(days=1)  # a turn that was asked for and never came


def schedule_link_checks() -> None:
    """Schedule the first run unless one is scheduled; where checks are turned off, reset the results.

    The first run is delayed, so that a site on trial fetches nothing.
    """
    forget_finished_tasks()
    if not settings.LINK_CHECK_DAYS:
        Link.objects.all().delete()
        return
    now = timezone.now()
    nobody_waits = Q(links_asked_at=None) | Q(links_asked_at__lte=now - LOST_AFTER)
    if QuerySet(SiteSettings).filter(nobody_waits, pk=1).update(links_asked_at=now):
        run_link_checks.using(run_after=now + LATER).enqueue()


@when_lost("No se terminó de comprobar los enlaces", repeats=True)
@task()
def run_link_checks() -> None:
    """Check some links and schedule the next run: soon while some are due, else in an hour."""
    if not settings.LINK_CHECK_DAYS:
        QuerySet(SiteSettings).filter(pk=1).update(links_asked_at=None)
        return
    pause = LATER
    try:
        forget_finished_tasks()
        pause = SOON if check_links().due else LATER
    finally:  # a turn that fails is the worker's to log, and no reason to stop
        now = timezone.now()
        QuerySet(SiteSettings).filter(pk=1).update(links_asked_at=now)
        run_link_checks.using(run_after=now + pause).enqueue()


def forget_finished_tasks() -> None:
    """Delete the records of tasks that finished more than KEPT ago: every edit leaves some."""
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT).delete()
