"""The base model of all kinds of resources, with all that lists, feeds and exports show."""

import datetime as dt
from functools import cached_property
from typing import Any, NamedTuple, Self

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from taggit.managers import TaggableManager

from resources.addresses import reverse
from resources.identifiers import short_code
from resources.models.base import PublicModel, StaleRowError, day_after
from resources.models.choices import Force, Language, Precision, Status
from resources.models.kind_spec import KindSpec, is_registered, kind_choices, kind_spec
from resources.models.queries import PAGE_ORDER, ResourceQuerySet
from resources.models.redirects import Redirect
from resources.models.taxonomy import Organization, ResourceTag, Section
from resources.storage import pictures_storage, unguessable_name
from resources.text import free_slug, sort_key

_VISIBLE = ("status", "deleted_at", "published_at", "withdraw_at")
TRASH_RETENTION = dt.timedelta(days=30)
"""How long the trash keeps resources and files before they are purged."""

SUBTITLE_LENGTH = 120  # characters


class Subject(NamedTuple):
    """What a resource without a description is about: words for lists, and what its cover shows beyond them."""

    subtitle: str = ""
    cover_alt: str = ""


class Resource(PublicModel):
    """A published thing with one permanent address. Its child (in kinds/) has the fields of its kind."""

    Status = Status
    Force = Force
    Precision = Precision
    Language = Language
    as_read: dict[str, Any] | None = None  # COUNTED before the present write

    kind = models.CharField("tipo", max_length=20, choices=kind_choices, editable=False)
    type_label = models.CharField("clase", max_length=60, blank=True, editable=False)
    section = models.ForeignKey(
        Section,
        verbose_name="sección",
        on_delete=models.PROTECT,
        related_name="resources",
        help_text="Dónde aparece en la portada.",
    )
    position = models.PositiveIntegerField(
        "orden en la sección",
        default=0,
        help_text="De menor a mayor; con el mismo número deciden los títulos.",
    )
    title = models.CharField(
        "título",
        max_length=300,
        help_text="El título completo, tal como consta en el recurso. Evite siglas solas y nombres de archivo.",
    )
    sort_title = models.CharField(max_length=250, editable=False)
    slug = models.SlugField(
        "dirección",
        max_length=200,
        unique=True,
        blank=True,
        help_text="Vacía, se forma con el título y lo sigue hasta la primera publicación; escríbala solo si quiere otra. "
        "Si la cambia después de publicar, la anterior seguirá llevando aquí.",
    )
    slug_typed = models.BooleanField(default=False, editable=False)
    summary = models.TextField(
        "descripción",
        blank=True,
        help_text="De qué trata y para quién sirve, en dos o tres frases. Una línea en blanco separa párrafos.",
    )
    subtitle = models.CharField(max_length=SUBTITLE_LENGTH, blank=True, editable=False)
    cover_alt = models.CharField(max_length=300, blank=True, editable=False)
    tags = TaggableManager(
        "etiquetas",
        through=ResourceTag,
        blank=True,
        help_text="Separadas por comas. Use las que ya existen cuando sirvan.",
    )
    issuer = models.ForeignKey(
        Organization,
        verbose_name="entidad emisora",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="resources",
        help_text="Quién lo emitió. Vacío si no consta: el sitio dirá «por verificar».",
    )
    issued_on = models.DateField(
        "fecha de emisión",
        null=True,
        blank=True,
        help_text="Si solo conoce el año o el mes, ponga el día 1 e indíquelo en «precisión».",
    )
    issued_on_precision = models.CharField(
        "precisión de la fecha", max_length=5, choices=Precision.choices, blank=True
    )
    language = models.CharField(
        "idioma", max_length=3, choices=Language.choices, default=Language.SPANISH
    )
    licence = models.CharField(
        "licencia",
        max_length=200,
        blank=True,
        help_text="Solo si el recurso la declara. Vacío si no se conoce.",
    )
    source_url = models.URLField(
        "dirección de origen",
        max_length=500,
        blank=True,
        help_text="La página de la institución donde está el original.",
    )
    link_pending = models.BooleanField(
        "enlace por verificar",
        default=False,
        help_text="Márquelo si aún no se conoce el archivo ni la dirección pública: el sitio lo dirá con claridad.",
    )
    cover = models.ImageField(
        "portada",
        upload_to=unguessable_name,
        storage=pictures_storage,
        blank=True,
        width_field="cover_width",
        height_field="cover_height",
        help_text="Opcional. Sin ella se usa la primera página del PDF, la propia lámina o un tejido. PNG, JPEG o WebP.",
    )
    cover_width = models.PositiveIntegerField(null=True, editable=False)
    cover_height = models.PositiveIntegerField(null=True, editable=False)
    cover_from_file = models.BooleanField(default=False, editable=False)
    renditions = models.JSONField(default=dict, editable=False)
    main_version = models.ForeignKey(
        "FileVersion", null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    accessible_version = models.ForeignKey(
        "FileVersion", null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    force = models.CharField(
        "vigencia", max_length=10, choices=Force.choices, blank=True, editable=False
    )
    duration = models.DurationField(
        "duración", null=True, blank=True, help_text="Horas:minutos:segundos, por ejemplo 0:12:30."
    )
    status = models.CharField("estado", max_length=10, choices=Status.choices, default=Status.DRAFT)
    published_at = models.DateTimeField(
        "publicado desde",
        null=True,
        blank=True,
        help_text="Vacío: al publicar. Con una fecha futura, se publicará solo en ese momento.",
    )
    withdraw_at = models.DateTimeField(
        "retirar el",
        null=True,
        blank=True,
        help_text="Opcional: a partir de este momento deja de mostrarse, sin que nadie tenga que acordarse.",
    )
    withdrawn_on = models.DateTimeField("retirado el", null=True, editable=False)
    withdrawn_reason = models.CharField(
        "motivo del retiro",
        max_length=500,
        blank=True,
        help_text="Lo leerán quienes lleguen a la dirección del recurso.",
    )
    review_by = models.DateField(
        "revisar antes de",
        null=True,
        blank=True,
        help_text="Cuándo conviene comprobar que sigue siendo correcto. Después, una norma pasa a «por verificar».",
    )
    verified_on = models.DateField(
        "última verificación",
        null=True,
        blank=True,
        help_text="El día en que alguien abrió la fuente y comprobó los datos.",
    )
    editor_note = models.TextField(
        "nota interna", blank=True, help_text="Solo la ve el equipo editorial; nunca se publica."
    )
    awaits_clock = models.BooleanField(
        default=False, editable=False
    )  # until its arrival is recorded
    revision = models.PositiveIntegerField(default=0, editable=False)
    preview_series = models.PositiveSmallIntegerField(default=0, editable=False)
    deleted_at = models.DateTimeField("en la papelera desde", null=True, editable=False)
    changed_on = models.DateTimeField(null=True, editable=False)
    created = models.DateTimeField("creado", auto_now_add=True)
    updated = models.DateTimeField("modificado", auto_now=True)

    DUE_FIELDS = frozenset({"published_at", "withdraw_at", "review_by", "status", "deleted_at"})
    COUNTED = frozenset(
        {"status", "published_at", "withdraw_at", "deleted_at", "section_id", "kind"}
    )
    SEARCHED = frozenset(
        [
            "title",
            "summary",
            "section",
            "section_id",
            "issuer",
            "issuer_id",
            "issued_on",
            "issued_on_precision",
            "language",
            "force",
            "status",
            "published_at",
            "withdraw_at",
            "deleted_at",
            "kind",
        ]
    )
    objects = ResourceQuerySet.as_manager()  # type: ignore[misc]  # django-stubs: over an inherited manager

    class Meta:
        verbose_name = "recurso"
        verbose_name_plural = "recursos"
        ordering = PAGE_ORDER
        permissions = [("publish_resource", "Puede publicar, programar y retirar recursos")]
        indexes = [
            models.Index(fields=["sort_title"], name="resource_by_title"),
            # With the columns of `published()`, so that keys and counts come from the index. Those columns are last: SQLite
            # takes an index that begins with a status for one that finds few rows.
            models.Index(
                fields=["section", "position", "sort_title", "id", *_VISIBLE],
                name="resource_page_order",
            ),
            models.Index(fields=["section", "kind", *_VISIBLE], name="resource_counts"),
            models.Index(fields=["-changed_on", "id", *_VISIBLE], name="resource_by_change"),
            models.Index(
                fields=["withdraw_at"],
                name="resource_to_withdraw",
                condition=Q(withdraw_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(slug=""), name="resource_has_title_and_address"
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="published_says_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_reason="")),
                name="withdrawn_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True, issued_on_precision="")
                | (Q(issued_on__isnull=False) & ~Q(issued_on_precision="")),
                name="a_date_of_issue_says_how_exact_it_is",
            ),
            models.CheckConstraint(
                condition=Q(withdraw_at__isnull=True)
                | Q(published_at__isnull=True)
                | Q(withdraw_at__gt=F("published_at")),
                name="withdrawal_comes_after_publication",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "review", "published", "withdrawn"]),
                name="resource_status_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **kwargs: Any) -> Self:
        """Load the row and remember its stored state: a changed slug leaves a redirect."""
        resource = super().from_db(db, field_names, values)
        resource._remember_read()
        return resource

    def refresh_from_db(
        self, using: str | None = None, fields: Any = None, from_queryset: Any = None
    ) -> None:
        """Reload the row and remember its stored state.

        Over a cover in hand, Django would open the picture that is read to measure it: the row has its size.
        """
        if "cover" in self.__dict__ and (fields is None or "cover" in fields):
            self.__dict__["cover"] = None
        super().refresh_from_db(using, fields, from_queryset)
        if fields is None:
            self._remember_read()

    def _remember_read(self) -> None:
        """Remember the stored address, title, revision and date of publication."""
        stored = self.__dict__
        self._read_slug = stored.get("slug", "")
        self._read_title = stored.get("title")
        self._read_hidden = self._is_hidden()
        self._read_revision = stored.get("revision")
        self._read_published_at = stored.get("published_at")
        known = stored.keys() >= self.COUNTED
        self.as_read = {name: stored[name] for name in self.COUNTED} if known else None

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Derive fields and save; a changed slug that was ever public leaves a redirect.

        Raises StaleRowError where someone else has saved the row since it was read.
        """
        self.refuse_stale()
        self._derive()
        self._settle_address()
        if self.status == self.Status.PUBLISHED and self.published_at is None:
            self.published_at = timezone.now()
        self.awaits_clock = self.is_scheduled or (
            self.awaits_clock and self.status == self.Status.PUBLISHED
        )
        self.revision += 1
        super().save(*args, **kwargs)
        old = getattr(self, "_read_slug", self.slug)
        if old != self.slug and self._was_public_as_read():
            Redirect.redirect(old, self)
        self._remember_read()

    def refuse_stale(self) -> None:
        """Lock the row until the transaction ends; raise StaleRowError if it changed since it was read."""
        read = getattr(self, "_read_revision", None)
        if self._state.adding or read is None:
            return
        rows = Resource.objects.select_for_update().order_by("pk").filter(pk=self.pk)
        if rows.values_list("revision", flat=True).first() != read:
            raise StaleRowError("Cambió mientras tanto: vuelva a abrirlo para ver cómo está ahora.")

    def _settle_address(self) -> None:
        """Derive the slug from the title until the first publication, unless it was typed."""
        if "slug" in self.get_deferred_fields():
            return
        read = getattr(self, "_read_slug", "")
        if self.slug and self.slug != read:
            self.slug_typed = self.slug != self.free_slug_for(self.title)
        elif read and self._was_public_as_read():
            self.slug = read
        elif not self.slug and self.slug_typed:
            self.slug_typed = False  # the field was emptied
            self.slug = self.free_slug_for(self.title)
        elif not read or (not self.slug_typed and self.title != (self._read_title or self.title)):
            self.slug = self.free_slug_for(self.title)
        else:
            self.slug = read

    def free_slug_for(self, title: str) -> str:
        """Return a free slug made from `title`."""
        return free_slug(title, limit=200, is_taken=self._slug_is_taken, fallback="recurso")

    def _was_public_as_read(self) -> bool:
        """Return whether the stored row was public before this write."""
        at = getattr(self, "_read_published_at", None)
        return at is not None and at <= timezone.now()

    @property
    def address_follows_title(self) -> bool:
        """Return whether the slug still follows the title."""
        return not self.slug_typed and not self._was_public_as_read()

    def is_shown(self) -> bool:
        """Return whether it was public before or after this write."""
        was_hidden = getattr(self, "_read_hidden", True)  # a new row was not there before
        return not (was_hidden and self._is_hidden())

    @property
    def is_counted_as_read(self) -> bool:
        """Return whether this write leaves the numbers of public resources as they are."""
        return self.as_read is not None and self.as_read.items() <= self.__dict__.items()

    def _is_hidden(self) -> bool:
        """Return whether the row certainly never was public."""
        known = self.__dict__.keys() >= {"status", "published_at"}
        return known and self.status in (Status.DRAFT, Status.REVIEW) and not self.was_public

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row; one that was ever public leaves a tombstone at each of its addresses."""
        if self.was_public:
            reason = self.withdrawn_reason or "El recurso se eliminó del catálogo."
            slugs = [
                self.slug,
                *(a.path.removeprefix("recursos/") for a in self.former_addresses.all()),
            ]
            for slug in slugs:
                Redirect.bury("recursos", slug, self.title, reason)
            Redirect.bury("r", short_code(self.pk), self.title, reason)
        return super().delete(*args, **kwargs)

    def clean(self) -> None:
        """Validate the constraints of the database, with messages in Spanish by field."""
        self._derive()
        problems: dict[str, str] = {}
        if self.slug and self._slug_is_taken(self.slug):
            problems["slug"] = (
                "Esa dirección ya pertenece o perteneció a otro recurso. Elija otra: una dirección nunca cambia de significado."
            )
        if self.issued_on and not self.issued_on_precision:
            problems["issued_on_precision"] = "Indique si conoce el día, solo el mes o solo el año."
        if self.issued_on_precision and not self.issued_on:
            problems["issued_on"] = "Escriba la fecha, o deje vacía la precisión si no se conoce."
        if self.withdraw_at and self.published_at and self.withdraw_at <= self.published_at:
            problems["withdraw_at"] = "El retiro debe ser posterior a la publicación."
        if self.status == self.Status.WITHDRAWN and not self.withdrawn_reason.strip():
            problems["withdrawn_reason"] = (
                "Escriba el motivo: lo leerán quienes lleguen a esta dirección."
            )
        if problems:
            raise ValidationError(problems)

    def _derive(self) -> None:
        """Set the derived fields: kind, type label, sort title, pending link."""
        kind = str(self._meta.model_name) if type(self) is not Resource else self.kind
        if not is_registered(kind):
            raise ImproperlyConfigured(f"'{kind}' is no registered kind.")
        if type(self) is not Resource:
            self.kind = kind
            self.type_label = self.describe_type()
            subject = Subject() if self.summary.strip() else self.describe_subject()
            self.subtitle, self.cover_alt = subject
        self.sort_title = sort_key(self.title)
        if self.is_reachable:
            self.link_pending = False

    @property
    def is_reachable(self) -> bool:
        """Return whether there is a file or address to open; then no link is pending."""
        return self.main_version_id is not None

    def may_take(self, slug: str) -> bool:
        """Return whether `slug` is free for this resource."""
        return not self._slug_is_taken(slug)

    def _slug_is_taken(self, slug: str) -> bool:
        """Return whether `slug` is, or once was, another resource's address."""
        if Resource.objects.filter(slug=slug).exclude(pk=self.pk).exists():
            return True
        former = Redirect.objects.filter(path=f"recursos/{slug}").first()
        return former is not None and (self.pk is None or former.resource_id != self.pk)

    def describe_type(self) -> str:
        """Return the label of the finer type ("Ley orgánica") or, of a kind without any, of the kind."""
        name = self.spec.type_field
        if not name:
            return self.spec.label
        choices = dict(self.spec.model_field(name).flatchoices)
        return str(choices.get(self.subtype, self.subtype))

    def describe_subject(self) -> Subject:
        """Return what it is about, for lists where it has no description; a kind with other texts overrides it."""
        return Subject()

    @property
    def display_title(self) -> str:
        """The title with the subtitle, for lists, tabs, chats and citations: "Infografía 1: Los tres pilares"."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    def get_absolute_url(self) -> str:
        """Return the address of the page, by the stored slug while a form has emptied the field."""
        return reverse("resource", args=[self.slug or self._read_slug])

    @property
    def short_url(self) -> str:
        """The short address, for paper and chats: it stays when the slug changes."""
        return reverse("short-address", args=[short_code(self.pk)])

    def next_due(self, now: dt.datetime) -> dt.datetime | None:
        """Return the next instant at which time changes it: publication, withdrawal, end of review, purge."""
        instants = [
            self.published_at,
            self.withdraw_at,
            day_after(self.review_by),
            self.deleted_at and self.deleted_at + TRASH_RETENTION,
        ]
        return min((instant for instant in instants if instant and instant > now), default=None)

    @cached_property
    def specific(self) -> "Resource":
        """The child of this resource, with the fields of its kind."""
        return self if type(self) is not Resource else getattr(self, self.kind)

    @property
    def spec(self) -> KindSpec:
        """The declaration of its kind."""
        return kind_spec(self.kind or str(self._meta.model_name))

    @property
    def kind_slug(self) -> str:
        """The slug of its kind."""
        return self.spec.slug

    @property
    def subtype(self) -> str:
        """The stored value of the finer type; "" for a kind without any. Of the child only."""
        return getattr(self, self.spec.type_field) if self.spec.type_field else ""

    @property
    def is_public(self) -> bool:
        """Return whether it is public now: `ResourceQuerySet.published()` for one row."""
        now = timezone.now()
        return (
            self.status == self.Status.PUBLISHED
            and self.deleted_at is None
            and self.published_at is not None
            and self.published_at <= now
            and (self.withdraw_at is None or self.withdraw_at > now)
        )

    @property
    def was_public(self) -> bool:
        """Return whether it was ever public: then its address never dies."""
        return self.published_at is not None and self.published_at <= timezone.now()

    @property
    def is_scheduled(self) -> bool:
        """Return whether it waits for its date of publication."""
        return self.status == self.Status.PUBLISHED and not self.was_public

    @property
    def review_due(self) -> dt.date | None:
        """The day of the next review; a legal instrument overrides it."""
        return self.review_by

    @property
    def is_gone(self) -> bool:
        """Return whether it was public and no longer is: its address answers 410."""
        return (
            self.was_public
            and not self.is_public
            and self.status not in (self.Status.DRAFT, self.Status.REVIEW)
        )

    @transaction.atomic
    def refresh_main_version(self) -> None:
        """Derive the versions on cards: current versions of the first main and the first accessible file."""
        current: dict[str, int] = {}
        derived = ("main_version", "accessible_version", "link_pending")
        rows = Resource.objects.select_for_update().order_by("pk").filter(pk=self.pk)
        stored = rows.values(*derived).first()  # the row in hand may be an older one
        if stored is None:
            return
        slots = self.files.filter(role__in=("main", "accessible"), current__isnull=False)
        for role, version in slots.order_by("position", "pk").values_list("role", "current"):
            current.setdefault(role, version)
        main, accessible = current.get("main"), current.get("accessible")
        pending = stored["link_pending"] and main is None
        if (main, accessible) != (stored["main_version"], stored["accessible_version"]):
            values = dict(zip(derived, (main, accessible, pending), strict=True))
            Resource.objects.filter(pk=self.pk).update(**values)
        self.main_version_id, self.accessible_version_id = main, accessible
        self.link_pending = self.link_pending and main is None

    @property
    def paragraphs(self) -> list[str]:
        """The summary's paragraphs."""
        return [p.strip() for p in self.summary.replace("\r\n", "\n").split("\n\n") if p.strip()]
