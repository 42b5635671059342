"""Infographics."""

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
