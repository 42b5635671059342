"""Which archives are kept: all of the last day, the newest of each of 7 days, 5 weeks and 12 months."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from backups.erasures import erased_files
from backups.errors import BackupError
from backups.manifest import made_at
from backups.repository import Repository

DAYS, WEEKS, MONTHS = 7, 5, 12


def kept(archives: Iterable[str]) -> set[str]:
    """Return the names to keep: the newest in each of the last days, weeks and months that have an archive.

    All of the last day stay: one made after a mistake must not cost the one made before it.
    """
    newest_first = sorted(archives, reverse=True)
    chosen = {name for name in newest_first if _day(name) == _day(newest_first[0])}
    for number, form in ((DAYS, "%Y-%m-%d"), (WEEKS, "%G-%V"), (MONTHS, "%Y-%m")):
        periods: dict[str, str] = {}
        for name in newest_first:
            periods.setdefault(f"{timezone.localtime(made_at(name)):{form}}", name)
        chosen.update(list(periods.values())[:number])
    return chosen


def _day(name: str) -> dt.date:
    return timezone.localtime(made_at(name)).date()


def prune(repository: Repository) -> int:
    """Delete archives beyond the rule, then objects that none names or that were erased for good; return how many archives went.

    The manifests go first: an interruption leaves objects too many, never too few.
    """
    keep = kept(repository.archives)
    doomed = [name for name in repository.archives if name not in keep]
    for name in doomed:
        repository.delete(name)
    try:
        manifests = [repository.read_manifest(name) for name in repository.archives]
    except BackupError:
        return len(doomed)  # of a damaged manifest nobody knows what it needs
    gone = erased_files(each for manifest in manifests for each in manifest.erased)
    named = {
        repository.object_name(sha256) for each in manifests for sha256 in each.without(gone).sums
    }
    for name in repository.objects - named:
        repository.delete(name)
    repository.store.clear_partial()
    return len(doomed)
