"""Read pictures: their visible size, and a clean copy without location, camera or comments."""

import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image, ImageCms, JpegImagePlugin

from inspection.checksums import picture_line
from inspection.detect import identify
from inspection.facts import FileRefused, Job, Limits, ReportLine, WrittenPicture
from inspection.signatures import FileType

_FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each EXIF orientation (CIPA DC-008, tag 274)."""
_TWO_PASS_PIXELS = 25_000_000
"""Above this a JPEG is written in one pass: two keep every coefficient in memory."""
_SPACES = {"L": "GRAY", "LA": "GRAY", "RGB": "RGB", "RGBA": "RGB", "P": "RGB", "PA": "RGB"}


def read(job: Job, found: FileType) -> Iterator[ReportLine]:
    """Yield the facts of a picture, and its clean copy when one is wanted."""
    try:
        yield from _lines(job, found)
    except (FileRefused, MemoryError):
        raise
    except Exception as error:  # Pillow's decoders raise whatever a broken file makes them raise
        raise FileRefused(
            "damaged",
            f"El archivo parece {found.label}, pero está incompleto o dañado. Ábralo en un editor "
            "de imágenes, guárdelo de nuevo y súbalo otra vez.",
            detail=f"{type(error).__name__}: {error}"[:500],
        ) from error


def clean_picture(path: Path, out: Path, limits: Limits | None = None) -> WrittenPicture:
    """Write a clean copy of a picture in its own format: upright, with its colour profile, without metadata.

    EXIF (with GPS), XMP, IPTC, comments, thumbnails and anything after the picture's end are gone.
    JPEG keeps its quantisation tables, so hardly a pixel changes; in PNG and lossless WebP none
    does. Colours in CMYK become sRGB. Raises FileRefused for an animation, and whatever Pillow
    raises for a broken file: for a stranger's file use `inspect_file(picture=…)`.
    """
    found = identify(path)
    if found.extension not in _FORMATS:
        raise FileRefused("unsupported", "El archivo no es una imagen PNG, JPEG ni WebP.")
    size = _write_clean(path, out, found.extension, limits or Limits())
    return WrittenPicture(**picture_line(out, found.media_type, size)["picture"])


def _lines(job: Job, found: FileType) -> Iterator[ReportLine]:
    if job.picture:
        size = _write_clean(job.path, job.picture, found.extension, job.limits)
        yield picture_line(job.picture, found.media_type, size)
    else:
        with _opened(job.path, found.extension, job.limits) as image:
            if not job.member:
                image.load()
            turned = _orientation(image) >= 5
            size = image.size[::-1] if turned else image.size
    yield {"facts": {"width": size[0], "height": size[1]}}


def _opened(path: Path, extension: str, limits: Limits) -> Image.Image:
    """Open the picture's header; refuse too many pixels and animations."""
    Image.MAX_IMAGE_PIXELS = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = Image.open(path, formats=[_FORMATS[extension]])
    pixels = image.width * image.height
    if pixels > limits.max_pixels:
        raise FileRefused(
            "too_many_pixels",
            f"La imagen mide {image.width} × {image.height} píxeles ({pixels // 1_000_000} "
            f"millones) y el máximo es de {limits.max_pixels // 1_000_000} millones. Redúzcala y "
            "súbala de nuevo.",
        )
    if extension != "jpg" and getattr(image, "n_frames", 1) > 1:
        raise FileRefused(
            "animated",
            "La imagen es animada y no todas las personas pueden verla bien ni detenerla. Súbala "
            "como video MP4 o como imagen fija.",
        )
    return image


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; 1 when the EXIF data is absent or broken."""
    try:
        found = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # broken EXIF is no reason to refuse the picture that it describes
        return 1
    return found if found in _TURNS else 1


def _write_clean(path: Path, out: Path, extension: str, limits: Limits) -> tuple[int, int]:
    """Write the clean copy and return its width and height in pixels."""
    with _opened(path, extension, limits) as image:
        image.load()
        orientation = _orientation(image)
        options = _options(image, extension, path) | {"icc_profile": _sound_profile(image)}
        mode = image.mode
        kept = {key: image.info[key] for key in ("transparency",) if key in image.info}
        upright: Image.Image = image
        if extension == "jpg" and mode not in ("L", "RGB"):
            upright = _as_srgb(image)
            options |= {"icc_profile": None, "qtables": None, "quality": 92}
        if orientation in _TURNS:
            upright = upright.transpose(_TURNS[orientation])
        upright.info.clear()
        upright.info.update(kept)
        upright.save(out, _FORMATS[extension], **options)
        return upright.size


def _options(image: Image.Image, extension: str, path: Path) -> dict[str, Any]:
    """Return the encoder options that preserve the look."""
    if extension == "jpg":
        small = image.width * image.height <= _TWO_PASS_PIXELS
        sampling = JpegImagePlugin.get_sampling(image)
        return {
            "qtables": getattr(image, "quantization", None) or None,
            "subsampling": sampling if sampling in (0, 2) else 0,
            "progressive": small and bool(image.info.get("progressive")),
            "optimize": small,
            "comment": b"",
        }
    if extension == "webp":
        with path.open("rb") as stream:
            lossless = b"VP8L" in stream.read(4_096)
        return {"lossless": lossless, "quality": 90}
    return {}


def _sound_profile(image: Image.Image) -> bytes | None:
    """Return the ICC profile if it is readable and fits the picture's mode, else None."""
    profile = image.info.get("icc_profile")
    if not profile:
        return None
    try:
        space = ImageCms.ImageCmsProfile(BytesIO(profile)).profile.xcolor_space.strip()
    except (OSError, ImageCms.PyCMSError, TypeError, ValueError):
        return None
    return profile if space == _SPACES.get(image.mode) else None


def _as_srgb(image: Image.Image) -> Image.Image:
    """Convert a picture in CMYK or another print mode to sRGB, by its own profile where readable."""
    profile = image.info.get("icc_profile")
    if profile and image.mode == "CMYK":
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
        except (OSError, ImageCms.PyCMSError, TypeError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")
