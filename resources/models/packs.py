"""Packs: one stored ZIP for each section, and for each resource with several files."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from resources.models.base import PublicModel
from resources.models.resource import Resource
from resources.models.site_settings import SiteSettings
from resources.models.taxonomy import Section
from resources.storage import unguessable_name


class Pack(PublicModel):
    """The last pack built of a section or a resource. Served only while `key` equals the published content.

    The next refresh deletes a pack without section and resource, with its bytes.
    """

    section = models.OneToOneField(
        Section, verbose_name="sección", null=True, on_delete=models.SET_NULL, related_name="pack"
    )
    resource = models.OneToOneField(
        Resource, verbose_name="recurso", null=True, on_delete=models.SET_NULL, related_name="pack"
    )
    stored = models.FileField("archivo", upload_to=unguessable_name, max_length=300, blank=True)
    key = models.CharField("contenido", max_length=64, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("tamaño en bytes", default=0)
    count = models.PositiveIntegerField("archivos", default=0)
    built_at = models.DateTimeField("hecho el", null=True)
    changes = models.PositiveBigIntegerField(default=1)  # of its section, resource and files
    checked_changes = models.PositiveBigIntegerField(default=0)  # as many as when it was compared
    checked_version = models.PositiveBigIntegerField(
        default=0,
        help_text="El content_version en el que se comparó por última vez con lo publicado.",
    )

    class Meta:
        verbose_name = "paquete"
        verbose_name_plural = "paquetes"
        constraints = [
            models.CheckConstraint(
                condition=Q(section__isnull=True) | Q(resource__isnull=True),
                name="a_pack_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=(Q(key="") & Q(stored=""))
                | (~Q(key="") & ~Q(stored="") & ~Q(sha256="") & Q(built_at__isnull=False)),
                name="a_pack_with_a_key_has_its_bytes",
            ),
        ]

    def __str__(self) -> str:
        return f"Paquete de {self.section or self.resource or 'nada'}"

    @classmethod
    def of(cls, owner: Section | Resource) -> "Pack | None":
        """Return the pack of `owner`, or None; no query if it was joined."""
        return getattr(owner, "pack", None)

    def is_checked(self, site: SiteSettings) -> bool:
        """Return whether it was compared with the published content since anything in it last changed."""
        return (
            self.checked_changes == self.changes
            and self.checked_version >= site.packs_changed_version
        )

    def mark_checked(self, content_version: int) -> None:
        """Store that it equals the published content at `content_version`, unless it changed since it was read."""
        self.checked_version, self.checked_changes = content_version, self.changes
        models.QuerySet(Pack).filter(pk=self.pk, key=self.key).update(
            checked_version=content_version, checked_changes=self.changes
        )

    @classmethod
    def note_change(cls, owners: Q) -> None:
        """Mark the packs with these owners as not compared."""
        packs: models.QuerySet[Pack] = models.QuerySet(cls)
        packs.filter(owners).update(changes=F("changes") + 1)

    @classmethod
    def note_changes_of_all(cls) -> None:
        """Mark every pack as not compared, by one row."""
        models.QuerySet(SiteSettings).filter(pk=1).update(
            packs_changed_version=F("content_version")
        )

    def empty(self) -> str:
        """Clear the record; return the storage name, for the caller to delete the bytes."""
        name = self.stored.name or ""
        self.stored, self.key, self.sha256, self.size, self.count = "", "", "", 0, 0
        self.built_at = None
        self.save()
        return name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a saved pack must be compared again before it counts as checked."""
        self.checked_changes = 0
        super().save(*args, **kwargs)
