"""What only infographics, documents and videos have. Legal instruments stand in law.py."""

from django.db import models

from resources.models.resource import Resource


class Infographic(Resource):
    """A picture that explains, with all that it says as text."""

    alt_text = models.CharField(
        "texto alternativo",
        max_length=300,
        blank=True,
        help_text="Una frase que dice qué muestra la lámina, para quien no la ve. Sin «imagen de».",
    )
    text_alternative = models.TextField(
        "alternativa en texto",
        blank=True,
        help_text="Todo lo que la lámina dice, ordenado con títulos (##), listas (-) y tablas. Se muestra bajo la imagen.",
    )

    class Meta:
        verbose_name = "infografía"
        verbose_name_plural = "infografías"


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


class Video(Resource):
    """A video: on a platform, or a file of its own (its role is main)."""

    url = models.URLField(
        "dirección del video",
        max_length=500,
        blank=True,
        help_text="La dirección pública del video. Vacío si no se conoce; entonces marque «enlace por verificar».",
    )
    transcript = models.TextField(
        "transcripción", blank=True, help_text="Lo que se dice y se ve, en texto. Acepta Markdown."
    )

    class Meta:
        verbose_name = "video"
        verbose_name_plural = "videos"

    @property
    def is_reachable(self) -> bool:
        """Tell whether it can be played, here or on a platform."""
        return bool(self.url) or super().is_reachable
