"""Working days: Monday to Friday, without the holidays that the site was told of. Pure."""

import datetime as dt
from collections.abc import Iterable

FRIDAY = 4
DAY = dt.timedelta(days=1)


def is_working(day: dt.date, holidays: Iterable[dt.date] = ()) -> bool:
    """Tell whether people are at their desks on `day`."""
    return day.weekday() <= FRIDAY and day not in holidays


def add_working_days(day: dt.date, count: int, holidays: Iterable[dt.date] = ()) -> dt.date:
    """Return the `count`th working day after `day`."""
    while count > 0:
        day += DAY
        count -= is_working(day, holidays)
    return day


def working_days_between(start: dt.date, end: dt.date, holidays: Iterable[dt.date] = ()) -> int:
    """Count the working days after `start` up to and with `end`; 0 where `end` is not later."""
    days = ((start + DAY * n) for n in range(1, (end - start).days + 1))
    return sum(is_working(day, holidays) for day in days)
