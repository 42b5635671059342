"""Show covers of resources: renditions of a picture, or a placeholder cover."""

from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.core.files.storage import storages
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from resources.files.covers import plain_cover
from resources.listing.cards import Card
from resources.models import Resource
from resources.motifs import motif_for

register = template.Library()

PLACES = {
    "row": ("(min-width: 40rem) 7.5rem, 5.5rem", 480),
    "film": ("(min-width: 40rem) 15rem, 92vw", 960),
    "tall": ("(min-width: 64rem) 11rem, (min-width: 40rem) 29vw, 44vw", 960),
    "line": ("3.25rem", 240),
    "pending": ("3.25rem", 240),
    "side": ("13rem", 480),
    "page": ("(min-width: 84rem) 49rem, (min-width: 60rem) 62vw, 92vw", 1600),
}
"""How wide a cover is shown in each place (the `sizes` of HTML; the style sheets decide, this repeats it), and the
widest rendition, in pixels, that a sharp screen can use there."""


@dataclass(frozen=True)
class CoverPicture:
    """One cover, ready for HTML: addresses and the pixels of `src`."""

    src: str
    width: int
    height: int
    srcset: str = ""
    largest: str = ""  # the widest rendition; empty for a woven cover


def picture_of(resource: Resource, widest: int = 1600) -> CoverPicture:
    """Return the cover of `resource`: renditions up to `widest` pixels, or a placeholder chosen by its slug."""
    plain = plain_cover(resource)
    if plain is None:
        spec = resource.spec
        motif = motif_for(resource.slug, spec.motifs)
        return CoverPicture(
            static(f"img/placeholder-covers/{spec.slug}-{motif}.svg"), *spec.cover_size
        )
    url = storages["pictures"].url
    folder, widths = resource.renditions["folder"], resource.renditions["widths"]
    return CoverPicture(
        src=plain.url,
        width=plain.width,
        height=plain.height,
        srcset=", ".join(
            f"{url(f'{folder}/{width}.webp')} {width}w" for width in widths if width <= widest
        ),
        largest=url(f"{folder}/{max(widths)}.webp"),
    )


@register.simple_tag
def cover(resource: Resource, place: str = "row", alt: str = "", eager: bool = False) -> SafeString:
    """Render the cover of `resource` for a `place` of PLACES; `eager` above the fold. A placeholder cover has no `alt`."""
    sizes, widest = PLACES[place]
    picture = picture_of(resource, widest)
    return _drawn(picture, sizes, alt if picture.largest else "", eager)


@lru_cache(maxsize=2000)
def _drawn(picture: CoverPicture, sizes: str, alt: str, eager: bool) -> SafeString:
    """Render a picture, cached."""
    about = {"picture": picture, "sizes": sizes, "alt": alt, "eager": eager}
    return render_to_string("_cover.html", about)


@register.simple_tag
def card(
    card: Card, place: str = "", level: int = 3, bare: object = False, eager: object = False
) -> SafeString:
    """Render a card for a `place` of PLACES ("": row, or film for a video); `bare` leaves out kind and issuer."""
    place = place or _place_of(card)
    addresses = get_script_prefix(), static("img/icons.svg")
    return _card(card.row, addresses, place, level, bool(bare), bool(eager))


def _place_of(card: Card) -> str:
    """Return the place of a card in a list: a video that has no address yet takes one line."""
    if card.kind != "video":
        return "row"
    return "pending" if card.is_pending else "film"


@lru_cache(maxsize=2000)
def _card(row: tuple, prefix: str, place: str, level: int, bare: bool, eager: bool) -> SafeString:
    """Render a card, cached by all that it shows: an edit changes the row."""
    about = {"resource": Card(row).resource, "place": place, "level": level}
    return render_to_string("_card.html", about | {"bare": bare, "eager": eager})


@register.simple_tag
def large_view(resource: Resource) -> str:
    """Return the address of the largest rendition; "" for a placeholder cover."""
    return picture_of(resource).largest
