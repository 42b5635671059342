"""Format dates with their precision: in Spanish words, and as ISO 8601."""

import datetime as dt

from django.utils import dateformat, timezone

from resources.models import Resource

Day = dt.date | dt.datetime | None

WORDS, FIGURES = 0, 1
FORMATS = {
    Resource.Precision.DAY: (r"j \d\e F \d\e Y", "Y-m-d"),
    Resource.Precision.MONTH: (r"F \d\e Y", "Y-m"),
    Resource.Precision.YEAR: ("Y", "Y"),
}


def in_words(day: Day, precision: str = Resource.Precision.DAY) -> str:
    """Return "2022", "julio de 2018" or "19 de octubre de 2010"; "" for no date."""
    return _format(day, precision, WORDS)


def in_figures(day: Day, precision: str = Resource.Precision.DAY) -> str:
    """Return "2022", "2018-07" or "2010-10-19", as `<time datetime>` wants it; "" for no date."""
    return _format(day, precision, FIGURES)


def instant(moment: dt.datetime | None) -> str:
    """Return a moment with the site's offset from UTC, to the second (RFC 3339); "" for none."""
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else ""


def _format(day: Day, precision: str, reader: int) -> str:
    if day is None:
        return ""
    if isinstance(day, dt.datetime) and timezone.is_aware(day):
        day = timezone.localtime(day)
    form = FORMATS[Resource.Precision(precision or Resource.Precision.DAY)][reader]
    return dateformat.format(day, form)
