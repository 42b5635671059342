"""Fixity: compare stored bytes with their checksums, and find missing and orphaned files."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import IO, cast

from django.core.files.storage import Storage, storages
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from inspection.checksums import stream_checksum
from resources.files.covers import rendition_names
from resources.models import (
    FileVersion,
    Pack,
    PendingUpload,
    Resource,
    SharingPicture,
    SiteSettings,
    TrashedFile,
)

ORPHAN_AGE = timedelta(days=1)  # a younger one may belong to an upload that is just being stored
PLACES = {"files": "default", "pictures": "pictures"}
"""What a report calls a storage → its alias in the settings."""


@dataclass(frozen=True)
class FixityProblem:
    """One stored file that fails the fixity check. `what` describes it in Spanish."""

    place: str
    name: str
    what: str = ""


@dataclass
class Report:
    """The result of a fixity check."""

    checked: int = 0
    missing: list[FixityProblem] = field(default_factory=list)
    altered: list[FixityProblem] = field(default_factory=list)
    unerased: list[FixityProblem] = field(
        default_factory=list
    )  # bytes of withheld versions that are still there
    orphaned: list[FixityProblem] = field(default_factory=list)
    deleted: list[FixityProblem] = field(default_factory=list)  # orphans, where that was asked for

    @property
    def is_ok(self) -> bool:
        """Return whether no problem was found."""
        return not (self.missing or self.altered or self.unerased or self.orphaned)

    def as_dict(self) -> dict:
        """Return it for JSON."""
        return {"ok": self.is_ok} | asdict(self)


@dataclass(frozen=True)
class KnownFile:
    """One stored file as the database knows it; `size` and `sha256` are unknown of pictures."""

    place: str
    name: str
    what: str
    size: int | None = None
    sha256: str = ""


OTHERS: list[Callable[[str], Iterator[KnownFile]]] = []
"""Functions that yield the stored files of other apps, by the alias of a database; each app adds its own when it is ready."""


def sum_of(store: Storage, name: str) -> str:
    """Return the SHA-256 of a stored file, read in pieces. Raises OSError where it cannot be read."""
    with store.open(name, "rb") as stream:
        return stream_checksum(cast(IO[bytes], stream))


def check(
    *, delete_orphans: bool = False, progress: Callable[[int, int], None] = lambda done, of: None
) -> Report:
    """Compare stored bytes with their checksums, and find files without a row."""
    report = Report()
    stored_names = {
        place: set(walk(storages[alias])) for place, alias in PLACES.items()
    }  # first: what is stored later is no orphan
    kept = {(file.place, file.name): file for file in known_files()}
    for number, file in enumerate(kept.values(), 1):
        _check_one(file, report)
        progress(number, len(kept))
    _check_erased(kept, report)
    known = kept.keys() | {("files", problem.name) for problem in report.unerased}
    for place, names in stored_names.items():
        for name in sorted(name for name in names if (place, name) not in known):
            _handle_orphan(FixityProblem(place, name), report, delete=delete_orphans)
    return report


def known_files() -> Iterator[KnownFile]:
    """Yield every stored file that something in the database names."""
    yield from original_files()
    for pack in Pack.objects.exclude(key="").select_related("section", "resource"):
        yield KnownFile("files", pack.stored.name or "", str(pack), pack.size, pack.sha256)
    for shown in SharingPicture.objects.exclude(name="").select_related("section", "resource"):
        yield KnownFile("pictures", shown.name, str(shown))


def original_files(using: str = DEFAULT_DB_ALIAS) -> Iterator[KnownFile]:
    """Yield every stored file that the database at the alias `using` names.

    Left out are packs and sharing pictures, which are made of the others.
    """
    versions = FileVersion.objects.using(using).filter(withheld_on=None).exclude(stored="")
    columns = ("stored", "size", "sha256", "number", "file__file_name", "file__resource__title")
    for name, size, sha256, number, file_name, title in list(versions.values_list(*columns)):
        yield KnownFile("files", name, f"versión {number} de {file_name}, «{title}»", size, sha256)
    covers = Resource.objects.using(using).values_list("title", "cover", "renditions")
    for title, cover, renditions in list(covers):
        for name in [*([cover] if cover else []), *rendition_names(renditions)]:
            yield KnownFile("pictures", name, f"portada de «{title}»")
    for storage, name in list(TrashedFile.objects.using(using).values_list("storage", "name")):
        yield KnownFile(
            "files" if storage == "default" else storage, name, "apartado por un editor"
        )
    for name in list(PendingUpload.objects.using(using).values_list("stored", flat=True)):
        yield KnownFile("files", name, "subido y aún sin guardar")
    for logo in SiteSettings.objects.using(using).exclude(logo="").values_list("logo", flat=True):
        yield KnownFile("pictures", logo, "logotipo")
    for more in OTHERS:
        yield from more(using)


def _check_one(file: KnownFile, report: Report) -> None:
    report.checked += 1
    store = storages[PLACES[file.place]]
    problem = FixityProblem(file.place, file.name, file.what)
    try:
        if not store.exists(file.name):
            report.missing.append(problem)
        elif file.sha256 and (
            store.size(file.name) != file.size or sum_of(store, file.name) != file.sha256
        ):
            report.altered.append(problem)
    except OSError:
        report.altered.append(problem)


def _check_erased(kept: dict, report: Report) -> None:
    """Note bytes that were to be erased; a name that a version in force shares is none of them."""
    store = storages["default"]
    withheld = FileVersion.objects.exclude(withheld_on=None).exclude(stored="")
    for name, number, file_name in withheld.values_list("stored", "number", "file__file_name"):
        if ("files", name) not in kept and store.exists(name):
            report.unerased.append(
                FixityProblem("files", name, f"versión {number} de {file_name}, retenida")
            )


def _handle_orphan(orphan: FixityProblem, report: Report, *, delete: bool) -> None:
    store = storages[PLACES[orphan.place]]
    try:
        is_old = timezone.now() - store.get_modified_time(orphan.name) > ORPHAN_AGE
    except OSError:
        return  # it has gone in the meantime
    if delete and is_old:
        store.delete(orphan.name)
        report.deleted.append(orphan)
    else:
        report.orphaned.append(orphan)


def walk(store: Storage, folder: str = "") -> Iterator[str]:
    """Yield the name of every file in a storage."""
    try:
        folders, names = store.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    for name in names:
        yield prefix + name
    for inner in folders:
        yield from walk(store, prefix + inner)
