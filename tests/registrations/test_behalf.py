"""Staff register a deal for a partner: who may, who is told, who decides, and the pages."""

import re
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.urls import reverse

from catalog.models import ProductLine
from notifications.models import Notice
from partners import gates
from partners import services as partner_services
from prm import events
from registrations import policies, receipts, services
from registrations.enums import State
from registrations.models import Registration
from tests.registrations.conftest import DEAL

pytestmark = pytest.mark.django_db
CUSTOMER = {"company_name": "Initech", "website": "initech.example", "country": "US"}


def url(name, *args):
    return reverse(f"registrations:{name}", args=args)


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def deal_form():
    line = ProductLine.objects.get(code="crm")
    return {"product_lines": [line.pk], "value": "1.2m", "currency": "USD", "stage": "QUALIFIED"}


def begun(actor, seller, company="Initech"):
    """A complete draft that somebody of the staff has begun."""
    draft = services.start_draft(uuid.uuid4(), actor=actor, for_user=seller)
    lines = ProductLine.objects.filter(code="crm")
    values = {**DEAL, "company_name": company}
    services.save_draft(draft, values, actor=actor, product_lines=lines)
    draft.refresh_from_db()
    return draft


def sent(actor, seller, company="Initech"):
    return services.submit_registration(begun(actor, seller, company), actor=actor)


def told(kind):
    return list(Notice.objects.filter(kind=f"registrations.{kind}").order_by("pk"))


# --- services -------------------------------------------------------------------------------------


def test_the_deal_is_the_sellers_and_says_who_registered_it(mia, pat):
    row = sent(mia, pat)
    assert (row.owner, row.partner, row.registered_by) == (pat, pat.membership.partner, mia)
    assert row.state == State.SUBMITTED
    for code in ("begun-for-partner", "submitted"):
        event = events.timeline(row).get(code=f"registration.{code}")
        assert event.actor_uid == mia.uid
        assert event.data["for"] == str(pat.uid)


def test_a_partners_own_deal_names_nobody_else(submitted, pat):
    row = submitted(pat, "Initech")
    assert row.registered_by is None
    assert "for" not in events.timeline(row).get(code="registration.submitted").data


def test_the_seller_gets_the_receipt_with_the_name_of_whoever_registered_it(mia, pat):
    row = sent(mia, pat)
    (notice,) = told("received")
    assert notice.recipient == pat
    assert notice.context["by"] == mia.name
    assert notice.context["reference"] == row.reference
    assert notice.context["receipt"]


def test_whoever_registered_it_neither_reviews_nor_is_asked_to(mia, max_, pat):
    pat.membership.partner.manager = mia
    pat.membership.partner.save()
    row = sent(mia, pat)
    assert row.reviewer is None
    assert mia not in {notice.recipient for notice in told("arrived")}
    assert max_ in {notice.recipient for notice in told("arrived")}
    with pytest.raises(PermissionDenied):
        services.take_registration(row, actor=mia)
    assert services.take_registration(row, actor=max_).reviewer == max_


def test_whoever_registered_it_may_write_and_add_evidence(mia, ada, pat):
    row = sent(mia, pat)
    assert policies.can_write(mia, row)
    assert policies.can_attach(mia, row)
    assert not policies.can_fill_in(ada, row)


def test_only_referees_begin_a_deal_and_only_for_who_sells(mia, ada, fin, nadia, pat, sam, max_):
    for actor in (fin, nadia, pat, sam):
        with pytest.raises(PermissionDenied):
            services.start_draft(uuid.uuid4(), actor=actor, for_user=pat)
    with pytest.raises(services.NoSellerThere):
        services.start_draft(uuid.uuid4(), actor=mia, for_user=max_)
    assert services.start_draft(uuid.uuid4(), actor=ada, for_user=pat).registered_by == ada


def test_nobody_registers_for_whoever_has_left(mia, pat, paula):
    draft = begun(mia, pat)
    partner_services.remove_member(pat.membership, actor=mia)
    with pytest.raises(services.NoSellerThere):
        services.submit_registration(draft, actor=mia)
    with pytest.raises(services.NoSellerThere):
        services.start_draft(uuid.uuid4(), actor=mia, for_user=type(pat).objects.get(pk=pat.pk))
    services.hand_over(draft, paula, actor=paula)
    assert services.submit_registration(draft, actor=mia).owner == paula


def test_one_token_is_one_draft_and_nobody_elses(mia, ada, pat):
    token = uuid.uuid4()
    one, two = (services.start_draft(token, actor=mia, for_user=pat) for _ in range(2))
    assert one == two
    with pytest.raises(PermissionDenied):
        services.start_draft(token, actor=ada, for_user=pat)


def test_a_draft_is_for_its_partner_and_whoever_began_it_alone(mia, ada, pat, sam):
    draft = begun(mia, pat)
    rows = Registration.objects.all()
    assert draft in rows.visible_to(pat)
    for user in (mia, ada, sam):
        assert draft not in rows.visible_to(user)
    assert draft in rows.begun_by(mia)
    for user in (ada, pat, sam):
        assert draft not in rows.begun_by(user)
    for move in (
        lambda: services.save_draft(draft, {"site": "Graz"}, actor=ada),
        lambda: services.submit_registration(draft, actor=ada),
        lambda: services.discard_draft(draft, actor=ada),
    ):
        with pytest.raises(PermissionDenied):
            move()


def test_a_draft_that_the_partner_sends_itself_is_its_own(mia, pat):
    draft = begun(mia, pat)
    row = services.submit_registration(draft, actor=pat)
    assert row.registered_by is None
    assert told("received")[0].context["by"] == ""
    assert policies.can_decide(mia, row)


def test_terms_that_close_registering_to_the_partner_close_it_to_staff(mia, pat, monkeypatch):
    draft = begun(mia, pat)
    reason = gates.Reason("terms", "“Terms” has not been accepted.")
    monkeypatch.setattr(gates, "reasons_closed", lambda gate, partner: (reason,))
    with pytest.raises(services.GateClosed):
        services.submit_registration(draft, actor=mia)


def test_the_certificate_says_it(mia, pat, submitted):
    row = sent(mia, pat)
    words = render_to_string(
        "documents/registration_certificate.html", receipts.context_of(row) | {"portal": "Acme"}
    )
    assert "Mia Manager of" in words
    own = submitted(pat, "Vandelay")
    words = render_to_string("documents/registration_certificate.html", receipts.context_of(own))
    assert "Mia Manager" not in words


# --- pages ----------------------------------------------------------------------------------------


def test_from_the_partners_page_to_a_registered_deal(browse, mia, pat):
    client, partner = browse(mia), pat.membership.partner
    text = text_of(client.get(reverse("partners:manage-detail", args=[partner.reference])))
    start = f"{url('manage-behalf')}?partner={partner.reference}"
    assert start in text
    assert pat.email in text_of(client.get(start))
    answer = client.post(start, {"seller": str(pat.uid)})
    assert (answer.status_code, answer["Location"]) == (303, url("manage-behalf-new", pat.uid))
    page = text_of(client.get(answer["Location"]))
    assert f"for {pat.name} of {partner.name}" in page
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    for _twice in range(2):
        answer = client.post(url("manage-behalf-new", pat.uid), {**CUSTOMER, "token": token})
    draft = Registration.objects.get(token=token)
    assert answer["Location"] == url("manage-behalf-deal", draft.reference)
    page = text_of(client.get(answer["Location"]))
    month = re.findall(r'<option value="(\d{4}-\d\d)"', page)[3]
    answer = client.post(answer["Location"], {**deal_form(), "expected_close": month})
    assert answer["Location"] == url("manage-behalf-check", draft.reference)
    page = text_of(client.get(answer["Location"]))
    assert "Somebody else decides it" in page
    version = {"version": draft.version}
    for _twice in range(2):
        done = client.post(answer["Location"], version)
        assert done["Location"] == url("manage-detail", draft.reference)
    draft.refresh_from_db()
    assert draft.state == State.SUBMITTED
    assert len(told("received")) == 1
    page = text_of(client.get(done["Location"]))
    assert "Registered by Mia Manager for Harbor" in page
    assert "somebody else decides it" in page


def test_the_partner_sees_who_registered_it(browse, mia, pat, paula):
    row = sent(mia, pat)
    page = url("detail", row.reference)
    assert "Registered by Mia Manager for you." in text_of(browse(pat).get(page))
    assert f"Registered by Mia Manager for {pat.name}." in text_of(browse(paula).get(page))


def test_the_partner_goes_on_with_a_draft_of_staff(browse, mia, pat):
    draft = begun(mia, pat)
    page = text_of(browse(pat).get(url("check", draft.reference)))
    assert "Mia Manager has begun this draft for you." in page


def test_what_is_wrong_comes_back_with_what_was_typed(browse, mia, pat):
    client, new = browse(mia), url("manage-behalf-new", pat.uid)
    answer = client.post(new, {"company_name": "Initech", "website": "not a site", "country": ""})
    text = text_of(answer)
    assert answer.status_code == 422
    assert 'value="Initech"' in text
    assert 'value="not a site"' in text
    assert "Choose the customer&#x27;s country." in text
    assert not Registration.objects.exists()
    draft = begun(mia, pat)
    answer = client.post(url("manage-behalf-deal", draft.reference), {"value": "much"})
    assert answer.status_code == 422
    assert 'value="much"' in text_of(answer)


def test_a_draft_may_be_left_and_gone_on_with(browse, mia, pat):
    client = browse(mia)
    answer = client.post(
        url("manage-behalf-new", pat.uid),
        {"company_name": "Initech", "leave": "1", "token": str(uuid.uuid4())},
    )
    draft = Registration.objects.get()
    assert answer["Location"] == url("manage-behalf")
    assert url("manage-behalf-check", draft.reference) in text_of(client.get(url("manage-behalf")))
    assert client.post(url("manage-behalf-new", pat.uid), {"leave": "1"}).status_code == 303
    assert Registration.objects.count() == 1
    answer = client.post(url("manage-behalf-check", draft.reference), {"version": draft.version})
    assert answer.status_code == 422
    assert "Something is still missing" in text_of(answer)
    assert client.get(url("manage-behalf-discard", draft.reference)).status_code == 200
    client.post(url("manage-behalf-discard", draft.reference))
    assert not Registration.objects.exists()


def test_nobody_elses_draft_is_reached(browse, mia, ada, pat):
    draft = begun(mia, pat)
    for name in ("customer", "deal", "check", "discard"):
        page = url(f"manage-behalf-{name}", draft.reference)
        assert browse(ada).get(page).status_code == 404
        assert browse(ada).post(page).status_code == 404
        assert browse(mia).get(page).status_code == 200


def test_nobody_is_chosen_and_a_partner_without_people(browse, mia, pat):
    client, partner = browse(mia), pat.membership.partner
    answer = client.post(f"{url('manage-behalf')}?partner={partner.reference}")
    assert answer.status_code == 422
    assert "Choose who sells there." in text_of(answer)
    answer = client.post(url("manage-behalf"))
    assert answer.status_code == 422
    assert "Choose a partner." in text_of(answer)
    bare = partner_services.add_partner(partner_services.Profile("Bare", "US"), actor=mia)
    answer = client.get(f"{url('manage-behalf')}?partner={bare.reference}")
    assert "Nobody works for Bare here yet." in text_of(answer)
    partner_services.end_partner(bare, reason="Over", actor=mia)
    answer = client.get(f"{url('manage-behalf')}?partner={bare.reference}")
    assert "cannot register deals" in text_of(answer)


def test_a_seller_who_left_has_no_page(browse, mia, pat):
    partner_services.remove_member(pat.membership, actor=mia)
    assert browse(mia).get(url("manage-behalf-new", pat.uid)).status_code == 404
