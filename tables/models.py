"""The first rows of tables, read from files by the worker; written by `tables.reader` alone."""

from django.db import models
from django.db.models import Q

from resources.models import FileVersion


class TablePreview(models.Model):
    """The result of reading a current version as a table: its sheets, or the problem that kept it from being read."""

    HOLDS_CONTENT = True  # of a version: a takedown deletes it (resources/files/takedown.py)

    version = models.OneToOneField(
        FileVersion, on_delete=models.CASCADE, related_name="table_preview"
    )
    problem = models.CharField("por qué no se ve como tabla", max_length=500, blank=True)
    reader = models.PositiveIntegerField("edición del lector")

    class Meta:
        verbose_name = "vista de una tabla"
        verbose_name_plural = "vistas de tablas"

    def __str__(self) -> str:
        return str(self.version)


class TableSheet(models.Model):
    """The first rows of one sheet of a table."""

    preview = models.ForeignKey(TablePreview, on_delete=models.CASCADE, related_name="sheets")
    position = models.PositiveIntegerField("orden")
    name = models.CharField("hoja", max_length=100, blank=True)
    above = models.JSONField("textos sobre los encabezados", default=list)
    headings = models.JSONField("encabezados", default=list)
    rows = models.JSONField("filas", default=list)
    total = models.PositiveIntegerField("filas de toda la hoja")
    columns = models.PositiveIntegerField("columnas de toda la hoja")
    notes = models.JSONField("advertencias", default=list)

    class Meta:
        verbose_name = "hoja de una tabla"
        verbose_name_plural = "hojas de tablas"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["preview", "position"], name="a_sheet_stands_once"),
            models.CheckConstraint(condition=Q(position__gte=1), name="sheets_count_from_one"),
        ]

    def __str__(self) -> str:
        return self.name or f"Hoja {self.position}"
