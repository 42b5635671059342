"""Sitemaps of the reading view: documents that can be read here, and the articles of laws."""

from datetime import datetime
from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import QuerySet

from reading.models import Article
from resources.addresses import reverse
from resources.models import Resource, SiteSettings
from resources.opendata.sitemaps import SITEMAPS, SiteSitemap
from search.utils import cached_for_version


def connect() -> None:
    """Add these sitemaps to the site's."""
    SITEMAPS["lectura"] = ReadingSitemap
    SITEMAPS["articulos"] = ArticleSitemap


class ReadingSitemap(SiteSitemap):
    """One entry for each public resource whose main file can be read."""

    def items(self) -> QuerySet[Resource]:
        """Return the resources, with what the entry needs."""
        readable = Resource.objects.published().filter(main_version__is_readable=True)
        return readable.order_by("pk").only("slug", "changed_on")

    @property
    def paginator(self) -> Paginator:
        """The entries in files, counted once for each content_version."""
        return _CountedOnce(self.items(), self.limit)

    def location(self, resource: Resource) -> str:
        """Return the address at which it is read."""
        return reverse("read", [resource.slug])

    def lastmod(self, resource: Resource) -> datetime | None:
        """Return the last change of its files."""
        return resource.changed_on


class _CountedOnce(Paginator):
    @cached_property
    def count(self) -> int:
        """Return how many entries there are, counted once for each content_version."""
        version = SiteSettings.load().content_version
        return cached_for_version("readable", version, ReadingSitemap().items().count)


class ArticleSitemap(SiteSitemap):
    """One entry for each confirmed article of a public law."""

    def items(self) -> QuerySet[Article]:
        """Return the articles of current versions."""
        public = Resource.objects.published().filter(main_version__is_readable=True)
        articles = Article.objects.filter(
            reading__articles_confirmed_on__isnull=False,
            reading__version__in=public.order_by().values("main_version"),
        )
        return (
            articles.exclude(kind=Article.Kind.DIVISION)
            .select_related("reading__version__file__resource")
            .order_by("reading", "position")
        )

    def location(self, article: Article) -> str:
        """Return the address of the article."""
        return reverse("article", [article.reading.version.file.resource.slug, article.key])

    def lastmod(self, article: Article) -> datetime | None:
        """Return when its articles were confirmed."""
        return article.reading.articles_confirmed_on
