"""The way in of a file: inspected first, then stored as the next immutable version of its slot."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError

from inspection import FileFacts, FileRefused, Limits, WrittenPicture, inspect_file
from resources.files.antivirus import refuse_infected
from resources.models import FileVersion, Resource, ResourceFile
from resources.models.files import CAPTION_TYPES


@dataclass(frozen=True)
class Examined:
    """An accepted upload: its bytes, its facts and the picture for a cover."""

    path: Path
    name: str
    facts: FileFacts
    picture: Path | None


@contextmanager
def examine(path: Path, name: str) -> Iterator[Examined]:
    """Inspect the file at `path`, called `name` by its sender; temporary files are deleted afterwards.

    Raises ValidationError, in Spanish with what to do, where the file is refused.
    """
    if settings.CLAMD_SOCKET:
        refuse_infected(path, settings.CLAMD_SOCKET)
    with tempfile.TemporaryDirectory(prefix="inspeccion-") as folder:
        picture = Path(folder) / "picture.png"
        try:
            facts = inspect_file(
                path, name=name, limits=upload_limits(), picture=picture, slots_dir=slots_dir()
            )
        except FileRefused as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from refusal
        if facts.picture and facts.media_type.startswith("image/"):
            yield _cleaned(picture, name, facts, facts.picture)
        else:
            yield Examined(path, name, facts, picture if facts.picture else None)


def _cleaned(picture: Path, name: str, facts: FileFacts, clean: WrittenPicture) -> Examined:
    """Replace a picture by its clean copy: upright, without location, camera or comments."""
    facts = replace(
        facts, size=clean.size, sha256=clean.sha256, width=clean.width, height=clean.height
    )
    return Examined(picture, name, facts, picture)


def upload_limits() -> Limits:
    """Return the limits of an inspection, with MAX_UPLOAD_BYTES."""
    return replace(Limits(), max_bytes=settings.MAX_UPLOAD_BYTES)


def slots_dir() -> Path:
    """Return the folder whose locks count the inspections under way on this machine."""
    folder = settings.VAR_DIR / "inspection"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


DATA_EXTENSIONS = frozenset({"csv", "xlsx", "ods", "json"})


def role_by_type(resource: Resource, facts: FileFacts) -> str:
    """Return the role of a new file of `resource` for which nobody chose one."""
    role = ResourceFile.Role
    has_main = bool(resource.pk) and resource.files.filter(role=role.MAIN).exists()
    if facts.media_type in CAPTION_TYPES and (has_main or resource.spec.schema_files == "video"):
        return role.CAPTIONS
    if not has_main:
        return role.MAIN
    return role.DATA if facts.extension in DATA_EXTENSIONS else role.ANNEX


@contextmanager
def examine_stored(version: FileVersion) -> Iterator[Examined]:
    """Inspect the stored bytes of `version` again, wherever the storage keeps them. Raises as `examine` does."""
    with local_copy(version) as path, examine(path, version.file.file_name) as examined:
        yield examined


@contextmanager
def local_copy(version: FileVersion) -> Iterator[Path]:
    """Yield a temporary copy of the stored bytes on this machine's disk. Raises OSError."""
    with tempfile.NamedTemporaryFile(prefix="version-") as copy:
        with version.stored.open("rb") as stream:
            shutil.copyfileobj(stream, copy)
        copy.flush()
        yield Path(copy.name)


def refuse_unfit(facts: FileFacts, previous: FileVersion | None, change_note: str) -> None:
    """Raise ValidationError where a file with these `facts` cannot follow `previous` in its slot.

    The error's code is `change_note` where only the note is missing.
    """
    if previous is None:
        return
    if facts.media_type != previous.media_type:
        raise ValidationError(
            f"Este archivo es {facts.extension.upper()} y el actual es {previous.type_name}. "
            "Para no romper enlaces, una versión nueva conserva el tipo: agréguelo como otro archivo."
        )
    if facts.sha256 == previous.sha256:
        raise ValidationError(
            "Es exactamente el mismo archivo que la versión actual: no hay nada que reemplazar."
        )
    if not change_note.strip():
        raise ValidationError(
            "Escriba en una frase qué cambió: se muestra junto a la versión.", code="change_note"
        )
