"""The desk's synonyms, as the search reads them; `version` is the portal's content_version."""

from functools import lru_cache

from resources.models import Synonym
from search.language.analyzer import fold
from search.query.parser import Synonyms
from search.utils import cached_for_version

MOST_GROUPS = 2000


def of(version: int) -> Synonyms:
    """Return the groups of synonyms, by their stems."""
    return _read(_groups(version))


def single_words(version: int) -> dict[str, str]:
    """Return folded → as written, of the synonyms that are one word."""
    return _single_words(_groups(version))


def _groups(version: int) -> tuple[str, ...]:
    return cached_for_version("synonyms", version, _stored)


def _stored() -> tuple[str, ...]:
    return tuple(Synonym.objects.values_list("words", flat=True)[:MOST_GROUPS])


@lru_cache(maxsize=2)
def _read(groups: tuple[str, ...]) -> Synonyms:
    return Synonyms.read(groups)


@lru_cache(maxsize=2)
def _single_words(groups: tuple[str, ...]) -> dict[str, str]:
    words = (word.strip() for group in groups for word in group.split(","))
    return {fold(word): word for word in words if word.isalpha()}
