"""Time zones to choose from: places people know, not the technical aliases."""

from functools import cache
from zoneinfo import available_timezones

_REGIONS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe",
    "Indian", "Pacific",
)  # fmt: skip


@cache
def names() -> frozenset[str]:
    """Return every zone that can be chosen: region and place, and UTC."""
    places = {name for name in available_timezones() if name.split("/")[0] in _REGIONS}
    return frozenset(places | {"UTC"})


@cache
def choices() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the zones grouped by region for a select."""
    grouped: dict[str, list[tuple[str, str]]] = {"UTC": [("UTC", "UTC")]}
    for name in sorted(names() - {"UTC"}):
        region, place = name.split("/", 1)
        grouped.setdefault(region, []).append((name, place.replace("_", " ")))
    return tuple((region, tuple(places)) for region, places in grouped.items())
