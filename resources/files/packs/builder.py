"""Build packs in the background when their published content changes, never in a request.

Whatever changes a row that visitors see raises `content_version` (resources/receivers.py), and the same receiver
calls `request_refresh` once the change is committed; `settle` does so for what the clock changes. The task
compares the key of every pack with what is published and builds those that differ. A request never trusts it:
it compares the key again (resources/views/packs.py).
"""

import hashlib
import logging
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django_tasks import task

from resources.files.packs.contents import (
    PackContents,
    contents_of_resource,
    contents_of_section,
    public_versions,
)
from resources.files.packs.zip_writer import AlteredFile, write_pack
from resources.lost_tasks import when_lost
from resources.models import Pack, Resource, Section, SiteSettings
from search.utils import batched

logger = logging.getLogger(__name__)

LOST_AFTER = timedelta(minutes=10)  # a comparison that was asked for and never came
PASSES = 3  # a build raises content_version itself; the pass after it finds nothing more to do
AT_ONCE = 100  # resources whose files are read by one query


def request_refresh() -> None:
    """Queue a refresh of all packs, unless one is queued."""
    now = timezone.now()
    nobody_waits = Q(packs_asked_at=None) | Q(packs_asked_at__lte=now - LOST_AFTER)
    with transaction.atomic():
        if QuerySet(SiteSettings).filter(nobody_waits, pk=1).update(packs_asked_at=now):
            refresh_packs.enqueue()


@when_lost("No se terminaron de preparar los paquetes ZIP", repeats=True)
@task()
def refresh_packs() -> None:
    """Rebuild outdated packs; delete those whose owner is gone."""
    QuerySet(SiteSettings).filter(pk=1).update(
        packs_asked_at=None
    )  # what changes from here on asks anew
    for _ in range(PASSES):
        if not refresh_all():
            return


def refresh_all() -> bool:
    """Compare every pack once; return whether anything was built or taken away."""
    portal = SiteSettings.load()
    changed = [_delete(pack) for pack in Pack.objects.filter(section=None, resource=None)]
    for section in Section.objects.select_related("pack"):
        changed.append(_refresh(contents_of_section(section, portal), Pack.of(section)))
    for contents, pack in _of_resources(portal):
        changed.append(_refresh(contents, pack))
    return any(changed)


def _of_resources(portal: SiteSettings) -> Iterator[tuple[PackContents, Pack | None]]:
    """Yield contents and stored pack of each resource that has several files or had a pack."""
    several = public_versions().order_by().values("file__resource").annotate(n=Count("pk"))
    ids = set(several.filter(n__gt=1).values_list("file__resource", flat=True))
    ids |= set(Pack.objects.exclude(resource=None).values_list("resource", flat=True))
    for some in batched(sorted(ids), AT_ONCE):
        packs = {pack.resource_id: pack for pack in Pack.objects.filter(resource__in=some)}
        versions = public_versions().filter(file__resource__in=some).order_by("file__resource_id")
        found = {pk: list(group) for pk, group in groupby(versions, lambda v: v.file.resource_id)}
        resources = Resource.objects.in_bulk(some)
        for pk, resource in resources.items():
            yield contents_of_resource(resource, found.get(pk, []), portal), packs.get(pk)


def _refresh(contents: PackContents, pack: Pack | None) -> bool:
    """Bring one pack up to date; return whether it had to change."""
    pack = pack or Pack(**{str(contents.owner._meta.model_name): contents.owner})
    if not contents.is_packable:
        if pack.key or pack.pk is None:
            _erase(pack)
            return True
    elif pack.key != contents.key or not pack.stored.storage.exists(pack.stored.name or ""):
        return build(pack, contents)
    pack.mark_checked(contents.portal.content_version)
    return False


def build(pack: Pack, contents: PackContents) -> bool:
    """Build and store `pack` anew; return False, with a line in the log, where a stored file is missing or altered."""
    with tempfile.NamedTemporaryFile(prefix="paquete-", suffix=".zip") as copy:
        try:
            write_pack(copy, contents)
        except (OSError, AlteredFile) as problem:
            logger.error("The pack %s was not built: %s", contents.url, problem)
            return False
        copy.seek(0)
        pack.sha256 = hashlib.file_digest(copy, "sha256").hexdigest()
        pack.size = copy.tell()
        copy.seek(0)
        _store(pack, contents, copy)
    return True


def _store(pack: Pack, contents: PackContents, stream: IO[bytes]) -> None:
    """Put the new bytes in the place of the old ones, which go once nobody can be given them any more."""
    pack.stored.save(f"{contents.owner.slug}.zip", File(stream), save=False)
    pack.key, pack.count, pack.built_at = contents.key, len(contents.entries), timezone.now()
    try:
        with transaction.atomic():
            old = (
                Pack.objects.select_for_update()
                .filter(pk=pack.pk)
                .values_list("stored", flat=True)
                .first()
            )
            pack.save()
            if old:
                transaction.on_commit(partial(default_storage.delete, old))
    except BaseException:
        pack.stored.storage.delete(pack.stored.name or "")
        raise


def drop_packs_with(resource: Resource) -> None:
    """Erase at once the packs that may hold a file of `resource`, whose bytes nobody may have any more."""
    mine = Q(resource=resource.pk) | Q(section=resource.section_id)
    for pack in Pack.objects.filter(mine).exclude(key=""):
        _erase(pack)


def drop_all() -> None:
    """Erase every pack."""
    for pack in Pack.objects.all():
        _delete(pack)


def _erase(pack: Pack) -> None:
    """Erase the bytes of `pack`; the row stays."""
    with transaction.atomic():
        name = pack.empty()
        if name:
            transaction.on_commit(partial(default_storage.delete, name))


def _delete(pack: Pack) -> bool:
    _erase(pack)
    pack.delete()
    return True
