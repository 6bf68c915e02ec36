"""Two signers of one partner accept at the same instant, on real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from partners.models import Acceptance, Contact
from partners.services import accept
from prm.events import Event
from prm.tenancy import context
from tests.partners.terms import publish
from users.models import User

pytestmark = [pytest.mark.concurrency, pytest.mark.usefixtures("own_database")]


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        yield


def at_once(*moves: Callable[[], Any]) -> list[Any]:
    """Start every move at the same instant, each on a connection of its own."""
    barrier = Barrier(len(moves))

    def run(move: Callable[[], Any]) -> Any:
        try:
            with context.entered("acme"):
                barrier.wait(timeout=10)
                return move()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(moves)) as pool:
        return list(pool.map(run, moves))


def test_two_signers_at_one_instant_leave_one_acceptance() -> None:
    version = publish(User.objects.get(email="lex@acme.example"))
    Contact.objects.filter(email="pat@harbor.example").update(signs=True)
    people = [User.objects.get(email=f"{name}@harbor.example") for name in ("pat", "paula")] * 2

    def sign(user: User) -> Acceptance:
        contact = user.contact  # type: ignore[attr-defined]
        return accept(version, contact, f"Full {user.name}", "en", "192.0.2.1", actor=user)

    given = at_once(*(lambda user=user: sign(user) for user in people))
    assert len({each.reference for each in given}) == 1
    assert Acceptance.objects.filter(version=version).count() == 1
    assert Event.objects.filter(code="terms.accepted").count() == 1
