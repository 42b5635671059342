"""The stored quality summary of a large catalogue."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone

from resources.models.base import InternalModel

LOST_AFTER = dt.timedelta(minutes=10)  # a count that was asked for and never came


class QualitySnapshot(InternalModel):
    """The one row with the last count of quality issues, and what it was counted of."""

    key = models.CharField(max_length=120, blank=True)
    rows = models.JSONField(default=list)
    """For each rule its slug, the number of resources and the primary keys of one or two of them."""
    counted_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "resumen de lo que falta"
        verbose_name_plural = "resúmenes de lo que falta"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="quality_snapshot_is_one_row")
        ]

    def __str__(self) -> str:
        return self.key

    @classmethod
    def load(cls) -> "QualitySnapshot":
        """Return the one row, created if missing."""
        return cls.objects.get_or_create(pk=1)[0]

    def ask(self) -> bool:
        """Note that a count is asked for; return False where one is waited for already."""
        now = timezone.now()
        is_free = Q(asked_at=None) | Q(asked_at__lte=now - LOST_AFTER)
        return bool(QualitySnapshot.objects.filter(is_free, pk=1).update(asked_at=now))
