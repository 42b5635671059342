"""Sharing pictures: what a chat shows beside the link to a resource or a section, drawn by the worker."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from resources.models.base import ContentQuerySet, PublicModel
from resources.models.resource import Resource
from resources.models.taxonomy import Section


class SharingPictureQuerySet(ContentQuerySet):
    """Sharing pictures by owner and state."""

    def to_compare(self) -> Self:
        """Return those with a change of their owner after the last comparison."""
        return self.exclude(checked_changes=F("changes"))

    def note_changes(self) -> None:
        """Mark these as to be compared with what they show; no page changes by that."""
        models.QuerySet.update(self, changes=F("changes") + 1)


class SharingPicture(PublicModel):
    """The last picture drawn of a section or a resource. Shown only while `key` equals that of the published contents.

    The next refresh deletes the row without section and resource, with its bytes.
    """

    section = models.OneToOneField(
        Section, null=True, on_delete=models.SET_NULL, related_name="sharing_picture"
    )
    resource = models.OneToOneField(
        Resource, null=True, on_delete=models.SET_NULL, related_name="sharing_picture"
    )
    name = models.CharField(
        max_length=300, blank=True
    )  # in the pictures storage; empty where the typeface lacks letters of the title
    key = models.CharField(max_length=80, blank=True)
    changes = models.PositiveBigIntegerField(default=0)  # of its owner
    checked_changes = models.PositiveBigIntegerField(default=0)  # as many as when it was compared

    objects = SharingPictureQuerySet.as_manager()  # type: ignore[misc]  # django-stubs: over an inherited manager

    class Meta:
        verbose_name = "imagen para compartir"
        verbose_name_plural = "imágenes para compartir"
        constraints = [
            models.CheckConstraint(
                condition=Q(section__isnull=True) | Q(resource__isnull=True),
                name="a_sharing_picture_is_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"Imagen para compartir «{self.section or self.resource or 'nada'}»"

    @classmethod
    def of(cls, owner: Section | Resource) -> "SharingPicture | None":
        """Return the picture of `owner`, or None; no query if it was joined."""
        return getattr(owner, "sharing_picture", None)
