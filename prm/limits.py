"""How often a peer may do something in a while, per portal. Counted in the cache, in real time."""

from django.core.cache import cache


def may(action: str, peer: str, *, most: int, seconds: int) -> bool:
    """Count one try of a peer and return whether it is within the limit of the window.

    The count is forgotten `seconds` after the first try; without a cache nobody is limited.
    """
    key = f"limit:{action}:{peer}"
    if cache.add(key, 1, seconds):
        return True
    try:
        return bool(cache.incr(key) <= most)
    except ValueError:  # the window ended in between
        cache.set(key, 1, seconds)
        return True
