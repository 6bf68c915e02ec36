"""Registrations from the entries of a file, complete in memory: nothing is queried per row."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog.models import ProductLine, Territory
from companies.models import Company
from partners.models import Partner
from prm import clock, rules
from prm.business_time import NeverOpen
from prm.due.models import DueRow
from prm.reference import new_reference
from prm.rules import RuleVersion
from registrations import engagement, selectors
from registrations.engagement import Terms
from registrations.enums import WAITING_STATES, Exclusivity, State
from registrations.imports.cleaning import Entry
from registrations.models import Registration, RegistrationImport
from registrations.services import ruling
from registrations.services.core import business_days, decision_due
from users.models import User


class Drafting:
    """Makes the registrations of a batch under one version of the rules."""

    def __init__(self, version: RuleVersion) -> None:
        self.version = version
        self.lines = ProductLine.objects.in_bulk()
        self.places = list(Territory.objects.filter(retired_at=None))
        self.partners: dict[int, Partner] = {}
        self.reviewers: dict[tuple[str, int | None], User | None] = {}

    def draft(self, entry: Entry, pk: int) -> Registration:
        """A registration that is not stored; it has a key already, so that it may have product lines."""
        row = Registration(
            pk=pk,
            reference=new_reference("D"),
            token=uuid.uuid4(),
            partner=self.partner(entry.partner),
            owner_id=entry.owner,
            state=State(entry.status),
            company_name=entry.company,
            website=entry.website,
            country=entry.country,
            place=self.place(entry.country),
            value=Decimal(entry.value),
            currency=entry.currency,
            expected_close=datetime.fromisoformat(entry.expected_close).date(),
            stage=entry.stage,
            contact_name=entry.contact_name,
            contact_email=entry.contact_email,
            description=entry.description,
            old_reference=entry.old_reference,
            rules=self.version,
            submitted_at=entry.registered,
        )
        row.home_value = selectors.home_value(row)
        lines = [self.lines[key] for key in entry.lines]
        row._prefetched_objects_cache = {"product_lines": lines}  # type: ignore[attr-defined]
        return row

    def exclusivity(self, row: Registration, designation: str, industry: str | None) -> Exclusivity:
        """How much of its customer a row will claim, when only facts of the customer are known."""
        facts = engagement.facts_of(row) | {"designation": designation, "industry": industry}
        decision = rules.ruleset(self.version).decide(facts)
        return Exclusivity(decision.outcome["exclusivity"])

    def settle(self, row: Registration, file: RegistrationImport, company: Company) -> None:
        """Give a row its customer and what the rules of now make of it; nothing is granted by that.

        The trace is kept for what comes later: prods, extensions, explanations.
        """
        row.company, row.imported = company, file
        row.contact_days = engagement.days_since(company.contacted_on)
        decision = engagement.decide(row, self.version)
        row.trace = engagement.trace_of(decision)
        row.exclusivity = Exclusivity(decision.outcome["exclusivity"])

    def finish(self, row: Registration, entry: Entry) -> None:
        """Set what follows from the state: who decided when, by when it is to be decided, by whom."""
        now, terms = clock.now(), engagement.terms_for(row)
        row.reviewer = self.reviewer(row, terms)
        if row.state == State.APPROVED:
            row.decided_at, row.touched_at = entry.approved, now
        elif row.state == State.QUEUED:
            row.queued_at = entry.registered
        else:
            row.due_at = decision_due(now, terms)

    def escalation(self, row: Registration) -> DueRow | None:
        """The due row that tells somebody when nobody has decided in time."""
        if row.state not in WAITING_STATES or row.due_at is None:
            return None
        try:
            at = business_days(clock.now(), engagement.terms_for(row).escalation_days)
        except NeverOpen:
            return None
        subject = str(row.uid)
        return DueRow(kind=ruling.ESCALATE, key=subject, subject=subject, due_at=at)

    def load_partners(self, keys: set[int]) -> None:
        """Read the partners that are not known yet, with what the rules ask about them."""
        wanted = Partner.objects.filter(pk__in=keys - self.partners.keys())
        self.partners |= {row.pk: row for row in wanted.select_related("tier", "manager")}

    def partner(self, key: int) -> Partner:
        """A partner with its tier and manager."""
        if key not in self.partners:
            self.load_partners({key})
        return self.partners[key]

    def place(self, country: str) -> Territory | None:
        """The territory of a country: the first in the vendor's order, as `selectors.place_of`."""
        return next((place for place in self.places if country in place.countries), None)

    def reviewer(self, row: Registration, terms: Terms) -> User | None:
        """Who is to review a row; asked once per partner's manager."""
        key = (terms.reviewer, row.partner.manager_id)
        if key not in self.reviewers:
            self.reviewers[key] = ruling.reviewer_for(row, terms)
        return self.reviewers[key]


def values_of(row: Registration) -> dict[str, Any]:
    """What is told of a row in the ledger's erasable part, as for a submission."""
    return {
        "company_name": row.company_name,
        "website": row.website,
        "country": row.country,
        "value": str(row.value),
        "currency": row.currency,
        "old_reference": row.old_reference,
    }
