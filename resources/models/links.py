"""What is known of the addresses that the catalogue points to: maintenance/ visits them and writes here, the desk reads."""

import datetime as dt
from typing import Self

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from resources.models.base import InternalModel

BROKEN_AFTER = 2
"""On how many different days a page must be missing before its link is called broken."""
SILENT_AFTER = dt.timedelta(days=14)
"""After how long without any answer a site's silence is told."""


class LinkQuerySet(models.QuerySet):
    """Addresses by what is known of them."""

    def broken(self) -> Self:
        """Keep those whose page was missing on different days, without an answer in between."""
        return self.filter(failures__gte=BROKEN_AFTER)

    def silent_for_long(self) -> Self:
        """Keep those whose site has given no answer for weeks, as the first and the last visit of that time tell."""
        return self.filter(checked_at__gte=F("silent_since") + SILENT_AFTER)

    def forget(self) -> int:
        """Begin anew with these: a person has looked, or wants them looked at again. Return how many."""
        return self.update(
            finding="",
            checked_at=None,
            failures=0,
            failed_on=None,
            last_failed_on=None,
            silent_since=None,
        )


class Link(InternalModel):
    """One address, wherever it stands. Editing the address in a form makes it another link, of which nothing is known."""

    class Finding(models.TextChoices):
        FINE = "fine", "responde"
        NOT_FOUND = "not_found", "la página no existe (404)"
        REMOVED = "removed", "la página fue retirada (410)"
        NO_HOST = "no_host", "ese sitio ya no existe en internet"
        REFUSED = "refused", "el sitio no deja comprobarlo"
        FAULT = "fault", "el sitio tiene un problema"
        SILENT = "silent", "el sitio no contesta"
        UNSAFE = "unsafe", "su conexión segura tiene un problema"
        ASTRAY = "astray", "redirige demasiadas veces"
        UNREACHED = "unreached", "no se comprueba: no es una dirección pública"

    MISSING = (Finding.NOT_FOUND, Finding.REMOVED, Finding.NO_HOST)
    """What counts as missing; every other trouble may be of the moment, or of who asks."""

    url = models.CharField("enlace", max_length=500, unique=True)
    finding = models.CharField("qué pasa", max_length=10, choices=Finding.choices, blank=True)
    checked_at = models.DateTimeField("última comprobación", null=True)
    failures = models.PositiveSmallIntegerField(default=0)  # days on which it was missing
    failed_on = models.DateField("desde", null=True)
    last_failed_on = models.DateField(null=True)
    silent_since = models.DateTimeField("no responde desde", null=True)

    COUNTED = ("failures", "failed_on", "last_failed_on", "silent_since")
    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = "enlace"
        verbose_name_plural = "enlaces"
        ordering = ["failed_on", "url"]
        default_permissions = ("view", "change")
        indexes = [models.Index(fields=["checked_at"], name="link_to_check_first")]

    def __str__(self) -> str:
        return self.url

    @property
    def is_broken(self) -> bool:
        """Tell whether it was missing often enough to say so."""
        return self.failures >= BROKEN_AFTER

    @property
    def is_silent_for_long(self) -> bool:
        """Tell whether its site has given no answer for weeks; that alone does not make a link broken."""
        if not self.silent_since or not self.checked_at:
            return False
        return self.checked_at >= self.silent_since + SILENT_AFTER

    @transaction.atomic
    def note(self, finding: str, now: dt.datetime) -> None:
        """Store what a visit found at `now`. What leaves it open neither confirms a failure nor takes it back."""
        stored = Link.objects.select_for_update().filter(pk=self.pk).values(*self.COUNTED).first()
        if stored is None:
            return  # nothing points there any more
        for (
            name,
            value,
        ) in stored.items():  # a visit takes seconds: a person may have looked meanwhile
            setattr(self, name, value)
        today = timezone.localdate(now)
        self.finding, self.checked_at = finding, now
        is_silent = finding == self.Finding.SILENT
        self.silent_since = (self.silent_since or now) if is_silent else None
        if finding == self.Finding.FINE:
            self.failures, self.failed_on, self.last_failed_on = 0, None, None
        elif finding in self.MISSING and self.last_failed_on != today:
            self.failures += 1
            self.failed_on, self.last_failed_on = self.failed_on or today, today
        self.save()
