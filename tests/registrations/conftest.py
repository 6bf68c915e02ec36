"""Deals made the way people make them: through the services."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from catalog.models import ProductLine
from registrations import services
from registrations.models import Registration
from users.models import User

DEAL: dict[str, Any] = {
    "country": "US",
    "website": "",
    "value": Decimal("12500"),
    "currency": "USD",
    "expected_close": date(2030, 6, 1),
    "stage": "QUALIFIED",
}


def make_draft(
    user: User, company: str, *, lines: tuple[str, ...] = ("crm",), **values: Any
) -> Registration:
    """A complete draft of a person's."""
    draft = services.start_draft(uuid.uuid4(), actor=user)
    services.save_draft(
        draft,
        {**DEAL, "company_name": company, **values},
        actor=user,
        product_lines=ProductLine.objects.filter(code__in=lines),
    )
    draft.refresh_from_db()
    return draft


def make_submitted(user: User, company: str, **values: Any) -> Registration:
    """A registration that waits for a decision."""
    return services.submit_registration(make_draft(user, company, **values), actor=user)


def make_approved(user: User, referee: User, company: str, **values: Any) -> Registration:
    """A protected deal at a confirmed customer."""
    row = make_submitted(user, company, **values)
    row = services.confirm_customer(row, None, actor=referee)
    return services.approve_registration(row, actor=referee, overrule=True)


@pytest.fixture
def draft(db: None) -> Callable[..., Registration]:
    """`draft(pat, "Initech")`."""
    return make_draft


@pytest.fixture
def submitted(db: None) -> Callable[..., Registration]:
    """`submitted(pat, "Initech")`."""
    return make_submitted


@pytest.fixture
def approved(mia: User) -> Callable[..., Registration]:
    """`approved(pat, "Initech")`, decided by Mia."""

    def make(user: User, company: str, **values: Any) -> Registration:
        return make_approved(user, mia, company, **values)

    return make
