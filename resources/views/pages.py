"""Pages around the catalogue: information pages, robots.txt, security.txt, sitemap, errors."""

import datetime as dt

from django.conf import settings
from django.contrib.sitemaps import views as sitemaps
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from resources.addresses import reverse
from resources.current_site import SiteRequest
from resources.http_caching import public_page
from resources.listing.request import NARROWING, PAGE, BadPageNumber
from resources.models import Page
from resources.opendata.record import absolute
from resources.opendata.record_builder import site_facts
from resources.opendata.schema_org import plain_page
from resources.opendata.sitemaps import SITEMAPS, parts
from resources.views.public_api import problem


@public_page
def page(request: SiteRequest, slug: str) -> HttpResponse:
    """Show an information page."""
    found = Page.objects.filter(slug=slug).first()
    if found is None:
        raise Http404("No hay ninguna página en esta dirección.")
    url = absolute(found.get_absolute_url())
    node = plain_page(url, found.title, site_facts(request.site))
    return render(request, "page.html", {"page": found, "json_ld": node})


@public_page
def robots(request: SiteRequest) -> HttpResponse:
    """Serve robots.txt: paths to avoid and the sitemap."""
    return render(
        request,
        "robots.txt",
        {"site_url": settings.SITE_URL, "narrowing": NARROWING},
        content_type="text/plain; charset=utf-8",
    )


@public_page
def security(request: SiteRequest) -> HttpResponse:
    """Serve security.txt (RFC 9116); it expires half a year after the 1st of the month."""
    first = timezone.localdate().replace(day=1)
    context = {
        "contacts": [f"mailto:{request.site.contact}"] if request.site.contact else [],
        "report": absolute(reverse("report")),
        "url": absolute(reverse("security")),
        "expires": first + dt.timedelta(days=183),
    }
    return render(request, "security.txt", context, content_type="text/plain; charset=utf-8")


@public_page
def sitemap(request: SiteRequest) -> HttpResponse:
    """Serve the sitemap: one file or, for a large site, the index of its files."""
    files = parts()
    if any(page > 1 for _, page in files):
        locations = [
            f"{absolute(reverse('sitemap-part', args=[name]))}?p={page}" for name, page in files
        ]
        return render(
            request, "sitemap_index.xml", {"locations": locations}, content_type="application/xml"
        )
    return sitemaps.sitemap(request, dict(SITEMAPS))


@public_page
def sitemap_part(request: SiteRequest, name: str) -> HttpResponse:
    """Serve one file of a large sitemap (`?p=` is its page)."""
    return sitemaps.sitemap(request, dict(SITEMAPS), section=name)


@require_safe
def favicon(request: SiteRequest) -> FileResponse:
    """Serve the icon at its default address."""
    icon = settings.BASE_DIR / "static" / "img" / "favicon.ico"
    response = FileResponse(icon.open("rb"), content_type="image/x-icon")
    response["Cache-Control"] = "public, max-age=604800"
    return response


@never_cache
def not_found(request: SiteRequest, exception: Exception) -> HttpResponse:
    """Show the 404 page."""
    context = {}
    if isinstance(exception, BadPageNumber):
        first = request.GET.copy()
        first.pop(PAGE, None)
        context = {
            "reason": str(exception),
            "first_page": f"{request.path}?{first.urlencode()}".rstrip("?"),
        }
    return render(request, "404.html", context, status=404)


@never_cache
def server_error(request: SiteRequest) -> HttpResponse:
    """Show the 500 page, without the database."""
    if request.path.startswith(reverse("api")):
        return problem(request, 500, "La falla es nuestra. Vuelva a intentarlo en unos minutos.")
    return render(None, "500.html", status=500)
