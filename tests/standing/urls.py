"""Walk the three URLconfs."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from prm.access import _ELSEWHERE, Access

HOSTS = {"tenant": "acme.localhost", "ops": "ops.localhost", "public": "localhost"}
URLCONFS = {
    "tenant": "tests.standing.demo_tenant_urls",
    "ops": "tests.standing.demo_ops_urls",
    "public": "prm.urls.public",
}
WITHOUT_DEMO = {
    "tenant": "prm.urls.tenant",
    "ops": "prm.urls.ops",
    "public": "prm.urls.public",
}


def walk(urlconf: str) -> Iterator[tuple[str, URLPattern]]:
    """Yield every URL with its full name."""
    yield from _walk(get_resolver(urlconf), ())


def _walk(resolver: Any, spaces: tuple[str, ...]) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _walk(entry, inner)
        else:
            yield ":".join([*spaces, entry.name or str(entry.pattern)]), entry


def names(urlconf: str) -> list[str]:
    """Return the name of every URL, once, in order."""
    return list(dict.fromkeys(name for name, _entry in walk(urlconf)))


def declaration(name: str, entry: URLPattern) -> Access | None:
    """Return what a URL declares."""
    declared = getattr(entry.callback, "access", None)
    return declared if isinstance(declared, Access) else _ELSEWHERE.get(name)
