"""The kind document: a guide, a study, a plan."""

from django.db import models

from resources.models.kind_spec import (
    Fieldset,
    KindField,
    KindSpec,
    Palette,
    Subtype,
    register,
)
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


REPORT, MANUAL = Subtype("Report", "techreport"), Subtype(bibtex_type="manual")
SPEC = register(
    KindSpec(
        Document,
        slug="documento",
        order=20,
        hint="Una guía, un plan, un estudio: algo para leer, casi siempre un PDF.",
        help_chapter="Publicar un documento",
        palette=Palette("#2b3990", "#4a5bc4", "#b3bdf5"),
        schema_type="DigitalDocument",
        ris_type="RPRT",
        dc_type="Text",
        citation_medium="{type}",
        fields=(
            KindField("document_type", desk="clase_de_documento"),
            KindField(
                "edition",
                "La edición de un documento.",
                desk="edicion",
                api="edicion",
                schema_org="version",
                index="tags",
            ),
        ),
        type_field="document_type",
        stated=("edition",),
        subtypes={
            Document.Type.REPORT: REPORT,
            Document.Type.STUDY: REPORT,
            Document.Type.GUIDE: MANUAL,
            Document.Type.MANUAL: MANUAL,
        },
        fieldsets=(Fieldset("Clase de documento", (("document_type", "edition"),)),),
    )
)
