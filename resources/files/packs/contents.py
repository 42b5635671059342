"""The contents of a pack: published files under readable names, and its summary for pages."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models import QuerySet
from django.utils import timezone

from resources.addresses import reverse
from resources.models import FileVersion, Pack, Resource, ResourceFile, Section, SiteSettings

FORMAT = 1  # raise it when this code packs the same files otherwise
STYLES = ("site", "pages", "pack")  # the style sheets of a pack's index
MAX_FILES = 2000
COMPARED = 100  # files that a page compares itself; beyond, packs are "en preparación" until the worker has compared them
NAME_LENGTH = 100  # characters: with the folder it is unpacked into, Windows takes 260
LINKING = re.compile(
    r"(?:[ ,;:]+(?:[aeouy]|al|con|de|del|el|en|la|las|los|ni|para|por|que|se|sin|su|sus|un|una))+\Z",
    re.IGNORECASE,
)
"""Words that link to what a cut has taken away: no name ends in them."""
FORBIDDEN = str.maketrans(
    {'"': "'", "/": "-", "\\": "-", "|": "-", ":": ",", "*": "", "?": ""} | dict.fromkeys("<>", "")
)
RESOURCE_ORDER = ("file__resource__position", "file__resource__sort_title", "file__resource_id")
FILE_ORDER = ("file__position", "file_id")
SHOWN = (
    "file_id",
    *(
        "number",
        "media_type",
        "size",
        "sha256",
        "pages",
        "is_sample",
        "created",
        "stored",
        "withheld_on",
    ),
    *(
        f"file__{name}"
        for name in (
            "resource_id",
            "role",
            "label",
            "language",
            "accessible",
            "file_name",
            "position",
        )
    ),
    *(f"file__resource__{name}" for name in ("section_id", "kind", "title", "slug", "issuer_id")),
)


@dataclass(frozen=True)
class Entry:
    """One file of a pack, with its version, its title and its name inside the ZIP."""

    version: FileVersion
    title: str
    name: str

    @property
    def resource(self) -> Resource:
        """The resource that the file belongs to."""
        return self.version.file.resource

    def row(self) -> dict[str, str | int | bool | None]:
        """Return the row of the file in the manifest."""
        version, slot = self.version, self.version.file
        return {
            "archivo": self.name,
            "recurso": self.resource.title,
            "titulo": slot.title,
            "funcion": slot.get_role_display(),
            "tipo": version.media_type,
            "bytes": version.size,
            "paginas": version.pages,
            "idioma": slot.language,
            "accesible": slot.accessible,
            "muestra": version.is_sample,
            "version": version.number,
            "fecha": timezone.localtime(version.created).date().isoformat(),
            "sha256": version.sha256,
            "pagina": settings.SITE_URL + self.resource.get_absolute_url(),
            "direccion": settings.SITE_URL + slot.get_absolute_url(),
        }


@dataclass(frozen=True)
class PackContents:
    """All that goes into the pack of `owner`, as it is published now."""

    owner: Section | Resource
    portal: SiteSettings
    entries: tuple[Entry, ...]

    @property
    def url(self) -> str:
        """The address of the pack."""
        return pack_url(self.owner)

    @property
    def is_packable(self) -> bool:
        """Return whether a pack is built: from one file of a section or two of a resource, within the limits."""
        least = 1 if isinstance(self.owner, Section) else 2
        size = sum(entry.version.size for entry in self.entries)
        return least <= len(self.entries) <= MAX_FILES and size <= settings.PACK_MAX_BYTES

    @property
    def newest(self) -> FileVersion:
        """The newest version, whose date is that of the pack: same files, same bytes."""
        return max((entry.version for entry in self.entries), key=lambda version: version.created)

    @cached_property
    def manifest(self) -> dict:
        """The manifest, with everything that the pack states: the key is derived from it."""
        return {
            "titulo": self.owner.title,
            "publicado_en": self.portal.name,
            "direccion": settings.SITE_URL + self.owner.get_absolute_url(),
            "archivos": [entry.row() for entry in self.entries],
        }

    @cached_property
    def key(self) -> str:
        """The digest of manifest and style: a stored pack with another key is outdated."""
        known = [
            FORMAT,
            current_contents(),
            [entry.version.pk for entry in self.entries],
            self.manifest,
        ]
        return hashlib.sha256(json.dumps(known, ensure_ascii=False).encode()).hexdigest()


@cache
def current_contents() -> str:
    """Return a sum of the templates and style sheets that a pack's index is made of."""
    sheets = [Path(str(finders.find(f"css/{name}.css"))) for name in STYLES]
    templates = sorted((settings.BASE_DIR / "templates" / "packs").glob("*.html"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in [*sheets, *templates])).hexdigest()


@dataclass(frozen=True)
class PackSummary:
    """A pack on a page: number of files, bytes, address, and whether it is built."""

    count: int
    size: int
    url: str
    is_ready: bool


def pack_url(owner: Section | Resource) -> str:
    """Return the address of the pack of a section or a resource."""
    return reverse(
        "section-pack" if isinstance(owner, Section) else "resource-pack", args=[owner.slug]
    )


def public_versions() -> QuerySet[FileVersion]:
    """Return the current versions that visitors may have, in the editors' order within each section, with slot and resource."""
    shown = FileVersion.objects.filter(
        current_of__isnull=False, withheld_on=None, file__resource__in=Resource.objects.published()
    )
    return _with_owners(shown).order_by(*RESOURCE_ORDER, *FILE_ORDER)


def _with_owners(versions: QuerySet[FileVersion]) -> QuerySet[FileVersion]:
    return versions.select_related("file__resource").only(*SHOWN)


def contents_of_sections(
    sections: Iterable[Section], portal: SiteSettings, most: int = MAX_FILES
) -> dict[int, PackContents]:
    """Return the pack contents of `sections`, by primary key.

    Of a section with more than `most` files one more than that is read.
    """
    return {
        section.pk: PackContents(
            section, portal, _named(_versions_in(section, most + 1), in_section=True)
        )
        for section in sections
    }


def _versions_in(section: Section, most: int) -> list[FileVersion]:
    """Return the first public versions of a section: their keys in its own order, which an index has, then their columns."""
    given = Resource.objects.published().filter(
        section=section, files__current__isnull=False, files__current__withheld_on=None
    )
    order = ("position", "sort_title", "pk", "files__position", "files__pk")
    keys = list(given.order_by(*order).values_list("files__current", flat=True)[:most])
    found = _with_owners(FileVersion.objects.filter(pk__in=keys)).in_bulk()
    return [found[key] for key in keys]


def contents_of_section(section: Section, portal: SiteSettings) -> PackContents:
    """Return the pack contents of `section`."""
    return contents_of_sections([section], portal)[section.pk]


def contents_of_resource(
    resource: Resource, versions: Iterable[FileVersion], portal: SiteSettings
) -> PackContents:
    """Return the pack contents of `resource`, from its current `versions` in any order, without withheld ones."""
    kept = [version for version in versions if not version.is_withheld]
    kept.sort(key=lambda version: (version.file.position, version.file_id))
    return PackContents(resource, portal, _named(kept, in_section=False))


def section_facts(sections: Iterable[Section], portal: SiteSettings) -> dict[int, PackSummary]:
    """Return the pack summaries of `sections` (read with their `pack`) by primary key; sections without files are left out.

    A pack that changed since the worker compared it is compared here, as far as all of them have no more than COMPARED files.
    """
    facts, unsure = {}, []
    for section in sections:
        pack = Pack.of(section)
        if pack is None or not pack.is_checked(portal) or portal.is_unsettled:
            unsure.append(section)
        elif pack.key:
            facts[section.pk] = PackSummary(pack.count, pack.size, pack_url(section), True)
    most = COMPARED // max(len(unsure), 1)
    for contents in contents_of_sections(unsure, portal, most).values():
        if len(contents.entries) > most:
            facts[contents.owner.pk] = PackSummary(len(contents.entries), 0, contents.url, False)
        elif found := facts_of(contents):
            facts[contents.owner.pk] = found
    return facts


def facts_of(contents: PackContents) -> PackSummary | None:
    """Return the summary of a pack, or None where none is made."""
    if not contents.is_packable:
        return None
    pack = Pack.of(contents.owner)
    if pack is None or pack.key != contents.key:
        return PackSummary(len(contents.entries), 0, contents.url, False)
    return PackSummary(len(contents.entries), pack.size, contents.url, True)


def _named(versions: list[FileVersion], *, in_section: bool) -> tuple[Entry, ...]:
    """Name each file by number and title: "03-Guía de participación.pdf"."""
    width = max(2, len(str(len(versions))))
    entries = []
    for number, version in enumerate(versions, 1):
        slot = version.file
        title = slot.title
        if in_section:
            is_plain = slot.role == ResourceFile.Role.MAIN or not slot.label
            title = slot.resource.title if is_plain else f"{slot.resource.title} - {slot.label}"
        extension = slot.file_name.rpartition(".")[2]
        entries.append(Entry(version, title, f"{number:0{width}}-{safe_name(title)}.{extension}"))
    return tuple(entries)


def safe_name(title: str) -> str:
    """Return `title` as every operating system takes it in a file name, accents and spaces kept."""
    plain = unicodedata.normalize("NFC", title).translate(FORBIDDEN)
    visible = "".join(c if c.isprintable() else " " for c in plain)
    name = re.sub(r"\s+", " ", visible).strip(" .")
    if len(name) > NAME_LENGTH:
        name = name[: NAME_LENGTH + 1].rpartition(" ")[0] or name[:NAME_LENGTH]
        name = LINKING.sub("", name)
    return name.rstrip(" .,-") or "archivo"
