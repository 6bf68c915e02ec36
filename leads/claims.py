"""What leads claim at companies: a lead that is offered to a partner, or that it works on."""

from collections.abc import Iterable
from datetime import datetime

from leads.enums import CLAIMING_STATES
from leads.models import Lead
from registrations.conflicts import Claim, Scope
from registrations.enums import ConflictKind


def leads_at(companies: set[int], at: datetime) -> Iterable[Claim]:
    """Return the claims of leads at companies; a source of `registrations.claims`."""
    rows = Lead.objects.filter(
        company_id__in=companies, state__in=CLAIMING_STATES
    ).prefetch_related("product_lines")
    for row in rows:
        products = frozenset(line.pk for line in row.product_lines.all())
        places = frozenset({row.place_id}) if row.place_id else frozenset[int]()
        assert row.company_id is not None
        yield Claim(ConflictKind.LEAD, row.company_id, Scope(products, places), row.partner_id)
