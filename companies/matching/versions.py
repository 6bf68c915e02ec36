"""While names of two versions of the normaliser exist: which ones a tenant writes, asks and shows.

With one version in the code, nothing is read and everything is as if there were no versions.
"""

from __future__ import annotations

from django.db import connection

from companies.matching.normalise import VERSIONS, NameForm, newest, normalise

_LIVE = "SELECT live FROM companies_normaliserstate"


def several() -> bool:
    """Whether the code knows more than one version."""
    return len(VERSIONS) > 1


def live() -> int:
    """The version of which the active tenant has every name."""
    if not several():
        return newest()
    with connection.cursor() as cursor:
        cursor.execute(_LIVE)
        row = cursor.fetchone()
    return row[0] if row else newest()


def asked() -> tuple[int, ...]:
    """The versions that are written and searched, the newest first: two until the tenant has gone
    over to the newest."""
    fresh = newest()
    old = live()
    return (fresh,) if old == fresh or old not in VERSIONS else (fresh, old)


def every_form(raw: str) -> list[NameForm]:
    """All forms of a name in all versions: locks must join processes whatever they ask."""
    return [form for version in sorted(VERSIONS) for form in normalise(raw, version)]


def compacts(raw: str) -> list[str]:
    """The compact name in every version, each once; empty for a name without words."""
    found = (normalise(raw, version)[:1] for version in sorted(VERSIONS, reverse=True))
    return list(dict.fromkeys(form.compact for forms in found for form in forms))
