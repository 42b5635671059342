"""What stands as long as nothing that visitors see has changed: read once in each process for each content_version.

Templates keep what they draw in the same cache: `{% cache 3600 name site.content_version using="versioned" %}`.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.core.cache import caches

from resources.models import Section

AN_HOUR = 3600  # seconds
Value = TypeVar("Value")


def cached_for_version(name: str, version: int, read: Callable[[], Value]) -> Value:
    """Return what `read` does, read anew where `version`, the portal's content_version, is another; or is 0: not known."""
    return caches["versioned"].get_or_set(f"{name}-{version}", read, AN_HOUR) if version else read()


def sections(version: int) -> list[Section]:
    """Return the sections in their order."""
    return cached_for_version("sections", version, lambda: list(Section.objects.all()))


Item = TypeVar("Item")


def batched(items: Iterable[Item], count: int) -> Iterator[list[Item]]:
    """Yield `items`, `count` at a time, as `itertools.batched` does from Python 3.12 on."""
    items = iter(items)
    while batch := list(islice(items, count)):
        yield batch
