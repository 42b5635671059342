"""What the page about privacy says of tickets: always as the settings have it."""

from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.inclusion_tag("participation/_retention.html")
def what_is_kept() -> dict[str, Any]:
    """Say what the database holds of whoever writes, and for how long."""
    return {
        "days_kept": settings.TICKET_DAYS_KEPT,
        "most": settings.TICKETS_PER_DAY,
        "asks_for_email": settings.EMAIL_IS_CONFIGURED,
    }
