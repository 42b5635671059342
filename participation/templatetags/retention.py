"""The retention of personal data in tickets, in words, from the settings."""

from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.inclusion_tag("participation/_retention.html")
def what_is_kept() -> dict[str, Any]:
    """Return which data of a sender the database stores, and for how long."""
    return {
        "days_kept": settings.TICKET_DAYS_KEPT,
        "most": settings.TICKETS_PER_DAY,
        "asks_for_email": settings.EMAIL_IS_CONFIGURED,
    }
