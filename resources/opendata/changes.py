"""Find the last public change of a resource: its publication, or a new file."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from django.utils import timezone

from resources.models import FileVersion, Resource, ResourceFile, ResourceQuerySet


@dataclass(frozen=True)
class Change:
    """The last change of a resource, with words for it."""

    at: dt.datetime
    words: str

    @property
    def day(self) -> dt.date:
        """The day in the site's time zone."""
        return timezone.localdate(self.at)


def newest_first(resources: ResourceQuerySet) -> ResourceQuerySet:
    """Order by `changed_on`, then as they were made: an index gives the first ones, even of many at one instant."""
    return resources.order_by("-changed_on", "pk")


def change_of(resource: Resource) -> Change:
    """Return the last change of a resource whose files were fetched: the same instant as `changed_on`."""
    return _change(cast(dt.datetime, resource.published_at), resource.files.all())


def changes_of(resources: Iterable[Resource]) -> list[Change]:
    """Return the last change of each of the resources, which were read with `changed_on`; at most one query."""
    listed = list(resources)
    changed = [resource.pk for resource in listed if resource.changed_on != resource.published_at]
    slots: dict[int, list[ResourceFile]] = defaultdict(list)
    for slot in ResourceFile.objects.filter(resource__in=changed).select_related("current"):
        slots[slot.resource_id].append(slot)
    return [
        _change(cast(dt.datetime, resource.published_at), slots[resource.pk]) for resource in listed
    ]


def _change(published: dt.datetime, slots: Iterable[ResourceFile]) -> Change:
    given = [
        (slot, slot.current) for slot in slots if slot.current and not slot.current.is_withheld
    ]
    at = max([published, *(version.created for _, version in given)])
    if at == published:
        return Change(at, "Recurso nuevo")
    return Change(at, " ".join(_said(*pair) for pair in given if pair[1].created == at))


def _said(slot: ResourceFile, version: FileVersion) -> str:
    name = slot.label or "el archivo"
    if version.number == 1:
        return f"Archivo nuevo: {slot.label or slot.file_name}"
    return f"Versión {version.number} de {name}: {version.change_note}"
