"""The policy line: which rule suggests what, and why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from registrations.enums import Action
from registrations.suggesting import Contender, Facts, suggest

AT = datetime(2030, 5, 6, 10, 2, 31, tzinfo=UTC)
HARBOR = Contender("D-AAAA-AAAA", "Harbor", 7, AT)
SUMMIT = Contender("D-BBBB-BBBB", "Summit", 9, AT + timedelta(hours=2))


@pytest.mark.parametrize(
    ("facts", "action", "rule", "says"),
    [
        (Facts(HARBOR), Action.APPROVE, "First complete submission", "to approve"),
        (Facts(HARBOR, (SUMMIT,)), Action.APPROVE, "First complete submission", "approve Harbor"),
        (Facts(SUMMIT, (HARBOR,)), None, "First complete submission", "Harbor instead"),
        (
            Facts(SUMMIT, (replace(HARBOR, is_complete=False),)),
            Action.APPROVE,
            "First complete submission",
            "to approve",
        ),
        (
            Facts(replace(SUMMIT, is_complete=False), (HARBOR,)),
            None,
            "First complete submission",
            "wait for the partner",
        ),
        (
            Facts(HARBOR, (replace(SUMMIT, at=AT + timedelta(seconds=59)),)),
            None,
            "First complete submission",
            "photo finish",
        ),
        (
            Facts(HARBOR, (SUMMIT,), holders=("Orchard",)),
            Action.QUEUE,
            "Existing protection wins",
            "in line behind Orchard",
        ),
        (
            Facts(HARBOR, duplicates=("D-CCCC-CCCC",), holders=("Harbor",)),
            Action.REJECT,
            "One deal once",
            "D-CCCC-CCCC",
        ),
        (
            Facts(HARBOR, designation="VENDOR_DIRECT"),
            Action.REJECT,
            "Designated companies",
            "yourselves",
        ),
        (
            Facts(HARBOR, designation="RESTRICTED"),
            Action.REJECT,
            "Designated companies",
            "restricted",
        ),
        (Facts(HARBOR, maybe=("Orchard",)), None, "One customer, one claim", "the same customer"),
        (Facts(HARBOR, needs_person="Tenders"), None, "Eligibility", "weigh it"),
    ],
)
def test_the_first_rule_that_applies_suggests(facts, action, rule, says):
    found = suggest(facts)
    assert (found.action, found.rule) == (action, rule)
    assert says in found.sentence


def test_every_rule_asked_stands_in_the_trace():
    found = suggest(Facts(SUMMIT, (HARBOR,)))
    assert [step.applies for step in found.steps] == [False, False, False, False, False, True]
    assert found.steps[-1].found == "Harbor was first with number 7."
    assert found.of == HARBOR.reference


def test_incomplete_rivals_are_named_in_the_trace():
    others = tuple(replace(SUMMIT, is_complete=False) for _ in range(2))
    found = suggest(Facts(HARBOR, others))
    assert "2 other deals are incomplete" in found.steps[-1].found
