"""Who gets a lead: filters with reasons, ranks, and shares that are exact to a turn."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.distribution import (
    TURN,
    Candidate,
    Demand,
    Result,
    assign,
    distribute,
    rank,
    shares,
    undo,
    why_not,
)
from leads.enums import Outcome, Reason

DEMAND = Demand("DE", 1, frozenset({10}), frozenset({20}))
FIT = Candidate(
    "P-FIT",
    1,
    country="DE",
    places=frozenset({1}),
    products=frozenset({10}),
    skills=frozenset({20}),
)

weights = st.lists(st.integers(1, 100), min_size=1, max_size=9)


def team(numbers: list[int]) -> list[Candidate]:
    return [replace(FIT, key=f"P-{at:02}", weight=weight) for at, weight in enumerate(numbers)]


def take(candidates: list[Candidate], result: Result, number: int) -> list[Candidate]:
    """The candidates after a distribution, as the room keeps them."""
    lines = {line.key: line for line in result.lines}
    return [
        replace(
            each,
            credit=lines[each.key].after,
            turned=number if each.key == result.chosen else each.turned,
        )
        for each in candidates
    ]


def run(candidates: list[Candidate], leads: int) -> tuple[list[str], list[Candidate]]:
    order = []
    for number in range(1, leads + 1):
        result = distribute(DEMAND, candidates)
        order.append(result.chosen)
        candidates = take(candidates, result, number)
    return order, candidates


@given(weights, st.integers(1, 200))
def test_shares_are_exact_to_a_turn_at_every_lead(numbers, leads):
    order, _after = run(team(numbers), leads)
    total, had = sum(numbers), Counter()
    for passed, key in enumerate(order, 1):
        had[key] += 1
        for at, weight in enumerate(numbers):
            off = abs(had[f"P-{at:02}"] - Fraction(passed * weight, total))
            assert off < 1 + Fraction(
                passed, TURN
            )  # a share is whole units: one unit a turn at most


@given(weights)
def test_after_as_many_leads_as_weights_everybody_had_exactly_theirs(numbers):
    order, _after = run(team(numbers), min(sum(numbers), 300))
    if sum(numbers) <= 300:
        had = Counter(order)
        assert [had[f"P-{at:02}"] for at in range(len(numbers))] == numbers


@given(weights, st.integers(1, 40), st.data())
def test_credits_always_sum_to_nought(numbers, leads, data):
    candidates = team(numbers)
    for number in range(1, leads + 1):
        here = [replace(c, asked=data.draw(st.booleans())) for c in candidates]
        result = distribute(DEMAND, here)
        candidates = take(candidates, result, number)
        assert sum(c.credit for c in candidates) == 0


@given(weights, st.integers(1, 30), st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_does_not_matter(numbers, leads, random):
    _order, candidates = run(team(numbers), leads)
    shuffled = list(candidates)
    random.shuffle(shuffled)
    assert distribute(DEMAND, shuffled) == distribute(DEMAND, candidates)


@given(weights, st.integers(2, 30))
def test_the_same_inputs_give_the_same_outcome(numbers, leads):
    assert run(team(numbers), leads) == run(team(numbers), leads)


@settings(max_examples=40)
@given(st.lists(st.integers(1, 9), min_size=2, max_size=5), st.integers(0, 40), st.integers(1, 30))
def test_being_ineligible_neither_gains_nor_loses(numbers, before, away):
    _order, candidates = run(team(numbers), before)
    gone = candidates[0]
    rest = candidates[1:]
    for number in range(before + 1, before + away + 1):
        result = distribute(DEMAND, [replace(gone, asked=True), *rest])
        assert result.chosen != gone.key
        gone, *rest = take([gone, *rest], result, number)
    assert gone == candidates[0]


@given(weights, st.integers(0, 30), st.data())
def test_an_undone_turn_was_none(numbers, leads, data):
    _order, candidates = run(team(numbers), leads)
    by_hand = data.draw(st.booleans())
    result = (
        assign(DEMAND, candidates, data.draw(st.sampled_from(candidates)).key)
        if by_hand
        else distribute(DEMAND, candidates)
    )
    after = take(candidates, result, leads + 1)
    back = undo(result.lines)
    assert [c.credit + back.get(c.key, 0) for c in after] == [c.credit for c in candidates]


@given(st.lists(st.integers(1, 100), min_size=1, max_size=60))
def test_the_parts_of_a_turn_are_a_turn(numbers):
    parts = shares(numbers)
    assert sum(parts) == TURN
    for part, weight in zip(parts, numbers, strict=True):
        assert abs(part - Fraction(TURN * weight, sum(numbers))) <= 1


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, ()),
        ({"weight": 0}, (Reason.PAUSED,)),
        ({"asked": True}, (Reason.ASKED,)),
        ({"places": frozenset({2})}, (Reason.TERRITORY,)),
        ({"places": frozenset()}, (Reason.TERRITORY,)),
        ({"skills": frozenset()}, (Reason.SKILL,)),
        ({"open_leads": 9}, ()),
        ({"open_leads": 10}, (Reason.CAP,)),
        ({"reachable": False}, (Reason.NOBODY,)),
        ({"closed": (Reason.PROFILE, Reason.TERMS)}, (Reason.PROFILE, Reason.TERMS)),
        ({"weight": 0, "skills": frozenset()}, (Reason.PAUSED, Reason.SKILL)),
    ],
)
def test_every_reason_is_named(change, reasons):
    assert why_not(DEMAND, replace(FIT, **change)) == reasons


def test_without_a_territory_the_partners_own_country_counts():
    anywhere = replace(DEMAND, place=None)
    assert why_not(anywhere, replace(FIT, places=frozenset())) == ()
    assert why_not(anywhere, replace(FIT, country="FR")) == (Reason.TERRITORY,)


def test_the_rules_can_leave_territory_and_skills_out():
    loose = replace(DEMAND, match_territory=False, match_skills=False)
    assert why_not(loose, replace(FIT, places=frozenset(), skills=frozenset())) == ()


@pytest.mark.parametrize(
    ("sells", "expected"), [({10, 11, 12}, 0), ({10}, 1), ({12}, 2), (set(), 2)]
)
def test_rank_is_how_much_of_what_is_wanted_is_sold(sells, expected):
    wants = replace(DEMAND, products=frozenset({10, 11}))
    assert rank(wants, replace(FIT, products=frozenset(sells))) == expected


def test_the_best_rank_goes_first_and_costs_nobody_else_a_turn():
    half = replace(FIT, key="P-HALF", products=frozenset())
    result = distribute(DEMAND, [half, FIT])
    assert result.chosen == "P-FIT"
    other = next(line for line in result.lines if line.key == "P-HALF")
    assert (other.outcome, other.reasons) == (Outcome.RANKED, (Reason.OTHERS_FIT,))
    assert (other.share, other.after) == (0, 0)


def test_nobody_eligible_chooses_nobody_and_says_why():
    result = distribute(DEMAND, [replace(FIT, asked=True), replace(FIT, key="P-2", weight=0)])
    assert result.chosen is None
    assert {line.key: line.reasons for line in result.lines} == {
        "P-FIT": (Reason.ASKED,),
        "P-2": (Reason.PAUSED,),
    }
    assert distribute(DEMAND, []).lines == ()


def test_a_tie_goes_to_the_longest_waiting_then_to_the_reference():
    one, two = team([1, 1])
    assert distribute(DEMAND, [two, one]).chosen == "P-00"
    assert distribute(DEMAND, [replace(one, turned=5), replace(two, turned=3)]).chosen == "P-01"


def test_by_hand_counts_as_the_partners_turn():
    candidates = team([1, 1])
    result = assign(DEMAND, candidates, "P-01")
    assert result.chosen == "P-01"
    assert distribute(DEMAND, take(candidates, result, 1)).chosen == "P-00"


def test_by_hand_even_to_somebody_who_is_not_eligible():
    candidates = [*team([1, 1]), replace(FIT, key="P-OUT", asked=True)]
    result = assign(DEMAND, candidates, "P-OUT")
    line = result.lines[0]
    assert (line.key, line.reasons) == ("P-OUT", (Reason.BY_HAND, Reason.ASKED))
    assert sum(each.after for each in result.lines) == 0
    assert line.after == -TURN
    alone = assign(DEMAND, [replace(FIT, asked=True)], "P-FIT")
    assert alone.lines[0].after == 0
    with pytest.raises(KeyError):
        assign(DEMAND, candidates, "P-NONE")


def test_turns_go_on_when_all_have_had_turns_out_of_turn():
    behind = [replace(each, credit=-3 * TURN) for each in team([1, 2])]
    assert distribute(DEMAND, behind).chosen == "P-01"


def test_somebody_who_declines_is_not_asked_again_and_is_not_punished():
    candidates = team([1, 1, 1])
    first = distribute(DEMAND, candidates)
    after = take(candidates, first, 1)
    again = [replace(c, asked=c.key == first.chosen) for c in after]
    second = distribute(DEMAND, again)
    assert second.chosen != first.chosen
    after = take(after, second, 2)
    third = distribute(DEMAND, after)  # another lead
    assert third.chosen not in {first.chosen, second.chosen}
    assert distribute(DEMAND, take(after, third, 3)).chosen in {first.chosen, second.chosen}
