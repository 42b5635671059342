"""Describe a resource in plain values with absolute addresses: the source of every format for machines."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.encoding import iri_to_uri

from resources.addresses import reverse
from resources.dates import in_figures
from resources.files.covers import SocialPicture
from resources.identifiers import resource_iri
from resources.kinds.legislation.description import LegislationRecord
from resources.models import ResourceFile
from resources.models.kind_spec import KindSpec

OwnValue = str | int | bool
SAMPLE_NOTE = "Muestra, no es el documento oficial"


@dataclass(frozen=True)
class TermRef:
    """A section or a tag."""

    title: str
    slug: str
    url: str


@dataclass(frozen=True)
class PublisherRef:
    """The issuer. `url` may be empty; `listing` is the list of its resources, `iri` its permanent identifier."""

    name: str
    acronym: str
    url: str
    slug: str
    listing: str
    iri: str


@dataclass(frozen=True)
class Site:
    """The site and its publisher. Unknown values are empty."""

    url: str
    name: str
    description: str
    owner: str
    contact: str
    licence: str
    licence_url: str

    @property
    def publisher(self) -> str:
        """The institution behind the portal or, until it is known, the portal itself."""
        return self.owner or self.name


@dataclass(frozen=True)
class FileRecord:
    """The current version of a file. Sizes in bytes; `url` always gives the current version, `version_url` this one."""

    title: str
    role: str
    role_label: str
    language: str
    accessible: bool
    file_name: str
    url: str
    version_url: str
    version: int
    change_note: str
    media_type: str
    type_name: str
    size: int
    sha256: str
    pages: int | None
    width: int | None
    height: int | None
    is_sample: bool
    created: dt.datetime

    @property
    def full_title(self) -> str:
        """The title, with a note if the file is a sample."""
        return f"{self.title} ({SAMPLE_NOTE})" if self.is_sample else self.title


@dataclass(frozen=True)
class ResourceRecord:
    """A resource. Unknown values are empty or None; `text` is read for one resource only."""

    pk: int
    slug: str
    url: str
    kind: KindSpec
    subtype: str
    type_label: str
    title: str
    subtitle: str
    summary: str
    language: str
    section: TermRef
    issuer: PublisherRef | None
    tags: tuple[TermRef, ...]
    issued_on: dt.date | None
    issued: str  # ISO 8601, as exactly as it is known
    licence: str
    licence_url: str
    source_url: str
    link_pending: bool
    created: dt.datetime
    published_at: dt.datetime
    modified: dt.datetime
    verified_on: dt.date | None
    review_by: dt.date | None
    files: tuple[FileRecord, ...]
    picture: SocialPicture | None
    law: LegislationRecord | None
    own: Mapping[str, OwnValue]  # of the fields that only its kind has, but for the long texts
    text: str

    @property
    def iri(self) -> str:
        """The permanent identifier of the resource; the `url` of its page may change."""
        return resource_iri(self.pk, self.created)

    @property
    def display_title(self) -> str:
        """The title with the subtitle, for lists and citations."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    @property
    def api_url(self) -> str:
        """The address of the resource in the API."""
        return absolute(reverse("api-resource", args=[self.slug]))

    @property
    def edition(self) -> str:
        """The edition; "" for a kind without any."""
        return str(self.own.get("edition", ""))

    @property
    def address_elsewhere(self) -> str:
        """The address where the resource itself is, outside this portal."""
        return str(self.own.get(self.kind.address_field, ""))

    @property
    def dated(self) -> str:
        """The date of issue in ISO 8601 or, of a law without one, of its gazette."""
        return self.issued or (in_figures(self.law.gazette_date) if self.law else "")

    @property
    def description(self) -> str:
        """The summary or a substitute, never empty."""
        return (
            self.summary or str(self.own.get("alt_text", "")) or f"{self.type_label}: {self.title}"
        )

    @property
    def encodings(self) -> tuple[FileRecord, ...]:
        """The files that represent the resource: all but the sample of a law."""
        return tuple(file for file in self.files if not (self.law and file.is_sample))

    @property
    def main_file(self) -> FileRecord | None:
        """The file to read first, if it is the resource."""
        return next((file for file in self.encodings if file.role == ResourceFile.Role.MAIN), None)

    @property
    def official_file(self) -> FileRecord | None:
        """The main file unless it is a sample: the one to cite."""
        return self.main_file if self.main_file and not self.main_file.is_sample else None


def absolute(path: str) -> str:
    """Return the address of a path of this site under SITE_URL; other addresses stay."""
    return settings.SITE_URL + path if path.startswith("/") else iri_to_uri(path)
