"""PDF documents are laid out by Pango, a library of the system. The portal runs without it; PDFs do not."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from launch.problems import Problem

_LOADS = "import weasyprint"
FACT = "PDF documents need the library Pango, and this machine has none."
WAY_OUT = "Install it (Debian: `apt-get install libpangoft2-1.0-0 libharfbuzz-subset0`)."


def works(python: Path, env: Mapping[str, str]) -> bool:
    """Return whether the installed packages find Pango; takes half a second."""
    done = subprocess.run(
        [str(python), "-I", "-c", _LOADS], env=dict(env), capture_output=True, check=False
    )
    return b"cannot load library" not in done.stderr


def require(python: Path, env: Mapping[str, str]) -> None:
    """Raise Problem when there is no Pango: the tests of documents are never skipped."""
    if not works(python, env):
        raise Problem(FACT, WAY_OUT)
