"""Acting for a partner's person: who may, what it opens and what not, how it ends, what stays of it."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from notifications.models import Notice
from partners import acting as services
from partners import services as partners
from partners.models import Membership
from prm import clock, events
from prm.events.models import Event
from prm.events.services import NotACode
from prm.events.timeline import lines
from prm.events.verify import verify_tenant
from prm.tenancy import context
from users import acting
from users import services as people
from users.models import User, VendorRole

CUSTOMER = {"company_name": "Fresh Customer", "website": "", "country": "US"}
REASON = {"reason": "She is on the telephone"}


def act_url(person: User) -> str:
    partner = person.membership.partner
    return f"/manage/partners/{partner.reference}/people/{person.uid}/act/"


@pytest.fixture
def acts(browse, mia, pat):
    """Mia's browser, in which she acts for Pat."""
    client = browse(mia)
    answer = client.post(act_url(pat), REASON)
    assert (answer.status_code, answer["Location"]) == (303, "/")
    return client


def shown(client, url: str = "/partner/") -> str:
    return client.get(url).content.decode()


# --- beginning


def test_the_person_s_row_leads_there_with_a_reason(browse, mia, pat, harbor):
    client = browse(mia)
    page = shown(client, f"/manage/partners/{harbor.reference}/")
    assert f'href="{act_url(pat)}"' in page
    form = client.get(act_url(pat))
    assert form.status_code == 200
    refused = client.post(act_url(pat), {"reason": " "})
    assert refused.status_code == 422
    assert b"This field is required" in refused.content
    assert acting.KEY not in client.session


def test_every_page_says_for_whom_and_until_when(acts):
    for url in ("/partner/", "/deals/", "/help/", "/nothing/here/"):
        page = shown(acts, url)
        assert "You act for <strong>Pat Seller</strong> of Harbor" in page, url
        assert 'action="/partner/acting/stop/"' in page, url


def test_the_session_stays_the_staff_s_own(acts, mia):
    assert acts.session["_auth_user_id"] == str(mia.pk)


def test_the_person_is_told_with_the_reason(acts, pat):
    notice = Notice.objects.get(kind="partners.acted_for")
    assert (notice.email, notice.context["staff"]) == (pat.email, "Mia Manager")
    assert notice.context["reason"] == REASON["reason"]


@pytest.mark.parametrize(
    ("who", "status"),
    [("mia", 303), ("ada", 303), ("fin", 403), ("lex", 403), ("ana", 403), ("nadia", 403),
     ("paula", 404), ("sam", 404), ("lea", 404)],
)  # fmt: skip
def test_who_may_begin(browse, request, pat, who, status):
    client = browse(request.getfixturevalue(who))
    assert client.post(act_url(pat), REASON).status_code == status
    assert (acting.KEY in client.session) == (status == 303)


def test_nobody_acts_for_a_disabled_person_or_an_ended_partner(
    browse, mia, ada, pat, paula, harbor
):
    people.disable(pat, actor=ada)
    client = browse(mia)
    assert client.post(act_url(pat), REASON).status_code == 403
    partners.end_partner(harbor, reason="", actor=mia)
    assert client.post(act_url(paula), REASON).status_code == 403
    with pytest.raises(PermissionDenied):
        services.start(paula.membership, reason="x", until=clock.now(), actor=mia)


def test_a_person_of_another_partner_is_not_on_this_one(browse, mia, sam, harbor):
    url = f"/manage/partners/{harbor.reference}/people/{sam.uid}/act/"
    assert browse(mia).post(url, REASON).status_code == 404


def test_staff_cannot_be_acted_for(mia, ada):
    from users.policies import may_act_for

    assert not may_act_for(mia, ada)
    assert not may_act_for(ada, mia)


def test_who_acts_already_cannot_begin_again(acts, sam):
    assert acts.post(act_url(sam), REASON).status_code == 404


def test_another_vendor_s_session_means_nothing(acts, browse):
    there = browse(schema="globex")
    there.cookies = acts.cookies
    assert there.get("/partner/").status_code == 302
    with context.entered("globex"):
        assert not Session.objects.filter(session_key=acts.session.session_key).exists()


# --- what it opens, and what not


def test_it_opens_the_person_s_side_and_closes_the_staff_s(acts, harbor):
    assert acts.get("/deals/").status_code == 200
    assert acts.get("/deals/new/").status_code == 200
    for url in (
        "/manage/registrations/",
        f"/manage/partners/{harbor.reference}/",
        "/manage/companies/",
    ):
        assert acts.get(url).status_code == 404
    assert acts.get("/partner/invite/").status_code == 403  # Pat is no administrator


def test_the_person_s_own_menu_is_not_offered(acts):
    assert 'href="/me/' not in shown(acts)


def test_an_administrator_gets_no_more_than_the_person(browse, ada, pat):
    client = browse(ada)
    client.post(act_url(pat), REASON)
    for url in ("/settings/people/", "/settings/", "/settings/audit/", "/partner/invite/"):
        assert client.get(url).status_code in (403, 404), url


PERSONAL = (
    "/me/", "/me/security/", "/accounts/password/change/", "/accounts/password/set/", "/accounts/2fa/",
    "/accounts/2fa/totp/activate/", "/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/", "/accounts/reauthenticate/",
)  # fmt: skip


@pytest.mark.parametrize("url", PERSONAL)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_the_person_s_own_stays_closed(acts, url, method):
    answer = getattr(acts, method)(url)
    assert answer.status_code == 403
    assert b"stay theirs" in answer.content


def test_services_refuse_what_is_the_person_s_own(mia, pat):
    pat.acted_by = mia
    with pytest.raises(PermissionDenied):
        people.set_preferences(pat, values={"theme": "DARK"}, actor=pat)
    with pytest.raises(PermissionDenied):
        people.rename(pat, name="Somebody", actor=pat)


def test_the_switches_of_the_frame_are_the_staff_s(acts, mia, pat):
    acts.post(reverse("ui:preferences-quick"), {"theme": "dark"})
    assert (User.objects.get(pk=mia.pk).theme, User.objects.get(pk=pat.pk).theme) == (
        "DARK",
        "AUTO",
    )


def test_pages_speak_the_staff_s_language(acts, pat):
    User.objects.filter(pk=pat.pk).update(language="de")
    assert "You act for" in shown(acts)


# --- how it ends


def test_stop_ends_it_and_leads_back(acts, harbor):
    answer = acts.post("/partner/acting/stop/")
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/manage/partners/{harbor.reference}/",
    )
    page = shown(acts, answer["Location"])
    assert "You no longer act for Pat Seller of Harbor." in page
    assert "You act for" not in page
    again = acts.post("/partner/acting/stop/")
    assert (again.status_code, again["Location"]) == (303, "/")


def test_stop_is_no_get(acts):
    assert acts.get("/partner/acting/stop/").status_code == 405
    assert acting.KEY in acts.session


def test_it_lasts_thirty_minutes(acts, travel, harbor):
    assert timedelta(minutes=30) == acting.LONGEST
    travel(minutes=29, seconds=59)
    assert acts.get("/deals/").status_code == 200
    travel(seconds=1)
    over = acts.get("/deals/")
    assert (over.status_code, over["Location"]) == (303, f"/manage/partners/{harbor.reference}/")
    assert "You no longer act for Pat Seller of Harbor." in shown(acts, over["Location"])
    assert acts.get("/deals/").status_code == 404


def test_a_form_sent_too_late_changes_nothing_and_says_so(acts, travel, mia):
    travel(minutes=31)
    late = acts.post("/deals/new/", {"company_name": "Late Ltd"})
    assert late.status_code == 303
    assert "What you sent last was not saved." in shown(acts, late["Location"])


def test_htmx_is_led_back_too(acts, travel, harbor):
    travel(minutes=31)
    answer = acts.get("/deals/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"/manage/partners/{harbor.reference}/"


def test_sign_out_ends_it(acts):
    acts.post("/accounts/logout/")
    assert acting.KEY not in acts.session
    assert acts.get("/deals/").status_code == 302


def _loses_the_role(mia, pat, harbor, ada):
    VendorRole.objects.filter(user=mia).delete()


def _gets_another_role(mia, pat, harbor, ada):
    people.change_roles(mia, roles=["ANALYST"], actor=ada)


def _person_disabled(mia, pat, harbor, ada):
    people.disable(pat, actor=ada)


def _person_removed(mia, pat, harbor, ada):
    Membership.objects.filter(user=pat).delete()


def _partner_ended(mia, pat, harbor, ada):
    partners.end_partner(harbor, reason="", actor=ada)


def _second_factor_asked_for(mia, pat, harbor, ada):
    from prm.portal.services import change_security

    change_security(require_staff_mfa=True, actor=ada)


@pytest.mark.parametrize(
    "change",
    [_loses_the_role, _gets_another_role, _person_disabled, _person_removed, _partner_ended,
     _second_factor_asked_for],
)  # fmt: skip
def test_it_ends_with_the_next_request_when_a_reason_for_it_goes(
    acts, mia, pat, harbor, ada, change
):
    change(mia, pat, harbor, ada)
    answer = acts.post("/deals/new/", {"company_name": "Late Ltd", "country": "US"})
    assert answer.status_code == 303
    assert answer["Location"] == f"/manage/partners/{harbor.reference}/"
    assert acting.KEY not in acts.session


def test_a_disabled_member_of_the_staff_is_out_at_once(acts, mia, ada):
    people.disable(mia, actor=ada)
    assert acts.get("/deals/").status_code == 302


# --- what stays of it


def test_every_event_names_both(acts, mia, pat):
    acts.post("/deals/new/", {**CUSTOMER, "token": str(uuid.uuid4())})
    event = Event.objects.filter(actor_uid=pat.uid).latest("id")
    assert event.data["acted_by"] == str(mia.uid)
    assert lines([event])[0].actor == "Mia Manager for Pat Seller"


def test_beginning_and_end_are_in_the_partner_s_history(acts, mia, harbor, browse):
    acts.post("/partner/acting/stop/")
    codes = [event.code for event in events.timeline(harbor)]
    assert codes[-2:] == [services.STARTED, services.ENDED]
    assert {event.actor_uid for event in events.timeline(harbor)[:2]} == {mia.uid}
    assert REASON["reason"] in shown(acts, f"/manage/partners/{harbor.reference}/")


def test_the_audit_list_names_both_and_finds_both(acts, pat, browse, ada):
    acts.post("/partner/acting/stop/")
    pat.acted_by = User.objects.get(email="mia@acme.example")
    events.record("partner.edited", target=pat.membership.partner, actor=pat)
    audit = browse(ada)
    for name in ("pat@harbor", "mia@acme"):
        page = shown(audit, f"/settings/audit/?code=partner.edited&actor={name}")
        assert "Mia Manager for Pat Seller" in page, name


def test_the_chain_holds_with_both_names(acts, pat, mia):
    pat.acted_by = mia
    events.record("partner.edited", target=pat.membership.partner, actor=pat)
    events.seal_pending()
    assert verify_tenant().holds


def test_only_the_ledger_writes_who_acted(pat, mia):
    with pytest.raises(NotACode):
        events.record(
            "partner.edited",
            target=pat.membership.partner,
            actor=pat,
            data={"acted_by": str(mia.uid)},
        )


def test_a_forged_session_of_another_member_is_refused(acts, browse, ada):
    """What a session holds is bound to whoever began it."""
    other = browse(ada)
    session = other.session
    session[acting.KEY] = dict(acts.session[acting.KEY])
    session.save()
    assert other.get("/partner/").status_code == 303
    assert acting.KEY not in other.session


def test_it_costs_three_queries_and_nothing_for_everybody_else(acts, browse, mia, pat, queries):
    acts.get("/help/")
    browse(pat).get("/help/")
    with queries() as behind:
        acts.get("/help/")
    own = browse(pat)
    own.get("/help/")
    with queries() as plain:
        own.get("/help/")
    assert len(behind) - len(plain) <= 3
