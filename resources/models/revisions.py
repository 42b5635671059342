"""Revisions of edited objects, trashed files, pending imports and uploads."""

from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from resources.models.base import InternalModel
from resources.storage import unguessable_name


class RevisionQuerySet(models.QuerySet):
    """Revisions by their subject."""

    def of(self, subject: models.Model) -> Self:
        """Return the revisions of `subject`; a resource and its kind's row share them."""
        return self.filter(subject=subject_name(subject), subject_id=subject.pk)


class Revision(InternalModel):
    """One change in the admin: user, time, action, note to the next editor, resulting state."""

    class Action(models.TextChoices):
        CREATED = "created", "creó"
        CHANGED = "changed", "cambió"
        SUBMITTED = "submitted", "envió a revisión"
        RETURNED = "returned", "devolvió a borrador"
        PUBLISHED = "published", "publicó"
        SCHEDULED = "scheduled", "programó"
        WITHDRAWN = "withdrawn", "retiró"
        VERIFIED = "verified", "verificó"
        TRASHED = "trashed", "movió a la papelera"
        RESTORED = "restored", "sacó de la papelera"
        REVERTED = "reverted", "volvió a un estado anterior"
        IMPORTED = "imported", "importó de una lista"
        TAKEN_DOWN = "taken_down", "retuvo una versión"
        DELETED = "deleted", "eliminó"
        UNDELETED = "undeleted", "recuperó"
        OUTSIDE = "outside", "quedó así sin pasar por un formulario"

    subject = models.CharField("qué", max_length=20)
    subject_id = models.PositiveBigIntegerField("número")
    at = models.DateTimeField("cuándo", default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="quién",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    action = models.CharField("qué hizo", max_length=10, choices=Action.choices)
    note = models.CharField("nota", max_length=1000, blank=True)
    revision = models.PositiveIntegerField("revisión", default=0)
    state = models.JSONField("estado", encoder=DjangoJSONEncoder)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "cambio"
        verbose_name_plural = "cambios"
        default_permissions = ()  # the desk gives none of its own: they follow from their subjects
        ordering = ["-pk"]
        indexes = [models.Index(fields=["subject", "subject_id", "-id"], name="edits_of_a_subject")]

    def __str__(self) -> str:
        return f"{self.by or 'El sitio'} {self.get_action_display()}"


class TrashedFile(InternalModel):
    """Bytes removed from a draft or replaced as a cover, kept until the trash is purged."""

    storage = models.CharField(max_length=20, default="default")  # an alias of STORAGES
    name = models.CharField(max_length=300, unique=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "archivo apartado"
        verbose_name_plural = "archivos apartados"
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class PendingImport(InternalModel):
    """A list of resources read from a file, after its dry run and before it is applied."""

    name = models.CharField("archivo", max_length=200)
    rows = models.JSONField("filas", default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    at = models.DateTimeField("cuándo", default=timezone.now)
    applied_at = models.DateTimeField("aplicada", null=True)

    class Meta:
        verbose_name = "importación"
        verbose_name_plural = "importaciones"
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class PendingUpload(InternalModel):
    """An uploaded file of a form with errors, kept until the form is valid."""

    field = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    stored = models.FileField(upload_to=unguessable_name, max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "archivo en espera"
        verbose_name_plural = "archivos en espera"
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


APPS = {"synonym": "search"}
"""Subjects of revisions whose model is in another app → its label."""


def subject_model(name: str) -> type[models.Model]:
    """Return the model of the rows that revisions call `name`."""
    return apps.get_model(APPS.get(name, "resources"), name)


def subject_name(subject: Any) -> str:
    """Return the name that a Revision stores for the model of `subject`: "resource" for every kind."""
    parents = [parent for parent in subject._meta.parents if not parent._meta.abstract]
    return (parents[0] if parents else subject)._meta.model_name
