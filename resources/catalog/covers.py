"""The picture by which a resource is known elsewhere: in a shared link, a feed, a catalogue."""

from dataclasses import dataclass

from django.core.files.storage import storages

from resources.models import Resource


@dataclass(frozen=True)
class PlainCover:
    """A cover in the one format that everything reads (JPEG): its address, width and height in pixels."""

    url: str
    width: int
    height: int


def plain_cover(resource: Resource) -> PlainCover | None:
    """Return the cover of `resource` as a JPEG, or None where only a woven one stands."""
    made = resource.renditions
    if not made:
        return None
    width = made["fallback"]
    return PlainCover(
        storages["pictures"].url(f"{made['folder']}/{width}.jpg"),
        width,
        round(width * made["height"] / made["width"]),
    )
