"""Find the last public change of a resource: its publication, or a new file."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from django.db.models import Q
from django.utils import timezone

from resources.addresses import reverse
from resources.models import FileVersion, Resource, ResourceFile, ResourceQuerySet


@dataclass(frozen=True)
class Change:
    """The last change of a resource, with words for it and the path of the page that compares a new version."""

    at: dt.datetime
    words: str
    comparison: str = ""

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
    compared = _with_readable_predecessor([slot for each in slots.values() for slot in each])
    return [_with_comparison(resource, slots[resource.pk], compared) for resource in listed]


def _with_readable_predecessor(slots: Iterable[ResourceFile]) -> set[int]:
    """Return the current versions that can be compared with the one before: at most one query, for new versions."""
    before = {
        (slot.pk, slot.current.number - 1): slot.current.pk
        for slot in slots
        if slot.current and slot.current.is_readable and slot.current.number > 1
    }
    if not before:
        return set()
    wanted = Q(*(Q(file=file, number=number) for file, number in before), _connector=Q.OR)
    rows = FileVersion.objects.filter(wanted, is_readable=True).values_list("file", "number")
    return {before[row] for row in rows}


def _with_comparison(
    resource: Resource, slots: Iterable[ResourceFile], compared: set[int]
) -> Change:
    change = _change(cast(dt.datetime, resource.published_at), slots)
    for slot in slots:
        version = slot.current
        if version and version.pk in compared and version.created == change.at:
            numbers = [version.number - 1, version.number]
            if version.pk == resource.main_version_id:
                return replace(change, comparison=reverse("compare", [resource.slug, *numbers]))
            named: list[str | int] = [resource.slug, slot.file_name, *numbers]
            return replace(change, comparison=reverse("compare-file", named))
    return change


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
