"""Draw sharing pictures in the background when what they show changes, never in a request.

The receiver of model signals (resources/receivers.py) marks the pictures of the rows that changed and calls
`request_refresh` once the change is committed. The task compares the marked ones, and draws those of which the contents
differ. A page never trusts it: it compares the key again (`current_picture`).
"""

import secrets
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_tasks import task

from resources.files.covers import SocialPicture
from resources.files.sharing_pictures import drawing
from resources.files.sharing_pictures.contents import (
    KEY_PREFIX,
    PictureContents,
    resource_contents,
    section_contents,
)
from resources.files.sharing_pictures.typesetting import NoLetters
from resources.lost_tasks import when_lost
from resources.models import Resource, Section, SharingPicture, SiteSettings

LOST_AFTER = timedelta(minutes=10)  # a refresh that was asked for and never came
AT_ONCE = 20  # pictures drawn by one task, some seconds, and stored in one short transaction

Owner = Resource | Section


class Comparison(NamedTuple):
    """An owner whose picture was compared with its contents; `png` is None where the stored one is right."""

    owner: Owner
    key: str
    changes: int  # as many as its picture had noted when it was read
    png: bytes | None


def current_picture(owner: Owner, contents: PictureContents) -> SocialPicture | None:
    """Return the picture of `owner` if it shows these contents."""
    stored = SharingPicture.of(owner)
    if stored is None or not stored.name or stored.key != contents.key:
        return None
    return SocialPicture(storages["pictures"].url(stored.name), drawing.WIDTH, drawing.HEIGHT)


def request_refresh() -> None:
    """Queue a refresh of the sharing pictures, unless one is queued."""
    now = timezone.now()
    nobody_waits = Q(sharing_asked_at=None) | Q(sharing_asked_at__lte=now - LOST_AFTER)
    with transaction.atomic():
        if QuerySet(SiteSettings).filter(nobody_waits, pk=1).update(sharing_asked_at=now):
            refresh_sharing_pictures.enqueue()


@when_lost("No se terminaron de dibujar las imágenes para compartir", repeats=True)
@task()
def refresh_sharing_pictures() -> None:
    """Delete the pictures of what is no longer public and draw outdated ones; queue another refresh if many are left."""
    QuerySet(SiteSettings).filter(pk=1).update(
        sharing_asked_at=None
    )  # what changes from here on asks anew
    drop_unpublished()
    if refresh_some():
        request_refresh()


def refresh_all() -> None:
    """Compare every picture at once, and draw those that differ or whose bytes are missing."""
    SharingPicture.objects.note_changes()
    drop_unpublished()
    while refresh_some():
        pass


def drop_unpublished() -> None:
    """Delete the pictures whose owner is gone or no longer public, with their bytes."""
    hidden = SharingPicture.objects.to_compare().exclude(resource=None)
    _drop(hidden.exclude(resource__in=Resource.objects.published().values("pk")))
    _drop(SharingPicture.objects.filter(section=None, resource=None))


def drop_picture(resource: Resource) -> None:
    """Delete the picture of `resource` with its bytes."""
    _drop(SharingPicture.objects.filter(resource=resource.pk))


def _drop(pictures: QuerySet[SharingPicture]) -> None:
    with transaction.atomic():
        for pk, name in list(pictures.values_list("pk", "name")):
            SharingPicture.objects.filter(pk=pk).delete()
            _delete_later(name)


def _delete_later(name: str) -> None:
    """Delete the bytes once nothing names them any more."""
    if name:
        transaction.on_commit(partial(storages["pictures"].delete, name))


def refresh_some() -> bool:
    """Compare up to AT_ONCE pictures with what they show and draw those that differ; return whether more wait."""
    site = SiteSettings.load()
    owners = _outdated(AT_ONCE + 1)
    _store([_compare(owner, site) for owner in owners[:AT_ONCE]])
    return len(owners) > AT_ONCE


def _outdated(limit: int) -> list[Owner]:
    """Return up to `limit` public resources and sections without a picture, or with one to compare."""
    changed = ~Q(sharing_picture__checked_changes=F("sharing_picture__changes"))
    of_former_release = ~Q(sharing_picture__key__startswith=KEY_PREFIX)
    is_outdated = Q(sharing_picture=None) | changed | of_former_release
    sections = Section.objects.filter(is_outdated).select_related("sharing_picture")
    resources = _readable(Resource.objects.published()).filter(is_outdated).order_by("pk")
    owners: list[Owner] = list(sections[:limit])
    owners += resources[: limit - len(owners)]
    return owners


def _readable(resources: QuerySet[Resource]) -> QuerySet[Resource]:
    """Join all that the contents of a picture need."""
    return resources.select_related("issuer", "main_version", "sharing_picture")


def contents_of(owner: Owner, site: SiteSettings) -> PictureContents:
    """Return what the picture of `owner` shows."""
    if isinstance(owner, Section):
        return section_contents(owner, site)
    return resource_contents(owner, owner.main_version, site)


def _compare(owner: Owner, site: SiteSettings) -> Comparison:
    """Draw the picture of `owner` unless the stored one shows the same."""
    contents, stored = contents_of(owner, site), SharingPicture.of(owner)
    changes = stored.changes if stored else 0
    if stored and stored.key == contents.key and _is_there(stored.name):
        return Comparison(owner, contents.key, changes, None)
    try:
        return Comparison(owner, contents.key, changes, drawing.draw(contents))
    except NoLetters:  # the page goes on showing its cover
        return Comparison(owner, contents.key, changes, b"")


def _is_there(name: str) -> bool:
    return not name or storages["pictures"].exists(name)


def _store(comparisons: list[Comparison]) -> None:
    """Store what was drawn and that all were compared, unless an owner changed or went while its picture was drawn."""
    site = SiteSettings.load()
    names = [_put(each.png) for each in comparisons]
    unused = set(filter(None, names))
    with transaction.atomic():
        for each, name in zip(comparisons, names, strict=True):
            owner = _locked(each.owner)
            if owner and contents_of(owner, site).key == each.key:
                _keep(owner, each, name)
                unused.discard(name)
    for name in unused:
        storages["pictures"].delete(name)


def _put(png: bytes | None) -> str:
    """Store a picture under an unguessable name and return it; "" where there is none."""
    if not png:
        return ""
    name = f"compartir/{secrets.token_hex(16)}.png"
    return storages["pictures"].save(name, ContentFile(png))


def _locked(owner: Owner) -> Owner | None:
    """Lock the row of `owner` until the transaction ends and read it again; None where it is not public any more."""
    if isinstance(owner, Section):
        return Section.objects.select_for_update().filter(pk=owner.pk).first()
    published = _readable(Resource.objects.published()).filter(pk=owner.pk).order_by()
    return published.select_for_update(of=("self",)).first()


def _keep(owner: Owner, compared: Comparison, name: str) -> None:
    """Store that the picture was compared and, if it was drawn anew, put `name` in the place of the former one."""
    mine: dict[str, Any] = {"section" if isinstance(owner, Section) else "resource": owner}
    checked = {"checked_changes": compared.changes}
    if compared.png is None:
        QuerySet(SharingPicture).filter(**mine).update(**checked)  # no page changes by that
        return
    for former in SharingPicture.objects.filter(**mine).values_list("name", flat=True):
        _delete_later(former)
    values = {"name": name, "key": compared.key} | checked
    SharingPicture.objects.update_or_create(defaults=values, **mine)
