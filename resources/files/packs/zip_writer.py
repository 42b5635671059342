"""The ZIP of a pack: files, index, sums and manifest, the same bytes for the same content."""

import hashlib
import json
import re
import zipfile
from pathlib import Path
from typing import IO

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from resources.csv_guard import csv_line
from resources.files.packs.contents import STYLES, PackContents
from resources.models import FileVersion
from resources.text import yes_or_no

TYPEFACE = re.compile(r"@font-face \{[^}]*\}\n?")
CHUNK = 256 * 1024  # bytes read and written at a time
COMPRESSED = (
    "text/",
    "application/json",
)  # every other type that is accepted is compressed by itself


class AlteredFile(Exception):
    """The stored bytes are not those of the published sum: they do not go into any pack."""


def write_pack(stream: IO[bytes], contents: PackContents) -> None:
    """Write the pack of `contents` to `stream`, in memory that does not grow with the files.

    Raises AlteredFile or FileNotFoundError where a stored file is not what it should be.
    """
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in _index_files(contents):
            member = _member(name, contents.newest, zipfile.ZIP_DEFLATED)
            archive.writestr(member, text.encode("utf-8"))
        for entry in contents.entries:
            _copy(archive, entry.name, entry.version)


def _member(name: str, version: FileVersion, compression: int) -> zipfile.ZipInfo:
    """Return a member dated by `version`, readable by everyone, without data of the machine that made it."""
    moment = timezone.localtime(version.created)
    member = zipfile.ZipInfo(name, (max(moment.year, 1980), *moment.timetuple()[1:6]))
    member.compress_type = compression
    member.create_system = 3  # Unix, everywhere: it decides how the rights below are read
    member.external_attr = 0o100644 << 16
    return member


def _copy(archive: zipfile.ZipFile, name: str, version: FileVersion) -> None:
    is_text = version.media_type.startswith(COMPRESSED)
    member = _member(name, version, zipfile.ZIP_DEFLATED if is_text else zipfile.ZIP_STORED)
    member.file_size = version.size
    digest = hashlib.sha256()
    with version.stored.open("rb") as source, archive.open(member, "w") as target:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            target.write(chunk)
    if digest.hexdigest() != version.sha256:
        raise AlteredFile(f"{version.stored.name} is not {version.sha256}")


def _index_files(contents: PackContents) -> list[tuple[str, str]]:
    """Return the accompanying documents: name and text."""
    sums = "".join(f"{entry.version.sha256}  {entry.name}\n" for entry in contents.entries)
    return [
        ("LEEME.html", _index(contents)),
        ("SHA256SUMS", sums),
        ("manifiesto.csv", _table(contents.manifest["archivos"])),
        ("manifiesto.json", json.dumps(contents.manifest, ensure_ascii=False, indent=2) + "\n"),
    ]


def _index(contents: PackContents) -> str:
    """Render the page that opens without a connection: its styles stand in the file itself."""
    context = {
        "contents": contents,
        "site": contents.portal,
        "site_url": settings.SITE_URL,
        "css": _styles(),
    }
    return render_to_string("packs/index.html", context)


def _styles() -> SafeString:
    """Return the style sheets of the index as one text, without typefaces: it fetches nothing."""
    sheets = (str(finders.find(f"css/{name}.css")) for name in STYLES)
    whole = "\n".join(Path(sheet).read_text("utf-8") for sheet in sheets)
    return mark_safe(TYPEFACE.sub("", whole))  # noqa: S308 - our own files


def _table(rows: list[dict]) -> str:
    """Write the manifest as CSV (RFC 4180) that opens in a spreadsheet with its accents right: it begins with a BOM."""
    lines = [csv_line(rows[0]), *(csv_line(map(_cell, row.values())) for row in rows)]
    return "\ufeff" + "".join(lines)


def _cell(value: object) -> object:
    return yes_or_no(value) if isinstance(value, bool) else value
