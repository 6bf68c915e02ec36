"""The referee's desk through its pages: tabs, evidence, every form, undo, search."""

from datetime import timedelta

import pytest
from django.urls import reverse

from prm import clock, due, portal
from registrations import services
from registrations.enums import State
from registrations.models import Decision, Registration, ReviewerAbsence
from registrations.views.case import LAST

pytestmark = pytest.mark.django_db
SITE = {"website": "initech.example"}


def url(name, *args):
    return reverse(f"registrations:{name}", args=args)


def text_of(response):
    return response.content.decode()


def pair(submitted, pat, sam, mia):
    rows = [submitted(user, "Initech", **SITE) for user in (pat, sam)]
    services.confirm_customer(rows[0], None, actor=mia)
    return [Registration.objects.get(pk=row.pk) for row in rows]


def test_a_decision_leads_to_the_next_case_with_the_way_back(browse, submitted, pat, sam, mia):
    one, two = pair(submitted, pat, sam, mia)
    client = browse(mia)
    response = client.post(
        url("manage-approve", one.reference), {"version": one.version, "overrule": "on"}
    )
    assert response["Location"] == url("manage-detail", two.reference)
    text = text_of(client.get(response["Location"]))
    assert "Approved Initech for Harbor" in text
    made = Decision.objects.get(registration=one)
    assert url("manage-undo", one.reference, made.uid) in text
    assert "1 left" in text

    client.post(url("manage-undo", one.reference, made.uid))
    one.refresh_from_db()
    assert one.state == State.IN_REVIEW
    assert LAST not in client.session


def test_the_last_decision_says_when_it_has_left(browse, submitted, pat, mia, travel):
    row, client = submitted(pat, "Initech"), browse(mia)
    client.post(
        url("manage-decline", row.reference),
        {"version": row.version, "code": "DIRECT", "note": "No."},
    )
    travel(seconds=31)
    due.drain()
    text = text_of(client.get(url("manage-queue")))
    assert "Declined Initech for Harbor" in text
    assert "The partner has been told." in text
    assert "All clear" in text
    made = Decision.objects.get(registration=row)
    page = client.post(url("manage-undo", row.reference, made.uid), follow=True)
    assert "The 30 seconds are over" in text_of(page)


def test_somebody_elses_decision_cannot_be_named_under_another_case(browse, submitted, pat, mia):
    row, other = submitted(pat, "Initech"), submitted(pat, "Hooli")
    services.reject_registration(row, actor=mia, code="DIRECT", note="No.")
    made = Decision.objects.get(registration=row)
    assert browse(mia).post(url("manage-undo", other.reference, made.uid)).status_code == 404


def test_tabs_count_and_show_their_part(browse, submitted, pat, mia, max_):
    mine = services.take_registration(submitted(pat, "Mine Ltd"), actor=mia)
    asked = services.ask_for_more(submitted(pat, "Asked Ltd"), actor=mia, question="Who?")
    held = submitted(pat, "Held Ltd")
    day = clock.today(portal.zone()) + timedelta(days=2)
    services.hold_registration(held, day, actor=mia, note="")
    client = browse(mia)
    for view, row in (("mine", mine), ("partner", asked), ("held", held)):
        text = text_of(client.get(url("manage-queue") + f"?view={view}"))
        assert row.reference in text
        assert sum(other.reference in text for other in (mine, asked, held)) == 1


def test_the_case_shows_the_suggestion_and_who_was_first(browse, submitted, pat, sam, mia):
    one, two = pair(submitted, pat, sam, mia)
    Registration.objects.filter(pk=two.pk).update(submitted_at=clock.now() + timedelta(hours=1))
    text = text_of(browse(mia).get(url("manage-detail", one.reference)))
    assert "First complete submission" in text
    assert "to approve Harbor" in text
    assert "Who was first" in text


def test_a_preview_is_what_the_partner_reads(browse, submitted, pat, mia):
    row, client = submitted(pat, "Initech"), browse(mia)
    form = {"version": row.version, "code": "DIRECT", "note": "We <serve> them."}
    page = client.post(url("manage-preview", row.reference), form)
    assert page.status_code == 200
    assert "The partner will read:" in text_of(page)
    assert "We &lt;serve&gt; them." in text_of(page)
    part = client.post(url("manage-preview", row.reference), form, headers={"HX-Request": "true"})
    assert "<html" not in text_of(part)
    row.refresh_from_db()
    assert row.state == State.SUBMITTED


@pytest.mark.parametrize(
    ("name", "form", "field"),
    [
        ("manage-hold", {}, "hold_form"),
        ("manage-jointly", {}, "joint_form"),
        ("manage-ask", {}, "ask_form"),
        ("manage-assign", {}, "assign_form"),
    ],
)
def test_an_empty_form_comes_back(browse, submitted, pat, sam, mia, name, form, field):
    one, _two = pair(submitted, pat, sam, mia)
    page = browse(mia).post(url(name, one.reference), {"version": one.version, **form})
    assert page.status_code == 422
    assert page.context[field].errors


def test_jointly_through_the_page(browse, submitted, pat, sam, mia):
    one, two = pair(submitted, pat, sam, mia)
    form = {"version": one.version, "other": two.reference, "share": "60"}
    page = browse(mia).post(url("manage-jointly", one.reference), form, follow=True)
    assert "Approved Initech for Harbor, jointly" in text_of(page)
    two.refresh_from_db()
    assert two.state == State.APPROVED


def test_a_duplicate_through_the_page(browse, submitted, pat, paula, mia):
    first, second = submitted(pat, "Initech", **SITE), submitted(paula, "Initech", **SITE)
    form = {"version": second.version, "other": first.reference, "note": "Twice."}
    browse(mia).post(url("manage-duplicate", second.reference), form)
    second.refresh_from_db()
    assert second.duplicate_of == first


def test_a_split_through_the_page_and_its_halves(browse, submitted, pat, mia):
    row, client = submitted(pat, "Initech", lines=("crm", "erp")), browse(mia)
    line = row.product_lines.get(code="erp")
    form = {"version": row.version, "lines": [line.pk], "value": "2,500"}
    page = client.post(url("manage-split", row.reference), form, follow=True)
    half = Registration.objects.get(split_from=row)
    assert half.reference in text_of(page)
    assert row.reference in text_of(client.get(url("manage-detail", half.reference)))
    wrong = client.post(url("manage-split", row.reference), {**form, "value": "much"})
    assert wrong.status_code == 422


def test_hold_and_back_through_the_page(browse, submitted, pat, mia):
    row, client = submitted(pat, "Initech"), browse(mia)
    day = (clock.today(portal.zone()) + timedelta(days=2)).isoformat()
    form = {"version": row.version, "until": day, "note": "Legal"}
    page = client.post(url("manage-hold", row.reference), form, follow=True)
    assert "On hold until" in text_of(page)
    assert "Legal" in text_of(client.get(url("manage-detail", row.reference)))
    client.post(url("manage-unhold", row.reference))
    row.refresh_from_db()
    assert row.held_until is None


def test_revoke_asks_first(browse, approved, pat, mia):
    row, client = approved(pat, "Initech"), browse(mia)
    assert "This cannot be undone." in text_of(client.get(url("manage-revoke", row.reference)))
    assert (
        client.post(url("manage-revoke", row.reference), {"version": row.version}).status_code
        == 422
    )
    form = {"version": row.version, "code": "REVOKED", "note": "The customer asked for it."}
    stale = client.post(url("manage-revoke", row.reference), {**form, "version": 1})
    assert "decided this" in text_of(stale)
    client.post(url("manage-revoke", row.reference), form)
    row.refresh_from_db()
    assert row.close_code == "REVOKED"
    again = client.get(url("manage-revoke", row.reference), follow=True)
    assert "Only an approved deal" in text_of(again)


def test_reopen_through_the_page(browse, submitted, pat, mia, travel):
    row = services.reject_registration(
        submitted(pat, "Initech"), actor=mia, code="DIRECT", note="No."
    )
    travel(seconds=31)
    due.drain()
    form = {"version": row.version, "reason": "We were wrong."}
    browse(mia).post(url("manage-reopen", row.reference), form)
    row.refresh_from_db()
    assert row.state == State.IN_REVIEW


def test_assign_through_the_page(browse, submitted, pat, mia, max_):
    row = submitted(pat, "Initech")
    form = {"version": row.version, "to": str(max_.uid)}
    page = browse(mia).post(url("manage-assign", row.reference), form, follow=True)
    assert "Max Manager reviews this now." in text_of(page)


def test_absences_are_planned_and_taken_back(browse, mia, max_, ada):
    client = browse(mia)
    today = clock.today(portal.zone()).isoformat()
    form = {"user": str(mia.uid), "first_day": today, "last_day": today, "deputy": str(max_.uid)}
    assert client.post(url("manage-absences"), form).status_code == 303
    assert client.post(url("manage-absences"), form).status_code == 422  # away already
    others = {**form, "user": str(max_.uid), "deputy": ""}
    assert client.post(url("manage-absences"), others).status_code == 422
    absence = ReviewerAbsence.objects.get()
    assert "Away now" in text_of(client.get(url("manage-absences")))
    assert browse(max_).post(url("manage-absence-cancel", absence.uid)).status_code == 404
    client.post(url("manage-absence-cancel", absence.uid))
    assert not ReviewerAbsence.objects.exists()


def test_a_partner_reads_nothing_of_what_was_taken_back(browse, submitted, pat, mia):
    row = services.take_registration(
        services.confirm_customer(submitted(pat, "Initech"), None, actor=mia), actor=mia
    )
    services.approve_registration(row, actor=mia)
    services.undo_decision(Decision.objects.get(registration=row), actor=mia)
    text = text_of(browse(pat).get(url("detail", row.reference)))
    assert "Approved" not in text
    assert "Decision taken back" not in text


# --- search -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["Initech", "initech ltd", "Harbor", "{reference}", "{number}"])
def test_search_finds_a_deal_by_all_it_is_known_by(browse, submitted, pat, mia, asked):
    row = submitted(pat, "Initech Ltd")
    Registration.objects.filter(pk=row.pk).update(ledger_number=4711)
    asked = asked.format(reference=row.reference, number=4711)
    text = text_of(browse(mia).get(url("manage-search"), {"q": asked}))
    assert url("manage-detail", row.reference) in text


def test_search_is_grouped_and_leads_to_all(browse, submitted, pat, mia):
    for number in range(10):
        submitted(pat, f"Initech {number}")
    page = browse(mia).get(url("manage-search"), {"q": "Harbor"})
    groups = {group.label: group for group in page.context["groups"]}
    assert set(groups) == {"Deals", "Partners"}
    assert len(groups["Deals"].hits) == 8
    assert groups["Deals"].all_url == url("manage-list") + "?q=Harbor"
    assert groups["Partners"].all_url == ""


def test_search_is_a_fragment_for_htmx_and_says_when_nothing_fits(browse, mia):
    client = browse(mia)
    part = client.get(url("manage-search"), {"q": "zzzz"}, headers={"HX-Request": "true"})
    assert "<html" not in text_of(part)
    assert "Nothing found" in text_of(part)
    assert "two characters at least" in text_of(client.get(url("manage-search"), {"q": "z"}))


def test_search_costs_the_same_for_one_and_three(browse, submitted, pat, mia, queries):
    client, costs = browse(mia), []
    for names in (["Initech"], ["Initech Nord", "Initech Sud"]):
        for name in names:
            submitted(pat, name)
        client.get(url("manage-search"), {"q": "Initech"})
        with queries() as ran:
            client.get(url("manage-search"), {"q": "Initech"})
        costs.append(len(ran))
    assert costs[0] == costs[1]


def test_the_case_costs_the_same_for_one_and_three_conflicts(
    browse, submitted, pat, sam, sue, mia, queries
):
    row, client, costs = submitted(pat, "Initech", **SITE), browse(mia), []
    for people in ([sam], [sue, sam]):
        for user in people:
            submitted(user, "Initech", **SITE)
        client.get(url("manage-detail", row.reference))
        with queries() as ran:
            client.get(url("manage-detail", row.reference))
        costs.append(len(ran))
    assert costs[0] == costs[1]
