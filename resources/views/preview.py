"""Preview of a draft by a signed link: never indexed, never cached, without referrer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from resources.current_site import SiteRequest
from resources.models import Redirect, Resource
from resources.views import detail, downloads
from resources.workflow.previews import Claim, read_token, still_holds

ENDED = "El plazo del enlace terminó o se anuló. Pida otro a la persona que se lo dio."


def preview_view(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Pass `view` the draft of a valid preview token; redirect to the public page once it is published."""

    @require_safe
    @never_cache
    @wraps(view)
    def wrapper(request: SiteRequest, slug: str, token: str, **kwargs: Any) -> HttpResponseBase:
        claim = read_token(token)
        if claim is None:
            raise Http404("No hay ninguna vista previa en esta dirección.")
        resource = (
            Resource.objects.with_kind()
            .select_related("section", "issuer", "pack")
            .filter(pk=claim.pk)
            .first()
        )
        if resource and resource.slug != slug and _belongs_to_another(slug, resource):
            raise Http404("No hay ninguna vista previa en esta dirección.")
        if resource and resource.is_public:
            return HttpResponseRedirect(resource.get_absolute_url())
        if resource is None or not still_holds(claim, resource):
            return with_privacy_headers(
                render(request, "preview_ended.html", {"why": ENDED}, status=410)
            )
        if (
            resource.slug != slug
        ):  # a draft's address follows its title: the link that was given goes on working
            place = request.path.replace(f"/recursos/{slug}/", resource.get_absolute_url(), 1)
            return with_privacy_headers(HttpResponseRedirect(place))
        request.is_preview = True
        return with_privacy_headers(view(request, resource.specific, claim, token, **kwargs))

    return wrapper


def _belongs_to_another(slug: str, resource: Resource) -> bool:
    """Return whether `slug` is or was the address of a resource other than `resource`."""
    former = Redirect.find("recursos", slug)
    return Resource.objects.filter(slug=slug).exists() or (
        former is not None and former.resource_id != resource.pk
    )


def with_privacy_headers(response: HttpResponseBase) -> HttpResponseBase:
    """Add headers against indexing and against the link as a referrer."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response


@preview_view
def page(request: SiteRequest, resource: Resource, claim: Claim, token: str) -> HttpResponse:
    """Show the draft's page; its files have addresses below the same link."""
    ends = date_format(timezone.localtime(claim.ends), r"j \d\e F \d\e Y, H:i")
    context = detail.page_context(request, resource) | {
        "banner": f"Vista previa de lo que aún no es público. El enlace sirve hasta el {ends}.",
        "is_shared": True,
        "edit_url": "",
    }
    for slot in context["files"]:
        slot.shared_url = reverse("preview-file", args=[resource.slug, token, slot.file_name])
    return render(request, resource.spec.template, context)


@preview_view
def file(
    request: SiteRequest, resource: Resource, claim: Claim, token: str, file_name: str
) -> HttpResponseBase:
    """Serve the current version of a draft's file."""
    return downloads.serve_current(request, resource, file_name)
