"""Count what visitors see, by section and kind, once for each content_version."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils import timezone

from resources.listing.cards import shown
from resources.models.compiled import CompiledQuery
from search.utils import cached_for_version


@dataclass(frozen=True)
class Counts:
    """The numbers of public resources."""

    of_section: Counter[int] = field(default_factory=Counter)  # by primary key
    of_kind: Counter[str] = field(default_factory=Counter)  # by name

    @property
    def total(self) -> int:
        """The number of all."""
        return self.of_kind.total()


BY_SECTION_AND_KIND = CompiledQuery(
    lambda: shown().order_by().values_list("section_id", "kind").annotate(n=Count("pk"))
)


def catalogue_counts(version: int) -> Counts:
    """Return the counts at `version`, the content_version of the site."""
    return cached_for_version("counts", version, _read_counts)


def _read_counts() -> Counts:
    counts = Counts()
    for section, kind, number in BY_SECTION_AND_KIND.rows(now=timezone.now()):
        counts.of_section[section] += number
        counts.of_kind[kind] += number
    return counts
