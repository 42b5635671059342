"""The search index: one SearchDoc for each resource that is or will be public, the words people may mean, synonyms."""

from functools import reduce
from operator import or_
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from resources.models.base import InternalModel, PublicModel
from resources.models.resource import Resource
from resources.text import LAST
from search.backends.schema import MAX_TIMESTAMP
from search.language.analyzer import analyze
from search.query.parser import Synonyms

MOST_LETTERS = 400  # of a group of synonyms


class SearchDoc(models.Model):
    """What the engines read of one resource. Written by `publishing.indexing` alone; drafts and withdrawn ones have none.

    Texts are stems. Line n of `body` is the n-th PageText by file position and page; text alternative,
    transcript and what a law's history cites follow. `visible_from` and `visible_until` (microseconds since 1970) hold the clock's share of
    `ResourceQuerySet.published()`, so that nothing scheduled or expired is found before it is settled.
    """

    resource = models.OneToOneField(
        Resource, primary_key=True, on_delete=models.CASCADE, related_name="search_doc"
    )
    title = models.TextField()
    tags = models.TextField()
    summary = models.TextField()
    facets = models.TextField()
    sort_title = models.CharField(max_length=250)
    visible_from = models.BigIntegerField()
    visible_until = models.BigIntegerField(default=MAX_TIMESTAMP)
    analyzer = models.PositiveIntegerField()
    words = (
        models.TextField()
    )  # folded words that this resource lends to suggestions, between spaces
    layout = models.TextField()  # JSON: which lines of the body are which pages of which file
    body = models.TextField()

    class Meta:
        verbose_name = "entrada del buscador"
        verbose_name_plural = "entradas del buscador"
        indexes = [
            models.Index(fields=["-visible_from", "-resource"], name="search_newest"),
            models.Index(fields=["sort_title"], name="search_by_title"),
            models.Index(fields=["analyzer"], name="search_by_analyzer"),
        ]

    def __str__(self) -> str:
        return str(self.resource_id)


class ReindexState(InternalModel):
    """How far `reindex --all` has come; without a row none is under way.

    It stands apart from the entries: to mark each of them would write the whole index once more.
    """

    up_to = models.PositiveBigIntegerField(default=0)  # id of the last resource that is done

    class Meta:
        verbose_name = "reescritura del índice"
        verbose_name_plural = "reescrituras del índice"

    def __str__(self) -> str:
        return str(self.up_to)


class IndexQueue(InternalModel):
    """A resource whose entry the worker is to write: more changed at once than whoever saves can wait for.

    One row for each time that it changed: what changes while a batch is written is not taken for done.
    """

    resource_id = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = "entrada por escribir"
        verbose_name_plural = "entradas por escribir"

    def __str__(self) -> str:
        return str(self.resource_id)


class TermQuerySet(models.QuerySet):
    """The words of the catalogue."""

    def beginning_with(self, *starts: str) -> Self:
        """Return those that begin so, or so; the column is in the order of code points in every database."""
        begins = (Q(text__gte=start, text__lt=start + LAST) for start in starts)
        return self.filter(reduce(or_, begins))


class Term(models.Model):
    """A word of the catalogue as people write it, for suggestions and corrections; or a tag, whole.

    After `PAIR`: two words that stand side by side, and what stands between them ("+consejo de participacion").
    """

    PAIR = "+"
    objects = TermQuerySet.as_manager()
    text = models.CharField(max_length=100, unique=True)  # folded
    label = models.CharField(max_length=100)
    frequency = models.PositiveIntegerField(
        default=0
    )  # public resources with it in title, tags or summary

    class Meta:
        verbose_name = "palabra del buscador"
        verbose_name_plural = "palabras del buscador"

    def __str__(self) -> str:
        return self.label


class DeletionVariant(models.Model):
    """A way to misspell a Term: it sounds alike, or lacks one letter (`search.spelling`).

    Ten for each word: an index more, or the check that the word exists, would take as long as to write them. Words are
    never deleted.
    """

    term = models.ForeignKey(
        Term, on_delete=models.CASCADE, related_name="keys", db_index=False, db_constraint=False
    )
    key = models.CharField(max_length=50)

    class Meta:
        verbose_name = "clave de corrección"
        verbose_name_plural = "claves de corrección"
        constraints = [
            models.UniqueConstraint(fields=["key", "term"], name="a_term_has_a_key_once")
        ]

    def __str__(self) -> str:
        return self.key


class Synonym(PublicModel):
    """Words and phrases that mean the same to whoever searches."""

    words = models.CharField(
        "palabras que significan lo mismo",
        max_length=MOST_LETTERS,
        help_text="Dos o más, separadas por comas: GAD, gobierno autónomo descentralizado, municipio. "
        "Quien busque una encontrará también las demás; mayúsculas, tildes y plurales no importan.",
    )

    class Meta:
        verbose_name = "grupo de sinónimos"
        verbose_name_plural = "sinónimos"
        ordering = ["words"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="a_synonym_group_has_words")
        ]

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        """Refuse a group that joins nothing, or nothing new, and say by which of its words."""
        if not self.words.strip() or len(self.words) > MOST_LETTERS or "\0" in self.words:
            return  # the field says so
        self.words = " ".join(self.words.split())
        if problem := self._problem():
            raise ValidationError({"words": problem})

    def _problem(self) -> str:
        members = [member.strip() for member in self.words.split(",") if member.strip()]
        meant: dict[tuple[str, ...], str] = {}
        same = ""
        for member in members:
            stems = tuple(analyze(member))
            if not stems:
                return f"«{member}» es tan común que no se busca. Quítela o escriba una expresión más larga."
            if stems in meant:
                same = f"«{meant[stems]}» y «{member}» ya se buscan como la misma palabra. "
            meant.setdefault(stems, member)
        if len(meant) < 2:
            return (
                f"{same}Escriba al menos dos palabras o expresiones distintas, separadas por comas."
            )
        for other in Synonym.objects.exclude(pk=self.pk):
            if meant.keys() <= Synonyms.read([other.words]).groups.keys():
                return f"Ya están juntas en otro grupo: «{other.words}». Cambie ese grupo."
        return ""
