"""View counts of resources: a number, and no data of readers."""

from django.db import models

from resources.models.base import InternalModel
from resources.models.resource import Resource


class ViewCount(InternalModel):
    """The number of views of a resource's page and files. Written by `portal.middleware.view_counts` alone.

    Separate from Resource and SearchDoc, whose every update rewrites their indexes.
    """

    resource = models.OneToOneField(
        Resource, primary_key=True, on_delete=models.CASCADE, related_name="view_count"
    )
    times = models.PositiveBigIntegerField("veces", default=0)

    class Meta:
        verbose_name = "consultas de un recurso"
        verbose_name_plural = "consultas de los recursos"
        indexes = [models.Index(fields=["-times"], name="most_consulted")]

    def __str__(self) -> str:
        return str(self.times)
