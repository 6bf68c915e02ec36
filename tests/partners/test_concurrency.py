"""The same instant, on real connections: one partner of a name, one administrator left."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from catalog.enums import Kind
from catalog.models import Industry
from catalog.services import NameTaken, add_entry
from partners import services
from partners.models import Membership, Partner
from partners.services import Profile
from prm.access import Role
from prm.portal.models import Closure
from prm.portal.services import DayClosedAlready, add_closure
from prm.tenancy import context
from users.models import User

pytestmark = [pytest.mark.concurrency, pytest.mark.usefixtures("own_database")]


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        yield


def someone(email: str) -> User:
    return User.objects.get(email=email)


def at_once(*moves: Callable[[], Any]) -> list[Any]:
    """Start every move at the same instant, each on a connection of its own; results or exceptions."""
    barrier = Barrier(len(moves))

    def run(move: Callable[[], Any]) -> Any:
        try:
            with context.entered("acme"):
                barrier.wait(timeout=10)
                return move()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(moves)) as pool:
        return list(pool.map(run, moves))


def test_a_name_taken_at_the_same_instant_is_given_once() -> None:
    mia, ada = someone("mia@acme.example"), someone("ada@acme.example")
    results = at_once(
        lambda: services.add_partner(Profile(name="Quay", country="DE"), actor=mia),
        lambda: services.add_partner(Profile(name="QUAY", country="DE"), actor=ada),
    )
    assert sorted(type(each).__name__ for each in results) == ["Partner", "PartnerNameTaken"]
    assert Partner.objects.filter(name__iexact="quay").count() == 1


def test_catalog_entries_and_closed_days_are_given_once_too() -> None:
    ada = someone("ada@acme.example")
    moves = [lambda: add_entry(Kind.INDUSTRIES, name="Retail", actor=ada) for _twice in range(2)]
    assert [type(each) for each in at_once(*moves)].count(NameTaken) == 1
    assert Industry.objects.filter(name="Retail").count() == 1
    day = date(2027, 12, 24)
    moves = [lambda: add_closure(day=day, name="X", actor=ada) for _twice in range(2)]
    assert [type(each) for each in at_once(*moves)].count(DayClosedAlready) == 1
    assert Closure.objects.filter(day=day).count() == 1


def test_two_administrators_cannot_step_down_together() -> None:
    paula = someone("paula@harbor.example")
    pat = Membership.objects.select_related("partner").get(user__email="pat@harbor.example")
    services.change_member_role(pat, role=Role.PARTNER_ADMINISTRATOR, actor=paula)
    both = Membership.objects.filter(partner=pat.partner).select_related("partner", "user")
    moves = [
        lambda row=row: services.change_member_role(row, role=Role.SELLER, actor=row.user)
        for row in both
    ]
    results = at_once(*moves)
    assert [type(each) for each in results].count(services.LastAdministrator) == 1
    left = Membership.objects.filter(partner=pat.partner, role=Role.PARTNER_ADMINISTRATOR)
    assert left.count() == 1
