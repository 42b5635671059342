"""Documents."""

from django.db import models

from resources.models.resource import Resource


class Document(Resource):
    """A guide, a study, a plan: something to read."""

    class Type(models.TextChoices):
        GUIDE = "guide", "Guía"
        MANUAL = "manual", "Manual"
        PLAN = "plan", "Plan"
        STUDY = "study", "Estudio"
        REPORT = "report", "Informe"
        POLICY = "policy", "Política pública"
        OTHER = "other", "Documento"

    document_type = models.CharField(
        "clase de documento", max_length=10, choices=Type.choices, default=Type.OTHER
    )
    edition = models.CharField(
        "edición", max_length=60, blank=True, help_text="Por ejemplo: segunda edición, 2024."
    )

    class Meta:
        verbose_name = "documento"
        verbose_name_plural = "documentos"

    def describe_type(self) -> str:
        """Return the finer name: "Guía", "Estudio"."""
        return self.get_document_type_display()
