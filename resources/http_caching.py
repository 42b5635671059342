"""HTTP caching of public pages: validators by content_version, Cache-Control, Vary."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import condition, require_safe

from resources.code_version import code_version
from resources.current_site import SiteRequest
from resources.listing.request import ORDER

View = Callable[..., HttpResponseBase]

STARTED = timezone.now()  # no earlier is the code that makes these pages


def is_signed_in(request: HttpRequest) -> bool:
    """Return whether the request carries a session cookie, without opening the session: visitors have none."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def public_page(view: View) -> View:
    """Make a page cacheable: ETag from content_version and code version, conditional requests, Cache-Control.

    Pages of signed-in users are never cached: they contain private links and drafts.
    """
    checked = condition(etag_func=page_etag, last_modified_func=page_changed_at)(view)

    @require_safe
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_signed_in(request):
            return never_cache(view)(request, *args, **kwargs)
        response = checked(request, *args, **kwargs)
        if response.status_code in (200, 304):
            response.headers.setdefault("Cache-Control", "public, no-cache")
        patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
        return response

    return wrapper


def page_etag(request: SiteRequest, *args: Any, **kwargs: Any) -> str:
    """Return the ETag of public pages: content_version, code version and the day, which pages show.

    Lists by view count change without any of these: their ETag changes every minute.
    """
    now = timezone.localtime()
    parts = [request.site.content_version, code_version(settings.BASE_DIR), now.toordinal()]
    if _is_ordered_by_views(request):
        parts.append(f"{now:%H%M}")
    return f'W/"{"-".join(map(str, parts))}"'


def page_changed_at(request: SiteRequest, *args: Any, **kwargs: Any) -> Any:
    """Return the last change of anything in `page_etag`; None for lists by view count."""
    if _is_ordered_by_views(request):
        return None
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return max(filter(None, (request.site.content_changed_at, today, STARTED)))


def _is_ordered_by_views(request: HttpRequest) -> bool:
    return request.GET.get(ORDER) == "consultas"
