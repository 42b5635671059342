"""Erasures across archives: list them for a manifest, repeat them after a restore."""

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
    """Yield each erasure recorded in the database at the alias `using`."""
    for kind, key, reason, at in Erasure.objects.using(using).values_list(
        "kind", "key", "reason", "at"
    ):
        yield Erased(kind, key, reason, at.astimezone(dt.UTC).isoformat())


def known_to(repository: Repository) -> set[Erased]:
    """Return the erasures in the manifests of all archives of `repository`; skips damaged manifests."""
    found: set[Erased] = set()
    for name in repository.archives:
        try:
            found.update(repository.read_manifest(name).erased)
        except BackupError:
            continue  # damaged; each other manifest lists all erasures up to its own time
    return found


def erased_files(erased: Iterable[Erased]) -> set[str]:
    """Return the storage paths among `erased`."""
    return {each.key for each in erased if each.kind == Erasure.Kind.FILE}


@transaction.atomic  # packs are compared once, when all is gone
def erase_again(erased: Iterable[Erased]) -> None:
    """Delete the resources and files named in `erased` from the restored database and record each erasure."""
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
