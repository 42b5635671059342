"""Count public resources by section and kind; cached until one is published, withdrawn or moved."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils import timezone

from resources.listing.cards import shown
from resources.models import SiteSettings
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


def catalogue_counts() -> Counts:
    """Return the counts, read again when a resource has come, gone or moved."""
    site = SiteSettings.load()
    is_certain = site.content_version > 0 and not site.is_unsettled
    return cached_for_version("counts", site.counts_version if is_certain else 0, _read_counts)


def _read_counts() -> Counts:
    counts = Counts()
    for section, kind, number in BY_SECTION_AND_KIND.rows(now=timezone.now()):
        counts.of_section[section] += number
        counts.of_kind[kind] += number
    return counts
