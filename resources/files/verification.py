"""Verification: find a file by its SHA-256 sum. Files that were never public are not found."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.formats import date_format

from resources.models import FileVersion, Redirect, Resource, ResourceFile

DIGITS = 64  # of a SHA-256 sum in hexadecimal (FIPS 180-4)
LONGEST = 1000  # characters of what is worth reading: a line of `sha256sum` with its path
DAY = r"j \d\e F \d\e Y"
MOST = 50  # answers for one sum
ALONE = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
BETWEEN = re.compile(r"[\s:.\-\u200b\ufeff]+")
OTHER_SUMS = {32: "MD5", 40: "SHA-1", 96: "SHA-384", 128: "SHA-512"}


class BadSum(ValueError):
    """The typed text is not a SHA-256 sum; the message has advice in Spanish."""


class State(IntEnum):
    """The state of a version with the sum, in the order of the answers."""

    CURRENT = 1
    REPLACED = 2
    WITHHELD = 3
    WITHDRAWN = 4


@dataclass(frozen=True)
class VerificationResult:
    """One version whose bytes have the sum, with its slot and its resource."""

    state: State
    version: FileVersion
    replaced_on: datetime | None = None

    @property
    def resource(self) -> Resource:
        """The resource that the file belongs or belonged to."""
        return self.version.file.resource

    @property
    def title(self) -> str:
        """The title by which a reader knows the file."""
        return quoted_title(self.version.file)

    @property
    def code(self) -> str:
        """The state's name for templates."""
        return self.state.name.lower()

    @property
    def since(self) -> datetime | None:
        """Since when it is in this state, where that is known."""
        return {
            State.CURRENT: self.version.created,
            State.REPLACED: self.replaced_on,
            State.WITHHELD: self.version.withheld_on,
            State.WITHDRAWN: self.resource.withdrawn_on,
        }[self.state]

    @property
    def reason(self) -> str:
        """The reason for the withdrawal or takedown, as the public reads it."""
        if self.state == State.WITHDRAWN:
            return self.resource.withdrawn_reason
        return self.version.withheld_reason

    @property
    def current(self) -> FileVersion | None:
        """The version to use instead, where there is one that is given."""
        current = self.version.file.current
        return current if current and not current.is_withheld else None

    @property
    def sentence(self) -> str:
        """The answer in one sentence."""
        number = self.version.number
        when = f" el {date_format(timezone.localtime(self.since), DAY)}" if self.since else ""
        return {
            State.CURRENT: f"Versión actual de {self.title}",
            State.REPLACED: f"Versión {number} de {self.title}, reemplazada{when}",
            State.WITHHELD: f"Versión {number} de {self.title}, retenida{when}",
            State.WITHDRAWN: f"Archivo retirado{when}: {self.title}",
        }[self.state]


def quoted_title(file: ResourceFile) -> str:
    """Return the quoted title of a file's resource, with the label that tells the file from the others there."""
    title = f"«{file.resource.title}»"
    return f"{title} ({file.label})" if file.label else title


def file_key(file: ResourceFile) -> str:
    """Return the value of `?archivo=` that names `file`."""
    return f"{file.resource.slug}/{file.file_name}"


def find_file(key: str) -> ResourceFile | None:
    """Return the file named by `<slug>/<file name>`, also by a former slug, if its resource is public or withdrawn."""
    slug, _, file_name = key.replace("\0", "").partition("/")
    resource = Resource.objects.filter(slug=slug).first()
    if resource is None:
        former = Redirect.find("recursos", slug)
        resource = former.resource if former else None
    if resource is None or not (resource.is_public or resource.is_gone):
        return None
    file = ResourceFile.objects.filter(resource=resource, file_name=file_name).first()
    if file:
        file.resource = resource
    return file


def read_sum(text: str) -> str:
    """Return the sum in `text` in lower case: alone, in groups, or within the line of a program that computed it.

    Raises BadSum, with what to do, where there is none or more than one.
    """
    lower = text[:LONGEST].strip().lower()
    found = set(ALONE.findall(lower))
    joined = BETWEEN.sub("", lower.removeprefix("sha256").removeprefix("sha-256"))
    if not found and re.fullmatch(r"[0-9a-f]{64}", joined):
        found = {joined}
    if len(found) == 1:
        return found.pop()
    raise BadSum(_advice(joined, len(found)))


def _advice(joined: str, found: int) -> str:
    if found > 1:
        return "Hay más de una huella en lo que escribió. Verifique una a la vez."
    if not joined:
        return "Escriba la huella SHA-256 del archivo, o elija el archivo."
    if not re.fullmatch(r"[0-9a-f]+", joined):
        return f"Esto no es una huella SHA-256: tiene {DIGITS} caracteres, solo cifras del 0 al 9 y letras de la a a la f."
    if len(joined) in OTHER_SUMS:
        return f"Parece una huella {OTHER_SUMS[len(joined)]}. Aquí se verifica con SHA-256, que tiene {DIGITS} caracteres."
    lack = "Faltan" if len(joined) < DIGITS else "Sobran"
    return f"Una huella SHA-256 tiene {DIGITS} caracteres y esta tiene {len(joined)}. {lack} algunos: cópiela de nuevo."


def find(sha256: str) -> list[VerificationResult]:
    """Return every version with this sum that a visitor may know of, current ones first; two queries at most."""
    following = FileVersion.objects.filter(file=OuterRef("file"), number=OuterRef("number") + 1)
    versions = (
        FileVersion.objects.filter(sha256=sha256)
        .select_related("file__resource", "file__current")
        .annotate(replaced_on=Subquery(following.values("created")[:1]))
        .order_by("-number")[:MOST]
    )
    findings = [
        VerificationResult(state, version, version.replaced_on)
        for version in versions
        if (state := _state(version))
    ]
    return sorted(findings, key=lambda finding: (finding.state, finding.resource.sort_title))


def _state(version: FileVersion) -> State | None:
    """Return the public state of `version`; None if its resource was never public or is a draft again."""
    resource = version.file.resource
    if not resource.is_public:
        return State.WITHDRAWN if resource.is_gone else None
    if version.is_withheld:
        return State.WITHHELD
    return State.CURRENT if version.file.current_id == version.pk else State.REPLACED
