"""The editors' synonyms, cached by `version`, the version of the content."""

from functools import lru_cache

from search.language.analyzer import fold
from search.models import Synonym
from search.query.parser import Synonyms
from search.utils import cached_for_version

MOST_GROUPS = 2000


def synonyms_of(version: int) -> Synonyms:
    """Return the groups of synonyms by their stems."""
    return _parse(cached_for_version("synonyms", version, groups))


def single_words(version: int) -> dict[str, str]:
    """Return folded → as written, of the synonyms of one word."""
    return _single_words(cached_for_version("synonyms", version, groups))


def groups() -> tuple[str, ...]:
    """Read the groups as they are typed: words between commas."""
    return tuple(Synonym.objects.values_list("words", flat=True)[:MOST_GROUPS])


@lru_cache(maxsize=2)
def _parse(lines: tuple[str, ...]) -> Synonyms:
    return Synonyms.read(lines)


@lru_cache(maxsize=2)
def _single_words(lines: tuple[str, ...]) -> dict[str, str]:
    words = (word.strip() for line in lines for word in line.split(","))
    return {fold(word): word for word in words if word.isalpha()}
