"""How often each resource was consulted: a number, and nothing of whoever did."""

from django.db import models

from resources.models.base import InternalModel
from resources.models.resource import Resource


class ViewCount(InternalModel):
    """How many times a resource's page or one of its files was opened. Written by `portal.middleware.view_counts` alone.

    It stands apart from Resource and SearchDoc, whose every update writes their indexes anew.
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
