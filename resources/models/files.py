"""Files: a slot with a stable address, its immutable versions, the text of their pages."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from resources.addresses import reverse
from resources.models.base import PublicModel
from resources.models.resource import Resource
from resources.storage import unguessable_name

VTT, SRT = "text/vtt", "application/x-subrip"
CAPTION_TYPES = (VTT, SRT)


class ResourceFile(PublicModel):
    """A stable slot: its address always serves the current version."""

    class Role(models.TextChoices):
        MAIN = "main", "Archivo principal"
        ANNEX = "annex", "Anexo"
        ACCESSIBLE = "accessible", "Formato accesible o editable"
        DATA = "data", "Datos"
        CAPTIONS = "captions", "Subtítulos"

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="files")
    role = models.CharField(
        "para qué sirve", max_length=10, choices=Role.choices, default=Role.MAIN
    )
    label = models.CharField(
        "nombre para leer",
        max_length=200,
        blank=True,
        help_text="Cómo se llama para quien lo descarga. Vacío: el título del recurso.",
    )
    language = models.CharField(
        "idioma", max_length=3, choices=Resource.Language.choices, default=Resource.Language.SPANISH
    )
    accessible = models.BooleanField(
        "es accesible",
        default=False,
        help_text="Márquelo solo si se comprobó: etiquetado, con texto, orden e idioma.",
    )
    file_name = models.CharField(max_length=140, editable=False)
    position = models.PositiveIntegerField("orden", default=0)
    current = models.OneToOneField(
        "FileVersion",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="current_of",
    )

    SEARCHED = frozenset({"language", "accessible", "position", "current", "current_id"})

    class Meta:
        verbose_name = "archivo"
        verbose_name_plural = "archivos"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "file_name"], name="a_file_name_is_unique_in_its_resource"
            ),
            models.CheckConstraint(condition=~Q(file_name=""), name="a_file_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.label or self.file_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and update the card of the resource."""
        super().save(*args, **kwargs)
        self.resource.refresh_main_version()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, and update the card of the resource."""
        deleted = super().delete(*args, **kwargs)
        self.resource.refresh_main_version()
        return deleted

    def get_absolute_url(self) -> str:
        """Return the stable address, which serves the current version."""
        return reverse("file", args=[self.resource.slug, self.file_name])

    @property
    def title(self) -> str:
        """Return the file's title for readers."""
        return self.label or self.resource.title

    @property
    def short_title(self) -> str:
        """Return its title for the resource's own page, which shows the title already: "Documento", "Anexo"."""
        if self.label:
            return self.label
        is_main = self.role == self.Role.MAIN
        return self.resource.get_kind_display() if is_main else self.get_role_display()


class FileVersion(PublicModel):
    """The content of a slot at one time. Only a takedown or a reinspection changes it."""

    class TextStatus(models.TextChoices):
        OK = "ok", "Con texto"
        PARTIAL = "partial", "Texto parcial"
        ENCRYPTED = "encrypted", "Protegido"
        FAILED = "failed", "No se pudo leer"
        EMPTY = "empty", "Sin texto (escaneado)"

    file = models.ForeignKey(ResourceFile, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField("versión")
    stored = models.FileField("archivo", upload_to=unguessable_name, max_length=300)
    media_type = models.CharField("tipo", max_length=100)
    charset = models.CharField("codificación", max_length=20, blank=True)
    size = models.PositiveBigIntegerField("tamaño en bytes")
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    pages = models.PositiveIntegerField("páginas", null=True)
    width = models.PositiveIntegerField("ancho en píxeles", null=True)
    height = models.PositiveIntegerField("alto en píxeles", null=True)
    text_status = models.CharField("texto", max_length=10, choices=TextStatus.choices, blank=True)
    is_readable = models.BooleanField("se puede leer aquí", default=False)
    tagged = models.BooleanField("PDF etiquetado", null=True)
    language = models.CharField("idioma declarado en el archivo", max_length=35, blank=True)
    is_sample = models.BooleanField("es una muestra", default=False)
    change_note = models.CharField("qué cambió", max_length=300, blank=True)
    created = models.DateTimeField("desde", default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="por",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    withheld_on = models.DateTimeField("retenida el", null=True)
    withheld_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    withheld_reason = models.CharField("motivo", max_length=500, blank=True)

    SEARCHED = frozenset({"withheld_on"})
    WITHHOLDING = frozenset({"stored", "withheld_on", "withheld_by", "withheld_reason"})
    DERIVED = frozenset(
        {"charset", "pages", "width", "height", "text_status", "tagged", "language"}
    )
    """What an inspection reads from the bytes: a better reader may find it anew in the same bytes."""
    READABLE = frozenset({"is_readable"})
    """Whether there is a reading view that is shown (the app `reading`)."""

    class Meta:
        verbose_name = "versión"
        verbose_name_plural = "versiones"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="a_version_number_stands_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="versions_count_from_one"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(change_note=""), name="a_new_version_says_what_changed"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="sha256_is_64_hex_digits"
            ),
            models.CheckConstraint(
                condition=Q(withheld_on__isnull=True) | ~Q(withheld_reason=""),
                name="withholding_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file}, versión {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new version, its takedown or its derived facts. Raises ValueError for any other change."""
        fields = set(kwargs.get("update_fields") or {"*"})
        changing = (self.WITHHOLDING, self.DERIVED, self.READABLE)
        if not self._state.adding and not any(fields <= allowed for allowed in changing):
            raise ValueError("A stored version does not change: store a new one.")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the permanent address of this version."""
        return reverse(
            "file-version", args=[self.file.resource.slug, self.number, self.file.file_name]
        )

    @property
    def type_name(self) -> str:
        """Return the type in words: PDF, PNG, DOCX."""
        return (self.stored.name or "").rpartition(".")[
            2
        ].upper() or self.file.file_name.rpartition(".")[2].upper()

    @property
    def is_withheld(self) -> bool:
        """Return whether a takedown erased its bytes; number, checksum and reason stay."""
        return self.withheld_on is not None


class PageText(models.Model):
    """The text of one page of a current version, for search. Superseded versions keep none.

    A page of captions is a passage of some sentences, and its number the second at which it begins.
    """

    HOLDS_CONTENT = True  # of a version: a takedown deletes it

    version = models.ForeignKey(FileVersion, on_delete=models.CASCADE, related_name="page_texts")
    page = models.PositiveIntegerField("página")
    text = models.TextField("texto")

    class Meta:
        verbose_name = "texto de una página"
        verbose_name_plural = "textos de páginas"
        ordering = ["page"]
        constraints = [
            models.UniqueConstraint(fields=["version", "page"], name="a_page_stands_once")
        ]

    def __str__(self) -> str:
        return f"{self.version}, página {self.page}"
