"""Range requests for files (RFC 9110, sections 13 and 14). Pure: header text in, numbers out."""

import re
from datetime import datetime

from django.utils.http import http_date, parse_http_date_safe


class Unsatisfiable(Exception):
    """The requested range lies outside the file (416)."""


def requested_range(header: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte of a `Range` header for a file of `size` bytes; None for the whole file.

    Several ranges at once, other units and bad syntax mean the whole file, as the standard allows.
    Raises Unsatisfiable where no requested byte exists.
    """
    match = re.fullmatch(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", header, re.ASCII)
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if first == "":
        length = int(last)
        if length == 0 or size == 0:
            raise Unsatisfiable
        return max(size - length, 0), size - 1
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return int(first), min(int(last), size - 1) if last else size - 1


def if_range_matches(if_range: str | None, etag: str, modified: datetime) -> bool:
    """Return whether an `If-Range` header permits the range: no header, the same strong tag, or the same date."""
    if not if_range:
        return True
    if if_range.startswith(('"', "W/")):
        return if_range == etag
    return parse_http_date_safe(if_range) == parse_http_date_safe(http_date(modified.timestamp()))
