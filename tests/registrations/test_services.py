"""The line: submitted, flagged, confirmed, approved, in line, ended, moved up."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from companies import services as companies
from notifications.models import Notice
from prm import clock, due, events
from prm.due.models import DueRow
from registrations import selectors, services
from registrations.enums import CloseCode, ConflictKind, DeclineCode, Settlement, Stage, State
from registrations.models import Protection, Registration, RegistrationConflict
from registrations.transitions import InvalidTransition

pytestmark = pytest.mark.django_db


def told(row, kind):
    return Notice.objects.filter(subject_uid=row.uid, kind=f"registrations.{kind}").count()


def test_submit_links_a_company_numbers_and_promises(draft, pat):
    row = services.submit_registration(draft(pat, "Initech Ltd"), actor=pat)

    assert row.state == State.SUBMITTED
    assert row.company is not None
    assert row.ledger_number == 1
    assert row.due_at > row.submitted_at
    assert row.rules.number == 1
    assert told(row, "received") == 1
    assert told(row, "arrived") == 2  # Mia and Max


def test_submit_twice_is_once(draft, pat):
    one = draft(pat, "Initech")
    first = services.submit_registration(one, actor=pat)
    second = services.submit_registration(one, actor=pat)

    assert first.ledger_number == second.ledger_number == 1
    assert told(first, "received") == 1
    assert events.timeline(first).filter(code="registration.submitted").count() == 1


def test_start_draft_with_one_token_is_one_draft(pat):
    token = uuid.uuid4()
    one, two = (services.start_draft(token, actor=pat) for _ in range(2))
    assert one.pk == two.pk


def test_start_draft_with_a_rivals_token_is_refused(pat, sam):
    token = uuid.uuid4()
    services.start_draft(token, actor=pat)
    with pytest.raises(PermissionDenied):
        services.start_draft(token, actor=sam)


def test_submit_refuses_an_incomplete_draft(pat):
    row = services.start_draft(uuid.uuid4(), actor=pat)
    with pytest.raises(services.Incomplete):
        services.submit_registration(row, actor=pat)


def test_submit_flags_the_rival_under_another_spelling(submitted, pat, sam):
    first = submitted(pat, "International Business Machines Corp.")
    second = submitted(sam, "I.B.M.")

    conflict = second.conflicts.get()
    assert conflict.kind == ConflictKind.PENDING
    assert conflict.other == first


def test_submit_ignores_a_rival_in_another_product_line(submitted, pat, sam):
    submitted(pat, "Initech", lines=("crm",))
    filed = submitted(sam, "Initech", lines=("erp",)).conflicts.get()
    assert not filed.is_open
    assert (filed.settlement, filed.weight) == (Settlement.OUT_OF_SCOPE, 0)
    assert filed.grounds[0]["code"] == "products_differ"


def test_submit_notes_why_a_conflict_matters(submitted, pat, sam):
    submitted(pat, "Initech", lines=("crm",))
    conflict = submitted(sam, "Initech", lines=("crm", "erp")).conflicts.get()
    assert (conflict.kind, conflict.weight) == (ConflictKind.PENDING, 64)
    assert [ground["factor"] for ground in conflict.grounds] == [80, 100]


def test_submit_flags_what_is_claimed_in_the_family(approved, submitted, pat, sam, mia):
    parent = approved(pat, "Initech Group", website="initech.example").company
    child = companies.add_company(
        name="Zork Fabrik", country="US", domains=["zork.example"], actor=mia
    )
    companies.set_parent(child, parent, actor=mia)
    conflict = submitted(sam, "Zork Fabrik", website="zork.example").conflicts.get()
    assert (conflict.kind, conflict.company) == (ConflictKind.RELATED, parent)


def test_submit_marks_the_own_duplicate(submitted, pat, paula):
    submitted(pat, "Initech")
    conflict = submitted(paula, "Initech Inc.").conflicts.get()
    assert conflict.kind == ConflictKind.OWN_DUPLICATE


def test_second_look_tells_the_rival_too(submitted, pat, sam):
    first = submitted(pat, "International Business Machines")
    second = submitted(sam, "IBM")
    due.drain()
    assert RegistrationConflict.objects.filter(registration=first, other=second).exists()


def test_approve_needs_a_confirmed_customer(submitted, pat, mia):
    row = submitted(pat, "Initech")
    with pytest.raises(services.CustomerNotConfirmed):
        services.approve_registration(row, actor=mia)


def test_approve_requires_overruling(submitted, pat, sam, mia):
    submitted(pat, "IBM")
    row = services.confirm_customer(
        submitted(sam, "International Business Machines"), None, actor=mia
    )
    with pytest.raises(services.UnsettledConflicts):
        services.approve_registration(row, actor=mia)

    approved = services.approve_registration(row, actor=mia, overrule=True)
    assert approved.state == State.APPROVED
    assert set(approved.conflicts.values_list("settlement", flat=True)) == {Settlement.OVERRULED}


def test_approve_protects_until_local_midnight_after_90_days(approved, pat):
    row = approved(pat, "Initech")
    protection = selectors.protection_of(row)

    assert protection.days_left == 91  # today and 90 more
    assert protection.ends_at.hour == 0
    assert Protection.objects.at(clock.now()).filter(company=row.company).exists()
    assert told(row, "approved") == 1
    held = Notice.objects.get(subject_uid=row.uid, kind="registrations.approved")
    assert held.not_before - clock.now() == services.HOLD


def test_second_approval_for_the_customer_is_refused(approved, submitted, pat, sam, mia):
    approved(pat, "Initech", website="initech.example")
    rival = submitted(sam, "Initech", website="initech.example")

    assert rival.conflicts.get().kind == ConflictKind.PROTECTED
    with pytest.raises(services.CustomerAlreadyProtected):
        services.approve_registration(rival, actor=mia, overrule=True)
    rival.refresh_from_db()
    assert rival.state == State.SUBMITTED


def test_another_product_line_is_approved_beside(approved, pat, sam):
    one = approved(pat, "Initech", website="initech.example", lines=("crm",))
    two = approved(sam, "Initech", website="initech.example", lines=("erp",))
    assert one.company == two.company
    assert two.state == State.APPROVED


def test_everywhere_collides_with_every_place(approved, submitted, pat, sam, mia):
    approved(pat, "Initech", website="initech.example", country="US")
    nowhere = submitted(sam, "Initech", website="initech.example", country="JP")  # in no territory
    with pytest.raises(services.CustomerAlreadyProtected):
        services.approve_registration(nowhere, actor=mia, overrule=True)


def test_queue_needs_a_holder(submitted, pat, mia):
    row = services.confirm_customer(submitted(pat, "Initech"), None, actor=mia)
    with pytest.raises(services.NothingToWaitFor):
        services.queue_registration(row, actor=mia)


def _queued(submitted, mia, user, **values):
    row = submitted(user, "Initech", website="initech.example", **values)
    return services.queue_registration(row, actor=mia)


def test_the_first_in_line_moves_up_when_the_holder_releases(
    approved, submitted, pat, sam, sue, mia
):
    holder = approved(pat, "Initech", website="initech.example")
    first, second = _queued(submitted, mia, sam), _queued(submitted, mia, sue)
    assert selectors.line_position(first)
    assert not selectors.line_position(second)

    services.close_registration(holder, CloseCode.RELEASED, actor=pat)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.IN_REVIEW, State.QUEUED)
    assert told(first, "moved_up") == 1


def test_the_line_waits_behind_a_review_that_moved_up(
    approved, submitted, pat, sam, sue, mia, travel
):
    holder = approved(pat, "Initech", website="initech.example")
    first, second = _queued(submitted, mia, sam), _queued(submitted, mia, sue)
    services.close_registration(holder, CloseCode.RELEASED, actor=pat)
    submitted(pat, "Initech", website="initech.example")  # settles the company again
    second.refresh_from_db()
    assert second.state == State.QUEUED

    first.refresh_from_db()
    services.reject_registration(
        first, actor=mia, code=DeclineCode.NOT_ELIGIBLE, note="Outside the programme."
    )
    travel(seconds=31)
    due.drain()
    second.refresh_from_db()
    assert second.state == State.IN_REVIEW


def test_protection_ends_by_itself_with_workers_off(approved, submitted, pat, sam, mia, travel):
    holder = approved(pat, "Initech", website="initech.example")
    travel(days=92)

    rival = submitted(sam, "Initech", website="initech.example")
    holder.refresh_from_db()
    assert holder.state == State.CLOSED
    assert holder.close_code == CloseCode.EXPIRED
    assert not rival.conflicts.filter(kind=ConflictKind.PROTECTED).exists()
    assert services.approve_registration(rival, actor=mia).state == State.APPROVED


def test_the_sweep_closes_what_is_over(approved, pat, travel):
    row = approved(pat, "Initech")
    travel(days=92)
    due.drain()
    row.refresh_from_db()
    assert row.close_code == CloseCode.EXPIRED
    assert told(row, "ended") == 1
    assert not DueRow.objects.filter(subject=str(row.uid)).exists()


def _days_told(row, kind):
    notices = Notice.objects.filter(subject_uid=row.uid, kind=f"registrations.{kind}")
    return [n.context.get("days") for n in notices.order_by("id")]


def test_prods_and_notices_come_on_their_days(approved, pat, travel):
    now = clock.now()
    travel(hours=33 - now.hour, minutes=-now.minute)  # nine in the morning of tomorrow
    row = approved(pat, "Initech")
    for _ in range(95):
        travel(days=1)
        due.drain()
    assert told(row, "prod") == 2  # after 30 and 60 quiet days; after 90 the last notice has asked
    assert _days_told(row, "ending") == [60, 30, 14, 3]
    assert told(row, "ended") == 1


def test_after_an_outage_only_the_newest_notice_goes_out(approved, pat, travel):
    row = approved(pat, "Initech")
    travel(days=80)
    due.drain()
    assert len(_days_told(row, "ending")) == 1
    overtaken = events.timeline(row).filter(code="registration.notice-overtaken")
    assert overtaken.count() == 2


def test_a_touch_restarts_the_prod_and_leaves_the_end(approved, pat, travel):
    row = approved(pat, "Initech")
    end = selectors.protection_of(row).ends_at
    travel(days=29)
    services.touch_registration(row, kind="PAGE", actor=pat)
    travel(days=2)
    due.drain()
    assert told(row, "prod") == 0
    assert selectors.protection_of(row).ends_at == end


def test_moving_the_stage_is_a_touch(approved, pat):
    row = services.move_stage(approved(pat, "Initech"), Stage.NEGOTIATION, actor=pat)
    assert row.stage == Stage.NEGOTIATION
    assert row.touches.count() == 1


def test_winning_closes_both(approved, pat):
    row = services.move_stage(approved(pat, "Initech"), Stage.WON, actor=pat)
    row.refresh_from_db()
    assert (row.state, row.close_code, row.stage) == (State.CLOSED, CloseCode.WON, Stage.WON)


def test_closing_ends_the_protection_now(approved, pat, travel):
    row = approved(pat, "Initech")
    travel(hours=1)
    services.close_registration(row, CloseCode.LOST, actor=pat)
    assert not Protection.objects.at(clock.now()).exists()


def test_ask_stops_the_clock_and_the_answer_starts_it(submitted, pat, mia):
    row = services.ask_for_more(submitted(pat, "Initech"), actor=mia, question="Who decides there?")
    assert row.state == State.ACTION_REQUIRED
    assert row.due_at is None

    row = services.answer_question(row, actor=pat, answer="Bill does.")
    assert row.state == State.IN_REVIEW
    assert row.due_at is not None


def test_reject_tells_the_reason(submitted, pat, mia):
    row = services.reject_registration(
        submitted(pat, "Initech"), actor=mia, code=DeclineCode.DIRECT, note="We serve them."
    )
    assert row.state == State.REJECTED
    assert told(row, "rejected") == 1


def test_withdraw_frees_the_others(submitted, pat, sam):
    first = submitted(pat, "Initech", website="initech.example")
    second = submitted(sam, "Initech", website="initech.example")
    services.withdraw_registration(first, actor=pat)
    assert second.conflicts.get().settlement == Settlement.GONE


def test_a_decision_on_a_stale_page_is_refused(submitted, pat, mia, max_):
    row = services.confirm_customer(submitted(pat, "Initech"), None, actor=mia)
    seen = row.version
    services.approve_registration(row, actor=mia)
    with pytest.raises(services.ChangedMeanwhile):
        services.reject_registration(
            row, actor=max_, code=DeclineCode.DIRECT, note="No.", version=seen
        )


def test_deciding_twice_is_not_legal(approved, pat, mia):
    with pytest.raises(InvalidTransition):
        services.approve_registration(approved(pat, "Initech"), actor=mia)


@pytest.mark.parametrize("who", ["pat", "sam", "fin", "ana", "nadia", "lea"])
def test_only_referees_decide(who, request, submitted, paula):
    row = submitted(paula, "Initech")
    with pytest.raises(PermissionDenied):
        services.take_registration(row, actor=request.getfixturevalue(who))


def test_a_rival_cannot_touch_or_close(approved, pat, sam):
    row = approved(pat, "Initech")
    with pytest.raises(PermissionDenied):
        services.touch_registration(row, kind="PAGE", actor=sam)
    with pytest.raises(PermissionDenied):
        services.close_registration(row, CloseCode.RELEASED, actor=sam)


def test_confirming_as_a_known_company_merges_and_flags(approved, submitted, pat, sam, mia):
    held = approved(pat, "Initech Holdings", website="initech.example")
    other = submitted(sam, "Zork Fabrik", country="DE")
    row = services.confirm_customer(other, held.company, actor=mia)

    assert row.company == held.company
    assert row.place != held.place  # another territory: one customer, no conflict
    filed = row.conflicts.get(other=held)
    assert filed.settlement == Settlement.OUT_OF_SCOPE
    assert filed.grounds[1]["code"] == "places_differ"


def test_drafts_are_warned_of_and_deleted(draft, pat, travel):
    row = draft(pat, "Initech")
    travel(days=54)
    due.drain()
    assert told(row, "draft_ending") == 1
    travel(days=7)
    due.drain()
    assert not Registration.objects.filter(pk=row.pk).exists()


def test_ledger_numbers_have_no_gaps(submitted, draft, pat, sam):
    submitted(pat, "One")
    with pytest.raises(services.Incomplete):
        services.submit_registration(services.start_draft(uuid.uuid4(), actor=sam), actor=sam)
    submitted(sam, "Two")
    assert sorted(
        Registration.objects.exclude(state="DRAFT").values_list("ledger_number", flat=True)
    ) == [1, 2]


def test_hold_is_thirty_seconds():
    assert timedelta(seconds=30) == services.HOLD
