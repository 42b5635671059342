"""The desk of the search: the words that mean the same."""

from django import forms
from django.contrib import admin
from django.db import models

from resources.admin.history import RecordedAdmin
from search.models import Synonym


@admin.register(Synonym)
class SynonymAdmin(RecordedAdmin):
    """Groups of synonyms. They hold from the next search on; nothing has to be indexed again."""

    without_it = "Quien busque una de sus palabras ya no encontrará las otras."
    list_display = ("words",)
    search_fields = ("words",)
    search_help_text = "Busca en las palabras del grupo."
    list_per_page = 100
    view_on_site = False
    formfield_overrides = {
        models.CharField: {
            "widget": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField desk-short"})
        }
    }
    fieldsets = [
        (
            None,
            {
                "description": "Quien busca una de estas palabras o expresiones encuentra también las demás. Entre comillas, la "
                "búsqueda sigue siendo literal. El cambio vale desde la próxima búsqueda.",
                "fields": ["words"],
            },
        )
    ]
