"""Build the sitemap: every page for search engines, dated by its last change."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Count, Max, Q, QuerySet

from resources.addresses import reverse
from resources.models import Page, Resource, Section, Tag

MOST = 5000  # entries in one file; the standard allows 50,000 and 50 MB


class SiteSitemap(Sitemap):
    """A sitemap with addresses under SITE_URL, never the request's host."""

    limit = MOST

    def get_protocol(self, protocol: str | None = None) -> str:
        """Return the scheme of SITE_URL."""
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        """Return the host of SITE_URL."""
        return urlsplit(settings.SITE_URL).netloc


class ResourceSitemap(SiteSitemap):
    """One entry for each published resource."""

    def items(self) -> QuerySet[Resource]:
        """Return the published resources."""
        return Resource.objects.published().only("slug", "updated", "changed_on").order_by("pk")

    def lastmod(self, resource: Resource) -> datetime:
        """Return the last change of the resource or its files."""
        return max(filter(None, (resource.updated, resource.changed_on)))


class ShelfSitemap(SiteSitemap):
    """The pages that list resources, and the information pages."""

    def items(self) -> list[tuple[str, datetime | None]]:
        """Return pairs of path and last change of the listed resources."""
        shown = Resource.objects.published()
        newest = shown.aggregate(newest=Max("updated"))["newest"]
        inside = Q(resources__in=shown)
        sections = Section.objects.annotate(
            n=Count("resources", filter=inside), newest=Max("resources__updated", filter=inside)
        ).filter(n__gt=0)
        tags = Tag.objects.carried_by(shown).annotate(newest=Max("tagged__content_object__updated"))
        return [
            (reverse("home"), newest),
            (reverse("resource-list"), newest),
            (reverse("news"), newest),
            (reverse("verify"), None),
            (reverse("api"), None),
            *((shelf.get_absolute_url(), shelf.newest) for shelf in [*sections, *tags]),
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
    return [
        (name, page)
        for name, sitemap in SITEMAPS.items()
        for page in sitemap().paginator.page_range
    ]


SITEMAPS = {"recursos": ResourceSitemap, "paginas": ShelfSitemap}
