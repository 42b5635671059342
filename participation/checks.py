"""System checks of this app's settings: name each wrong value and its remedy."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from participation.deadlines import holidays


@register
def settings_make_sense(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the numbers and the holidays."""
    return [*_numbers(), *_holidays()]


def _numbers() -> Iterator[CheckMessage]:
    for name in (
        "REQUEST_WORKING_DAYS",
        "REPORT_WORKING_DAYS",
        "TICKETS_PER_DAY",
        "TICKET_DAYS_KEPT",
    ):
        if getattr(settings, name) < 1:
            yield Error(
                f"{name} is {getattr(settings, name)}.",
                hint=f"{name} counts from 1.",
                id="participation.E001",
            )


def _holidays() -> Iterator[CheckMessage]:
    try:
        holidays()
    except ValueError as wrong:
        yield Error(
            f"HOLIDAYS holds what is no date: {wrong}.",
            hint="Write days as 2027-01-01, separated by commas.",
            id="participation.E002",
        )
