"""The closed lists of words that describe a resource: what is stored, and what it is called on screen."""

from django.db import models


class Status(models.TextChoices):
    """Where a resource stands between the desk and the public."""

    DRAFT = "draft", "Borrador"
    REVIEW = "review", "En revisión"
    PUBLISHED = "published", "Publicado"
    WITHDRAWN = "withdrawn", "Retirado"


class Force(models.TextChoices):
    """Whether a legal instrument is in force. Never typed: models/force.py decides."""

    IN_FORCE = "in_force", "Vigente"
    AMENDED = "amended", "Vigente con reformas"
    REPEALED = "repealed", "Derogado"
    NOT_YET = "not_yet", "Aún no vigente"
    UNVERIFIED = "unverified", "Por verificar"


class Precision(models.TextChoices):
    """How exactly a date of issue is known."""

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
