"""Which agreement versions a partner still has to accept. Pure: values in, values out.

Of an agreement, the version with the highest number that is effective counts. Whoever accepted a
later one has accepted enough. A later version that is published, and not effective yet, is upcoming.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from partners.enums import RequiredOf


@dataclass(frozen=True, slots=True)
class Terms:
    """A published version, as far as it decides who must accept it."""

    pk: int
    agreement: int
    number: int
    effective_at: datetime
    gates: frozenset[str]
    required_of: str
    places: frozenset[str] = frozenset()

    def applies_to(self, country: str, territories: frozenset[str]) -> bool:
        """Return whether the version is required of a partner from there that works there."""
        if self.required_of == RequiredOf.ALL:
            return True
        if self.required_of == RequiredOf.COUNTRIES:
            return country in self.places
        return bool(territories & self.places)


def in_force(versions: Iterable[Terms], at: datetime) -> Terms | None:
    """Return the version of one agreement that counts at an instant."""
    return max(
        (version for version in versions if version.effective_at <= at),
        key=lambda version: version.number,
        default=None,
    )


def missing(
    versions: Iterable[Terms],
    *,
    accepted: int,
    country: str,
    territories: frozenset[str],
    at: datetime,
) -> list[Terms]:
    """Return what a partner must still accept of one agreement: in force first, then upcoming.

    `accepted` is the highest number it accepted, 0 for none.
    """
    versions = sorted(versions, key=lambda version: version.number)
    current = in_force(versions, at)
    since = current.number if current else 0
    wanted = [version for version in versions if version is current or version.number > since]
    return [
        version
        for version in wanted
        if version.number > accepted and version.applies_to(country, territories)
    ]
