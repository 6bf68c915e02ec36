"""The same instant, on real connections: one holder, unbroken order, nobody missed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from prm.locks import Busy
from prm.tenancy import context
from registrations import services
from registrations.enums import State
from registrations.models import Protection, Registration, RegistrationConflict
from tests.registrations.conftest import make_draft, make_submitted
from users.models import User

pytestmark = [pytest.mark.concurrency, pytest.mark.usefixtures("own_database")]


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


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        yield


def submit_patiently(draft: Registration, user: User) -> Registration:
    """Submit; told that somebody else is at work, try again, as the page's sentence asks."""
    for _attempt in range(10):
        with suppress(Busy):
            return services.submit_registration(draft, actor=user)
    raise AssertionError("never got through")


def test_two_rivals_submitted_at_once_flag_each_other() -> None:
    pat, sam = someone("pat@harbor.example"), someone("sam@summit.example")
    for number in range(5):
        drafts = [make_draft(user, f"Rival Target {number}") for user in (pat, sam)]
        results = at_once(
            lambda d=drafts[0]: services.submit_registration(d, actor=pat),
            lambda d=drafts[1]: services.submit_registration(d, actor=sam),
        )
        assert all(isinstance(row, Registration) for row in results), results
        rows = {row.pk for row in results}
        flagged = RegistrationConflict.objects.filter(registration__in=rows, other__in=rows)
        assert flagged.count() == 2  # each sees the other, whoever came first
        one, two = results
        assert one.company_id == two.company_id or flagged.exists()


def test_two_managers_approving_rivals_at_once_make_one_holder() -> None:
    pat, sam = someone("pat@harbor.example"), someone("sam@summit.example")
    mia, max_ = someone("mia@acme.example"), someone("max@acme.example")
    for number in range(5):
        site = f"contested-{number}.example"
        one = make_submitted(pat, f"Contested {number}", website=site)
        two = make_submitted(sam, f"Contested {number} Inc", website=site)
        one = services.confirm_customer(one, two.company, actor=mia)
        two.refresh_from_db()
        results = at_once(
            lambda r=one: services.approve_registration(r, actor=mia, overrule=True),
            lambda r=two: services.approve_registration(r, actor=max_, overrule=True),
        )
        won = [row for row in results if isinstance(row, Registration)]
        lost = [row for row in results if isinstance(row, Exception)]
        assert len(won) == 1, results
        assert isinstance(lost[0], services.CustomerAlreadyProtected | services.Refused)
        held = Protection.objects.filter(holders__registration__in=[one.pk, two.pk])
        assert held.count() == 1


def test_the_same_form_sent_many_times_at_once_is_one_registration() -> None:
    pat = someone("pat@harbor.example")
    draft = make_draft(pat, "Impatient Industries")
    results = at_once(*[lambda: services.submit_registration(draft, actor=pat)] * 6)
    numbers = {row.ledger_number for row in results}
    assert len(numbers) == 1
    submitted = Registration.objects.filter(company_name="Impatient Industries")
    assert submitted.count() == 1


def test_many_submissions_leave_no_gap_in_the_ledger() -> None:
    pat, sam = someone("pat@harbor.example"), someone("sam@summit.example")
    people = [pat, sam] * 6
    drafts = [make_draft(user, f"Crowd {n % 4} GmbH") for n, user in enumerate(people)]
    results = at_once(
        *(lambda d=d, u=u: submit_patiently(d, u) for d, u in zip(drafts, people, strict=True))
    )
    assert all(isinstance(row, Registration) for row in results), results
    numbers = sorted(
        Registration.objects.exclude(state=State.DRAFT).values_list("ledger_number", flat=True)
    )
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_release_and_submission_at_once_leave_one_truth() -> None:
    pat, sam = someone("pat@harbor.example"), someone("sam@summit.example")
    mia = someone("mia@acme.example")
    site = "handover.example"
    holder = services.confirm_customer(
        make_submitted(pat, "Handover", website=site), None, actor=mia
    )
    holder = services.approve_registration(holder, actor=mia)
    waiting = services.queue_registration(make_submitted(sam, "Handover", website=site), actor=mia)
    newcomer = make_draft(sam, "Handover", website=site)
    results = at_once(
        lambda: services.close_registration(holder, "RELEASED", actor=pat),
        lambda: services.submit_registration(newcomer, actor=sam),
    )
    assert all(isinstance(row, Registration) for row in results), results
    waiting.refresh_from_db()
    assert waiting.state == State.IN_REVIEW
