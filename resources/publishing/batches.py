"""Many things, some at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def batched(items: Iterable[Item], count: int) -> Iterator[list[Item]]:
    """Yield `items`, `count` at a time, as `itertools.batched` does from Python 3.12 on."""
    items = iter(items)
    while batch := list(islice(items, count)):
        yield batch
