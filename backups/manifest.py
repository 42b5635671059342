"""The manifest of an archive: everything in it, with sums."""

import datetime as dt
import json
from dataclasses import asdict, dataclass, field, replace

NAME = "respaldo-%Y%m%dT%H%M%SZ.manifest"  # UTC
SUFFIX = ".manifest"


@dataclass(frozen=True)
class StoredTable:
    """The rows of one model, in pieces: each is an object with one JSON list a line, compressed by gzip."""

    model: str
    """Its label in lower case: resources.section."""
    columns: list[str]
    rows: int
    pieces: list[str]
    """SHA-256 sums of the pieces before compression, in order; they name the objects."""


@dataclass(frozen=True)
class StoredFile:
    """One file of a storage. `place` is `files` or `pictures` (resources/files/fixity.py)."""

    place: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Erased:
    """Something that was erased for good before the archive was made (resources/models/erasures.py)."""

    kind: str
    key: str
    reason: str
    at: str
    """ISO 8601."""


@dataclass(frozen=True)
class Manifest:
    """One archive."""

    name: str
    made_at: dt.datetime
    engine: str
    """Vendor of the database it was read from; any other can take it."""
    migrations: list[list[str]]
    """The last migration of each app: pairs of label and name."""
    sequences: dict[str, int]
    """Table → the greatest id that was ever given, so that a restore does not give it again."""
    tables: list[StoredTable]
    files: list[StoredFile]
    absent: list[StoredFile] = field(default_factory=list)
    """Files whose bytes were missing or altered when the archive was made."""
    erased: list[Erased] = field(default_factory=list)
    """Everything that was ever erased for good: older archives lose it too."""

    @property
    def sums(self) -> set[str]:
        """Return the sums of all objects."""
        pieces = {piece for table in self.tables for piece in table.pieces}
        return pieces | {file.sha256 for file in self.files}

    def without(self, names: set[str]) -> "Manifest":
        """Return the archive without the files at these storage paths."""
        return replace(self, files=[file for file in self.files if file.name not in names])

    def to_json(self) -> bytes:
        """Return it as JSON."""
        values = asdict(self) | {"made_at": self.made_at.isoformat()}
        return json.dumps(values, ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """Read what `to_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        values = json.loads(text)
        values["made_at"] = dt.datetime.fromisoformat(values["made_at"])
        values["tables"] = [StoredTable(**each) for each in values["tables"]]
        for name in ("files", "absent"):
            values[name] = [StoredFile(**each) for each in values[name]]
        values["erased"] = [Erased(**each) for each in values["erased"]]
        return cls(**values)


def made_at(name: str) -> dt.datetime:
    """Return the instant in the name of an archive. Raises ValueError."""
    return dt.datetime.strptime(name, NAME).replace(tzinfo=dt.UTC)
