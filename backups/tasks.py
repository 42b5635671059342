"""Background task that makes a backup each night without cron: each run schedules the next one."""

import datetime as dt
import logging

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from backups.errors import BackupError
from backups.models import Event
from backups.runs import run_backup
from resources.lost_tasks import when_lost

logger = logging.getLogger(__name__)
SOON = dt.timedelta(minutes=10)  # after a start: a site that was off at night
A_DAY = dt.timedelta(days=1)


def schedule_nightly_backup() -> None:
    """Schedule the next backup unless one is scheduled: at BACKUP_HOUR, or soon where the last is more than a day old."""
    if not is_on() or _waiting("READY", "RUNNING").exists():
        return
    last = Event.objects.of(Event.Kind.BACKUP).first()
    now = timezone.now()
    is_late = last is not None and last.at < now - A_DAY
    run_nightly_backup.using(run_after=now + SOON if is_late else next_night(now)).enqueue()


@when_lost("No se terminó el respaldo de la noche", repeats=True)
@task()
def run_nightly_backup() -> None:
    """Make a backup at BACKUP_TO and schedule the next one."""
    if not is_on():
        return
    try:
        run_backup(settings.BACKUP_TO, settings.BACKUP_KEY_FILE)
    except BackupError as error:  # recorded for the desk
        logger.error("The nightly backup was not made: %s", error)
    finally:
        if not _waiting("READY").exists():  # another start may have asked meanwhile
            run_nightly_backup.using(run_after=next_night(timezone.now())).enqueue()


def _waiting(*statuses: str) -> QuerySet[DBTaskResult]:
    return DBTaskResult.objects.filter(
        task_path=run_nightly_backup.module_path, status__in=statuses
    )


def is_on() -> bool:
    """Return whether backups are made by themselves."""
    return settings.BACKUP_TO != "no"


def next_night(now: dt.datetime) -> dt.datetime:
    """Return the next instant at which the clock of the site's time zone shows BACKUP_HOUR."""
    here = timezone.localtime(now)
    night = here.replace(hour=settings.BACKUP_HOUR, minute=0, second=0, microsecond=0)
    return night if night > here else night + A_DAY
