"""What goes into matching and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

Params = Mapping[str, str | int]


class Level(StrEnum):
    """How sure a match is."""

    STRONG = "strong"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class CompanyQuery:
    """What is known of a company that is looked for; everything but the name may be missing."""

    name: str
    domain: str = ""
    country: str = ""
    exclude_company_id: int | None = None
    numbers: tuple[tuple[str, str], ...] = ()
    """Registration numbers as (scheme, value); what is no number of its scheme says nothing."""
    city: str = ""
    industry: int | None = None
    """The key of an industry of the catalog."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against, worth `points`; `explain.line` writes it out."""

    code: str
    params: Params
    points: int

    def as_json(self) -> dict[str, Any]:
        """The reason as it is stored with a case."""
        return {"code": self.code, "params": dict(self.params), "points": self.points}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The reason that `as_json` wrote."""
        return cls(str(stored["code"]), dict(stored["params"]), int(stored["points"]))


@dataclass(frozen=True, slots=True)
class Match:
    """A company that may be the one looked for. The points of its evidence sum to its score."""

    company_id: int
    score: float
    level: Level
    evidence: tuple[Evidence, ...]
    name: str = ""
    related: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Matches, best first; partial when the database ran out of time."""

    matches: tuple[Match, ...] = field(default=())
    partial: bool = False
