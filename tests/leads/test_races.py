"""The same instant, on real connections: an offer ends one way, a lead has one partner."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from leads import selectors, services
from leads.distribution import TURN
from leads.enums import DeclineCode, OfferState, State
from leads.models import Distribution, Lead, Offer, Turn
from prm import clock
from prm.locks import Busy
from tests.leads.conftest import make_offered, make_qualified
from tests.registrations.test_races import at_once
from users.models import User

pytestmark = [pytest.mark.concurrency, pytest.mark.usefixtures("own_database")]
ROUNDS = 12


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        yield


def someone(email: str) -> User:
    return User.objects.get(email=email)


def offer_for(number: int, story: str) -> tuple[Offer, list[User]]:
    """An open offer, and the two people at its partner who can answer it."""
    offer = make_offered(someone("lea@callcenter.example"), f"{story} {number}")
    people = User.objects.filter(membership__partner=offer.partner).order_by("pk")
    return Offer.objects.select_related("lead", "partner").get(pk=offer.pk), list(people)


def fresh(offer: Offer) -> Offer:
    """The offer as a request of its own would read it."""
    return Offer.objects.select_related("lead", "partner", "seller", "distribution").get(
        pk=offer.pk
    )


def accepting(offer: Offer, person: User) -> Callable[[], Any]:
    return lambda: services.accept_offer(fresh(offer), actor=person)


def declining(offer: Offer, person: User) -> Callable[[], Any]:
    return lambda: services.decline_offer(fresh(offer), DeclineCode.OTHER, actor=person)


def withdrawing(offer: Offer) -> Callable[[], Any]:
    mia = someone("mia@acme.example")
    return lambda: services.withdraw_offer(fresh(offer), reason="Race", actor=mia)


def expiring(offer: Offer) -> Callable[[], Any]:
    return lambda: services.time_out(fresh(offer))


def distributing(lead: Lead) -> Callable[[], Any]:
    mia = someone("mia@acme.example")
    return lambda: services.distribute_lead(lead, actor=mia)


def one_truth(offer: Offer) -> tuple[str, str]:
    """Check that offer and lead agree; return both states."""
    offer, lead = fresh(offer), Lead.objects.get(pk=offer.lead_id)
    if offer.state == OfferState.ACCEPTED:
        assert (lead.state, lead.partner_id) == (State.ACCEPTED, offer.partner_id)
    else:
        assert (lead.state, lead.partner_id) == (State.QUALIFIED, None)
    assert offer.answered_at is not None
    return str(offer.state), str(lead.state)


def close(offer: Offer, people: list[User]) -> None:
    """Free the partner's place for the next round."""
    if fresh(offer).is_held:
        services.lose_lead(fresh(offer), "OTHER", actor=people[0])


def test_two_colleagues_who_accept_at_once_accept_it_once() -> None:
    for number in range(ROUNDS):
        offer, people = offer_for(number, "Both accept")
        results = at_once(*(accepting(offer, person) for person in people))
        assert all(isinstance(result, Offer) for result in results), results
        assert one_truth(offer)[0] == OfferState.ACCEPTED
        lead = Lead.objects.get(pk=offer.lead_id)
        assert (
            lead.version == fresh(offer).lead.version == 5
        )  # entered, qualified, offered, accepted
        close(offer, people)


def test_accept_and_decline_at_once_end_one_way() -> None:
    for number in range(ROUNDS):
        offer, (one, two) = offer_for(number, "Accept or decline")
        results = at_once(
            accepting(offer, one),
            declining(offer, two),
        )
        lost = [result for result in results if isinstance(result, Exception)]
        assert [type(error) for error in lost] == [services.OfferOver], results
        one_truth(offer)
        close(offer, [one, two])


def test_accept_and_expiry_at_once_end_one_way() -> None:
    seen = set()
    for number in range(ROUNDS):
        offer, people = offer_for(number, "Accept or expire")
        Offer.objects.filter(pk=offer.pk).update(
            expires_at=clock.now() + timedelta(milliseconds=25 * (number % 3))
        )
        results = at_once(
            accepting(offer, people[0]),
            expiring(offer),
            expiring(offer),
        )
        if not fresh(offer).is_open:
            seen.add(one_truth(offer)[0])
        accepted = isinstance(results[0], Offer)
        assert accepted == fresh(offer).is_held
        assert [accepted, *(result is True for result in results[1:])].count(True) <= 1, results
        if fresh(offer).is_open:
            Offer.objects.filter(pk=offer.pk).update(expires_at=clock.now())
            assert services.time_out(fresh(offer))
            seen.add(one_truth(offer)[0])
        close(offer, people)
    assert OfferState.TIMED_OUT in seen


def test_accept_and_withdrawal_at_once_end_one_way() -> None:
    for number in range(ROUNDS):
        offer, people = offer_for(number, "Accept or withdraw")
        before = dict(Turn.objects.values_list("partner", "credit"))
        results = at_once(
            accepting(offer, people[0]),
            withdrawing(offer),
        )
        lost = [result for result in results if isinstance(result, Exception)]
        assert [type(error) for error in lost] == [services.OfferOver], results
        state, _lead = one_truth(offer)
        undone = Distribution.objects.get(pk=offer.distribution_id).undone_at is not None
        assert undone == (state == OfferState.WITHDRAWN)
        assert (dict(Turn.objects.values_list("partner", "credit")) != before) == undone
        assert sum(Turn.objects.values_list("credit", flat=True)) == 0
        close(offer, people)


def test_everything_at_once_ends_one_way() -> None:
    for number in range(ROUNDS):
        offer, (one, two) = offer_for(number, "Everything")
        results = at_once(
            accepting(offer, one),
            accepting(offer, two),
            declining(offer, two),
            withdrawing(offer),
            expiring(offer),
        )
        state, _lead = one_truth(offer)
        winners = [result for result in results if isinstance(result, Offer)]
        assert len(winners) == (2 if state == OfferState.ACCEPTED and len(winners) == 2 else 1)
        refused = [result for result in results if isinstance(result, Exception)]
        assert all(isinstance(error, services.OfferOver) for error in refused), results
        close(offer, [one, two])


def test_distributions_at_once_share_as_one_after_the_other() -> None:
    lea, mia = someone("lea@callcenter.example"), someone("mia@acme.example")
    for offer in Offer.objects.filter(state=OfferState.OFFERED):
        services.withdraw_offer(fresh(offer), reason="Tidy", actor=mia)
    before = {t.partner.name: t.given for t in Turn.objects.select_related("partner")}
    leads = [make_qualified(lea, f"Crowd {number}") for number in range(12)]

    def patiently(lead: Lead) -> Distribution | None:
        for _attempt in range(10):
            try:
                return services.distribute_lead(lead, actor=mia)
            except Busy:
                continue
        raise AssertionError("never got through")

    results = at_once(*(lambda lead=lead: patiently(lead) for lead in leads))
    assert all(isinstance(result, Distribution) for result in results), results
    numbers = sorted(result.number for result in results)
    assert numbers == list(range(numbers[0], numbers[0] + 12))
    turns = Turn.objects.select_related("partner")
    assert {t.partner.name: t.given - before.get(t.partner.name, 0) for t in turns} == {
        "Harbor": 6,
        "Summit": 6,
    }
    assert all(abs(turn.credit) < TURN for turn in turns)
    assert all(selectors.replays(result) for result in results)


def test_the_same_lead_distributed_twice_at_once_is_offered_once() -> None:
    lea, mia = someone("lea@callcenter.example"), someone("mia@acme.example")
    for offer in Offer.objects.filter(state=OfferState.OFFERED):
        services.withdraw_offer(fresh(offer), reason="Tidy", actor=mia)
    for number in range(ROUNDS // 2):
        lead = make_qualified(lea, f"Twice {number}")
        results = at_once(*[distributing(lead)] * 3)
        assert sorted(result is not None for result in results) == [False, False, True], results
        assert Offer.objects.filter(lead=lead).count() == 1
