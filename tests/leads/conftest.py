"""Leads made the way people make them: through the services."""

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from catalog.models import ProductLine, Skill
from leads import selectors, services
from leads.enums import Check, Rating
from leads.models import Lead, Offer
from users.models import User

LEAD: dict[str, Any] = {
    "country": "US",
    "website": "",
    "contact_name": "Canary Contact",
    "contact_email": "canary@customer.example",
    "contact_phone": "+1 555 0100",
    "address": "1 Canary Street",
    "need": "Wants to replace an old system",
    "value": Decimal("25000"),
    "currency": "USD",
    "source": "Canary Fair",
    "consent": "Canary consent by telephone",
}


def make_new(
    agent: User,
    company: str,
    *,
    lines: tuple[str, ...] = ("crm",),
    skills: tuple[str, ...] = (),
    **values: Any,
) -> Lead:
    """A lead with everything that is asked, not yet handed in."""
    lead = services.start_lead(uuid.uuid4(), actor=agent)
    return services.save_lead(
        lead,
        {**LEAD, "company_name": company, **values},
        actor=agent,
        product_lines=ProductLine.objects.filter(code__in=lines),
        skills=Skill.objects.filter(code__in=skills),
    )


def make_qualified(
    agent: User, company: str, *, rating: Rating = Rating.HOT, **values: Any
) -> Lead:
    """A lead that waits to be distributed."""
    lead = services.begin_qualifying(make_new(agent, company, **values), actor=agent)
    return services.qualify_lead(lead, checks=[Check.NEED], rating=rating, actor=agent)


def make_offered(agent: User, company: str, **values: Any) -> Offer:
    """A lead's open offer, by turns."""
    lead = make_qualified(agent, company, **values)
    services.distribute_lead(lead, actor=None)
    offer = selectors.current_offer(lead)
    assert offer is not None
    return offer


@pytest.fixture
def qualified(lea: User) -> Callable[..., Lead]:
    """`qualified("Initech")`, entered by Lea."""
    return lambda company, **values: make_qualified(lea, company, **values)


@pytest.fixture
def offered(lea: User) -> Callable[..., Offer]:
    """`offered("Initech")`: whose turn it is comes out of the turns."""
    return lambda company, **values: make_offered(lea, company, **values)


@pytest.fixture
def offered_to(lea: User, mia: User) -> Callable[..., Offer]:
    """`offered_to(harbor, "Initech")`, assigned by Mia."""

    def make(partner: Any, company: str, **values: Any) -> Offer:
        lead = make_qualified(lea, company, **values)
        services.assign_lead(lead, partner, reason="It is theirs", actor=mia)
        offer = selectors.current_offer(lead)
        assert offer is not None
        return offer

    return make
