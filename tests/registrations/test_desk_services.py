"""Joint approvals, splits, holds, revocations, absences."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from catalog.models import ProductLine
from notifications.models import Notice
from partners.models import Membership, Partner
from prm import clock, due, events, portal
from prm.access import Audience, Role
from registrations import desk, selectors, services
from registrations.enums import CloseCode, DeclineCode, State
from registrations.models import Decision, Protection, ProtectionHolder, Registration
from registrations.services.splitting import BOTH
from registrations.transitions import InvalidTransition
from tests.world import person

pytestmark = pytest.mark.django_db

SITE = {"website": "initech.example"}
NO = {"code": DeclineCode.DUPLICATE, "note": "You have registered this already."}


def last(row):
    return Decision.objects.filter(registration=row).latest("pk")


def told(row, kind):
    return Notice.objects.filter(subject_uid=row.uid, kind=f"registrations.{kind}").count()


def shares(row):
    holders = ProtectionHolder.objects.filter(protection=selectors.protection_of(row))
    return {h.registration.partner.name: h.share for h in holders.select_related("registration")}


def pair(submitted, one, other, mia, lines=(("crm",), ("crm",))):
    rows = [
        submitted(user, "Initech", lines=mine, **SITE)
        for user, mine in zip((one, other), lines, strict=True)
    ]
    services.confirm_customer(rows[0], None, actor=mia)
    return [Registration.objects.get(pk=row.pk) for row in rows]


@pytest.fixture
def olive(db):
    """Somebody who sells for a third partner."""
    partner = Partner.objects.create(
        name="Orchard", reference="P-TEST-0009", country="US", profile_confirmed_at=clock.now()
    )
    user = person("olive@orchard.example", "Olive Seller", Audience.PARTNER)
    Membership.objects.create(user=user, partner=partner, role=Role.SELLER)
    return user


# --- jointly ------------------------------------------------------------------------------------------


def test_two_undecided_get_one_protection_of_the_union(submitted, pat, sam, mia):
    one, two = pair(submitted, pat, sam, mia, (("crm",), ("crm", "erp")))
    one = services.approve_jointly(one, two, actor=mia, share=60)
    two.refresh_from_db()
    assert (one.state, two.state) == (State.APPROVED, State.APPROVED)
    assert shares(one) == {"Harbor": 60, "Summit": 40}
    assert selectors.protection_of(one) == selectors.protection_of(two)
    assert Protection.objects.count() == 1
    assert (told(one, "approved"), told(two, "approved")) == (1, 1)


def test_a_joint_approval_is_taken_back_as_one(submitted, pat, sam, mia):
    one, two = pair(submitted, pat, sam, mia)
    services.approve_jointly(one, two, actor=mia, share=50)
    services.undo_decision(last(two), actor=mia)
    for row in (one, two):
        row.refresh_from_db()
        assert row.state == State.IN_REVIEW
        assert row.conflicts.get().is_open
    assert not Protection.objects.at(clock.now()).exists()


def test_joining_a_protection_that_covers_it(approved, submitted, pat, sam, mia):
    holder = approved(pat, "Initech", lines=("crm", "erp"), **SITE)
    row = submitted(sam, "Initech", lines=("crm",), **SITE)
    row = services.approve_jointly(row, holder, actor=mia, share=30, overrule=True)
    assert shares(row) == {"Harbor": 70, "Summit": 30}
    services.undo_decision(last(row), actor=mia)
    assert shares(holder) == {"Harbor": 100}
    assert Protection.objects.at(clock.now()).count() == 1


def test_a_third_holder_leaves_the_others_in_proportion(
    approved, submitted, pat, sam, olive, mia, travel
):
    holder = approved(pat, "Initech", **SITE)
    second = services.approve_jointly(
        submitted(sam, "Initech", **SITE), holder, actor=mia, share=40, overrule=True
    )
    third = services.approve_jointly(
        submitted(olive, "Initech", **SITE), holder, actor=mia, share=35, overrule=True
    )
    assert sorted(shares(third).values()) == [26, 35, 39]
    with pytest.raises(services.Overtaken):  # somebody has joined since
        services.undo_decision(last(second), actor=mia)


def test_what_somebody_has_joined_is_not_emptied(submitted, pat, sam, mia):
    one, two = pair(submitted, pat, sam, mia)
    one = services.approve_registration(one, actor=mia, overrule=True)
    services.approve_jointly(two, one, actor=mia, share=50, overrule=True)
    with pytest.raises(services.Overtaken):
        services.undo_decision(last(one), actor=mia)


def test_joint_needs_a_protection_that_covers(approved, submitted, pat, sam, mia):
    holder = approved(pat, "Initech", lines=("crm",), **SITE)
    row = submitted(sam, "Initech", lines=("crm", "erp"), **SITE)
    with pytest.raises(services.CannotBeJoint, match="does not cover"):
        services.approve_jointly(row, holder, actor=mia, share=50, overrule=True)


@pytest.mark.parametrize(
    ("share", "lines", "words"),
    [(0, ("crm",), "between 1 and 99"), (100, ("crm",), "between"), (50, ("erp",), "do not meet")],
)
def test_joint_is_refused_with_a_sentence(submitted, pat, sam, mia, share, lines, words):
    one, two = pair(submitted, pat, sam, mia, (("crm",), lines))
    with pytest.raises(services.CannotBeJoint, match=words):
        services.approve_jointly(one, two, actor=mia, share=share, overrule=True)


def test_joint_is_for_two_partners_at_one_customer(submitted, pat, paula, sam, mia):
    one, two = pair(submitted, pat, paula, mia)
    with pytest.raises(services.CannotBeJoint, match="one partner"):
        services.approve_jointly(one, two, actor=mia, share=50, overrule=True)
    elsewhere = submitted(sam, "Globex", website="globex.example")
    with pytest.raises(services.CannotBeJoint, match="same customer"):
        services.approve_jointly(one, elsewhere, actor=mia, share=50, overrule=True)


# --- split --------------------------------------------------------------------------------------------


def test_split_parts_lines_value_and_conflicts(approved, submitted, pat, sam, mia):
    holder = approved(pat, "Initech", lines=("erp",), **SITE)
    row = submitted(sam, "Initech", lines=("crm", "erp"), **SITE)
    erp = ProductLine.objects.filter(code="erp")
    row, half = services.split_registration(row, erp, actor=mia, value=Decimal("2500"))

    assert (half.split_from, half.ledger_number) == (row, row.ledger_number)
    assert half.reference != row.reference
    assert (row.value, half.value) == (Decimal("10000"), Decimal("2500"))
    assert not row.conflicts.filter(settled_at=None).exists()
    assert half.conflicts.get(settled_at=None).other == holder
    assert services.approve_registration(row, actor=mia).state == State.APPROVED
    assert services.queue_registration(half, actor=mia).state == State.QUEUED
    assert told(half, "split") == 1


def test_a_split_half_can_be_split_again(submitted, pat, mia):
    row = submitted(pat, "Initech", lines=("crm", "erp", "bi"), **SITE)
    row, half = services.split_registration(
        row, ProductLine.objects.filter(code__in=["erp", "bi"]), actor=mia
    )
    _half, third = services.split_registration(
        half, ProductLine.objects.filter(code="bi"), actor=mia
    )
    assert third.split_from == row


@pytest.mark.parametrize("codes", [[], ["crm", "erp"]])
def test_split_needs_a_line_on_either_side(submitted, pat, mia, codes):
    row = submitted(pat, "Initech", lines=("crm", "erp"), **SITE)
    with pytest.raises(services.CannotBeSplit) as refusal:
        services.split_registration(row, ProductLine.objects.filter(code__in=codes), actor=mia)
    assert str(refusal.value) == str(BOTH)


def test_what_is_decided_is_not_split(approved, pat, mia):
    row = approved(pat, "Initech", lines=("crm", "erp"), **SITE)
    with pytest.raises(services.CannotBeSplit):
        services.split_registration(row, ProductLine.objects.filter(code="erp"), actor=mia)


# --- duplicate, hold, revoke --------------------------------------------------------------------------


def test_a_duplicate_names_the_other_deal_of_the_partner(submitted, pat, paula, sam, mia):
    first, second = submitted(pat, "Initech", **SITE), submitted(paula, "Initech", **SITE)
    rival = submitted(sam, "Initech", **SITE)
    with pytest.raises(services.NotTheirs):
        services.reject_registration(second, actor=mia, duplicate_of=rival, **NO)
    row = services.reject_registration(second, actor=mia, duplicate_of=first, **NO)
    assert (row.duplicate_of, row.decline_code) == (first, DeclineCode.DUPLICATE)
    assert services.undo_decision(last(row), actor=mia).duplicate_of is None


def test_a_held_case_leaves_the_queue_and_comes_back_by_itself(submitted, pat, mia, travel):
    row = submitted(pat, "Initech")
    day = clock.today(portal.zone()) + timedelta(days=3)
    row = services.hold_registration(row, day, actor=mia, note="Waits for legal")
    assert not desk.queue(mia).exists()
    assert list(desk.queue(mia, desk.Tab.HELD)) == [row]
    travel(days=4)
    assert list(desk.queue(mia)) == [row]


def test_hold_is_lifted_by_hand_and_by_a_decision(submitted, pat, mia):
    row = submitted(pat, "Initech")
    day = clock.today(portal.zone()) + timedelta(days=3)
    services.hold_registration(row, day, actor=mia, note="")
    assert services.release_hold(row, actor=mia).held_until is None
    services.hold_registration(row, day, actor=mia, note="")
    row = services.reject_registration(row, actor=mia, **NO)
    assert row.held_until is None
    assert services.undo_decision(last(row), actor=mia).held_until is not None


@pytest.mark.parametrize("days", [-1, 0, 91])
def test_hold_wants_a_day_to_come(submitted, pat, mia, days):
    day = clock.today(portal.zone()) + timedelta(days=days)
    with pytest.raises(services.NotADay):
        services.hold_registration(submitted(pat, "Initech"), day, actor=mia, note="")


def test_revoke_ends_the_protection_and_moves_the_line(approved, submitted, pat, sam, mia):
    holder = approved(pat, "Initech", **SITE)
    second = services.queue_registration(submitted(sam, "Initech", **SITE), actor=mia)
    row = services.revoke_registration(
        holder, CloseCode.REVOKED, actor=mia, note="The customer asked for it."
    )
    second.refresh_from_db()
    assert (row.state, row.close_code, second.state) == ("CLOSED", "REVOKED", "IN_REVIEW")
    assert told(row, "revoked") == 1
    with pytest.raises(InvalidTransition):
        services.revoke_registration(row, CloseCode.REVOKED, actor=mia, note="Again.")


@pytest.mark.parametrize("who", ["pat", "fin"])
def test_only_referees_revoke_and_split(who, request, approved, pat, mia):
    row = approved(pat, "Initech", **SITE)
    person = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        services.revoke_registration(row, CloseCode.REVOKED, actor=person, note="No.")
    with pytest.raises(PermissionDenied):
        services.split_registration(row, [], actor=person)


# --- who is on duty -----------------------------------------------------------------------------------


def away(user, deputy, actor, first=0, last=5):
    today = clock.today(portal.zone())
    days = [today + timedelta(days=n) for n in (first, last)]
    return services.plan_absence(user, *days, deputy=deputy, actor=actor)


def test_while_away_the_deputy_is_on_duty(mia, max_):
    today = clock.today(portal.zone())
    away(mia, max_, mia)
    assert selectors.reviewer_on_duty(mia, today) == max_
    assert selectors.reviewer_on_duty(mia, today + timedelta(days=6)) == mia


def test_two_who_stand_in_for_each_other_and_are_away_leave_nobody(mia, max_):
    away(mia, max_, mia)
    away(max_, mia, max_)
    assert selectors.reviewer_on_duty(mia, clock.today(portal.zone())) is None


def test_what_waits_goes_to_the_deputy_on_the_first_day(submitted, pat, mia, max_, ada):
    row = services.take_registration(submitted(pat, "Initech"), actor=mia)
    away(mia, max_, ada)
    due.drain()
    row.refresh_from_db()
    assert row.reviewer == max_
    assert told(row, "assigned") == 1


def test_a_case_given_to_somebody_away_goes_to_the_deputy(submitted, pat, mia, max_, ada):
    away(mia, max_, mia)
    row = services.assign_registration(submitted(pat, "Initech"), mia, actor=ada)
    assert row.reviewer == max_
    assert events.timeline(row).filter(code="registration.assigned").exists()


def test_absences_do_not_overlap_and_can_be_taken_back(mia, max_):
    absence = away(mia, max_, mia)
    with pytest.raises(services.AwayAlready):
        away(mia, None, mia, 5, 9)
    services.cancel_absence(absence, actor=mia)
    assert away(mia, None, mia, 5, 9).deputy is None


def test_a_deputy_decides_deals(mia, fin):
    with pytest.raises(services.NoDeputy):
        away(mia, fin, mia)
    with pytest.raises(services.NoDeputy):
        away(mia, mia, mia)


def test_one_plans_ones_own_absence_an_administrator_everybodys(mia, max_, ada, pat):
    with pytest.raises(PermissionDenied):
        away(mia, None, max_)
    with pytest.raises(PermissionDenied):
        away(pat, None, ada)
    assert away(mia, None, ada).user == mia
