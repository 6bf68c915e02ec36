"""What will become of the rows of a file, in the order of the ledger: a forecast. Pure.

It imagines for every row the company that `companies.services.identify` will find or make, so that the
check says beforehand what the database will refuse; the import itself asks the database again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from companies.domains import identifying
from companies.matching import compact_of
from registrations.conflicts import Scope
from registrations.imports.cleaning import Entry


@dataclass(frozen=True, slots=True)
class Held:
    """A scope that is taken at a company: by a deal of the portal, or by a line of the file."""

    scope: Scope
    line: int = 0
    by: str = ""

    def as_cause(self) -> dict[str, object]:
        """Why a row that wants it cannot be imported."""
        if self.line:
            return {"code": "held-by-line", "field": "", "line": self.line}
        return {"code": "held-here", "field": "", "by": self.by}


@dataclass(slots=True)
class Directory:
    """Companies as hard evidence leads to them; those that the file will make have negative keys."""

    domains: dict[str, int] = field(default_factory=dict)
    names: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    with_domain: set[int] = field(default_factory=set)
    facts: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    held: dict[int, list[Held]] = field(default_factory=dict)
    unconfirmed: dict[int, tuple[str, str]] = field(default_factory=dict)
    fresh: Iterator[int] = field(default_factory=lambda: count(-1, -1))

    def identify(self, entry: Entry) -> int:
        """The company that the row's customer is, made if there is none."""
        domain = identifying(entry.website)
        name = (compact_of(entry.company), entry.country)
        found = self._known(name, domain)
        if found is None:
            found = next(self.fresh)
            self.unconfirmed[found] = name
            if domain:
                self.domains[domain] = found
                self.with_domain.add(found)
        if entry.is_approved and found in self.unconfirmed:
            self.names.setdefault(self.unconfirmed.pop(found), set()).add(found)
        return found

    def holder(self, company: int, scope: Scope) -> Held | None:
        """Who holds any part of a scope there."""
        return next((one for one in self.held.get(company, ()) if one.scope.overlaps(scope)), None)

    def take(self, company: int, scope: Scope, line: int) -> None:
        """Note that a line of the file will hold a scope."""
        self.held.setdefault(company, []).append(Held(scope, line=line))

    def _known(self, name: tuple[str, str], domain: str) -> int | None:
        if domain and domain in self.domains:
            return self.domains[domain]
        carriers = self.names.get(name, set())
        if len(carriers) != 1:
            return None
        (only,) = carriers
        return None if domain and only in self.with_domain else only
