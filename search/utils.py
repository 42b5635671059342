"""Small helpers: results cached by version, batches, the clock of the index."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar, cast

from django.utils import timezone

results: dict[str, tuple[int, object]] = {}
"""Name → content version and result."""
Item = TypeVar("Item")


def cached_for_version(name: str, version: int, read: Callable[[], Item]) -> Item:
    """Return the result of `read()`, cached in this process for one content version; version 0 bypasses the cache.

    Every caller is given the same object: nobody may change it.
    """
    stored = results.get(name)
    if version and stored and stored[0] == version:
        return cast(Item, stored[1])
    result = read()
    if version:
        results[name] = version, result
    return result


def batched(items: Iterable[Item], count: int) -> Iterator[list[Item]]:
    """Yield `items`, `count` at a time: `itertools.batched` of Python 3.12."""
    items = iter(items)
    while batch := list(islice(items, count)):
        yield batch


def now_micros() -> int:
    """Return the present instant in microseconds since 1970, as documents store theirs."""
    return int(timezone.now().timestamp() * 1_000_000)
