"""Small helpers: results cached by version, batches, the clock of the index."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar, cast

from django.core.cache import caches
from django.utils import timezone

AN_HOUR = 3600  # seconds
Item = TypeVar("Item")


def cached_for_version(name: str, version: int, read: Callable[[], Item]) -> Item:
    """Return the result of `read()`, cached in this process by name and content version; version 0 bypasses the cache."""
    if not version:
        return read()
    return cast(Item, caches["versioned"].get_or_set(f"{name}-{version}", read, AN_HOUR))


def batched(items: Iterable[Item], count: int) -> Iterator[list[Item]]:
    """Yield `items`, `count` at a time: `itertools.batched` of Python 3.12."""
    items = iter(items)
    while batch := list(islice(items, count)):
        yield batch


def now_micros() -> int:
    """Return the present instant in microseconds since 1970, as documents store theirs."""
    return int(timezone.now().timestamp() * 1_000_000)
