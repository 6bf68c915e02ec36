"""What the rules of engagement make of a registration when it is sent."""

from datetime import timedelta
from decimal import Decimal

import pytest

from notifications.models import Notice
from prm import clock, due, rules
from prm.due.models import DueRow
from registrations import engagement, services
from registrations.conflicts import ANY
from registrations.enums import Eligibility, Exclusivity, State
from registrations.models import Protection, Registration
from registrations.selectors import scope_of
from registrations.services import ruling

pytestmark = pytest.mark.django_db


def publish(*made, **defaults):
    """Publish rules of engagement: the usual figures, changed, and rules as (code, when, then)."""
    body = {
        "rules": [
            {"code": code, "name": {"en": f"Rule {code}"}, "when": when, "then": then}
            for code, when, then in made
        ],
        "defaults": {**engagement.DEFAULTS, **defaults},
    }
    return rules.publish(engagement.KIND, body, actor=None)


def when(field, op, value):
    return {"all": [{"field": field, "op": op, "value": value}]}


def test_the_answer_is_kept_with_the_case_and_never_changes(submitted, pat):
    first = publish(("long", when("country", "IS", "US"), {"protection_days": "120"}))
    row = submitted(pat, "Initech")
    publish(protection_days="10")
    row.refresh_from_db()
    assert row.rules == first
    assert engagement.terms_for(row).protection_days == 120
    assert row.trace["decided_by"]["protection_days"] == "long"
    assert row.trace[engagement.TITLES] == {"long": {"en": "Rule long"}}


def test_a_refused_deal_stays_a_draft_and_leaves_nothing(draft, pat):
    publish(("small", when("value", "LESS", {"amount": "20000", "currency": "USD"}),
             {"eligibility": Eligibility.REFUSED.value}))  # fmt: skip
    row = draft(pat, "Initech")
    with pytest.raises(ruling.NotEligible, match="by the rule “Rule small”"):
        services.submit_registration(row, actor=pat)
    row.refresh_from_db()
    assert (row.state, row.ledger_number, row.company) == (State.DRAFT, None, None)


@pytest.mark.parametrize(
    ("exclusivity", "has_lines", "has_places"),
    [
        (Exclusivity.COMPANY, False, False),
        (Exclusivity.PRODUCTS, True, False),
        (Exclusivity.PLACES, False, True),
        (Exclusivity.PRODUCTS_PLACES, True, True),
    ],
)
def test_a_deal_claims_what_its_rules_make_exclusive(
    submitted, pat, exclusivity, has_lines, has_places
):
    publish(exclusivity=exclusivity.value)
    row = submitted(pat, "Initech")
    scope = scope_of(row)
    assert (scope.products != ANY) == has_lines
    assert (scope.places != ANY) == (has_places and row.place_id is not None)


def test_with_the_whole_company_claimed_other_lines_collide_too(submitted, pat, sam):
    publish(exclusivity=Exclusivity.COMPANY.value)
    submitted(pat, "Initech", website="initech.example", lines=("crm",))
    row = submitted(sam, "Initech", website="initech.example", lines=("erp",))
    assert row.conflicts.filter(settled_at=None).count() == 1
    assert row.conflict_count == 1


def test_a_rule_may_ask_for_conflicts(submitted, pat, sam):
    publish(("alone", when("conflicts", "IS", "0"), {"decision_days": "1"}))
    alone = submitted(pat, "Initech", website="initech.example")
    crowded = submitted(sam, "Initech", website="initech.example")
    assert engagement.terms_for(alone).decision_days == 1
    assert engagement.terms_for(crowded).decision_days == 2


def test_the_reviewer_is_whom_the_rules_name_else_the_partners_manager(submitted, pat, mia, ada):
    pat.membership.partner.change(manager=mia)
    assert submitted(pat, "Initech").reviewer == mia
    publish(reviewer=str(ada.uid))
    row = submitted(pat, "Globodyne")
    assert row.reviewer == ada
    told = Notice.objects.filter(kind="registrations.arrived", subject_uid=row.uid)
    assert [notice.recipient for notice in told] == [ada]


def test_somebody_who_left_reviews_nothing(submitted, pat, ada):
    publish(reviewer=str(ada.uid))
    ada.is_active = False
    ada.save()
    assert submitted(pat, "Initech").reviewer is None


def test_the_limit_of_deals_under_way_loosens_with_results(submitted, draft, approved, pat):
    publish(open_limit="1", open_limit_per_win="1")
    won = approved(pat, "Initech")
    second = draft(pat, "Globodyne")
    with pytest.raises(ruling.LimitReached, match="limit of deals under way is reached: 1"):
        services.submit_registration(second, actor=pat)
    services.move_stage(won, "WON", actor=pat)
    submitted(pat, "Hooli")
    row = services.submit_registration(second, actor=pat)
    assert row.state == State.SUBMITTED
    with pytest.raises(ruling.LimitReached):
        submitted(pat, "Vehement")


def test_nobody_deciding_is_told_to_others_once(submitted, pat, ada, travel):
    row = submitted(pat, "Initech")
    assert DueRow.objects.filter(kind=ruling.ESCALATE, subject=str(row.uid)).count() == 1
    travel(days=7)
    due.drain()
    due.drain()
    row.refresh_from_db()
    told = Notice.objects.filter(kind="registrations.escalated", subject_uid=row.uid)
    assert ada in [notice.recipient for notice in told]
    assert told.count() == len({notice.recipient_id for notice in told})
    assert row.escalated_at is not None


def test_a_decided_deal_is_not_escalated(approved, pat, travel):
    row = approved(pat, "Initech")
    travel(days=7)
    due.drain()
    row.refresh_from_db()
    assert row.escalated_at is None


def test_days_since_the_vendors_own_contact_are_a_fact(submitted, pat):
    row = submitted(pat, "Initech", website="initech.example")
    assert row.contact_days is None
    row.company.change(contacted_on=clock.now().date() - timedelta(days=12))
    publish(("ours", when("contact_days", "AT_MOST", "60"), {"eligibility": "REFUSED"}))
    with pytest.raises(ruling.NotEligible):
        submitted(pat, "Initech", website="initech.example")


def test_what_a_rule_finds_in_sql_is_what_it_decides(submitted, pat, sam):
    """The same rule as a filter and as a predicate, over every field that both sides have."""
    version = publish(
        ("mixed", {"any": [
            {"field": "product_lines", "op": "HAS", "value": "erp"},
            {"all": [
                {"field": "conflicts", "op": "AT_LEAST", "value": "1"},
                {"field": "is_tender", "op": "IS", "value": False},
                {"field": "country", "op": "ONE_OF", "value": ["US", "CA"]},
            ]},
        ]}, {"protection_days": "30"}),
    )  # fmt: skip
    submitted(pat, "Initech", website="initech.example", lines=("erp",))
    submitted(sam, "Initech", website="initech.example", lines=("crm", "erp"))
    submitted(pat, "Hooli", lines=("crm",))
    found = rules.ruleset(version).matching("mixed")
    by_sql = set(Registration.objects.filter(found).values_list("pk", flat=True))
    by_rule = {
        row.pk
        for row in Registration.objects.exclude(state=State.DRAFT)
        if engagement.decide(row, version).decided_by["protection_days"] == "mixed"
    }
    assert by_sql == by_rule
    assert len(by_sql) == 2


def approve_by_rule(**then):
    publish(("small", when("value", "AT_MOST", {"amount": "20000", "currency": "USD"}),
             {"auto_approve": True, **then}))  # fmt: skip


def test_a_rule_approves_what_collides_with_nothing(submitted, pat):
    approve_by_rule(protection_days="45")
    row = submitted(pat, "Quarvextonia Mills")
    assert row.state == State.SUBMITTED  # not before the second look
    due.drain()
    row.refresh_from_db()
    assert (row.state, row.decided_by, row.decisions.get().actor) == (State.APPROVED, None, None)
    assert Protection.objects.at(clock.now()).filter(company=row.company).count() == 1
    told = Notice.objects.get(kind="registrations.approved", subject_uid=row.uid)
    assert told.not_before <= clock.now()


def test_what_a_partner_typed_is_no_evidence_for_others_when_a_rule_confirms(submitted, pat):
    approve_by_rule()
    row = submitted(pat, "Quarvextonia Mills", website="quarvextonia.example")
    due.drain()
    row.refresh_from_db()
    assert row.company.is_confirmed
    assert {name.source for name in row.company.names.all()} == {"TYPED"}


def test_a_rule_leaves_to_people_what_collides_or_resembles(submitted, pat, sam):
    approve_by_rule()
    rivals = [submitted(user, "Quarvextonia Mills") for user in (pat, sam)]
    submitted(pat, "Initech", website="initech.example")
    near = submitted(sam, "Initech Holding")
    big = submitted(pat, "Hidrolanque Works", value=Decimal("50000"))
    due.drain()
    for row in (*rivals, near, big):
        row.refresh_from_db()
        assert row.state == State.SUBMITTED, row


def test_a_rule_that_wants_a_person_is_not_overruled_by_one_that_approves(submitted, pat):
    approve_by_rule(eligibility="REVIEW")
    row = submitted(pat, "Quarvextonia Mills")
    due.drain()
    row.refresh_from_db()
    assert row.state == State.SUBMITTED
