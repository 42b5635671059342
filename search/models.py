"""The search index: one SearchDoc for each indexed document, the dictionary of terms, synonyms."""

import unicodedata
from functools import reduce
from operator import or_
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from search.backends.schema import MAX_TIMESTAMP
from search.language.analyzer import analyze
from search.query.parser import Synonyms

LAST = "\U0010ffff"  # sorts after anything a text may go on with, in the order of code points
MOST_LETTERS = 400  # of a group of synonyms


class SearchDoc(models.Model):
    """An indexed document. `doc_id` is the id of the source's row: no foreign key, the source reports deletions.

    Texts are stems. Line n of `body` is the n-th page of the document's files; texts without pages follow.
    """

    doc_id = models.BigIntegerField(primary_key=True)
    title = models.TextField()
    tags = models.TextField()
    summary = models.TextField()
    facets = models.TextField()
    sort_title = models.CharField(max_length=250)
    # Microseconds since 1970: nothing scheduled or expired is found before its status is updated.
    visible_from = models.BigIntegerField()
    visible_until = models.BigIntegerField(default=MAX_TIMESTAMP)
    analyzer = models.PositiveIntegerField()
    words = models.TextField()  # folded terms that it gives to suggestions, between spaces
    layout = models.TextField()  # JSON: which lines of the body are which pages of which file
    body = models.TextField()

    class Meta:
        verbose_name = "entrada del buscador"
        verbose_name_plural = "entradas del buscador"
        default_permissions = ()
        indexes = [
            models.Index(fields=["-visible_from", "-doc_id"], name="search_newest"),
            models.Index(fields=["sort_title"], name="search_by_title"),
            models.Index(fields=["analyzer"], name="search_by_analyzer"),
        ]

    def __str__(self) -> str:
        return str(self.doc_id)


class ReindexState(models.Model):
    """Progress of `reindex --all`; no row while none is under way.

    A table of its own: a mark on each document would write the whole index once more.
    """

    up_to = models.PositiveBigIntegerField(default=0)  # id of the last document that is done

    class Meta:
        verbose_name = "reescritura del índice"
        verbose_name_plural = "reescrituras del índice"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.up_to)


class IndexQueue(models.Model):
    """A document to be indexed by the worker. One row for each change: a change during a batch is not lost."""

    doc_id = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = "entrada por escribir"
        verbose_name_plural = "entradas por escribir"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.doc_id)


class TermQuerySet(models.QuerySet):
    """Terms of the dictionary."""

    def beginning_with(self, *starts: str) -> Self:
        """Filter by prefix, as a range: the column has the order of code points in every database."""
        begins = (Q(text__gte=start, text__lt=start + LAST) for start in starts)
        return self.filter(reduce(or_, begins))


class Term(models.Model):
    """A word as people write it, for suggestions and corrections; or a whole tag.

    After `PAIR`: two neighbouring words, with the stop words between them ("+consejo de participacion").
    """

    PAIR = "+"
    objects = TermQuerySet.as_manager()
    text = models.CharField(max_length=100, unique=True)  # folded
    label = models.CharField(max_length=100)
    # public documents with it in title, tags or summary; 0: inside files only
    frequency = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "palabra del buscador"
        verbose_name_plural = "palabras del buscador"
        default_permissions = ()

    def __str__(self) -> str:
        return self.label


class DeletionVariant(models.Model):
    """A key for fuzzy lookup of a Term: its phonetic key, or the word without one letter (`language.spelling`)."""

    # Ten for each word: one more index, or a foreign key check, would take as long as to write them. Terms are never deleted.
    term = models.ForeignKey(
        Term, on_delete=models.CASCADE, related_name="keys", db_index=False, db_constraint=False
    )
    key = models.CharField(max_length=50)

    class Meta:
        verbose_name = "clave de corrección"
        verbose_name_plural = "claves de corrección"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["key", "term"], name="a_term_has_a_key_once")
        ]

    def __str__(self) -> str:
        return self.key


class Synonym(models.Model):
    """A group of words and phrases with the same meaning, applied to queries."""

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
        """Raise ValidationError for a group that joins nothing, or nothing new."""
        if not self.words.strip() or len(self.words) > MOST_LETTERS or "\0" in self.words:
            return  # the field's own validators report it
        self.words = " ".join(unicodedata.normalize("NFC", self.words).split())
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
