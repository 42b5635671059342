"""The pages around the catalogue: information, robots, errors."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from resources.models import Page
from resources.views.access import public_page


@public_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an information page."""
    found = Page.objects.filter(slug=slug).first()
    if found is None:
        raise Http404("No hay ninguna página en esta dirección.")
    return render(request, "page.html", {"page": found})


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """Tell robots what to leave alone and where the sitemap is."""
    return render(
        request,
        "robots.txt",
        {"site_url": settings.SITE_URL},
        content_type="text/plain; charset=utf-8",
    )


@require_safe
def favicon(request: HttpRequest) -> FileResponse:
    """Give the icon to browsers that ask for it by habit."""
    icon = settings.BASE_DIR / "static" / "img" / "favicon.ico"
    response = FileResponse(icon.open("rb"), content_type="image/x-icon")
    response["Cache-Control"] = "public, max-age=604800"
    return response


@never_cache
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is nothing at this address, and how to go on."""
    return render(request, "404.html", {"suggestions": []}, status=404)


@never_cache
def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours; nothing here needs the database."""
    return render(None, "500.html", status=500)
