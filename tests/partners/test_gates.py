"""What is closed to a partner, at which instant, and at a constant price."""

from datetime import timedelta

import pytest

from partners import gates, selectors, services
from partners.enums import RequiredOf
from partners.gates import Gate
from partners.models import Partner
from prm import clock
from tests.partners.terms import publish, sign


def codes(partner, gate=Gate.LEADS, at=None):
    return [reason.code for reason in gates.reasons_closed(gate, partner, at)]


def announced(partner, gate=Gate.LEADS, at=None):
    return [reason.code for reason in gates.standing(partner, [gate], at)[0].announced]


def test_a_fresh_profile_opens_both_gates(harbor):
    assert [codes(harbor, gate) for gate in Gate] == [[], []]
    assert announced(harbor) == []


def test_a_profile_that_was_never_confirmed_closes_the_leads_only(harbor):
    harbor.change(profile_confirmed_at=None)
    (reason,) = gates.reasons_closed(Gate.LEADS, harbor)
    assert (reason.code, reason.closes_at) == (gates.PROFILE_NEVER, None)
    assert reason.page == "/partner/profile/"
    assert codes(harbor, Gate.REGISTRATION) == []


def test_a_profile_closes_at_its_end_and_is_announced_thirty_days_ahead(harbor):
    end = selectors.profile_ends_at(harbor)
    second = timedelta(seconds=1)
    assert codes(harbor, at=end - second) == []
    assert codes(harbor, at=end) == [gates.PROFILE_STALE]
    assert announced(harbor, at=end - timedelta(days=30) - second) == []
    assert announced(harbor, at=end - timedelta(days=30)) == [gates.PROFILE_STALE]
    assert announced(harbor, at=end) == []


def test_the_tenants_setting_decides(harbor, ada):
    services.change_profile_rule(valid_days=10, announce_days=[3], actor=ada)
    end = selectors.profile_ends_at(harbor)
    assert (end - clock.now()).days in {9, 10}
    assert codes(harbor, at=end) == [gates.PROFILE_STALE]


def test_terms_close_what_they_name_from_their_day(harbor, lex):
    day = clock.now() + timedelta(days=10)
    version = publish(lex, effective_at=day)
    assert codes(harbor, Gate.REGISTRATION) == []
    assert announced(harbor, Gate.REGISTRATION) == [gates.TERMS]
    assert codes(harbor, Gate.REGISTRATION, day) == [gates.TERMS]
    assert codes(harbor, Gate.LEADS, day) == []
    (reason,) = gates.reasons_closed(Gate.REGISTRATION, harbor, day)
    assert str(reason.sentence) == "“Partner Terms” has not been accepted."
    assert reason.page == f"/partner/profile/terms/{version.agreement.reference}/v1/"


def test_accepting_opens_and_a_later_version_closes_again(harbor, lex, paula):
    version = publish(lex)
    assert codes(harbor, Gate.REGISTRATION) == [gates.TERMS]
    sign(version, paula)
    assert codes(harbor, Gate.REGISTRATION) == []
    publish(lex, agreement=version.agreement)
    assert codes(harbor, Gate.REGISTRATION) == [gates.TERMS]


def test_a_retired_agreement_closes_nothing(harbor, lex):
    version = publish(lex)
    services.retire_agreement(version.agreement, actor=lex)
    assert codes(harbor, Gate.REGISTRATION) == []
    services.restore_agreement(version.agreement, actor=lex)
    assert codes(harbor, Gate.REGISTRATION) == [gates.TERMS]


@pytest.mark.parametrize(
    ("required", "places", "closed"),
    [
        ({"required_of": RequiredOf.COUNTRIES}, {"countries": ("US",)}, True),
        ({"required_of": RequiredOf.COUNTRIES}, {"countries": ("DE",)}, False),
        ({"required_of": RequiredOf.TERRITORIES}, {"territories": ("dach",)}, True),
        ({"required_of": RequiredOf.TERRITORIES}, {"territories": ("uki",)}, False),
    ],
)
def test_only_the_partners_concerned(harbor, lex, required, places, closed):
    publish(lex, **required, **places)
    assert bool(codes(harbor, Gate.REGISTRATION)) is closed


def test_an_ended_partnership_closes_everything(harbor, mia):
    harbor = services.end_partner(harbor, reason="", actor=mia)
    assert [codes(harbor, gate) for gate in Gate] == [[gates.ENDED], [gates.ENDED]]
    assert gates.reasons_closed(Gate.LEADS, harbor)[0].page == ""


def test_many_cost_as_much_as_one(harbor, summit, lex, queries):
    publish(lex, required_of=RequiredOf.TERRITORIES, territories=("na",))
    for _warm in range(2):
        with queries() as one:
            gates.closed(Gate.LEADS, [harbor])
    with queries() as many:
        found = gates.closed(Gate.LEADS, Partner.objects.all())
    assert found.keys() == {harbor.pk, summit.pk}
    assert len(many) == len(one) + 1 <= 6  # and the partners themselves
