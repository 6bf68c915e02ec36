"""The access table: per URL and persona what GET and POST bring back. Read from `matrix.txt`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("matrix.txt")
SIGN_IN = "in"


@dataclass(frozen=True, slots=True)
class Line:
    """One URL of one host with the outcomes per persona: (GET, POST)."""

    host: str
    name: str
    outcomes: dict[str, tuple[str, str]]

    def __str__(self) -> str:
        return f"{self.host} {self.name}"


def lines() -> list[Line]:
    """Return the table's lines."""
    return list(_lines(FILE.read_text()))


def _lines(text: str) -> Iterator[Line]:
    host, personas = "", [""]
    for row in text.splitlines():
        words = row.partition("#")[0].split()
        if not words:
            continue
        if words[0].startswith("@"):
            host, personas = words[0][1:], words[1:]
            continue
        name, *cells = words
        yield Line(host, name, dict(zip(personas, map(_both, cells), strict=True)))


def _both(cell: str) -> tuple[str, str]:
    """Split `200/303`; a single word stands for both methods."""
    get, _slash, post = cell.partition("/")
    return get, post or get


def outcome(response: Any) -> str:
    """Return what came back as the table spells it: a status, or `in` for the way to sign in."""
    if response.headers.get("Location", "").startswith("/accounts/login/?next="):
        return SIGN_IN
    if response.status_code == 200 and _asks_to_sign_in(response):
        return SIGN_IN
    return str(response.status_code)


def _asks_to_sign_in(response: Any) -> bool:
    """A form sent without a session is answered with the sign-in page in place."""
    request = getattr(response, "wsgi_request", None)
    if request is not None and request.path == "/accounts/login/":
        return False
    return any(template.name == "account/login.html" for template in response.templates)
