"""Covers and their renditions: one picture in, a few widths out, made once by a task when the picture changes."""

import io
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.db import transaction
from django_tasks import task
from PIL import Image, ImageOps

from resources.locking import lock_row
from resources.lost_tasks import when_lost
from resources.models import Resource

WIDTHS = (240, 480, 720, 960, 1600)  # pixels: a card on a phone, a card, a page, the large view
EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
FLAT = 20_000  # colours at most of a picture that is drawn, not photographed
FALLBACK = (
    480  # pixels; the one width that is also kept as JPEG, for old browsers and link previews
)


@transaction.atomic
def cover_from_picture(resource: Resource, picture: Path, media_type: str) -> None:
    """Make `picture` (a file's first page, or the file itself) the cover, unless an editor has uploaded one."""
    lock_row(resource)  # the picture took a while to draw: the cover may be another by now
    resource.refresh_from_db(fields=["cover", "cover_width", "cover_height", "cover_from_file"])
    if resource.cover and not resource.cover_from_file:
        return
    old = resource.cover.name
    with picture.open("rb") as stream:
        resource.cover.save(f"portada.{EXTENSIONS[media_type]}", File(stream), save=False)
    resource.cover_from_file = True
    Resource.objects.filter(pk=resource.pk).update(
        cover=resource.cover.name,
        cover_width=resource.cover.width,
        cover_height=resource.cover.height,
        cover_from_file=True,
    )
    if old:
        transaction.on_commit(partial(resource.cover.storage.delete, old))
    make_renditions.enqueue(resource.pk)


def drop_cover(resource: Resource) -> None:
    """Delete the cover and its renditions, bytes included."""
    names = [resource.cover.name, *rendition_names(resource.renditions)]
    Resource.objects.filter(pk=resource.pk).update(
        cover="", cover_width=None, cover_height=None, cover_from_file=False, renditions={}
    )
    for name in filter(None, names):
        transaction.on_commit(partial(storages["pictures"].delete, name))


@when_lost("No se terminó de preparar una portada", repeats=True, model="resources.resource")
@task()
def make_renditions(resource_id: int) -> None:
    """Make the widths of a resource's cover, by the worker; until then the page shows a woven cover."""
    resource = Resource.objects.filter(pk=resource_id).first()
    if resource:
        store_renditions(resource)


def store_renditions(resource: Resource) -> None:
    """Make and store every width of the cover, and drop those of the picture it had before."""
    old = resource.renditions
    renditions = _render(resource) if resource.cover else {}
    still_its_cover = Resource.objects.filter(pk=resource.pk, cover=resource.cover.name or "")
    if not still_its_cover.update(renditions=renditions):
        old = renditions  # another cover came meanwhile, or this one was taken away: these were made in vain
    resource.renditions = renditions
    for name in rendition_names(old):
        storages["pictures"].delete(name)


def lacks_renditions(resource: Resource) -> bool:
    """Return whether a rendition of the cover is missing, in the row or in the storage."""
    names = rendition_names(resource.renditions)
    return bool(resource.cover) and not (
        names and all(storages["pictures"].exists(name) for name in names)
    )


def rendition_names(renditions: dict) -> list[str]:
    """Return the names, in the pictures' storage, of all that `renditions` tells of."""
    if not renditions:
        return []
    folder = renditions["folder"]
    return [f"{folder}/{width}.webp" for width in renditions["widths"]] + [
        f"{folder}/{renditions['fallback']}.jpg"
    ]


def _render(resource: Resource) -> dict:
    """Store WebP renditions of each width up to that of the picture, and a JPEG fallback; return `Resource.renditions`."""
    with resource.cover.open("rb") as stream, Image.open(stream) as opened:
        picture = _on_white(ImageOps.exif_transpose(opened))
    widths = [width for width in WIDTHS if width <= picture.width] or [picture.width]
    fallback = FALLBACK if FALLBACK in widths else widths[-1]
    folder = f"portadas/{secrets.token_hex(12)}"
    for width, smaller in _shrunk(picture, widths):
        _store_webp(smaller, f"{folder}/{width}.webp")
        if width == fallback:
            name = f"{folder}/{fallback}.jpg"
            _store(smaller, name, "JPEG", quality=82, optimize=True, progressive=True)
    return {
        "folder": folder,
        "widths": widths,
        "fallback": fallback,
        "width": picture.width,
        "height": picture.height,
    }


def _shrunk(picture: Image.Image, widths: Iterable[int]) -> Iterator[tuple[int, Image.Image]]:
    """Yield each width with the picture at it, the widest first: each is made from the one before, which is smaller."""
    smaller = picture
    for width in sorted(widths, reverse=True):
        height = max(1, round(picture.height * width / picture.width))
        smaller = smaller.resize((width, height), Image.Resampling.LANCZOS)
        yield width, smaller


def _on_white(picture: Image.Image) -> Image.Image:
    """Return `picture` without transparency: JPEG has none, and black would show through."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    ground = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(ground, layered).convert("RGB")


def _store_webp(picture: Image.Image, name: str) -> None:
    """Store a picture as WebP: of a flat one, such as a drawing, without loss if that takes fewer bytes."""
    lossy = io.BytesIO()
    picture.save(lossy, "WEBP", quality=80, method=4)
    content = lossy.getvalue()
    if picture.getcolors(FLAT):
        exact = io.BytesIO()
        picture.save(exact, "WEBP", lossless=True, quality=60, method=4)
        content = min(content, exact.getvalue(), key=len)
    storages["pictures"].save(name, ContentFile(content))


def _store(picture: Image.Image, name: str, encoding: str, **options: object) -> None:
    buffer = io.BytesIO()
    picture.save(buffer, encoding, **options)
    storages["pictures"].save(name, ContentFile(buffer.getvalue()))


@dataclass(frozen=True)
class SocialPicture:
    """A cover in the one format that everything reads (JPEG): its address, width and height in pixels."""

    url: str
    width: int
    height: int


def plain_cover(resource: Resource) -> SocialPicture | None:
    """Return the cover of `resource` as a JPEG, or None where only a woven one stands."""
    made = resource.renditions
    if not made:
        return None
    width = made["fallback"]
    return SocialPicture(
        storages["pictures"].url(f"{made['folder']}/{width}.jpg"),
        width,
        round(width * made["height"] / made["width"]),
    )
