"""Yesterday evening the channel manager took a deal down on the telephone, and began another one."""

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal

from catalog.models import ProductLine
from companies import services as companies
from partners import gates
from prm import clock, portal
from registrations import services
from registrations.enums import Stage
from registrations.models import Registration
from tenants.demo import travel
from tenants.demo.people import Cast
from tenants.demo.plans import Plan
from users.models import User

CUSTOMERS = {
    "en": ("Larkspur Ceramics", "larkspur-ceramics.example", "Quayside Foods"),
    "de": ("Rittersporn Keramik GmbH", "rittersporn-keramik.example", "Hafenkost Lebensmittel"),
}
CONTACT_DAYS = 96
"""So long ago the vendor itself spoke with the customer."""


def plant(plan: Plan, cast: Cast, agenda: travel.Agenda, present: datetime) -> None:
    """Put it on the agenda of yesterday."""
    agenda.add(present - timedelta(hours=15), lambda: _register(plan, cast))


def _register(plan: Plan, cast: Cast) -> None:
    sellers = _open_sellers(cast)
    if not sellers:
        return
    name, website, other = CUSTOMERS[plan.language]
    draft = _draft(plan, cast, sellers[0], name, website)
    row = services.submit_registration(draft, actor=cast.referee)
    assert row.company is not None
    day = clock.today(portal.zone()) - timedelta(days=CONTACT_DAYS)
    companies.note_contact(row.company, day, actor=cast.referee)
    _draft(plan, cast, sellers[-1], other, "")


def _open_sellers(cast: Cast) -> list[User]:
    """A seller of each partner that may register now."""
    return [
        cast.sellers[partner.pk][0]
        for partner in cast.partners
        if cast.sellers.get(partner.pk)
        and not gates.reasons_closed(gates.Gate.REGISTRATION, partner)
    ]


def _draft(plan: Plan, cast: Cast, seller: User, name: str, website: str) -> Registration:
    draft = services.start_draft(uuid.uuid4(), actor=cast.referee, for_user=seller)
    ahead = clock.today(portal.zone()) + timedelta(days=70)
    values = {
        "company_name": name,
        "website": website,
        "country": plan.country,
        "value": Decimal("64000"),
        "currency": plan.currency,
        "expected_close": date(ahead.year, ahead.month, 1),
        "stage": Stage.QUALIFIED,
    }
    lines = ProductLine.objects.filter(retired_at=None)[:1]
    return services.save_draft(draft, values, actor=cast.referee, product_lines=lines)
