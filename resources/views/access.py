"""Access to public pages and redirects of old addresses: `resource_view` decorates every view of a resource."""

from functools import wraps
from typing import Any

from django.db.models import SlugField
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from resources.current_site import SiteRequest
from resources.http_caching import View, is_signed_in
from resources.models import Redirect, Resource
from resources.models.compiled import CompiledQuery, Parameter

BY_SLUG = CompiledQuery(
    lambda: (
        Resource.objects.with_kind()
        .select_related("section", "issuer", "pack", "sharing_picture")
        .filter(slug=Parameter("slug", SlugField()))
        .order_by()
    )
)


class RevalidatedRedirect(HttpResponsePermanentRedirect):
    """A 301 that browsers revalidate before each use.

    Without Cache-Control they cache it for good (RFC 9111, 4.2.2), and an address restored to its resource would loop.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers.setdefault("Cache-Control", "no-cache")


def is_editor(request: SiteRequest) -> bool:
    """Return whether the user is staff with permission to view resources that are not public."""
    return (
        is_signed_in(request)
        and request.user.is_staff
        and request.user.has_perm("resources.view_resource")
    )


def resource_view(view: View) -> View:
    """Pass `view` the resource of the slug, if the visitor may see it; else redirect, 410 or 404.

    An old slug redirects with all below it, a withdrawn resource answers 410 with its reason, and a draft is a preview
    for editors (`request.is_preview`) and a 404 for everyone else.
    """

    @require_safe
    @wraps(view)
    def wrapper(request: SiteRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
        resource = BY_SLUG.first(slug=slug)
        if resource is None:
            return _former(request, slug)
        request.is_preview = not resource.is_public
        if resource.is_public:
            return view(request, resource.specific, **kwargs)
        if is_editor(request):
            return never_cache(view)(request, resource.specific, **kwargs)
        if resource.is_gone:
            return gone(request, resource.title, resource.withdrawn_reason, resource.withdrawn_on)
        raise Http404("No hay nada publicado en esta dirección.")

    return wrapper


def _former(request: SiteRequest, slug: str) -> HttpResponse:
    former = Redirect.find("recursos", slug)
    if former is None:
        raise Http404("No hay nada publicado en esta dirección.")
    if former.resource is None:
        return gone(request, former.title, former.reason, former.created)
    old, new = f"/recursos/{slug}/", former.resource.get_absolute_url()
    return RevalidatedRedirect(request.get_full_path().replace(old, new, 1))


@never_cache
def gone(request: SiteRequest, title: str, reason: str, since: Any = None) -> HttpResponse:
    """Answer 410 with the tombstone of an address: title and reason."""
    return render(
        request, "410.html", {"title": title, "reason": reason, "since": since}, status=410
    )
