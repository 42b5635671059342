"""Upload limits in words: accepted types and sizes."""

from typing import Any

from django.conf import settings

from inspection import ALLOWED
from inspection.signatures import ALLOWED_IN_WORDS


def accepted(extensions: tuple[str, ...] = tuple(ALLOWED)) -> str:
    """Return the `accept` attribute of a file field: every name that the types may carry."""
    return ",".join(f".{name}" for known in extensions for name in ALLOWED[known].names)


def greatest_size() -> str:
    """Return the greatest size of an upload, for people."""
    return f"{settings.MAX_UPLOAD_BYTES // 1_000_000} MB"


def upload_limits_in_words() -> dict[str, Any]:
    """Return the upload limits for a page: types, greatest size in bytes and in words, the sentence."""
    return {
        "accept": accepted(),
        "max": settings.MAX_UPLOAD_BYTES,
        "max_words": greatest_size(),
        "limits": f"{ALLOWED_IN_WORDS} Hasta {greatest_size()} por archivo.",
    }
