"""Build the sitemap: every page for search engines, dated by its last change."""

from datetime import datetime
from functools import cached_property
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet

from resources.addresses import reverse
from resources.listing.counts import catalogue_counts
from resources.models import Page, Resource, ResourceTag, Section, SiteSettings, Tag

MOST = 1000  # entries in one file; the standard allows 50,000 and 50 MB


class SiteSitemap(Sitemap):
    """A sitemap with addresses under SITE_URL, never the request's host."""

    limit = MOST

    def get_protocol(self, protocol: str | None = None) -> str:
        """Return the scheme of SITE_URL."""
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        """Return the host of SITE_URL."""
        return urlsplit(settings.SITE_URL).netloc

    def get_latest_lastmod(self) -> None:
        """Read no entry for a date: the view sends that of the content."""


class ResourceSitemap(SiteSitemap):
    """One entry for each published resource."""

    def items(self) -> QuerySet[Resource]:
        """Return the published resources."""
        return Resource.objects.published().only("slug", "updated", "changed_on").order_by("pk")

    @property
    def paginator(self) -> Paginator:
        """The entries in files, without counting them again."""
        return CountedPaginator(self.items(), self.limit)

    def lastmod(self, resource: Resource) -> datetime:
        """Return the last change of the resource or its files."""
        return max(filter(None, (resource.updated, resource.changed_on)))


class CountedPaginator(Paginator):
    """Pages of all public resources, whose number is known."""

    @cached_property
    def count(self) -> int:
        """Return the number of public resources."""
        return catalogue_counts().total


class ShelfSitemap(SiteSitemap):
    """The pages that list resources, and the information pages."""

    def items(self) -> list[tuple[str, datetime | None]]:
        """Return pairs of path and last change; of pages that list resources, of the content as a whole."""
        site = SiteSettings.load()
        counts, newest = catalogue_counts(), site.content_changed_at
        sections = [each for each in Section.objects.all() if counts.of_section[each.pk]]
        shown = ResourceTag.objects.filter(
            tag=OuterRef("pk"), content_object__in=Resource.objects.published()
        )
        tags = Tag.objects.filter(Exists(shown))
        return [
            (reverse("home"), newest),
            (reverse("resource-list"), newest),
            (reverse("news"), newest),
            (reverse("verify"), None),
            (reverse("api"), None),
            *((shelf.get_absolute_url(), None) for shelf in [*sections, *tags]),
            *((page.get_absolute_url(), page.updated) for page in Page.objects.all()),
        ]

    def location(self, item: tuple[str, datetime | None]) -> str:
        """Return the path."""
        return item[0]

    def lastmod(self, item: tuple[str, datetime | None]) -> datetime | None:
        """Return the last change."""
        return item[1]


def parts() -> list[tuple[str, int]]:
    """Return name and page number of each file of the sitemap."""
    paginators = ((name, sitemap().paginator) for name, sitemap in SITEMAPS.items())
    return [(name, page) for name, pages in paginators if pages.count for page in pages.page_range]


SITEMAPS = {"recursos": ResourceSitemap, "paginas": ShelfSitemap}
