"""Where a calendar day begins and ends in the site's time zone."""

import datetime as dt

from django.utils import timezone


def start_of(day: dt.date | None) -> dt.datetime | None:
    """Return the first instant of `day` in the site's time zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min)) if day else None


def day_after(day: dt.date | None) -> dt.datetime | None:
    """Return the first instant after `day` in the site's time zone."""
    return start_of(day + dt.timedelta(days=1)) if day else None
