"""Read everything somebody can read: every URL with every record, every link that leads on, every list
as a file and searched, and what comes back after a form."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from tests.conftest import HOSTS, PortalClient
from tests.standing.addresses import address_of
from tests.standing.matrix import Line

MOST = 1_000  # addresses per crawl: more means that the crawl runs in a circle
EACH = 4  # records per view that links lead to, besides those that the crawl starts with
DEALS = (
    "approved", "draft", "bare", "waiting", "direct", "asked", "answered", "rejected", "withdrawn",
    "closed", "queued", "behind", "clear",
)  # fmt: skip
_LINK = re.compile(r"""(?:href|action|hx-get|src|data-url)="([^"#]+)""")
_IGNORED = ("/static/", "/accounts/logout/", "mailto:", "tel:", "data:", "http://", "https://")


@dataclass(frozen=True, slots=True)
class Read:
    """One answer: who asked for what, and everything that came back but the address itself."""

    url: str
    status: int
    text: str
    response: Any = field(repr=False, compare=False)

    def words(self, forbidden: Iterable[str]) -> list[str]:
        """Return the forbidden words that it holds."""
        return sorted(word for word in forbidden if word in self.text)


def text_of(response: Any, url: str) -> str:
    """Return body and headers in lower case, without the address that was asked for."""
    body = response.getvalue() if response.streaming else response.content
    text = "\n".join(
        [unescape(body.decode("utf-8", "replace"))]
        + [f"{name}: {value}" for name, value in response.items()]
        + [morsel.OutputString() for morsel in response.cookies.values()]
    )
    path = urlsplit(url).path
    for echoed in {url, quote(url, safe=""), quote(url), path, quote(path, safe="")}:
        if len(echoed) > 1:
            text = text.replace(echoed, " ")
    return text.lower()


def read(client: PortalClient, schema: str, url: str, **headers: str) -> Read:
    """Ask for one address; the browser comes as it is and keeps no cookie of the answer."""
    before = {cookie: morsel.value for cookie, morsel in client.cookies.items()}
    response = client.get(url, SERVER_NAME=HOSTS.get(schema, schema), headers=headers)
    client.cookies.clear()
    client.cookies.load(before)
    return Read(url, response.status_code, text_of(response, url), response)


def crawl(client: PortalClient, schema: str, starts: Iterable[str]) -> Iterator[Read]:
    """Yield every start and all that it leads to.

    Of a page with a query, one per set of parameters; of a view that is linked to with many records, the
    first few.
    """
    waiting = {_shape(url): url for url in starts}
    seen = set(waiting)
    views: Counter[str] = Counter()
    while waiting:
        url = waiting.pop(next(iter(waiting)))
        found = read(client, schema, url)
        yield found
        for link in links(found) if "?" not in url else ():
            shape = _shape(link)
            if shape not in seen:
                seen.add(shape)
                views[_view(link)] += 1
                if views[_view(link)] <= EACH:
                    waiting[shape] = link
        assert len(seen) < MOST, f"{len(seen)} addresses, the last is {url}"


def _view(url: str) -> str:
    """Return the view behind an address, with what it is asked by."""
    path, parameters = _shape(url)
    digits = re.sub(r"[0-9a-f-]{36}|[A-Z]-[0-9A-Z-]{9}", "*", path)
    return f"{digits}?{sorted(parameters)}"


def _shape(url: str) -> tuple[str, frozenset[str]]:
    """Return what makes an address a page of its own: its path and what it is asked by."""
    parts = urlsplit(url)
    return parts.path, frozenset(name for name, _value in parse_qsl(parts.query))


def links(page: Read) -> Iterator[str]:
    """Yield where a page leads within its portal: its links and where it redirects to."""
    if target := page.response.headers.get("Location", ""):
        yield _within(page.url, target)
    if "text/html" not in page.response.headers.get("Content-Type", ""):
        return
    for link in _LINK.findall(page.response.content.decode()):
        if not link.startswith(_IGNORED):
            yield _within(page.url, unescape(link))


def _within(url: str, link: str) -> str:
    """Return a link as an address within the portal."""
    parts = urlsplit(urljoin(url, link))
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def starts(
    lines: Iterable[Line], keys: Mapping[str, str], foreign: Mapping[str, str], urlconf: str
) -> list[str]:
    """Return the address of every URL: with both partners' records, and with another tenant's."""
    found: list[str] = []
    for line in lines:
        address = address_of(line.name)
        variants = [*_variants(line.name, keys), foreign]
        found += [address.url(line.name, variant, urlconf) for variant in variants]
    return list(dict.fromkeys(found))


def rivals(keys: Mapping[str, str]) -> dict[str, str]:
    """Return the rival's records under the keys of the own ones."""
    return {k.replace("rival.", "own.", 1): v for k, v in keys.items() if k.startswith("rival.")}


def _variants(name: str, keys: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Yield the keys as they are, with the rival's records for the own ones, and with every deal."""
    yield keys
    yield {**keys, **rivals(keys)}
    if not name.endswith("detail"):
        return
    for deal in DEALS:
        for side in (keys, rivals(keys)):
            record = side[f"own.{deal}"]
            yield {**keys, "own.approved": record, "own.waiting": record}


def as_lists(urls: Iterable[str], words: Iterable[str]) -> list[str]:
    """Return plain addresses as lists: as a file, and searched by the beginning of each word."""
    plain = [url for url in urls if "?" not in url]
    return [f"{url}?export=csv" for url in plain] + [
        f"{url}?{way}q={word[:-1]}"
        for url in plain
        for word in words
        for way in ("", "export=csv&")
    ]
