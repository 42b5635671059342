"""Keep erased what was erased for good: in every archive, older ones included."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import DEFAULT_DB_ALIAS, transaction

from backups.errors import BackupError
from backups.manifest import Erased
from backups.repository import Repository
from resources.files.takedown import take_down
from resources.models import Erasure, FileVersion, Resource, TrashedFile
from resources.models.erasures import resource_key
from resources.workflow.trash import hard_delete

AGAIN = "Se retuvo antes; el respaldo restaurado era anterior."


def stored(using: str = DEFAULT_DB_ALIAS) -> Iterator[Erased]:
    """Yield what the database at the alias `using` knows as erased."""
    for kind, key, reason, at in Erasure.objects.using(using).values_list(
        "kind", "key", "reason", "at"
    ):
        yield Erased(kind, key, reason, at.astimezone(dt.UTC).isoformat())


def known_to(repository: Repository) -> set[Erased]:
    """Return what any archive of the repository knows as erased, later ones than the one restored among them."""
    found: set[Erased] = set()
    for name in repository.archives:
        try:
            found.update(repository.read_manifest(name).erased)
        except BackupError:
            continue  # damaged: the others know the same and more
    return found


def erased_files(erased: Iterable[Erased]) -> set[str]:
    """Return the storage paths among `erased`."""
    return {each.key for each in erased if each.kind == Erasure.Kind.FILE}


@transaction.atomic  # packs are compared once, when all is gone
def erase_again(erased: Iterable[Erased]) -> None:
    """Erase in the restored database what is named, as it was erased the first time, and record it there."""
    every = list(erased)
    Erasure.objects.bulk_create(
        [
            Erasure(kind=each.kind, key=each.key, reason=each.reason, at=_instant(each))
            for each in every
        ],
        ignore_conflicts=True,
    )
    keys = {each.key for each in every if each.kind == Erasure.Kind.RESOURCE}
    ids = [int(key.partition(" ")[0]) for key in keys]
    for resource in Resource.objects.filter(pk__in=ids).with_kind():
        if resource_key(resource) in keys:
            hard_delete(resource.specific)
    files = {each.key: each for each in every if each.kind == Erasure.Kind.FILE}
    TrashedFile.objects.filter(name__in=files).delete()
    for name, each in files.items():
        for version in FileVersion.objects.filter(stored=name, withheld_on=None)[:1]:
            take_down(version, reason=each.reason or AGAIN, user=None)
            FileVersion.objects.filter(stored=name).update(withheld_on=_instant(each))


def _instant(each: Erased) -> dt.datetime:
    return dt.datetime.fromisoformat(each.at)
