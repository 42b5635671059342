"""The kind infographic: a picture that explains, with all its text."""

from django.db import models
from django.db.models import Q
from django.utils.text import Truncator

from resources.models.kind_spec import (
    Fieldset,
    KindField,
    KindSpec,
    Palette,
    QualityRule,
    register,
)
from resources.models.queries import exists_for
from resources.models.resource import SUBTITLE_LENGTH, Resource, Subject
from resources.text import first_heading, fold


class Infographic(Resource):
    """A picture that explains, with all its text."""

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

    def describe_subject(self) -> Subject:
        """Return the first heading of its text, unless the title says it; of one without headings the alternative text."""
        heading = first_heading(self.text_alternative)
        if heading and fold(heading) in fold(self.title):
            return Subject(cover_alt=self.alt_text)
        if heading:
            return Subject(Truncator(heading).chars(SUBTITLE_LENGTH), self.alt_text)
        return Subject(Truncator(self.alt_text.rstrip(".")).chars(SUBTITLE_LENGTH))


def _quality_rules() -> tuple[QualityRule, ...]:
    return (
        QualityRule(
            10,
            "alternativa",
            "sin alternativa en texto",
            "Quien no ve la lámina no recibe nada: escriba el texto alternativo y todo lo que la lámina dice.",
            ("alt_text", "text_alternative"),
            Q(exists_for(Infographic, "pk", Q(alt_text="") | Q(text_alternative=""))),
        ),
    )


SPEC = register(
    KindSpec(
        Infographic,
        slug="infografia",
        order=10,
        hint="Una lámina que explica algo con dibujos, más todo lo que dice en texto.",
        help_chapter="Publicar una infografía",
        palette=Palette("#17552f", "#2f7d4c", "#9fd0a8"),
        schema_type="ImageObject",
        schema_files="image",
        ris_type="FIGURE",
        dc_type="StillImage",
        citation_medium="Infografía",
        fields=(
            KindField(
                "alt_text",
                "De una infografía: qué muestra, en una frase.",
                desk="texto_alternativo",
                api="texto_alternativo",
                schema_org="caption",
                index="summary",
            ),
            KindField(
                "text_alternative",
                desk="alternativa_en_texto",
                schema_org="text",
                index="body",
                passage="texto de la lámina",
                anchor="texto",
            ),
        ),
        fieldsets=(
            Fieldset(
                "Para quien no ve la lámina",
                ("alt_text", "text_alternative"),
                "Sin estos dos textos la infografía no se puede publicar: quien usa un lector de pantalla, "
                "o una conexión lenta, recibe lo mismo que las demás personas.",
            ),
        ),
        requirements={
            "alt_text": "Describa en una frase lo que muestra la lámina: sin eso, quien no la ve no sabe qué es.",
            "text_alternative": "Escriba en texto todo lo que dice la lámina: así la leen todas las personas.",
        },
        quality_rules=_quality_rules,
        waived_rules=frozenset({"descripcion", "repite", "fecha", "entidad"}),
    )
)
