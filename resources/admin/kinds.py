"""The desks of infographics, documents and videos; that of legal instruments stands in law.py."""

from django.contrib import admin

from resources.admin.resource import BEFORE_FILES, Fieldsets, ResourceAdmin
from resources.kinds.document import Document
from resources.kinds.infographic import Infographic
from resources.kinds.video import Video


@admin.register(Infographic)
class InfographicAdmin(ResourceAdmin):
    """A picture, and all that it says in text."""

    kind_fieldsets: Fieldsets = [
        (
            "Para quien no ve la lámina",
            {
                "classes": [BEFORE_FILES],
                "description": "Sin estos dos textos la infografía no se puede publicar: quien usa un lector de pantalla, "
                "o una conexión lenta, recibe lo mismo que las demás personas.",
                "fields": ["alt_text", "text_alternative"],
            },
        )
    ]


@admin.register(Document)
class DocumentAdmin(ResourceAdmin):
    """Something to read."""

    list_filter = (*ResourceAdmin.list_filter[:2], "document_type", *ResourceAdmin.list_filter[2:])
    kind_fieldsets: Fieldsets = [
        (
            "Clase de documento",
            {"classes": [BEFORE_FILES], "fields": [("document_type", "edition")]},
        )
    ]


@admin.register(Video)
class VideoAdmin(ResourceAdmin):
    """Something to watch, with what it says in text."""

    kind_fieldsets: Fieldsets = [
        (
            "El video",
            {
                "classes": [BEFORE_FILES],
                "description": "Puede estar en una plataforma (escriba su dirección) o ser un archivo propio (súbalo abajo, con "
                "sus subtítulos). El sitio no carga nada de la plataforma hasta que la persona lo pide.",
                "fields": ["url", "duration", "transcript"],
            },
        )
    ]
