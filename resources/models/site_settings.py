"""Site settings (one row) and information pages."""

from datetime import datetime
from typing import Any

from django.db import InternalError, OperationalError, models, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from resources.addresses import reverse
from resources.models.base import PublicModel
from resources.models.compiled import CompiledQuery
from resources.storage import pictures_storage, unguessable_name


class SiteSettings(PublicModel):
    """The one row with the site's name and owner, and the counters of visible changes."""

    name = models.CharField(
        "nombre del sitio",
        max_length=120,
        default="Portal de recursos",
        help_text="Aparece en la cabecera, en la pestaña del navegador y en las citas.",
    )
    title = models.CharField(
        "título de la portada",
        max_length=120,
        default="Recursos",
        help_text="El encabezado grande de la página de inicio.",
    )
    introduction = models.TextField(
        "introducción",
        blank=True,
        help_text="Una o dos frases bajo el título: qué se encuentra aquí y para quién es.",
    )
    owner = models.CharField(
        "entidad responsable",
        max_length=200,
        blank=True,
        help_text="La institución que publica este portal. Si aún no se sabe, déjelo vacío: el sitio dirá «por verificar».",
    )
    contact = models.EmailField(
        "correo de contacto",
        blank=True,
        help_text="Un buzón que alguien lee. Se muestra al pie de cada página.",
    )
    licence = models.CharField(
        "licencia de los contenidos",
        max_length=200,
        blank=True,
        help_text="Por ejemplo: Creative Commons Atribución 4.0. Vacío si no se conoce.",
    )
    footer_note = models.TextField(
        "nota al pie", blank=True, help_text="Un aviso breve al pie de cada página."
    )
    logo = models.ImageField(
        "logotipo",
        upload_to=unguessable_name,
        storage=pictures_storage,
        blank=True,
        help_text="PNG o WebP, al menos 144 × 144 píxeles. Si falta, se usa el tejido del portal.",
    )
    content_version = models.PositiveBigIntegerField(default=1, editable=False)
    counts_version = models.PositiveBigIntegerField(default=1, editable=False)
    content_changed_at = models.DateTimeField(null=True, editable=False)
    next_due_at = models.DateTimeField(null=True, editable=False)
    help_figures = models.JSONField(default=dict, editable=False)  # written by participation/
    packs_changed_version = models.PositiveBigIntegerField(default=0, editable=False)
    packs_asked_at = models.DateTimeField(null=True, editable=False)
    sharing_asked_at = models.DateTimeField(null=True, editable=False)
    links_asked_at = models.DateTimeField(null=True, editable=False)  # written by maintenance/

    class Meta:
        verbose_name = "portal"
        verbose_name_plural = "portal"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="portal_is_one_row"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the texts; counters are only incremented in the database, so that none goes back."""
        if not self._state.adding:
            texts = {
                field.name
                for field in self._meta.concrete_fields
                if field.editable and not field.primary_key
            }
            kwargs["update_fields"] = texts.intersection(kwargs.get("update_fields") or texts)
        super().save(*args, **kwargs)

    @classmethod
    def load(cls) -> "SiteSettings":
        """Return the one row; create it with neutral texts and a due schedule if missing."""
        if portal := SITE_SETTINGS.first():
            return portal
        try:
            with transaction.atomic():
                return cls.objects.get_or_create(pk=1, defaults={"next_due_at": timezone.now()})[0]
        except (OperationalError, InternalError):  # full or read-only: a page is shown all the same
            return cls(pk=1)

    @property
    def is_unsettled(self) -> bool:
        """Return whether something has fallen due that is not stored yet."""
        return self.next_due_at is not None and self.next_due_at <= timezone.now()

    @classmethod
    def content_changed(cls, due: datetime | None = None, *, recounts: bool = True) -> None:
        """Increment `content_version`; set `next_due_at` to `due` where that is earlier.

        `recounts`: whether the numbers of public resources may differ.
        """
        values: dict = {
            "content_version": F("content_version") + 1,
            "content_changed_at": timezone.now(),
        }
        if recounts:
            values["counts_version"] = F("counts_version") + 1
        if due is not None:
            values["next_due_at"] = Case(
                When(_due_later(due), then=Value(due)), default=F("next_due_at")
            )
        models.QuerySet(cls).filter(pk=1).update(**values)

    @classmethod
    def note_due(cls, due: datetime) -> None:
        """Set `next_due_at` to `due` where that is earlier."""
        models.QuerySet(cls).filter(_due_later(due), pk=1).update(next_due_at=due)


SITE_SETTINGS = CompiledQuery(lambda: SiteSettings.objects.filter(pk=1))


def _due_later(due: datetime) -> Q:
    return Q(next_due_at__isnull=True) | Q(next_due_at__gt=due)


class Page(PublicModel):
    """An information page: accessibility, privacy, about."""

    slug = models.SlugField(
        "dirección",
        max_length=80,
        unique=True,
        help_text="La página queda en /dirección/. No cambia una vez creada.",
    )
    title = models.CharField("título", max_length=120)
    body = models.TextField(
        "texto",
        help_text="Con formato Markdown: ## para un subtítulo, - para una lista, [texto](dirección) para un enlace.",
    )
    updated = models.DateTimeField("última modificación", auto_now=True)

    class Meta:
        verbose_name = "página de información"
        verbose_name_plural = "páginas de información"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the page on the site."""
        return reverse("page", args=[self.slug])
