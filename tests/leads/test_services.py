"""What can be done with leads, by whom, and what it leaves behind."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from leads import engagement, selectors, services
from leads.distribution import TURN
from leads.enums import (
    Check,
    DeclineCode,
    DisqualifyCode,
    LostCode,
    OfferState,
    Outcome,
    Pick,
    Rating,
    Reason,
    State,
)
from leads.models import Candidate, Distribution, Lead, Offer, Turn
from leads.transitions import InvalidTransition
from notifications.models import Notice
from partners.models import Contact, Membership, Partner
from partners.selectors import calendar_of
from prm import clock, due, rules
from prm.access import Audience, Role
from prm.events.models import Event
from registrations import services as deals
from registrations.models import RegistrationConflict
from tests.leads.conftest import make_new
from tests.registrations.conftest import make_submitted
from tests.world import person


def codes(lead):
    rows = Event.objects.filter(target_uid=lead.uid).order_by("id")
    return [code.partition(".")[2] for code in rows.values_list("code", flat=True)]


def refreshed(row):
    row.refresh_from_db()
    return row


def told(kind):
    rows = Notice.objects.filter(kind=f"leads.{kind}").order_by("id")
    return list(rows.values_list("email", flat=True))


# --- intake ----------------------------------------------------------------------------------------


def test_the_same_form_twice_is_one_lead(lea):
    token = uuid.uuid4()
    one = services.start_lead(token, actor=lea)
    assert services.start_lead(token, actor=lea).pk == one.pk
    assert codes(one) == ["started"]


def test_another_agents_token_is_refused(lea):
    other = person("tom@callcenter.example", "Tom Agent", Audience.AGENT)
    token = uuid.uuid4()
    lead = services.start_lead(token, actor=lea)
    with pytest.raises(PermissionDenied):
        services.start_lead(token, actor=other)
    with pytest.raises(PermissionDenied):
        services.save_lead(lead, {"company_name": "Mine"}, actor=other)


def test_only_agents_enter_leads(pat, mia, nadia):
    for somebody in (pat, mia, nadia):
        with pytest.raises(PermissionDenied):
            services.start_lead(uuid.uuid4(), actor=somebody)


@pytest.mark.parametrize(
    ("gap", "missing"),
    [
        ({"company_name": ""}, ["company_name"]),
        ({"consent": ""}, ["consent"]),
        ({"contact_email": "", "contact_phone": ""}, ["contact_email"]),
        ({"contact_email": ""}, []),
        ({"lines": ()}, ["product_lines"]),
    ],
)
def test_a_lead_is_complete_or_stays_with_its_agent(lea, gap, missing):
    lead = make_new(lea, **{"company": "Initech", **gap} if "company_name" not in gap else {
        "company": "", **{n: v for n, v in gap.items() if n != "company_name"}
    })  # fmt: skip
    assert selectors.missing_fields(lead) == missing
    if missing:
        with pytest.raises(services.Incomplete):
            services.begin_qualifying(lead, actor=lea)
    else:
        assert services.begin_qualifying(lead, actor=lea).state == State.QUALIFYING


def test_qualifying_identifies_the_customer_and_keeps_the_answers(lea):
    lead = services.begin_qualifying(make_new(lea, "Initech"), actor=lea)
    lead = services.qualify_lead(
        lead, checks=[Check.TIME, Check.NEED], rating=Rating.WARM, actor=lea
    )
    assert lead.company.name == "Initech"
    assert (lead.state, lead.checks, lead.score) == (State.QUALIFIED, ["NEED", "TIME"], 2)
    assert lead.place.code == "na"
    assert codes(lead) == ["started", "entered", "qualified"]
    assert services.qualify_lead(lead, checks=[], rating=Rating.HOT, actor=lea).version == 3


def test_without_a_need_it_is_no_lead(lea):
    lead = services.begin_qualifying(make_new(lea, "Initech"), actor=lea)
    with pytest.raises(services.NoNeed):
        services.qualify_lead(lead, checks=[Check.BUDGET], rating=Rating.HOT, actor=lea)


def test_disqualifying_needs_a_reason_and_the_right_person(lea, mia, pat, qualified):
    lead = services.begin_qualifying(make_new(lea, "Spam"), actor=lea)
    with pytest.raises(PermissionDenied):
        services.disqualify_lead(lead, DisqualifyCode.NO_NEED, actor=pat)
    assert services.disqualify_lead(lead, DisqualifyCode.NO_NEED, actor=lea).closed_at
    later = qualified("Second thoughts")
    with pytest.raises(PermissionDenied):  # it is the vendor's now
        services.disqualify_lead(later, DisqualifyCode.DUPLICATE, actor=lea)
    assert services.disqualify_lead(later, DisqualifyCode.DUPLICATE, actor=mia)


def test_what_is_qualified_is_not_edited(lea, qualified):
    lead = qualified("Initech")
    same = services.save_lead(lead, {"company_name": "Other"}, actor=lea)
    assert same.company_name == "Initech"


def test_a_begun_lead_can_be_deleted_and_an_entered_one_not(lea):
    lead = make_new(lea, "Initech")
    services.discard_lead(lead, actor=lea)
    assert not Lead.objects.filter(pk=lead.pk).exists()
    entered = services.begin_qualifying(make_new(lea, "Initech"), actor=lea)
    with pytest.raises(PermissionDenied):
        services.discard_lead(entered, actor=lea)


# --- distribution ----------------------------------------------------------------------------------


def test_turns_go_round_and_every_candidate_has_a_reason(mia, qualified, harbor, summit):
    got = []
    for number in range(4):
        made = services.distribute_lead(qualified(f"Company {number}"), actor=mia)
        got.append(made.chosen.name)
        assert {c.partner.name for c in selectors.candidates_of(made)} == {"Harbor", "Summit"}
        assert all(c.reasons for c in selectors.candidates_of(made))
        assert selectors.replays(made)
    assert got == ["Harbor", "Summit", "Harbor", "Summit"]
    assert [t.credit for t in Turn.objects.all()] == [0, 0]
    assert list(Turn.objects.values_list("given", flat=True)) == [2, 2]


def test_the_offer_goes_to_a_seller_within_working_days(mia, qualified, harbor):
    lead = qualified("Initech")
    made = services.distribute_lead(lead, actor=mia)
    offer = made.offer
    assert (offer.seller.email, offer.pick) == ("pat@harbor.example", Pick.ONLY)
    assert offer.expires_at == calendar_of(harbor).add_days(offer.offered_at, 2)
    lead = refreshed(lead)
    assert (lead.state, lead.partner, lead.seller.email) == (
        State.OFFERED,
        harbor,
        "pat@harbor.example",
    )
    assert told("offer") == ["pat@harbor.example"]
    assert made.rules.kind == engagement.KIND


def test_principals_are_never_asked(mia, qualified, harbor, summit):
    summit.change(ended_at=clock.now())
    Contact.objects.filter(user__email="pat@harbor.example").update(
        functions=["SALES", "PRINCIPAL"]
    )
    made = services.distribute_lead(qualified("Initech"), actor=mia)
    assert made.chosen is None
    assert [c.reasons for c in selectors.candidates_of(made)] == [["NOBODY"]]


def test_several_sellers_are_asked_in_turn(mia, qualified, harbor, summit):
    summit.change(ended_at=clock.now())
    colleague = person("amy@harbor.example", "Amy Seller", Audience.PARTNER)
    Membership.objects.create(user=colleague, partner=harbor, role=Role.SELLER)
    Contact.objects.create(
        partner=harbor, user=colleague, name="Amy", email=colleague.email, functions=["SALES"]
    )
    picks = []
    for number in range(3):
        offer = services.distribute_lead(qualified(f"Company {number}"), actor=mia).offer
        picks.append((offer.seller.name, offer.pick))
    assert picks == [
        ("Amy Seller", Pick.NAME),
        ("Pat Seller", Pick.FEWEST),
        ("Amy Seller", Pick.NAME),
    ]


def test_nobody_eligible_leaves_the_lead_and_tells_the_managers_why(mia, qualified, harbor, summit):
    harbor.change(profile_confirmed_at=None)
    summit.territories.clear()
    lead = qualified("Initech")
    made = services.distribute_lead(lead, actor=mia)
    assert made.chosen is None
    assert refreshed(lead).state == State.QUALIFIED
    reasons = {c.partner.name: c.reasons for c in selectors.candidates_of(made)}
    assert reasons == {"Harbor": ["PROFILE"], "Summit": ["TERRITORY"]}
    assert told("nobody") == ["max@acme.example", "mia@acme.example"] or set(told("nobody")) == {
        "mia@acme.example",
        "max@acme.example",
    }
    assert not Turn.objects.exists()


def test_a_missing_skill_excludes(mia, qualified):
    made = services.distribute_lead(qualified("Initech", skills=("security",)), actor=mia)
    assert {tuple(c.reasons) for c in selectors.candidates_of(made)} == {("SKILL",)}
    assert services.distribute_lead(qualified("Other", skills=("migration",)), actor=mia).chosen_id


def test_the_cap_on_open_leads(mia, qualified, harbor, summit):
    rules.publish(
        engagement.KIND,
        {"rules": [], "defaults": {**engagement.DEFAULTS, "open_cap": "1"}},
        actor=None,
    )
    for name in ("Harbor", "Summit"):
        assert services.distribute_lead(qualified(f"For {name}"), actor=mia).chosen.name == name
    made = services.distribute_lead(qualified("Too many"), actor=mia)
    assert {tuple(c.reasons) for c in selectors.candidates_of(made)} == {("CAP",)}


def test_a_batch_is_the_same_as_one_by_one(mia, qualified, harbor, summit):
    services.set_weight(harbor, 7, actor=mia)
    services.set_weight(summit, 3, actor=mia)
    leads = [qualified(f"Batch {n}", country="US" if n % 3 else "DE") for n in range(24)]

    def outcome(distribute):
        point = transaction.savepoint()
        distribute()
        found = [
            (d.lead_id, d.number, d.chosen_id, d.offer.seller_id if d.chosen_id else None,
             list(d.candidates.order_by("position").values_list(
                 "partner_id", "outcome", "reasons", "credit", "share", "after", "facts")))
            for d in Distribution.objects.order_by("number")
        ]  # fmt: skip
        transaction.savepoint_rollback(point)
        return found

    single = outcome(lambda: [services.distribute_lead(lead, actor=mia) for lead in leads])
    batch = outcome(lambda: services.distribute_many(reversed(leads), actor=mia))
    shown = [(lead.pk, partner.pk if partner else None)
             for lead, _result, partner in services.preview(leads)]  # fmt: skip
    assert batch == single
    assert shown == [(lead, chosen) for lead, _number, chosen, *_rest in single]
    assert {len(rows) for *_rest, rows in single} == {2}


def test_a_preview_writes_nothing(qualified, queries):
    leads = [qualified(f"Shown {n}") for n in range(3)]
    with queries() as q:
        services.preview(leads)
    assert not [sql for sql in q.sql if not sql.lstrip().upper().startswith("SELECT")]
    assert not Distribution.objects.exists()


def test_by_hand_needs_a_reason_and_counts_as_a_turn(mia, pat, qualified, harbor, summit):
    lead = qualified("Initech")
    with pytest.raises(PermissionDenied):
        services.assign_lead(lead, harbor, reason="Mine", actor=pat)
    with pytest.raises(services.Refused):
        services.assign_lead(lead, harbor, reason=" ", actor=mia)
    made = services.assign_lead(lead, summit, reason="They know them", actor=mia)
    assert (made.chosen, made.by, made.reason) == (summit, mia, "They know them")
    assert selectors.replays(made)
    assert services.distribute_lead(qualified("Next"), actor=mia).chosen == harbor


def test_by_hand_wants_somebody_who_can_take_it(mia, qualified, harbor):
    Contact.objects.filter(partner=harbor).update(functions=[])
    lead = qualified("Initech")
    with pytest.raises(services.NobodyThere):
        services.assign_lead(lead, harbor, reason="Try", actor=mia)
    harbor.change(ended_at=clock.now())
    with pytest.raises(services.Refused):
        services.assign_lead(lead, harbor, reason="Try", actor=mia)


def test_what_is_offered_already_is_not_offered_again(mia, qualified):
    lead = qualified("Initech")
    assert services.distribute_lead(lead, actor=mia)
    assert services.distribute_lead(lead, actor=mia) is None
    with pytest.raises(InvalidTransition), transaction.atomic():
        services.assign_lead(lead, Partner.objects.first(), reason="Again", actor=mia)


def test_a_stale_page_is_told_so(mia, qualified):
    lead = qualified("Initech")
    with pytest.raises(services.ChangedMeanwhile):
        services.distribute_lead(lead, actor=mia, version=1)


def test_rules_that_distribute_at_once(lea, qualified):
    body = {
        "rules": [
            {
                "code": "hot",
                "when": {"field": "rating", "op": "IS", "value": "HOT"},
                "then": {"at_once": True, "accept_days": "1"},
            }
        ],
        "defaults": engagement.DEFAULTS,
    }
    rules.publish(engagement.KIND, body, actor=None)
    hot, warm = qualified("Hot"), qualified("Warm", rating=Rating.WARM)
    due.drain()
    assert (refreshed(hot).state, refreshed(warm).state) == (State.OFFERED, State.QUALIFIED)


@pytest.mark.constraints
def test_the_database_allows_one_open_offer(offered, summit, sam):
    offer = offered("Initech")
    made = Distribution.objects.create(
        lead=offer.lead, number=99, kind="TURN", rules=offer.distribution.rules, demand={}
    )
    with pytest.raises(IntegrityError, match="one open offer"):
        Offer.objects.create(
            reference="O-X", lead=offer.lead, distribution=made, number=2, partner=summit,
            seller=sam, pick=Pick.ONLY, offered_at=clock.now(), expires_at=clock.now(),
        )  # fmt: skip


# --- answers ---------------------------------------------------------------------------------------


def test_accepting_makes_it_the_partners(pat, offered):
    offer = services.accept_offer(offered("Initech"), actor=pat)
    lead = refreshed(offer.lead)
    assert (offer.state, lead.state) == (OfferState.ACCEPTED, State.ACCEPTED)
    assert lead.accepted_at
    assert lead.contact_by == calendar_of(offer.partner).add_days(lead.accepted_at, 2)
    assert lead.convert_by == lead.accepted_at + timedelta(days=30)
    assert Turn.objects.get(partner=offer.partner).accepted == 1
    assert services.accept_offer(offer, actor=pat).state == OfferState.ACCEPTED
    assert codes(lead)[-1] == "accepted"


def test_a_colleague_stands_in_and_a_rival_does_not(paula, sam, offered):
    offer = offered("Initech")
    with pytest.raises(PermissionDenied):
        services.accept_offer(offer, actor=sam)
    assert services.accept_offer(offer, actor=paula).is_held


def test_declining_goes_to_the_next_and_not_back(pat, sam, offered):
    offer = offered("Initech")
    services.decline_offer(offer, DeclineCode.NO_TIME, note="Busy", actor=pat)
    lead = refreshed(offer.lead)
    assert (lead.state, lead.partner) == (State.QUALIFIED, None)
    due.drain()
    second = selectors.current_offer(lead)
    assert second.partner.name == "Summit"
    services.decline_offer(second, DeclineCode.OTHER, actor=sam)
    due.drain()
    assert refreshed(lead).state == State.QUALIFIED
    made = selectors.last_distribution(lead)
    assert {tuple(c.reasons) for c in selectors.candidates_of(made)} == {("ASKED",)}
    assert len(told("nobody")) == 2


def test_time_runs_out_in_working_days_and_goes_on(offered, travel):
    offer = offered("Initech")
    assert not services.time_out(offer)
    travel(days=10)
    due.drain()
    offer = refreshed(offer)
    assert offer.state == OfferState.TIMED_OUT
    assert told("timed_out") == ["pat@harbor.example"]
    due.drain()
    assert selectors.current_offer(offer.lead).partner.name == "Summit"


def test_nothing_is_accepted_after_its_time(pat, offered, travel):
    offer = offered("Initech")
    travel(days=10)
    with pytest.raises(services.OfferOver):
        services.accept_offer(offer, actor=pat)
    with pytest.raises(services.OfferOver):
        services.decline_offer(offer, DeclineCode.OTHER, actor=pat)


def test_withdrawing_is_no_turn(mia, pat, qualified, harbor):
    for number in range(3):
        services.distribute_lead(qualified(f"Before {number}"), actor=mia)
    before = list(Turn.objects.order_by("pk").values_list("credit", "given"))
    lead = qualified("Initech")
    services.distribute_lead(lead, actor=mia)
    offer = selectors.current_offer(lead)
    with pytest.raises(PermissionDenied):
        services.withdraw_offer(offer, reason="No", actor=pat)
    services.withdraw_offer(offer, reason="Wrong customer", actor=mia)
    assert list(Turn.objects.order_by("pk").values_list("credit", "given")) == before
    assert refreshed(lead).state == State.QUALIFIED
    assert selectors.last_distribution(lead).undone_at
    assert told("withdrawn") == [offer.seller.email]
    due.drain()
    assert refreshed(lead).state == State.QUALIFIED  # it waits for a person
    with pytest.raises(services.OfferOver):
        services.withdraw_offer(offer, reason="Again", actor=mia)


def test_the_offer_of_an_unsent_mail_that_is_answered_stays_unsent(pat, offered):
    offer = services.accept_offer(offered("Initech"), actor=pat)
    assert Notice.objects.get(kind="leads.offer", subject_uid=offer.uid).state == "SUPERSEDED"


# --- work ------------------------------------------------------------------------------------------


def accepted(offer, actor):
    return services.accept_offer(offer, actor=actor)


def test_contacted_once(pat, offered):
    offer = accepted(offered("Initech"), pat)
    assert services.mark_contacted(offer, actor=pat).contacted_at
    assert services.mark_contacted(offer, actor=pat).state == State.CONTACTED


def test_reminders_of_contact_and_deal(pat, offered, travel):
    accepted(offered("Initech"), pat)
    travel(days=12)
    due.drain()
    assert told("contact_due") == ["pat@harbor.example"]
    travel(days=30)
    due.drain()
    assert told("convert_due") == ["pat@harbor.example"]


def test_no_reminders_once_it_is_over(pat, offered, travel):
    offer = accepted(offered("Initech"), pat)
    services.lose_lead(offer, LostCode.NO_PROJECT, actor=pat)
    travel(days=60)
    due.drain()
    assert not told("contact_due")
    assert not told("convert_due")


def test_a_deal_without_retyping(pat, offered):
    offer = accepted(offered("Initech", website="initech.example"), pat)
    draft = services.make_deal(offer, actor=pat)
    assert services.make_deal(offer, actor=pat).pk == draft.pk
    draft = refreshed(draft)
    lead = refreshed(offer.lead)
    assert (draft.company_name, draft.website, draft.country) == (
        "Initech", "initech.example", "US",
    )  # fmt: skip
    assert (draft.value, draft.currency) == (lead.value, "USD")
    assert (draft.contact_name, draft.contact_email) == (lead.contact_name, lead.contact_email)
    assert lead.need in draft.description
    assert lead.contact_phone in draft.description
    assert [line.code for line in draft.product_lines.all()] == ["crm"]
    assert (lead.state, lead.registration) == (State.WORKING, draft)


def deal_of(offer, actor):
    draft = services.make_deal(offer, actor=actor)
    deals.save_draft(draft, {"expected_close": date(2031, 1, 1)}, actor=actor)
    return deals.submit_registration(refreshed(draft), actor=actor)


def test_a_registered_deal_converts_its_lead_and_ends_it(pat, mia, offered):
    offer = accepted(offered("Initech"), pat)
    row = deal_of(offer, pat)
    assert refreshed(offer.lead).state == State.CONVERTED
    assert not row.conflicts.exists()  # its own lead is no duplicate
    with pytest.raises(services.Refused):
        services.lose_lead(offer, LostCode.OTHER, actor=pat)
    row = deals.confirm_customer(row, None, actor=mia)
    row = deals.approve_registration(row, actor=mia)
    deals.close_registration(row, "WON", actor=pat)
    assert refreshed(offer.lead).state == State.WON
    assert refreshed(offer.lead).closed_at


def test_a_lost_deal_is_a_lost_lead(pat, mia, offered):
    offer = accepted(offered("Initech"), pat)
    row = deals.confirm_customer(deal_of(offer, pat), None, actor=mia)
    row = deals.approve_registration(row, actor=mia)
    deals.close_registration(row, "LOST", actor=pat)
    assert refreshed(offer.lead).state == State.LOST


def test_a_deleted_draft_leaves_a_contacted_lead(pat, offered):
    offer = accepted(offered("Initech"), pat)
    draft = services.make_deal(offer, actor=pat)
    deals.discard_draft(draft, actor=pat)
    assert (refreshed(offer.lead).state, offer.lead.registration) == (State.CONTACTED, None)
    assert services.make_deal(offer, actor=pat).pk != draft.pk


def test_taking_back_takes_the_contact_out_of_the_draft(pat, mia, offered):
    offer = accepted(offered("Initech", website="initech.example"), pat)
    draft = services.make_deal(offer, actor=pat)
    with pytest.raises(services.Refused):
        services.take_back(offer.lead, reason="", actor=mia)
    with pytest.raises(PermissionDenied):
        services.take_back(offer.lead, reason="No", actor=pat)
    lead = services.take_back(offer.lead, reason="Nobody called", actor=mia)
    draft, offer = refreshed(draft), refreshed(offer)
    assert (draft.contact_name, draft.contact_email, draft.website, draft.description) == (
        "", "", "", "",
    )  # fmt: skip
    assert (offer.state, offer.note) == (OfferState.TAKEN_BACK, "Nobody called")
    assert (lead.state, lead.partner, lead.registration) == (State.QUALIFIED, None, None)
    assert told("taken_back") == ["pat@harbor.example"]
    with pytest.raises(services.OfferOver):
        services.make_deal(offer, actor=pat)
    made = services.distribute_lead(lead, actor=mia)
    assert made.chosen.name == "Summit"


def test_lost_says_why(pat, offered):
    offer = accepted(offered("Initech"), pat)
    with pytest.raises(services.ChangedMeanwhile):
        services.lose_lead(offer, LostCode.NO_BUDGET, actor=pat, version=1)
    lead = services.lose_lead(offer, LostCode.NO_BUDGET, actor=pat)
    assert (lead.state, lead.lost_code) == (State.LOST, LostCode.NO_BUDGET)
    with pytest.raises(InvalidTransition):
        services.mark_contacted(offer, actor=pat)


# --- claims ----------------------------------------------------------------------------------------


def test_a_lead_at_a_partner_is_a_conflict_of_anothers_deal(sam, offered_to, harbor):
    offered_to(harbor, "Initech", website="initech.example")
    row = make_submitted(sam, "Initech", website="initech.example")
    assert [c.kind for c in RegistrationConflict.objects.filter(registration=row)] == ["LEAD"]


def test_a_declined_lead_claims_nothing(pat, sam, offered_to, harbor):
    offer = offered_to(harbor, "Initech", website="initech.example")
    services.decline_offer(offer, DeclineCode.OTHER, actor=pat)
    row = make_submitted(sam, "Initech", website="initech.example")
    assert not RegistrationConflict.objects.filter(registration=row).exists()


def test_staff_see_who_is_at_the_customer_already(sam, qualified):
    row = make_submitted(sam, "Initech", website="initech.example")
    lead = qualified("Initech", website="initech.example")
    claims = selectors.others_at(lead, clock.now())
    assert [claim.registration for claim in claims] == [row.pk]


def test_a_merge_takes_leads_along(mia, qualified):
    from companies import services as companies

    one = qualified("Initech One")
    other = companies.add_company(name="Initech Two", country="US", actor=mia)
    companies.confirm_as(one.company, other, actor=mia)
    assert refreshed(one).company == other


# --- shares ----------------------------------------------------------------------------------------


def test_weights_shape_the_shares(mia, pat, qualified, harbor, summit):
    with pytest.raises(PermissionDenied):
        services.set_weight(harbor, 5, actor=pat)
    with pytest.raises(services.Refused):
        services.set_weight(harbor, 101, actor=mia)
    services.set_weight(harbor, 30, actor=mia)
    services.set_weight(summit, 10, actor=mia)
    rules.publish(
        engagement.KIND,
        {"rules": [], "defaults": {**engagement.DEFAULTS, "open_cap": "99"}},
        actor=None,
    )
    services.distribute_many([qualified(f"Lead {n}") for n in range(8)], actor=mia)
    shares = {s.partner.name: s for s in selectors.shares()}
    assert (shares["Harbor"].given, shares["Summit"].given) == (6, 2)
    assert shares["Harbor"].expected == pytest.approx(6)
    assert shares["Harbor"].difference == pytest.approx(0)


def test_weight_nought_is_a_pause(mia, qualified, harbor, summit):
    services.set_weight(harbor, 0, actor=mia)
    made = services.distribute_lead(qualified("Initech"), actor=mia)
    assert made.chosen == summit
    assert Candidate.objects.get(distribution=made, partner=harbor).reasons == ["PAUSED"]


def test_credits_sum_to_nought_whatever_happens(mia, pat, sam, qualified, harbor, summit):
    services.set_weight(harbor, 7, actor=mia)
    people = {"Harbor": pat, "Summit": sam}
    for number in range(9):
        lead = qualified(f"Mixed {number}")
        if number % 4 == 3:
            services.assign_lead(lead, harbor, reason="Try", actor=mia)
        else:
            services.distribute_lead(lead, actor=mia)
        offer = selectors.current_offer(lead)
        if number % 3 == 0:
            services.withdraw_offer(offer, reason="Test", actor=mia)
        elif number % 3 == 1:
            services.decline_offer(offer, DeclineCode.OTHER, actor=people[offer.partner.name])
            due.drain()
        assert sum(Turn.objects.values_list("credit", flat=True)) == 0
    assert all(abs(t.credit) < 3 * TURN for t in Turn.objects.all())
    for made in Distribution.objects.all():
        assert selectors.replays(made)
        assert made.candidates.filter(outcome=Outcome.CHOSEN).count() == (1 if made.chosen else 0)


def test_every_reason_and_outcome_has_words():
    assert all(str(reason.label) for reason in [*Reason, *Outcome])


def test_one_lead_costs_the_same_whatever_the_number_of_partners(mia, qualified, queries):
    from catalog.models import ProductLine, Territory

    def cost(name):
        lead = qualified(name)
        with queries() as q:
            services.distribute_lead(lead, actor=mia)
        return len(q)

    cost("Warm up")
    before = cost("With two")
    for number in range(20):
        partner = Partner.objects.create(name=f"P{number}", reference=f"P-X-{number}", country="US")
        partner.territories.set(Territory.objects.all())
        partner.product_lines.set(ProductLine.objects.all())
    assert cost("With more") == before
