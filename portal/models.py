"""The counts of attempts behind hashed keys, for the throttle of sign-in and password reset."""

from django.db import models
from django.utils import timezone


class AttemptCount(models.Model):
    """The attempts of one key (account, network or browser): since when, and until when the next one is refused."""

    key = models.CharField("clave", max_length=64, unique=True)
    count = models.PositiveIntegerField("intentos", default=0)
    since = models.DateTimeField("desde", default=timezone.now)
    last = models.DateTimeField("último", default=timezone.now, db_index=True)
    blocked_until = models.DateTimeField("espera hasta", default=timezone.now)
    is_told = models.BooleanField("avisado", default=False)

    class Meta:
        verbose_name = "cuenta de intentos"
        verbose_name_plural = "cuentas de intentos"
        default_permissions = ()  # no person needs to see or change it

    def __str__(self) -> str:
        return f"{self.count}"
