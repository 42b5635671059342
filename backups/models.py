"""What the desk knows of backups and rehearsals."""

from typing import Self

from django.db import models
from django.utils import timezone


class EventQuerySet(models.QuerySet):
    """Events by their kind."""

    def of(self, kind: "Event.Kind") -> Self:
        """Return the events of `kind`, the last first."""
        return self.filter(kind=kind)


class Event(models.Model):
    """One backup or rehearsal that ended, well or not. No archive holds it: it is of this installation."""

    class Kind(models.TextChoices):
        BACKUP = "backup", "Respaldo"
        REHEARSAL = "rehearsal", "Ensayo"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)  # the end
    seconds = models.FloatField(default=0)
    is_ok = models.BooleanField()
    words = models.CharField(max_length=500)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "respaldo o ensayo"
        verbose_name_plural = "respaldos y ensayos"
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.words}"
