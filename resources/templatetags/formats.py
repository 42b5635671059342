"""Filters and tags that format sizes, dates, checksums, addresses, icons and JSON-LD."""

import datetime as dt
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape, unescape
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.template import Context
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from resources.dates import in_figures, in_words
from resources.kinds.legislation.description import FORCE_LABELS
from resources.kinds.video import youtube_player
from resources.models import FileVersion, Resource, SiteSettings
from resources.qr_code import QrCode, qr_code
from resources.text import thousands
from search.query.parser import QUOTES
from search.results.highlights import Fragment

register = template.Library()
register.filter(thousands)

NO_BREAK = "\u00a0"
TYPED_QUOTES = re.compile(f'["{QUOTES}]([^"{QUOTES}]*)["{QUOTES}]')
LONGEST_TITLE = 70  # characters: what tabs, bookmarks and lists of results show of a page's title
SUM_GROUP = 16
ICON = '<svg class="icon" width="20" height="20" aria-hidden="true"><use href="{}#i-{}"/></svg>'
SLOW_LINE = 80_000  # bytes per second: 3G as it is in the country, not as it is sold

OPENING = {
    "application/pdf": "Abrir el PDF",
    "image": "Abrir la imagen",
    "video": "Abrir el video",
    "audio": "Escuchar el audio",
    "text/plain": "Abrir el texto",
}
"""What opening a file in the browser is called, by media type or its first half. Others are only downloaded."""


@register.filter
def quoted(text: str) -> str:
    """Quote a visitor's text; its own quotes become the inner ones: «ley “datos abiertos”»."""
    return "«" + TYPED_QUOTES.sub(r"“\1”", text) + "»"


@register.filter
def in_a_tab(words: str, portal: SiteSettings) -> str:
    """Append the site's name (or short title) to a page title (HTML), as far as both fit."""
    words = " ".join(words.split())
    names = [conditional_escape(name) for name in (portal.name, portal.title)]
    if not words:
        return names[0]
    titles = [f"{words} · {name}" for name in names if name]
    return next((title for title in titles if len(unescape(title)) <= LONGEST_TITLE), words)


@register.filter
def filesize(size: int) -> str:
    """Format a number of bytes in decimal SI units: "380 kB", "3,2 MB"."""
    for unit, step, least in (("GB", 10**9, 999_950_000), ("MB", 10**6, 999_500)):
        if size >= least:
            amount = f"{size / step:.1f}".removesuffix(".0").replace(".", ",")
            return f"{amount}{NO_BREAK}{unit}"
    if size >= 1000:
        return f"{round(size / 1000)}{NO_BREAK}kB"
    return f"{size}{NO_BREAK}{'byte' if size == 1 else 'bytes'}"


@register.filter
def how_many(resources: int) -> str:
    """Format a number of resources: "1 recurso", "1.234 recursos"."""
    return f"{thousands(resources)} {'recurso' if resources == 1 else 'recursos'}"


@register.filter
def unstopped(text: str) -> str:
    """Return a text by an editor without the full stop at its end: the sentence that it stands in has one."""
    text = text.rstrip()
    return text if text.endswith("..") else text.removesuffix(".")


@register.filter
def file_facts(version: FileVersion | None) -> str:
    """Format type, size and pages: "PDF, 3,2 MB, 62 páginas"."""
    if version is None:
        return ""
    facts = [version.type_name, filesize(version.size)]
    if version.pages:
        facts.append(
            f"{thousands(version.pages)}{NO_BREAK}{'página' if version.pages == 1 else 'páginas'}"
        )
    return ", ".join(facts)


@register.filter
def waiting(size: int) -> str:
    """Estimate the download time of `size` bytes on a slow line: "unos 40 s en 3G"; "" below five seconds."""
    seconds = size / SLOW_LINE
    if seconds < 5:
        return ""
    if seconds < 58:
        return f"unos {round(seconds / 5) * 5}{NO_BREAK}s en 3G"
    minutes = round(seconds / 60)
    return f"{'alrededor de' if minutes == 1 else 'unos'} {minutes}{NO_BREAK}min en 3G"


@register.filter
def player(url: str) -> str:
    """Return the address that plays a video in the page, or "" where it only plays elsewhere."""
    return youtube_player(url)


@register.filter
def absolute(path: str) -> str:
    """Return a path of this site as an absolute address."""
    return f"{settings.SITE_URL}{path}"


@register.filter
def qr(url: str) -> QrCode:
    """Return the QR code of an address, for paper."""
    return qr_code(url)


@register.filter
def without_scheme(url: str) -> str:
    """Format an address as people type it: without https://."""
    return url.partition("://")[2] or url


@register.filter
def opening(version: FileVersion) -> str:
    """Return the verb for opening this file in the browser; "" where browsers only download it."""
    return OPENING.get(version.media_type) or OPENING.get(version.media_type.partition("/")[0], "")


@register.filter
def dated(date: dt.date | dt.datetime | None, precision: str = Resource.Precision.DAY) -> str:
    """Format a date with its precision: "2022", "julio de 2018", "19 de octubre de 2010"."""
    return in_words(date, precision)


@register.filter
def machine_date(
    date: dt.date | dt.datetime | None, precision: str = Resource.Precision.DAY
) -> str:
    """Format a date with its precision for `<time datetime>`."""
    return in_figures(date, precision)


@register.filter
def issued(resource: Resource) -> str:
    """Format a resource's date of issue with its precision; "" without one."""
    return dated(resource.issued_on, resource.issued_on_precision or Resource.Precision.DAY)


@register.filter
def lasting(duration: dt.timedelta) -> str:
    """Format the duration of a video: "1 h 2 min", "12 min 30 s"."""
    minutes, seconds = divmod(round(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (0 if hours else seconds, "s")]
    return " ".join(f"{amount}{NO_BREAK}{unit}" for amount, unit in parts if amount)


@register.filter
def host(url: str) -> str:
    """Return the host of an address: "gob.ec"."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


@register.filter
def sum_groups(sha256: str) -> list[str]:
    """Split a checksum into groups that eyes can compare."""
    return [sha256[start : start + SUM_GROUP] for start in range(0, len(sha256), SUM_GROUP)]


@register.filter
def short_sum(sha256: str) -> str:
    """Format a checksum in groups of 16 with spaces between them."""
    return " ".join(sum_groups(sha256))


@register.simple_tag
def page_numbers(page: Page) -> list[int | str]:
    """Return the page numbers to link to, with an ellipsis where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.simple_tag(takes_context=True)
def page_address(context: Context, number: int) -> str:
    """Return the address of a page of this list; the first has no number, so that no page has two addresses."""
    request = context["request"]
    query = request.GET.copy()
    query.pop("pagina", None)
    if number > 1:
        query["pagina"] = number
    return f"{request.path}?{query.urlencode()}" if query else request.path


@register.simple_tag
def icon(name: str) -> SafeString:
    """Render an icon of static/img/icons.svg, as decoration: the word beside it says the same."""
    return _icon(static("img/icons.svg"), name)


@lru_cache(maxsize=200)
def _icon(drawings: str, name: str) -> SafeString:
    return format_html(ICON, drawings, name)


@register.filter
def marked(pieces: Iterable[Fragment]) -> SafeString:
    """Render a highlight with its words marked. Everything is escaped: searched text is never HTML."""
    parts = (f"<mark>{escape(text)}</mark>" if hit else escape(text) for text, hit in pieces)
    return mark_safe("".join(parts))  # noqa: S308 - each part has just been escaped


@register.inclusion_tag("_force.html")
def force_badge(resource: Resource, size: str = "") -> dict[str, Any]:
    """Render whether a legal instrument is in force: word, icon and colour; `size` may be "big"."""
    word = FORCE_LABELS[resource.force] if resource.force else None
    return {"word": word, "size": size}


CLOSING = {ord(mark): f"\\u{ord(mark):04X}" for mark in "<>&\u2028\u2029"}
"""What could end the element, or be read as markup, stands escaped as JSON does it (as in Django's json_script)."""


@register.filter
def as_json(value: Any) -> SafeString:
    """Format `value` as compact JSON, safe inside `<script type="application/ld+json">`."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(CLOSING))  # noqa: S308 - nothing that HTML knows is left in it
