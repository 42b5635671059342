"""What is new: of each resource the last change that people follow — it appeared, or one of its files did."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from resources.models import FileVersion, Resource, ResourceFile, ResourceQuerySet
from resources.models.queries import PAGE_ORDER


@dataclass(frozen=True)
class Change:
    """When a resource last changed, and what happened, in words."""

    at: dt.datetime
    words: str

    @property
    def day(self) -> dt.date:
        """The day it happened, as people here count days."""
        return timezone.localdate(self.at)


def newest_first(resources: ResourceQuerySet) -> ResourceQuerySet:
    """Order by the last change, `changed_on`; what changed at the same instant stands in the order of the pages."""
    versions = FileVersion.objects.filter(
        current_of__resource=OuterRef("pk"), withheld_on__isnull=True
    )
    newest = Subquery(versions.order_by("-created").values("created")[:1])
    changed = Greatest(Coalesce(newest, "published_at"), "published_at")
    return resources.annotate(changed_on=changed).order_by("-changed_on", *PAGE_ORDER)


def with_files(resources: ResourceQuerySet) -> ResourceQuerySet:
    """Fetch the files of which `change_of` tells, in one query more."""
    return resources.prefetch_related(
        Prefetch("files", ResourceFile.objects.select_related("current"))
    )


def change_of(resource: Resource) -> Change:
    """Return the last change of a resource whose files were fetched: the same instant as `changed_on`."""
    given = [slot for slot in resource.files.all() if slot.current and not slot.current.is_withheld]
    at = max([resource.published_at, *(slot.current.created for slot in given)])
    if at == resource.published_at:
        return Change(at, "Recurso nuevo")
    return Change(at, " ".join(_said(slot) for slot in given if slot.current.created == at))


def _said(slot: ResourceFile) -> str:
    name, version = slot.label or "el archivo", slot.current
    if version.number == 1:
        return f"Archivo nuevo: {slot.label or slot.file_name}"
    return f"Versión {version.number} de {name}: {version.change_note}"
