"""Taxonomy of resources: sections, issuing organizations, tags."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from taggit.models import ItemBase, TagBase

from resources.addresses import reverse
from resources.models.base import ContentQuerySet, PublicModel, content_changed
from resources.models.compiled import CompiledQuery
from resources.models.redirects import Redirect
from resources.text import fold, free_slug
from search.utils import cached_for_version


class Section(PublicModel):
    """A part of the home page, with its resources in the editors' order."""

    class Layout(models.TextChoices):
        LIST = "list", "Lista con resumen"
        GALLERY = "gallery", "Galería de láminas"

    title = models.CharField("título", max_length=200)
    slug = models.SlugField(
        "dirección",
        max_length=200,
        unique=True,
        blank=True,
        help_text="Se forma con el título y no cambia después: otras páginas enlazan a ella.",
    )
    description = models.TextField(
        "descripción", blank=True, help_text="Una o dos frases, opcionales, bajo el título."
    )
    position = models.PositiveIntegerField(
        "orden", default=0, help_text="Las secciones se muestran de menor a mayor."
    )
    layout = models.CharField(
        "presentación",
        max_length=10,
        choices=Layout.choices,
        default=Layout.LIST,
        help_text="Galería: láminas una junto a otra, con su título. Lista: cada recurso con su resumen.",
    )

    class Meta:
        verbose_name = "sección"
        verbose_name_plural = "secciones"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new section gets its slug."""
        if not self.slug:
            self.slug = free_slug(
                self.title,
                limit=200,
                is_taken=lambda slug: (
                    Section.objects.filter(slug=slug).exists()
                    or Redirect.is_used("secciones", slug, self.title)
                ),
                fallback="seccion",
            )
            Redirect.reopen("secciones", self.slug)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete an empty section and leave a tombstone at its address."""
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            Redirect.bury("secciones", self.slug, self.title, "La sección se cerró.")
        return deleted

    def get_absolute_url(self) -> str:
        """Return the address of the section's page."""
        return reverse("section", args=[self.slug])

    @property
    def is_gallery(self) -> bool:
        """Return whether the section shows its resources as pictures."""
        return self.layout == self.Layout.GALLERY


SECTIONS = CompiledQuery(lambda: Section.objects.all())


def sections(version: int) -> list[Section]:
    """Return the sections in their order, cached by `version`, the content_version of the site."""
    return cached_for_version("sections", version, SECTIONS.all)


class Organization(PublicModel):
    """An issuer of resources."""

    SEARCHED = frozenset({"name", "acronym"})

    name = models.CharField("nombre", max_length=200, unique=True)
    acronym = models.CharField("siglas", max_length=30, blank=True)
    url = models.URLField("sitio web", blank=True)

    class Meta:
        verbose_name = "entidad"
        verbose_name_plural = "entidades"
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym else self.name


class TagQuerySet(ContentQuerySet):
    """Tags by name and use."""

    def get_by_natural_key(self, name: str) -> "Tag":
        """Return the tag called `name`."""
        return self.get(name=name)

    def carried_by(self, resources: models.QuerySet) -> Self:
        """Return the tags of any of `resources`; `uses` is how many have the tag."""
        return self.filter(tagged__content_object__in=resources).annotate(
            uses=models.Count("tagged")
        )


class Tag(PublicModel, TagBase):
    """A subject heading. Its slug is ASCII, its name unique regardless of case and accents."""

    SEARCHED = frozenset({"name"})

    slug: str  # of TagBase, which has no types
    folded = models.CharField(max_length=100, unique=True, editable=False)
    objects = TagQuerySet.as_manager()  # type: ignore[misc]  # django-stubs: over an inherited manager

    class Meta:
        verbose_name = "etiqueta"
        verbose_name_plural = "etiquetas"
        ordering = ["folded"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the folded name; a new tag takes over its own tombstone's address."""
        self.folded = fold(self.name)
        if self._state.adding and not self.slug:
            self.slug = free_slug(
                self.name,
                limit=100,
                is_taken=lambda slug: (
                    Tag.objects.filter(slug=slug).exists()
                    or Redirect.is_used("etiquetas", slug, self.name)
                ),
                fallback="etiqueta",
            )
            Redirect.reopen("etiquetas", self.slug)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse the name of another tag, regardless of case and accents."""
        twin = Tag.objects.filter(folded=fold(self.name)).exclude(pk=self.pk).first()
        if twin:
            raise ValidationError(
                {"name": f"Ya existe la etiqueta «{twin}». Use esa, o cámbiele el nombre."}
            )

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the tag and leave a tombstone at its address.

        Its resources are updated in bulk: one by one, a few hundred would take thousands of queries.
        """
        with transaction.atomic():
            carriers = list(self.tagged.values_list("content_object", flat=True))
            self.tagged.all()._raw_delete(self._state.db)
            content_changed.send(sender=ResourceTag, resources=carriers)
            deleted = super().delete(*args, **kwargs)
            Redirect.bury("etiquetas", self.slug, self.name, "La etiqueta ya no se usa.")
        return deleted

    def get_absolute_url(self) -> str:
        """Return the address of the tag's page."""
        return reverse("tag", args=[self.slug])


class ResourceTag(PublicModel, ItemBase):
    """One tag on one resource. A real foreign key: taggit's generic table loses tags between base and child."""

    SEARCHED = frozenset({"tag", "tag_id", "content_object", "content_object_id"})

    content_object = models.ForeignKey(
        "resources.Resource", on_delete=models.CASCADE, related_name="tagged"
    )
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged")

    class Meta:
        verbose_name = "etiqueta del recurso"
        verbose_name_plural = "etiquetas del recurso"
        constraints = [
            models.UniqueConstraint(
                fields=["content_object", "tag"], name="a_tag_stands_once_on_a_resource"
            ),
        ]

    def is_shown(self) -> bool:
        """Return whether the resource of the tag could be seen."""
        return self.content_object.is_shown()
