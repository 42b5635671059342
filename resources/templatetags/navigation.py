"""The header and the footer of every page, rendered once for each set of the values that they show."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from resources.addresses import reverse
from resources.models import Page, Section, SiteSettings

register = template.Library()


class NavigationLink(NamedTuple):
    """A link of the header or the footer."""

    title: str
    url: str
    is_current: bool = False


class Brand(NamedTuple):
    """The site's values in header and footer."""

    name: str
    logo: str
    owner: str
    contact: str
    licence: str
    footer_note: str
    site_url: str


def _brand(site: SiteSettings, site_url: str) -> Brand:
    logo = site.logo.url if site.logo else ""
    return Brand(
        site.name, logo, site.owner, site.contact, site.licence, site.footer_note, site_url
    )


def _links(shelves: Iterable[Section | Page], path: str = "") -> tuple[NavigationLink, ...]:
    pairs = ((str(shelf), shelf.get_absolute_url()) for shelf in shelves)
    return tuple(NavigationLink(title, url, url == path) for title, url in pairs)


@register.simple_tag(takes_context=True)
def head_row(context: Context) -> SafeString:
    """Render the site's name and the link to all resources."""
    is_list = getattr(context.get("request"), "path", "") == reverse("resource-list")
    return _rendered("_head_row.html", _brand(context["site"], context["site_url"]), is_list)


@register.simple_tag(takes_context=True)
def menu(context: Context) -> SafeString:
    """Render the menu of sections."""
    path = getattr(context.get("request"), "path", "")
    return _rendered("_menu.html", None, False, _links(context["sections"], path))


@register.simple_tag(takes_context=True)
def footer(context: Context) -> SafeString:
    """Render the footer."""
    brand = _brand(context["site"], context["site_url"])
    return _rendered(
        "_footer.html", brand, False, _links(context["sections"]), _links(context["pages"])
    )


def _rendered(name: str, *shown: Any) -> SafeString:
    return _cached(name, get_script_prefix(), static("img/icons.svg"), *shown)


@lru_cache(maxsize=200)
def _cached(
    name: str,
    prefix: str,
    icons: str,
    brand: Brand | None,
    is_list: bool = False,
    sections: tuple[NavigationLink, ...] = (),
    pages: tuple[NavigationLink, ...] = (),
) -> SafeString:
    shown: dict[str, Any] = {
        "brand": brand,
        "is_list": is_list,
        "sections": sections,
        "pages": pages,
    }
    return render_to_string(name, shown)
