"""The pure rules: when a profile stops counting, and which versions are missing."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from partners import freshness, requirements
from partners.enums import RequiredOf
from partners.requirements import Terms

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
LATE = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)  # already the second of March in Berlin


def test_a_profile_ends_at_local_midnight():
    assert freshness.ends_at(NOON, 10, BERLIN) == datetime(2027, 3, 11, tzinfo=BERLIN)
    assert freshness.ends_at(LATE, 10, BERLIN) == datetime(2027, 3, 12, tzinfo=BERLIN)


def test_a_clock_change_does_not_move_the_midnight():
    end = freshness.ends_at(NOON, 180, BERLIN)
    assert (end.hour, end.date().isoformat()) == (0, "2027-08-28")


def test_announcements_before_the_confirmation_are_left_out():
    times = freshness.announcements(NOON, 20, [30, 7, 0], BERLIN)
    end = freshness.ends_at(NOON, 20, BERLIN)
    assert times == {7: end - timedelta(days=7), 0: end}


def version(number, *, at=NOON, required=RequiredOf.ALL, places=()):
    return Terms(number, 1, number, at, frozenset({"LEADS"}), required, frozenset(places))


def missing(versions, *, accepted=0, at=NOON, country="DE", territories=("dach",)):
    found = requirements.missing(
        versions, accepted=accepted, country=country, territories=frozenset(territories), at=at
    )
    return [each.number for each in found]


LATER = NOON + timedelta(days=30)


@pytest.mark.parametrize(
    ("accepted", "at", "expected"),
    [
        (0, NOON - timedelta(seconds=1), [1, 2]),  # neither is in force yet
        (0, NOON, [1, 2]),
        (1, NOON, [2]),
        (2, NOON, []),  # whoever accepted a later one has accepted enough
        (0, LATER, [2]),  # the earlier one no longer counts
        (1, LATER, [2]),
        (2, LATER, []),
    ],
)
def test_what_is_in_force_and_what_comes_is_missing(accepted, at, expected):
    assert missing([version(2, at=LATER), version(1)], accepted=accepted, at=at) == expected


def test_of_two_that_are_in_force_the_higher_number_counts():
    both = [version(1), version(2)]
    current = requirements.in_force(both, NOON)
    assert current is not None
    assert current.number == 2
    assert missing(both) == [2]
    assert requirements.in_force([], NOON) is None


@pytest.mark.parametrize(
    ("required", "places", "expected"),
    [
        (RequiredOf.ALL, (), [1]),
        (RequiredOf.COUNTRIES, ("DE", "AT"), [1]),
        (RequiredOf.COUNTRIES, ("US",), []),
        (RequiredOf.TERRITORIES, ("dach", "na"), [1]),
        (RequiredOf.TERRITORIES, ("uki",), []),
    ],
)
def test_a_version_concerns_partners_by_country_or_territory(required, places, expected):
    assert missing([version(1, required=required, places=places)]) == expected
