"""The process that makes one PDF: HTML on standard input, PDF on standard output, then it ends.

Started by path in isolated mode, so nothing of ours is imported: no settings, no database, no secrets.
It limits itself before it reads anything. What a document may refer to is the list `ASSETS`; the fetcher
refuses the rest, and an audit hook refuses sockets, programs and other files should a library ever ask.
"""

import os
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

FOLDER = Path(__file__).resolve().parent / "assets"
ASSETS = {"asset:print.css": ("print.css", "text/css")}  # what HTML may link to: file, content type
BASE_URL = "asset:/"

WALL_SECONDS = 20  # counted by the parent, which then kills
CPU_SECONDS = 20
MEMORY = 512 * 1024 * 1024  # address space; a table of a thousand rows needs 370 MB
LARGEST_INPUT = 2 * 1024 * 1024
LARGEST_OUTPUT = 10 * 1024 * 1024
LARGEST_FILE = 16 * 1024 * 1024  # of the font cache, which is all it writes
OPEN_FILES = 64

# Exit codes.
MISSING_LIBRARY = 3
OUT_OF_MEMORY = 4
OUTPUT_TOO_LARGE = 5
FAILED = 6
OUT_OF_TIME = 7  # said by the parent

# Audited events of the interpreter that no document has a use for.
_REFUSED = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system",
            "urllib.Request", "ctypes.dlopen", "ftplib.", "http.", "smtplib.")  # fmt: skip


class Refused(Exception):
    """A document asked for something outside its assets."""


def main() -> int:
    """Make the PDF; return the exit code."""
    limit()
    html = sys.stdin.buffer.read(LARGEST_INPUT + 1)
    try:
        pdf = make(html.decode("utf-8"))
    except MemoryError:
        return OUT_OF_MEMORY
    except OSError as error:  # cffi's way of saying that Pango is not installed
        return _say(error, MISSING_LIBRARY if "cannot load library" in str(error) else FAILED)
    except Exception as error:
        return _say(error, FAILED)
    if len(pdf) > LARGEST_OUTPUT:
        return OUTPUT_TOO_LARGE
    sys.stdout.buffer.write(pdf)
    sys.stdout.buffer.flush()
    return 0


def limit() -> None:
    """Bound memory, processor time, files and their size; a platform without a limit goes without it."""
    for which, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(which, (most, most))
        except (OSError, ValueError):  # macOS knows no limit of address space
            continue


def make(html: str) -> bytes:
    """Return the PDF of some HTML; the same HTML gives the same bytes."""
    import logging  # noqa: PLC0415 - limits come first

    import weasyprint  # heavy, and only here

    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    font_config = _fonts()
    sys.addaudithook(guard(Path.cwd()))
    document = weasyprint.HTML(string=html, base_url=BASE_URL, url_fetcher=fetcher())
    pdf = document.write_pdf(font_config=font_config, pdf_identifier=True, pdf_tags=True)
    return bytes(pdf)


def fetcher() -> "URLFetcher":
    """Return a fetcher that knows the assets and nothing else: no file, no network, no data."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Assets(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> "URLFetcherResponse":
            known = ASSETS.get(url)
            if known is None:
                raise Refused(url[:200])
            name, kind = known
            return URLFetcherResponse(url, (FOLDER / name).read_bytes(), {"Content-Type": kind})

    return Assets(allowed_protocols=("asset",), allow_redirects=False)


def guard(scratch: Path) -> Any:
    """Return an audit hook: Python's modules and the assets can be read, `scratch` written, no more."""
    readable = tuple(
        os.path.join(os.path.realpath(place), "")
        for place in (*filter(None, sys.path), str(FOLDER), str(scratch))
    )
    writable = os.path.join(os.path.realpath(scratch), "")

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            if not isinstance(path, str | bytes | os.PathLike):
                return  # a descriptor that is open already
            writing = bool(flags & (os.O_WRONLY | os.O_RDWR)) or bool(
                mode and set(mode) & set("wax+")
            )
            real = os.path.realpath(os.fsdecode(path))
            if not (real + os.sep).startswith(writable if writing else readable):
                raise Refused(f"file {real[:200]}")
        elif event.startswith(_REFUSED):
            raise Refused(event)

    return hook


def _fonts() -> Any:
    """Load the shipped fonts; FONTCONFIG_FILE, set by the parent, names no others."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _say(error: BaseException, code: int) -> int:
    print(f"{type(error).__name__}: {str(error)[:300]}", file=sys.stderr)  # noqa: T201 - for the parent's log
    return code


if __name__ == "__main__":
    sys.exit(main())
