"""The text of a document version as it is read: pages of blocks, corrections by people, articles of laws.

Every change that visitors see raises `content_version` (reading/making.py, reading/editing.py).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from inspection.blocks import Block, from_json, plain_text
from resources.models import FileVersion
from resources.models.base import InternalModel
from resources.storage import pictures_storage, unguessable_name

WORDS_A_MINUTE = 200
SURE = 75
"""Per cent of confidence from which a recognised text is shown before the picture."""


class Reading(InternalModel):
    """The reading view of one version of a file."""

    version = models.OneToOneField(
        FileVersion, verbose_name="versión", on_delete=models.CASCADE, related_name="reading"
    )
    reader = models.PositiveIntegerField()
    """READER of the code that made it: a newer one makes it anew."""
    made_at = models.DateTimeField("preparada", default=timezone.now)
    words = models.PositiveIntegerField("palabras", default=0)
    contents = models.JSONField(default=list)
    """Title, level (from 1), page and anchor of each entry of the list of contents."""
    problem = models.CharField("problema", max_length=500, blank=True)
    """Why there is no text, in Spanish; "" where there is."""
    hidden_on = models.DateTimeField("oculta desde", null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    articles_confirmed_on = models.DateTimeField("artículos confirmados", null=True)
    articles_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = "texto para leer"
        verbose_name_plural = "textos para leer"

    def __str__(self) -> str:
        return str(self.version)

    @property
    def minutes(self) -> int:
        """The time that reading it takes, in minutes, at least one."""
        return max(1, round(self.words / WORDS_A_MINUTE))

    @property
    def is_hidden(self) -> bool:
        """Return whether an editor hid it."""
        return self.hidden_on is not None


class ReadingPage(InternalModel):
    """One page as blocks. `corrected` replaces what was recognised; both stay."""

    class Doubt(models.TextChoices):
        TABLE = "table", "Tiene columnas o una tabla sin etiquetas"
        ILLEGIBLE = "illegible", "El texto no se lee bien"
        SCAN = "scan", "Es una imagen sin texto"

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField("página")
    part = models.PositiveIntegerField(default=1)
    """The part of a long document that it is shown in."""
    blocks = models.JSONField(default=list)
    corrected = models.JSONField(null=True)
    doubt = models.CharField("duda", max_length=10, choices=Doubt.choices, blank=True)
    confidence = models.PositiveSmallIntegerField("seguridad del reconocimiento", null=True)
    """Per cent, of a text that was recognised in a picture; None where nothing was."""
    picture = models.FileField(
        upload_to=unguessable_name, storage=pictures_storage, max_length=200, blank=True
    )
    picture_width = models.PositiveIntegerField(null=True)
    picture_height = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = "página para leer"
        verbose_name_plural = "páginas para leer"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["reading", "number"], name="a_reading_page_stands_once")
        ]

    def __str__(self) -> str:
        return f"{self.reading}, página {self.number}"

    @property
    def shown(self) -> tuple[Block, ...]:
        """The blocks that readers see."""
        return from_json(self.blocks if self.corrected is None else self.corrected)

    @property
    def plain(self) -> str:
        """The text that readers see, one block a line."""
        return plain_text(self.shown)

    @property
    def is_recognised(self) -> bool:
        """Return whether readers see a text that was recognised in a picture and that nobody has corrected."""
        return bool(self.confidence) and bool(self.blocks) and self.corrected is None

    @property
    def is_doubtful(self) -> bool:
        """Return whether the picture is shown first: nobody has corrected the doubtful text."""
        is_sure = self.is_recognised and (self.confidence or 0) >= SURE
        return bool(self.doubt) and self.corrected is None and not is_sure


class PageCorrection(InternalModel):
    """The text of a page as an editor wrote it; the newest counts. An empty one goes back to what was recognised."""

    page = models.ForeignKey(ReadingPage, on_delete=models.CASCADE, related_name="corrections")
    text = models.TextField("texto", blank=True)
    made_at = models.DateTimeField("corregido", default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = "corrección de una página"
        verbose_name_plural = "correcciones de páginas"
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.page}, {self.made_at:%Y-%m-%d}"


class Article(InternalModel):
    """A part of a law: an article, a disposition, or the title or chapter above them. Public once confirmed."""

    class Kind(models.TextChoices):
        ARTICLE = "articulo", "Artículo"
        DISPOSITION = "disposicion", "Disposición"
        DIVISION = "division", "Título, capítulo o sección"

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="articles")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.SlugField(max_length=80)
    """Part of the address: "4", "disposicion-transitoria-primera", "titulo-i-capitulo-ii"."""
    label = models.CharField(max_length=120)
    """"Artículo 4", "Disposición transitoria primera", "Título I"."""
    heading = models.CharField(max_length=300, blank=True)
    level = models.PositiveSmallIntegerField(default=1)
    """Of a division: 1 for libro and título, 2 for capítulo, 3 for sección."""
    page = models.PositiveIntegerField()
    block = models.PositiveIntegerField()
    """Place of its first block on the page, from 0."""

    class Meta:
        verbose_name = "artículo"
        verbose_name_plural = "artículos"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["reading", "key"], name="an_article_key_stands_once"),
            models.CheckConstraint(condition=~Q(key=""), name="an_article_has_a_key"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def anchor(self) -> str:
        """The anchor of its first block on the reading page: `articulo-4`."""
        return f"articulo-{self.key}" if self.kind == self.Kind.ARTICLE else self.key
