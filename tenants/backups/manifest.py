"""What a backup says about itself; pure, but for reading and writing JSON."""

import hashlib
import json
import tarfile
import tempfile
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

FORMAT = 1
MANIFEST, STATEMENTS = "manifest.json", "statements.json"
ROWS, FILES = "rows", "files"
CHUNK = 1 << 20


class BackupRefused(Exception):
    """A backup cannot be taken or restored like this; the message says why."""


@dataclass(frozen=True, slots=True)
class Rows:
    """One table: its columns in the order of the copy, how many rows, the digest of the copy."""

    columns: list[str]
    rows: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """One tenant at one instant. `taken_at` is the portal's time, with zone."""

    schema: str
    uid: str
    name: str
    taken_at: str
    migrations: list[str]
    public: dict[str, list[dict[str, Any]]]
    tables: dict[str, Rows] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def at(self) -> datetime:
        """When it was taken."""
        return datetime.fromisoformat(self.taken_at)

    @property
    def rows(self) -> int:
        """How many rows it holds, all tables together."""
        return sum(table.rows for table in self.tables.values())

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1, sort_keys=True))


def read(path: Path) -> Manifest:
    """Read a manifest; raises BackupRefused for anything that is none."""
    try:
        values = json.loads(path.read_text())
        if values["format"] != FORMAT:
            raise BackupRefused(f"This backup has format {values['format']}, not {FORMAT}.")
        tables = {name: Rows(**table) for name, table in values.pop("tables").items()}
        return Manifest(**values, tables=tables)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise BackupRefused("This is no backup of a tenant: it has no manifest.") from error


def peek(source: Path) -> Manifest:
    """Read the manifest of an archive, which is its first member; raises BackupRefused."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with tarfile.open(source, "r:gz") as archive:
                archive.extract(MANIFEST, folder, filter="data")
        except (tarfile.TarError, EOFError, OSError, KeyError) as error:
            raise BackupRefused(f"{source} is damaged, or no backup of a tenant.") from error
        return read(Path(folder) / MANIFEST)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()
