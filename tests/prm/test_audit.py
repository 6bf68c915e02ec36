"""The audit list: who reads it, what it says, how it narrows, and the check of the ledger."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from partners.services import Profile, add_partner, edit_partner
from prm import clock, events
from prm.events import checks, entries, labels, records
from prm.events.models import Event
from prm.portal import services

pytestmark = pytest.mark.django_db
AUDIT = "/settings/audit/"


@pytest.fixture
def happened(ada, mia):
    services.change_currency(currency="EUR", actor=ada)
    partner = add_partner(Profile(name="Quay", country="DE"), actor=mia)
    edit_partner(partner, Profile(name="Quay Group", country="AT"), actor=mia)
    events.seal_pending()
    return partner


def body(browser, query=""):
    return browser.get(AUDIT + query).content.decode()


def table(page):
    return page[page.index("<tbody") :] if "<tbody" in page else ""


@pytest.mark.parametrize(
    ("who", "status"),
    [("ada", 200), ("ana", 200), ("mia", 403), ("fin", 403), ("lex", 403), ("nadia", 403),
     ("pat", 404), ("lea", 404)],
)  # fmt: skip
def test_administrators_and_analysts_read_the_audit_list(browse, request, who, status):
    browser = browse(request.getfixturevalue(who))
    assert browser.get(AUDIT).status_code == status
    assert browser.post(f"{AUDIT}verify/").status_code == (303 if status == 200 else status)


def test_operators_read_their_own(browse, olga):
    assert browse(olga, "ops").get(AUDIT).status_code == 200


def test_rows_say_in_words_what_happened_who_did_it_and_to_what(browse, ana, happened):
    rows = table(body(browse(ana)))
    for words in ("Currency changed", "Currency: USD → EUR", "Ada Admin", "Partner added",
                  "Country: Germany → Austria", "Name: Quay → Quay Group", "Mia Manager"):  # fmt: skip
        assert words in rows
    assert f'href="/manage/partners/{happened.reference}/"' in rows
    assert 'href="/settings/"' in rows
    head = events.head()
    assert f">{head.number}</td>" in rows
    assert head.digest[:12] in rows


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("?code=partner.", "Partner edited", "Currency changed"),
        ("?code=partner.added", "Partner added", "Partner edited"),
        ("?actor=ada", "Currency changed", "Partner added"),
        ("?actor=mia@acme", "Partner added", "Currency changed"),
        ("?kind=prm.portalsettings", "Currency changed", "Partner added"),
        ("?q=quay", "Partner added", "Currency changed"),
        ("?since=2000-01-01&until=2000-01-02", "", "Currency changed"),
        ("?code=nothing.&actor=\0&since=tomorrow&page=zero", "Currency changed", "nothing"),
    ],
)
def test_filters_narrow_the_list(browse, ada, happened, query, shown, hidden):
    rows = table(body(browse(ada), query))
    assert shown in rows
    assert hidden not in rows


def test_a_record_is_found_by_reference_and_by_uid(browse, ada, happened):
    for text in (happened.reference, str(happened.uid)):
        rows = table(body(browse(ada), f"?q={text}"))
        assert "Partner edited" in rows
        assert "Currency changed" not in rows


def test_dates_are_the_reader_s(browse, ada, happened):
    today = clock.today("UTC")
    assert "Currency changed" in table(body(browse(ada), f"?since={today}&until={today}"))
    tomorrow = today + timedelta(days=1)
    assert table(body(browse(ada), f"?since={tomorrow}")) == ""


def test_the_file_holds_codes_uids_and_whole_digests(browse, ada, happened):
    text = browse(ada).get(f"{AUDIT}?export=csv&code=partner.added").getvalue().decode()
    assert "Partner added (partner.added): Name: Quay; Country: Germany" in text.replace(
        '"', ""
    ) or ("partner.added" in text)
    assert f"partners.partner {happened.uid}" in text
    assert Event.objects.get(code="partner.added").seal.digest in text


def test_the_list_asks_the_same_number_of_questions_whatever_its_length(browse, ada, mia, queries):
    partner = add_partner(Profile(name="Quay", country="DE"), actor=mia)
    browser = browse(ada)
    browser.get(AUDIT)
    with queries() as one:
        browser.get(AUDIT)
    for number in range(15):
        edit_partner(partner, Profile(name=f"Quay {number}", country="DE"), actor=mia)
    with queries() as many:
        browser.get(AUDIT)
    assert len(many) == len(one) <= 13  # one of them counts leads for the navigation


def test_a_check_seals_what_waits_and_is_itself_recorded(browse, ada, happened):
    services.change_zone(zone="Europe/Berlin", actor=ada)
    page = browse(ada).post(f"{AUDIT}verify/", follow=True).content.decode()
    assert "The ledger holds: 4 seals" in page
    assert "Holds up to seal 4" in page
    assert "Ledger checked" in page
    assert Event.objects.get(code="ledger.verified").data["holds"] is True


def test_a_forged_ledger_is_found(browse, ada, happened):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE prm_event DISABLE TRIGGER ALL")
        cursor.execute("UPDATE prm_event SET code = 'partner.ended' WHERE code = 'partner.added'")
        cursor.execute("ALTER TABLE prm_event ENABLE TRIGGER ALL")
    page = browse(ada).post(f"{AUDIT}verify/", follow=True).content.decode()
    assert "The ledger is broken at seal 2" in page
    assert "Broken after seal 1" in page


def test_who_may_not_read_may_not_check(mia):
    with pytest.raises(PermissionDenied):
        checks.verify_now(actor=mia)


def test_entries_hide_details_from_those_who_may_only_know_that(happened):
    shown = entries.entries(events.timeline(happened))
    assert [entry.text for entry in shown] == ["Partner added", "Partner edited"]
    assert [(c.label, c.old, c.new) for c in shown[1].changes] == [
        ("Country", "Germany", "Austria"),
        ("Name", "Quay", "Quay Group"),
    ]
    bare = entries.entries(events.timeline(happened), details=False)
    assert [entry.text for entry in bare] == ["Partner added", "Partner edited"]
    assert [(entry.changes, entry.facts) for entry in bare] == [((), ()), ((), ())]


def test_erased_details_leave_the_event(happened, ada):
    events.erase(happened, actor=ada)
    shown = entries.entries(events.timeline(happened))
    assert shown[0].erased
    assert "Quay" not in repr([(entry.changes, entry.facts) for entry in shown])


def test_values_read_as_people_expect_them():
    assert labels.spell("require_staff_mfa", value=True) == "Yes"
    assert labels.spell("languages", ["en", "de"]) == "en, de"
    assert labels.spell("role", "SELLER") == "Seller"
    assert labels.spell("manager", "") == "\u2013"
    assert labels.look("never.heard") == labels.Look()
    assert records.kind_name("some.thing") == "thing"
