"""System checks of this app's settings: name each wrong value and its remedy."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register
def settings_make_sense(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the pause between two link checks."""
    if settings.LINK_CHECK_DAYS >= 0:
        return []
    return [
        Error(
            f"LINK_CHECK_DAYS is {settings.LINK_CHECK_DAYS}.",
            hint="Give the days between two visits to the same address, such as 7; 0 turns the visits off.",
            id="maintenance.E001",
        )
    ]
