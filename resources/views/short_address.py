"""Short addresses of resources: /r/<code>, for paper, QR codes and chats."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from resources.current_site import SiteRequest
from resources.identifiers import pk_of_code
from resources.models import Redirect, Resource
from resources.views.access import RevalidatedRedirect, gone, is_editor

NO_SUCH_CODE = "Ningún recurso tiene este código. Escríbalo otra vez, tal como está impreso."


@require_safe
def short_address(request: SiteRequest, code: str) -> HttpResponse:
    """Redirect to the page of the resource with this code; 410 for a deleted one, 404 for a draft and a wrong code.

    A 301, so that search engines count links to it for the page and never list it beside the page; browsers ask again
    each time, as the slug behind it may change.
    """
    pk = pk_of_code(code)
    resource = Resource.objects.filter(pk=pk).first() if pk else None
    if resource and (resource.is_public or resource.is_gone or is_editor(request)):
        return RevalidatedRedirect(resource.get_absolute_url())
    former = Redirect.find("r", code.lower()) if pk and resource is None else None
    if former:
        return gone(request, former.title, former.reason, former.created)
    raise Http404(NO_SUCH_CODE)
