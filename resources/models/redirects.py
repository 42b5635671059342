"""Redirects (301) and tombstones (410) of former public addresses."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from resources.models.base import PublicModel
from resources.text import fold

if TYPE_CHECKING:
    from resources.models.resource import Resource


class Redirect(PublicModel):
    """A former public path: a redirect to a resource, or a tombstone with title and reason (410)."""

    path = models.CharField(
        "dirección antigua",
        max_length=250,
        unique=True,
        help_text="Sin barra al inicio ni al final: recursos/guia-breve",
    )
    resource = models.ForeignKey(
        "resources.Resource",
        verbose_name="lleva a",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="former_addresses",
    )
    title = models.CharField("título de lo que había", max_length=300, blank=True)
    reason = models.CharField("por qué ya no está", max_length=500, blank=True)
    created = models.DateTimeField("desde", auto_now_add=True)

    class Meta:
        verbose_name = "dirección antigua"
        verbose_name_plural = "direcciones antiguas"
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resource__isnull=False) | (~Q(title="") & ~Q(reason="")),
                name="a_former_address_leads_on_or_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return self.path

    @classmethod
    def find(cls, room: str, slug: str) -> "Redirect | None":
        """Return the redirect or tombstone at `/<room>/<slug>/`, with its resource joined."""
        return cls.objects.filter(path=f"{room}/{slug}").select_related("resource").first()

    @classmethod
    def is_used(cls, room: str, slug: str, title: str = "") -> bool:
        """Return whether the address of anything but `title` was ever `/<room>/<slug>/`."""
        former = cls.objects.filter(path=f"{room}/{slug}").first()
        return former is not None and (not title or fold(former.title) != fold(title))

    @classmethod
    def reopen(cls, room: str, slug: str) -> None:
        """Delete the tombstone at `/<room>/<slug>/`, as its object is back."""
        cls.objects.filter(path=f"{room}/{slug}", resource=None).delete()

    @classmethod
    def redirect(cls, slug: str, resource: "Resource") -> None:
        """Redirect the old `slug` to `resource`, and free the resource's present address if it had left it before."""
        cls.objects.filter(path=f"recursos/{resource.slug}", resource=resource).delete()
        cls.objects.update_or_create(
            path=f"recursos/{slug}", defaults={"resource": resource, "title": "", "reason": ""}
        )

    @classmethod
    def bury(cls, room: str, slug: str, title: str, reason: str) -> None:
        """Create a tombstone with title and reason at the address of a deleted object."""
        cls.objects.update_or_create(
            path=f"{room}/{slug}",
            defaults={"resource": None, "title": title[:300], "reason": reason[:500]},
        )
