"""What a page says to machines: structured data that no browser executes."""

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

CLOSING = {ord(mark): f"\\u{ord(mark):04X}" for mark in "<>&\u2028\u2029"}
"""What could end the element, or be read as markup, stands escaped as JSON does it (as in Django's json_script)."""


@register.filter
def as_json(value: Any) -> SafeString:
    """Write `value` as compact JSON that may stand inside `<script type="application/ld+json">`."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(CLOSING))  # noqa: S308 - nothing that HTML knows is left in it
