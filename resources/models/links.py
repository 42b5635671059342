"""Results of link checks by address: written by maintenance/, read by the admin."""

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
    """Links by result."""

    def broken(self) -> Self:
        """Return the links missing on several days, without an answer in between."""
        return self.filter(failures__gte=BROKEN_AFTER)

    def silent_for_long(self) -> Self:
        """Return the links whose site has not answered for weeks, by the first and last check of that time."""
        return self.filter(checked_at__gte=F("silent_since") + SILENT_AFTER)

    def forget(self) -> int:
        """Reset the results, after a user's confirmation or before a new check; return the number of links."""
        return self.update(
            finding="",
            checked_at=None,
            failures=0,
            failed_on=None,
            last_failed_on=None,
            silent_since=None,
        )


class Link(InternalModel):
    """One address, wherever it is used. An edited address is another link, without results."""

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
        """Return whether it was missing often enough to count as broken."""
        return self.failures >= BROKEN_AFTER

    @property
    def is_silent_for_long(self) -> bool:
        """Return whether its site has not answered for weeks; that alone does not make it broken."""
        if not self.silent_since or not self.checked_at:
            return False
        return self.checked_at >= self.silent_since + SILENT_AFTER

    @transaction.atomic
    def note(self, finding: str, now: dt.datetime) -> None:
        """Store the result of a check at `now`. An inconclusive one neither confirms nor clears a failure."""
        stored = Link.objects.select_for_update().filter(pk=self.pk).values(*self.COUNTED).first()
        if stored is None:
            return  # nothing points there any more
        for name, value in stored.items():  # an editor may have confirmed it during the fetch
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
