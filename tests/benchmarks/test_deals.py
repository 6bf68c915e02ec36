"""Drawn deals: no database, no clock."""

import random
from collections import Counter
from datetime import UTC, datetime
from itertools import combinations

import pytest

from benchmarks import names
from benchmarks.deals import Deals, counts, overlap
from registrations.enums import State

NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)
PEOPLE = [[1, 2], [3, 4], [5, 6], [7, 8]]


def _draw(size=400, seed=1):
    return Deals(size, PEOPLE, 60, 4, NOW, random.Random(seed)).draw()


def test_same_seed_draws_the_same_deals():
    facts = [(d.partner, d.company, d.state, d.submitted, d.lines) for d in _draw()]
    assert facts == [(d.partner, d.company, d.state, d.submitted, d.lines) for d in _draw()]
    assert facts != [(d.partner, d.company, d.state, d.submitted, d.lines) for d in _draw(seed=2)]


@pytest.mark.parametrize("size", [40, 400, 100_000])
def test_every_state_occurs_and_the_sum_is_right(size):
    each = dict(counts(size))
    assert set(each) == set(State)
    assert min(each.values()) >= 1
    assert sum(each.values()) == size


def test_too_small_a_tenant_is_refused():
    with pytest.raises(ValueError, match="a few more"):
        counts(8)


def test_one_in_twenty_is_the_first_partners_own():
    assert Counter(deal.partner == 0 for deal in _draw()) == {True: 20, False: 380}


def test_ledger_numbers_follow_submission_without_a_gap():
    numbered = [deal for deal in _draw() if deal.ledger]
    assert [deal.ledger for deal in numbered] == list(range(1, len(numbered) + 1))
    assert [d.submitted for d in numbered] == sorted(d.submitted for d in numbered)
    assert {deal.state for deal in _draw() if not deal.ledger} == {State.DRAFT}


def test_protections_of_a_company_never_overlap_in_a_product_line():
    held = [deal for deal in _draw() if deal.period]
    for one, other in combinations(held, 2):
        if one.company == other.company and set(one.lines) & set(other.lines):
            assert not overlap(one.period, other.period)


def test_nothing_happens_in_the_future_and_running_protections_last_the_week():
    for deal in _draw():
        assert deal.changed <= NOW
        assert deal.started <= deal.changed
        if deal.state == State.APPROVED:
            assert (deal.period[1] - NOW).days >= 7


def test_rivals_are_of_another_partner_at_the_same_company():
    rivals = [deal for deal in _draw() if deal.rival]
    assert rivals
    for deal in rivals:
        assert (deal.company, deal.lines) == (deal.rival.company, deal.rival.lines)
        assert deal.partner != deal.rival.partner


def test_no_two_companies_share_a_name_or_a_domain():
    chance = random.Random(1)
    many = [names.company(number, chance) for number in range(60_000)]
    assert len({one.base for one in many}) == len(many)
    assert len({one.domain for one in many}) == len(many)
