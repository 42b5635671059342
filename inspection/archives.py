"""Inspect ZIP archives: every member is unpacked within limits and must pass the same inspection."""

import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from inspection.examine import examine, megabytes
from inspection.facts import FileRefused, Job, ReportLine
from inspection.signatures import FileType
from inspection.text_cleanup import one_line
from inspection.zip_container import chunks, open_zip

_MAC_FOLDER = "__MACOSX/"
_APPLE_DOUBLE = b"\x00\x05\x16\x07"  # RFC 1740: a file's attributes, beside the file
_DESKTOP_STORE = b"\x00\x00\x00\x01Bud1"  # .DS_Store: where a folder's icons stand
_MAC_BYTES = 1_000_000


def read(job: Job, found: FileType) -> Iterator[ReportLine]:
    """Inspect each member; yield no facts of its own. Raises FileRefused, naming the member."""
    with open_zip(job.path, job.limits) as archive:
        members = [entry for entry in archive.infolist() if not entry.is_dir()]
        if all(entry.filename.startswith(_MAC_FOLDER) for entry in members):
            raise FileRefused(
                "empty",
                "El ZIP no contiene ningún archivo. Añada los que quiere publicar y súbalo de "
                "nuevo.",
            )
        for entry in members:
            _check_member(archive, entry, job)
    yield {"facts": {}}


def _check_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, job: Job) -> None:
    shown = one_line(entry.filename, 80)
    if entry.file_size > job.limits.max_bytes:
        raise FileRefused(
            "too_big",
            f"En el ZIP, «{shown}» pesa {megabytes(entry.file_size)} y el máximo es "
            f"{megabytes(job.limits.max_bytes)}. Redúzcalo o divídalo en partes.",
        )
    with tempfile.NamedTemporaryFile() as unpacked:
        for chunk in chunks(archive, entry):
            unpacked.write(chunk)
        unpacked.flush()
        name = Path(entry.filename).name
        if _is_of_a_mac(entry, Path(unpacked.name)):
            return
        member = replace(job, path=Path(unpacked.name), name=name, picture=None, member=True)
        try:
            for line in examine(member):
                _refuse_nested(line)
        except FileRefused as refusal:
            raise FileRefused(
                refusal.code,
                f"En el ZIP, «{shown}»: {refusal.message} Después vuelva a crear el ZIP.",
                refusal.detail,
            ) from refusal


def _is_of_a_mac(entry: zipfile.ZipInfo, path: Path) -> bool:
    """Return whether macOS added this member by itself (by name, content and size); it holds no document."""
    name = entry.filename.rpartition("/")[2]
    if entry.filename.startswith(_MAC_FOLDER) and name.startswith("._"):
        magic = _APPLE_DOUBLE
    elif name == ".DS_Store":
        magic = _DESKTOP_STORE
    else:
        return False
    with path.open("rb") as stream:
        return stream.read(len(magic)) == magic and entry.file_size <= _MAC_BYTES


def _refuse_nested(line: ReportLine) -> None:
    if line.get("facts", {}).get("media_type") == "application/zip":
        raise FileRefused(
            "nested",
            "Es otro ZIP, y un ZIP dentro de otro no se puede revisar. Descomprímalo y ponga sus "
            "archivos directamente.",
        )
