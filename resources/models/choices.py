"""Closed lists of values that describe a resource, with their labels."""

from django.db import models


class Status(models.TextChoices):
    """Status of a resource."""

    DRAFT = "draft", "Borrador"
    REVIEW = "review", "En revisión"
    PUBLISHED = "published", "Publicado"
    WITHDRAWN = "withdrawn", "Retirado"


class Force(models.TextChoices):
    """Force of a legal instrument, derived by kinds/legislation/force.py."""

    IN_FORCE = "in_force", "Vigente"
    AMENDED = "amended", "Vigente con reformas"
    REPEALED = "repealed", "Derogado"
    NOT_YET = "not_yet", "Aún no vigente"
    UNVERIFIED = "unverified", "Por verificar"


class Precision(models.TextChoices):
    """Precision of the date of issue."""

    DAY = "day", "Día"
    MONTH = "month", "Mes"
    YEAR = "year", "Año"


class Language(models.TextChoices):
    """ISO 639 codes, the shortest that exists for each."""

    SPANISH = "es", "Español"
    KICHWA = "qu", "Kichwa"
    SHUAR = "jiv", "Shuar"
    ENGLISH = "en", "Inglés"
    PORTUGUESE = "pt", "Portugués"
    FRENCH = "fr", "Francés"


UNTITLED = "Por titular: "
"""How the title of a draft begins whose file states none; such a draft is not published (publishing/workflow.py)."""
