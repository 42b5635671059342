"""The page cache: rendered public pages, keyed by content_version; a hit costs one small query."""

import hashlib
import logging
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import (  # type: ignore[attr-defined]  # the stubs lack cc_delim_re
    cc_delim_re,
    get_conditional_response,
    patch_vary_headers,
)
from django.utils.http import parse_http_date_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import condition, require_safe

from resources.code_version import code_version
from resources.current_site import SiteRequest
from resources.listing.request import ORDER

logger = logging.getLogger(__name__)
Page = tuple[bytes, dict[str, str]]
"""What is kept: content as it is sent, and headers."""

LONGEST_ADDRESS = 200  # characters: pages with longer ones are asked for once
LARGEST_PAGE = 200_000  # bytes, compressed
UNCACHED_TYPES = {"application/json", "application/x-suggestions+json"}  # suggestions
VARIES_WITH = {"cookie", "accept-encoding"}


class PageCacheMiddleware:
    """Serve public pages to anonymous visitors from the page cache while their content is unchanged.

    The key contains `content_version`, code version and day, read for every request: an edit shows at once, in every
    process. Requests of signed-in users bypass the cache. Searches, which are private, are cached apart: in the memory of
    this process, for minutes. A failing cache counts as a miss.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: SiteRequest) -> HttpResponseBase:
        """Serve a cached page, or render and cache it."""
        if not _is_cacheable_request(request):
            return self.get_response(request)
        cache, key = caches["searches" if "q" in request.GET else "pages"], _key(request)
        if (page := _read(cache, key)) is None:
            response = self.get_response(request)
            if (
                request.method == "GET"
                and isinstance(response, HttpResponse)
                and _is_cacheable_response(response)
            ):
                _store(cache, key, (response.content, dict(response.items())))
            return response
        content, headers = page
        response = HttpResponse(content, headers=headers)
        changed = parse_http_date_safe(headers.get("Last-Modified", ""))
        return get_conditional_response(request, headers["ETag"], changed, response) or response


def _is_cacheable_request(request: HttpRequest) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and not is_signed_in(request)
        and len(request.get_full_path()) <= LONGEST_ADDRESS
    )


def _read(cache: BaseCache, key: str) -> Page | None:
    try:
        return cache.get(key)
    except Exception:
        logger.exception("The cache of pages cannot be read; each page is rendered anew.")
        return None


def _store(cache: BaseCache, key: str, page: Page) -> None:
    try:
        cache.set(key, page)
    except Exception:
        logger.exception("The cache of pages cannot be written; each page is rendered anew.")


def _key(request: SiteRequest) -> str:
    """Return the cache key of the page for this request; addresses are hashed to make any of them a valid key."""
    parts = (
        page_etag(request),
        request.scheme or "",
        request.get_host(),
        request.path_info,  # the part that is routed
        request.get_full_path(),  # the prefix of links (SCRIPT_NAME) and the query too
        encoding_for(request),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _is_cacheable_response(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.cookies
        and response.has_header("ETag")
        and response.get("Content-Type", "") not in UNCACHED_TYPES
        and "public" in cc_delim_re.split(response.get("Cache-Control", ""))
        and VARIES_WITH.issuperset(cc_delim_re.split(response.get("Vary", "cookie").lower()))
        and len(response.content) <= LARGEST_PAGE
    )


ACCEPTS_BROTLI = re.compile(r"\bbr\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")

ACCEPTS_GZIP = re.compile(r"\bgzip\b")


def encoding_for(request: HttpRequest) -> str:
    """Return the content negotiation's result for a compressible page: "br", "gzip" or ""."""
    accepted = request.headers.get("Accept-Encoding", "")
    if ACCEPTS_BROTLI.search(accepted):
        return "br"
    return "gzip" if ACCEPTS_GZIP.search(accepted) else ""


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
        patch_vary_headers(response, ["Cookie"])
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
