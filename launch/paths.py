"""Where things are: the checkout, its virtual environment, and the areas private servers live in."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Area:
    """A folder with servers, logs and a lock of its own: one for `make run`, one for tests, one for benchmarks."""

    name: str
    folder: Path

    @property
    def way(self) -> tuple[Path, ...]:
        """The folders under the checkout that lead here, this one included."""
        return (self.folder,) if self.name == "run" else (self.folder.parent, self.folder)

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def state(self) -> Path:
        """Lock, process list and addresses of what runs now."""
        return self.folder / "run"

    @property
    def pg(self) -> Path:
        return self.folder / "pg"

    @property
    def valkey(self) -> Path:
        return self.folder / "valkey"


@dataclass(frozen=True, slots=True)
class Checkout:
    """One copy of the project on disk."""

    root: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def local(self) -> Path:
        return self.root / ".local"

    @property
    def requirements(self) -> Path:
        return self.root / "requirements"

    @property
    def vendor(self) -> Path:
        return self.root / "launch" / "vendor"

    def area(self, name: str) -> Area:
        """Return the area of that name; "run" is .local itself."""
        return Area(name, self.local if name == "run" else self.local / name)


AREAS = ("run", "test", "bench")


def here() -> Checkout:
    """Return the checkout that this file belongs to."""
    return Checkout(Path(__file__).resolve().parents[1])
