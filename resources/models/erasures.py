"""What was erased for good: a restore of an older backup erases it again."""

import datetime as dt

from django.db import models
from django.utils import timezone

from resources.models.base import InternalModel
from resources.models.resource import Resource


class Erasure(InternalModel):
    """One stored file, or one resource with its record, that nobody may have any more.

    The key is never used twice: the storage path of a file; id and creation of a resource, as an older backup may give its
    id to another.
    """

    class Kind(models.TextChoices):
        FILE = "file", "Archivo"
        RESOURCE = "resource", "Recurso"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=300)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "borrado definitivo"
        verbose_name_plural = "borrados definitivos"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="what_is_erased_is_noted_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}"

    @classmethod
    def note_file(cls, name: str, reason: str = "") -> None:
        """Record that the bytes at the storage path `name` are erased, in the transaction of the caller."""
        if name:
            cls.objects.get_or_create(kind=cls.Kind.FILE, key=name, defaults={"reason": reason})

    @classmethod
    def note_resource(cls, resource: Resource) -> None:
        """Record that `resource` is erased, in the transaction of the caller."""
        cls.objects.get_or_create(kind=cls.Kind.RESOURCE, key=resource_key(resource))


def resource_key(resource: Resource) -> str:
    """Return the key of a resource: its id and the microsecond of its creation."""
    return f"{resource.pk} {resource.created.astimezone(dt.UTC).isoformat()}"
