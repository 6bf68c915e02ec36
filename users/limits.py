"""One limit across portals: how often a peer may fail to sign in, whichever tenants it tries.

allauth's own limits are kept per tenant; without this one, many portals would mean many attempts.
"""

from django.conf import settings
from django.core.cache import caches
from django_tenants.utils import get_public_schema_name, schema_context

FAILURES = 600
WINDOW = 300  # seconds; caches count in real time


def may_try(peer: str) -> bool:
    """Return whether a peer may try another password."""
    if not settings.ACCOUNT_RATE_LIMITS:
        return True
    with schema_context(get_public_schema_name()):
        return int(caches["default"].get(_key(peer), 0)) < FAILURES


def failed(peer: str) -> None:
    """Count a failed attempt of a peer; the count is forgotten after the window."""
    if not settings.ACCOUNT_RATE_LIMITS:
        return
    cache = caches["default"]
    with schema_context(get_public_schema_name()):
        if not cache.add(_key(peer), 1, WINDOW):
            try:
                cache.incr(_key(peer))
            except ValueError:  # the window ended in between
                cache.set(_key(peer), 1, WINDOW)


def _key(peer: str) -> str:
    return f"sign-in-failures:{peer}"
