"""May I have this customer: four verdicts, one wording and one pace whatever the cause."""

import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from companies import services as companies
from companies.enums import Designation
from notifications.models import Notice
from prm.events import Event
from registrations import services
from registrations.availability import free_at, rule
from registrations.conflicts import Flag
from registrations.enums import ConflictKind, Disclosure, Verdict
from registrations.models import AvailabilityCheck, Registration
from registrations.views.availability import STEP
from tests.registrations.conftest import make_approved, make_submitted

pytestmark = pytest.mark.django_db

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
OTHERS = [kind for kind in ConflictKind if kind != ConflictKind.OWN_DUPLICATE]


def ask(user, name="Initech", website="", country="US"):
    return services.check_availability(name=name, website=website, country=country, actor=user)


def allow(ada, disclosure=Disclosure.GENERIC, *, says=False, hour=30, day=100):
    return services.change_availability(
        disclosure=disclosure,
        says_not_eligible=says,
        per_person_hour=hour,
        per_partner_day=day,
        actor=ada,
    )


@pytest.mark.parametrize("kind", OTHERS)
def test_every_cause_is_the_same_verdict(kind):
    assert rule([Flag(kind, 1, 90, 7)], says_not_eligible=False).verdict == Verdict.REVIEW


@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_ones_own_comes_first_and_hides_the_rest(kind):
    flags = [Flag(kind, 1, 100, 7), Flag(ConflictKind.OWN_DUPLICATE, 1, 80, 8)]
    ruling = rule(flags, says_not_eligible=True)
    assert (ruling.verdict, ruling.registration) == (Verdict.YOURS, 8)


@pytest.mark.parametrize("kind", ConflictKind)
def test_only_designations_are_ever_not_eligible(kind):
    designated = kind in {ConflictKind.VENDOR_DIRECT, ConflictKind.RESTRICTED}
    verdict = rule([Flag(kind, 1, 90)], says_not_eligible=True).verdict
    assert (verdict == Verdict.NOT_ELIGIBLE) == designated


def test_nothing_found_is_clear():
    assert rule([], says_not_eligible=True).verdict == Verdict.CLEAR


@pytest.mark.parametrize(("asked", "limit", "expected"), [
    ([], 1, None),
    ([0], 2, None),
    ([0], 1, 60),
    ([5, 0], 2, 60),
    ([9, 0, 5], 2, 65),
])  # fmt: skip
def test_the_next_question_is_free_when_enough_are_an_hour_old(asked, limit, expected):
    times = [NOON + timedelta(minutes=minutes) for minutes in asked]
    want = None if expected is None else NOON + timedelta(minutes=expected)
    assert free_at(times, timedelta(hours=1), limit) == want


def test_a_free_customer_is_clear(pat):
    assert ask(pat).verdict == Verdict.CLEAR


def test_a_rivals_deal_needs_review_and_says_no_more(pat, sam):
    make_submitted(sam, "International Business Machines Corp.")
    answer = ask(pat, "I.B.M.")
    assert (answer.verdict, answer.own, answer.free_from) == (Verdict.REVIEW, None, None)


def test_ones_own_deal_is_linked(pat):
    row = make_submitted(pat, "Initech Ltd")
    answer = ask(pat, "Initech")
    assert (answer.verdict, answer.own) == (Verdict.YOURS, row)


@pytest.mark.parametrize("says", [True, False])
def test_a_designated_company_is_named_only_where_the_vendor_wants_it(pat, ada, mia, says):
    allow(ada, says=says)
    companies.add_company(
        name="Initech", country="US", designation=Designation.VENDOR_DIRECT, actor=mia
    )
    assert ask(pat).verdict == (Verdict.NOT_ELIGIBLE if says else Verdict.REVIEW)


@pytest.mark.parametrize("disclosure", [Disclosure.GENERIC, Disclosure.MONTH])
def test_the_month_is_told_only_where_the_vendor_wants_it(pat, sam, mia, ada, disclosure):
    allow(ada, disclosure)
    row = make_approved(sam, mia, "Initech")
    end = row.holdings.get().protection.ends_at
    assert ask(pat).free_from == (end if disclosure == Disclosure.MONTH else None)


def test_the_answer_agrees_with_the_submission(pat, sam):
    make_submitted(sam, "Initech Holdings")
    assert ask(pat, "Initech Holding").verdict == Verdict.REVIEW
    assert make_submitted(pat, "Initech Holding").conflicts.exists()


def test_every_question_is_on_record(pat, sam):
    make_submitted(sam, "Initech")
    ask(pat, "Initech", "initech.example")
    row = AvailabilityCheck.objects.get()
    assert (row.user, row.company_name, row.website, row.country) == (
        pat, "Initech", "initech.example", "US",
    )  # fmt: skip
    assert (row.verdict, row.cause, row.repeated) == (Verdict.REVIEW, ConflictKind.PENDING, False)


def test_a_person_is_stopped_at_the_limit_until_the_hour_has_passed(pat, ada, travel):
    allow(ada, hour=2)
    ask(pat, "One")
    ask(pat, "Two")
    stopped = ask(pat, "Three")
    assert stopped.verdict is None
    assert stopped.until is not None
    travel(hours=1, seconds=1)
    assert ask(pat, "Three").verdict == Verdict.CLEAR


def test_a_partner_is_stopped_at_its_own_limit(pat, paula, sam, ada):
    allow(ada, day=2)
    ask(pat, "One")
    ask(paula, "Two")
    assert ask(pat, "Three").verdict is None
    assert ask(sam, "Three").verdict == Verdict.CLEAR


def test_the_same_question_again_does_not_count(pat, ada):
    allow(ada, hour=1)
    ask(pat, "Initech")
    assert ask(pat, "INITECH").verdict == Verdict.CLEAR
    assert ask(pat, "Other").verdict is None


def test_a_limit_that_is_reached_tells_the_channel_manager_once_a_day(pat, ada):
    allow(ada, hour=1)
    for name in ("One", "Two", "Three"):
        ask(pat, name)
    told = Notice.objects.filter(kind="registrations.many_checks")
    assert {notice.email for notice in told} == {"mia@acme.example", "max@acme.example"}


def test_many_questions_and_no_deal_tell_the_channel_manager(pat, ada):
    allow(ada, hour=100)
    for number in range(19):
        ask(pat, f"Customer {number} of many")
    assert not Notice.objects.filter(kind="registrations.many_checks").exists()
    ask(pat, "The twentieth")
    assert Notice.objects.filter(kind="registrations.many_checks").exists()


def test_who_registers_what_it_asks_about_is_left_alone(pat, ada):
    allow(ada, hour=100)
    make_submitted(pat, "Initech")
    for number in range(25):
        ask(pat, f"Customer {number} of many")
    assert not Notice.objects.filter(kind="registrations.many_checks").exists()


def test_a_vendor_may_switch_it_off(pat, ada):
    allow(ada, Disclosure.OFF)
    with pytest.raises(services.NotOffered):
        ask(pat)


def test_nobody_else_asks(mia):
    with pytest.raises(PermissionDenied):
        ask(mia)


def test_only_an_administrator_changes_it(mia):
    with pytest.raises(PermissionDenied):
        allow(mia)


def test_a_change_is_on_record_and_no_change_is_not(ada):
    allow(ada, hour=5)
    allow(ada, hour=5)
    event = Event.objects.get(code="availability.changed")
    assert event.data["changes"] == {"per_person_hour": [30, 5]}


def page(client, **typed):
    values = {"company_name": "Initech", "website": "", "country": "US"} | typed
    return client.post(reverse("registrations:availability"), values)


def _protected(sam, mia):
    make_approved(sam, mia, "Initech")


def _pending(sam, mia):
    make_submitted(sam, "Initech")


def _direct(sam, mia):
    companies.add_company(
        name="Initech", country="US", designation=Designation.VENDOR_DIRECT, actor=mia
    )


def _restricted(sam, mia):
    companies.add_company(
        name="Initech", country="US", designation=Designation.RESTRICTED, actor=mia
    )


CAUSES = [_protected, _pending, _direct, _restricted]


def _body(response):
    """The page without what is random in every page: tokens."""
    text = response.content.decode()
    for name in ("csrfmiddlewaretoken", "token"):
        before, _sep, after = text.partition(f'name="{name}" value="')
        while _sep:
            text = before + after.partition('"')[2]
            before, _sep, after = text.partition(f'name="{name}" value="')
    return text


def test_the_page_is_the_same_to_the_letter_whatever_the_cause(browse, pat, sam, mia):
    from django.db import transaction

    seen = set()
    for cause in CAUSES:
        with transaction.atomic():
            cause(sam, mia)
            response = page(browse(pat))
            assert response.status_code == 200
            seen.add(_body(response))
            transaction.set_rollback(True)
    assert len(seen) == 1
    assert "Needs review" in seen.pop()


@pytest.mark.parametrize("cause", [*CAUSES, lambda sam, mia: None])
def test_answers_leave_at_a_step_whatever_the_cause(browse, pat, sam, mia, cause):
    cause(sam, mia)
    client = browse(pat)
    page(client, company_name="Warm up")
    begun = time.monotonic()
    page(client)
    assert time.monotonic() - begun >= STEP


def test_the_page_reserves_by_starting_the_draft(browse, pat):
    client = browse(pat)
    shown = page(client)
    token = str(shown.context["token"])
    assert reverse("registrations:new") in shown.content.decode()
    typed = {"company_name": "Initech", "website": "", "country": "US", "token": token}
    assert client.post(reverse("registrations:new"), typed).status_code == 303
    assert Registration.objects.get(token=uuid.UUID(token)).company_name == "Initech"


def test_a_website_alone_will_do_but_nothing_will_not(browse, pat):
    client = browse(pat)
    assert page(client, company_name="", website="initech.example").status_code == 200
    refused = page(client, company_name="")
    assert refused.status_code == 422
    assert "Enter the company’s name or its website." in refused.content.decode()


@pytest.mark.parametrize(("typed", "status"), [
    ({"company_name": "Ini"}, 204),
    ({"company_name": "Initech", "country": ""}, 204),
    ({"company_name": "Initech"}, 200),
    ({"company_name": "", "website": "initech.example"}, 200),
])  # fmt: skip
def test_while_typing_it_is_silent_until_there_is_enough(browse, pat, typed, status):
    values = {"company_name": "", "website": "", "country": "US"} | typed
    client = browse(pat)
    url = reverse("registrations:availability")
    response = client.post(url, values, headers={"HX-Request": "true"})
    assert response.status_code == status
    assert AvailabilityCheck.objects.count() == (status == 200)


@pytest.mark.parametrize(
    "name", ["☃" * 10, "GmbH", "\u202ereversed", "'; DROP TABLE x; --", "<b>x</b>", "x" * 200]
)
def test_odd_names_get_an_answer(browse, pat, name):
    response = page(browse(pat), company_name=name)
    assert response.status_code == 200
    assert "<b>x</b>" not in response.content.decode()


def test_the_form_of_a_deal_offers_the_check_unless_it_is_off(browse, pat, ada):
    client, new = browse(pat), reverse("registrations:new")
    assert "Check availability" in client.get(new).content.decode()
    allow(ada, Disclosure.OFF)
    assert "Check availability" not in client.get(new).content.decode()
    assert "does not check customers ahead" in page(client).content.decode()


def test_the_settings_page_says_what_is_wrong(browse, ada):
    client, url = browse(ada), reverse("registrations:availability-settings")
    values = {"disclosure": "MONTH", "per_person_hour": "0", "per_partner_day": "100"}
    assert client.post(url, values).status_code == 422
    assert client.post(url, values | {"per_person_hour": "5"}).status_code == 303
    assert 'value="5"' in client.get(url).content.decode()
