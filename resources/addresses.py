"""Addresses of public pages, memoised: Django reverses one in a tenth of a millisecond, and a page has a hundred."""

from collections.abc import Iterable
from functools import lru_cache

from django import urls


def reverse(name: str, args: Iterable[str | int] = ()) -> str:
    """Return the path of the named page, as Django's `reverse` does."""
    return _reverse(urls.get_urlconf(), urls.get_script_prefix(), name, tuple(args))


@lru_cache(maxsize=5000)
def _reverse(urlconf: str | None, prefix: str, name: str, args: tuple[str | int, ...]) -> str:
    return urls.reverse(name, args=args)
