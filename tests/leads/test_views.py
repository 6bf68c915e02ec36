"""The pages of leads: what each side sees, and what it never sees."""

import uuid
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from catalog.models import ProductLine, Skill
from leads import selectors, services
from leads.enums import DeclineCode, OfferState, State
from leads.models import Lead, Turn
from notifications import delivery
from notifications.models import Notice
from prm import clock, due
from prm.links import path
from prm.links.models import ActionLink
from tests.leads.conftest import LEAD, make_new

CANARIES = (
    "Canary Contact", "canary@customer.example", "+1 555 0100", "1 Canary Street", "Canary Fair",
    "Canary consent", "canary-site.example",
)  # fmt: skip
SECRET_NAME = "Canary Customer GmbH"


def typed(**more):
    lines = ProductLine.objects.filter(code="crm").values_list("pk", flat=True)
    return {
        **{n: v for n, v in LEAD.items() if n != "value"}, "company_name": "Initech",
        "value": "25000", "product_lines": list(lines), "token": str(uuid.uuid4()), **more,
    }  # fmt: skip


def at(name, *args):
    return reverse(f"leads:{name}", args=args)


def page(response):
    return response.content.decode()


@pytest.fixture
def canary(offered_to, harbor):
    """An offer to Harbor in which everything that must stay hidden is a canary."""
    return offered_to(harbor, SECRET_NAME, website="canary-site.example")


# --- the agent ---------------------------------------------------------------------------------------


def test_an_agent_enters_and_qualifies(browse, lea):
    agent = browse(lea)
    assert agent.get(at("agent-new")).status_code == 200
    answer = agent.post(at("agent-new"), typed())
    lead = Lead.objects.get()
    assert (answer.status_code, answer.url) == (303, at("agent-qualify", lead.reference))
    assert "Initech" in page(agent.get(answer.url))
    answer = agent.post(answer.url, {"version": lead.version, "checks": ["NEED"], "rating": "HOT"})
    assert (answer.status_code, answer.url) == (303, at("agent-list"))
    lead.refresh_from_db()
    assert lead.state == State.QUALIFIED
    assert "Initech" in page(agent.get(at("agent-list")))
    assert agent.get(at("agent-edit", lead.reference)).status_code == 303


def test_what_is_missing_is_said_beside_the_field(browse, lea):
    agent = browse(lea)
    answer = agent.post(at("agent-new"), typed(contact_email="", contact_phone="", consent=""))
    assert answer.status_code == 422
    text = page(answer)
    assert "Enter an e-mail address or a telephone number, or both." in text
    assert "Say when and how they agreed to be contacted." in text
    assert 'value="Initech"' in text
    assert not Lead.objects.exists()


@pytest.mark.parametrize("leak", ["Ask kim@initech.example", "Call +49 30 1234567", "0171/9876543"])
def test_contact_data_in_the_need_is_refused(browse, lea, leak):
    answer = browse(lea).post(at("agent-new"), typed(need=leak))
    assert answer.status_code == 422
    assert "partners read this text first" in page(answer)


def test_figures_in_the_need_are_fine(browse, lea):
    answer = browse(lea).post(at("agent-new"), typed(need="120 seats by 2027, 50,000 a year"))
    assert answer.status_code == 303


def test_leaving_keeps_what_was_typed(browse, lea):
    agent = browse(lea)
    answer = agent.post(
        at("agent-new"), {"company_name": "Half", "token": uuid.uuid4(), "leave": 1}
    )
    assert (answer.status_code, answer.url) == (303, at("agent-list"))
    lead = Lead.objects.get()
    assert (lead.company_name, lead.state) == ("Half", State.NEW)
    answer = agent.get(at("agent-detail", lead.reference))
    assert answer.url == at("agent-edit", lead.reference)
    assert 'value="Half"' in page(agent.get(answer.url))


def test_autosave_begins_with_the_first_field(browse, lea):
    agent = browse(lea)
    token = uuid.uuid4()
    assert agent.post(at("agent-save-new"), {"token": token}).status_code == 204
    answer = agent.post(at("agent-save-new"), {"token": token, "company_name": "Auto"})
    assert answer.status_code == 200
    lead = Lead.objects.get()
    assert answer["X-Autosave-Url"] == at("agent-save", lead.reference)
    agent.post(answer["X-Autosave-Url"], {"contact_name": "Kim"})
    lead.refresh_from_db()
    assert (lead.company_name, lead.contact_name) == ("Auto", "Kim")


def test_without_a_need_the_page_says_so(browse, lea):
    lead = services.begin_qualifying(make_new(lea, "Initech"), actor=lea)
    url = at("agent-qualify", lead.reference)
    answer = browse(lea).post(url, {"version": lead.version, "rating": "HOT"})
    assert answer.status_code == 422
    assert "Without a need" in page(answer)


def test_disqualifying(browse, lea):
    lead = services.begin_qualifying(make_new(lea, "Initech"), actor=lea)
    url = at("agent-disqualify", lead.reference)
    assert browse(lea).post(url, {"version": lead.version}).status_code == 422
    assert browse(lea).post(url, {"version": lead.version, "code": "NO_NEED"}).status_code == 303
    lead.refresh_from_db()
    assert lead.state == State.DISQUALIFIED


def test_an_agent_sees_no_partner_and_no_other_agents_leads(browse, lea, pat, canary):
    services.accept_offer(canary, actor=pat)
    agent = browse(lea)
    for url in (at("agent-list"), at("agent-detail", canary.lead.reference)):
        text = page(agent.get(url))
        assert SECRET_NAME in text
        assert "Harbor" not in text
        assert "Pat" not in text
        assert "With a partner" in text or "with a partner" in text
    csv = b"".join(agent.get(at("agent-list") + "?export=csv").streaming_content).decode()
    assert "Harbor" not in csv
    from prm.access import Audience
    from tests.world import person

    other = person("tom@callcenter.example", "Tom Agent", Audience.AGENT)
    assert browse(other).get(at("agent-detail", canary.lead.reference)).status_code == 404


def test_an_agent_sees_nothing_else(browse, lea):
    agent = browse(lea)
    assert {tile.url.partition("?")[0] for tile in agent.get("/").context["tiles"]} == {
        at("agent-list")
    }
    for url in ("/deals/", "/leads/", "/manage/leads/", "/manage/companies/", "/manage/partners/"):
        assert agent.get(url).status_code == 404


# --- the vendor --------------------------------------------------------------------------------------


def test_staff_distribute_and_read_why(browse, mia, qualified):
    staff = browse(mia)
    lead = qualified("Initech")
    assert "Not distributed yet" in page(staff.get(at("manage-detail", lead.reference)))
    answer = staff.post(at("manage-distribute", lead.reference), {"version": lead.version})
    assert answer.status_code == 303
    text = page(staff.get(answer.url))
    for words in ("Harbor", "Summit", "turn", "Others have waited", "the same outcome"):
        assert words in text


def test_a_stale_distribution_is_refused_in_words(browse, mia, qualified):
    lead = qualified("Initech")
    answer = browse(mia).post(at("manage-distribute", lead.reference), {"version": 1}, follow=True)
    assert "moved since you opened the page" in page(answer)


def test_assigning_by_hand(browse, mia, qualified, summit):
    lead = qualified("Initech")
    staff, url = browse(mia), at("manage-assign", lead.reference)
    preset = page(staff.get(f"{at('manage-detail', lead.reference)}?partner={summit.reference}"))
    assert f'value="{summit.reference}" selected' in preset
    form = {"version": lead.version, "partner": summit.reference}
    answer = staff.post(url, form)
    assert answer.status_code == 422
    assert "Say why this partner" in page(answer)
    assert staff.post(url, {**form, "reason": "They know them"}).status_code == 303
    assert selectors.current_offer(lead).partner == summit


def test_withdrawing_and_taking_back(browse, mia, pat, canary):
    staff, lead = browse(mia), canary.lead
    lead.refresh_from_db()
    url = at("manage-withdraw", lead.reference)
    assert staff.post(url, {"version": lead.version}).status_code == 422
    form = {"version": lead.version, "reason": "Wrong"}
    assert staff.post(url, form).status_code == 303
    assert staff.post(url, form).status_code == 422  # there is no offer any more
    services.assign_lead(lead, canary.partner, reason="After all", actor=mia)
    services.accept_offer(selectors.current_offer(lead), actor=pat)
    lead.refresh_from_db()
    back = at("manage-take-back", lead.reference)
    assert staff.post(back, {"version": lead.version}).status_code == 422
    assert staff.post(back, {"version": lead.version, "reason": "Silence"}).status_code == 303
    lead.refresh_from_db()
    assert lead.state == State.QUALIFIED


def test_bulk_shows_a_preview_and_then_does_it(browse, mia, qualified, offered):
    staff = browse(mia)
    leads = [qualified(f"Bulk {n}") for n in range(3)]
    stuck = qualified("Bulk far", country="FR")
    already = offered("Already there").lead
    chosen = [lead.reference for lead in (*leads, stuck, already)]
    answer = staff.post(at("manage-choose"), {"selected": chosen})
    assert answer.status_code == 303
    text = page(staff.get(answer.url))
    assert "Will be offered: 3. With nobody: 1." in text
    assert "Does not work in this territory" in text
    assert "Already there" in text
    assert Lead.objects.filter(state=State.OFFERED).count() == 1
    assert staff.post(at("manage-preview"), {"selected": chosen}).status_code == 303
    assert Lead.objects.filter(state=State.OFFERED).count() == 4


def test_bulk_of_all_that_the_list_finds(browse, mia, qualified):
    staff = browse(mia)
    qualified("Alpha one")
    qualified("Alpha two")
    qualified("Beta")
    form = {"all_matching": "1", "query": "q=Alpha&state=QUALIFIED"}
    answer = staff.post(at("manage-choose"), form)
    assert "Will be offered: 2. With nobody: 0." in page(staff.get(answer.url))
    staff.post(at("manage-preview"), form)
    assert set(Lead.objects.filter(state=State.OFFERED).values_list("company_name", flat=True)) == {
        "Alpha one",
        "Alpha two",
    }


def test_bulk_of_nothing(browse, mia):
    answer = browse(mia).post(at("manage-choose"), follow=True)
    assert "Choose leads first." in page(answer)


def test_an_analyst_reads_and_does_not_distribute(browse, ana, qualified):
    lead = qualified("Initech")
    analyst = browse(ana)
    text = page(analyst.get(at("manage-detail", lead.reference)))
    assert "Distribute now" not in text
    url = at("manage-distribute", lead.reference)
    assert analyst.post(url, {"version": lead.version}).status_code == 403


def test_weights(browse, mia, ana, harbor, offered):
    offered("Initech")
    assert "Harbor" in page(browse(ana).get(at("manage-shares")))
    url = at("manage-weight", harbor.reference)
    assert browse(ana).get(url).status_code == 403
    staff = browse(mia)
    assert staff.get(url).status_code == 200
    assert staff.post(url, {"weight": "1000"}).status_code == 422
    assert staff.post(url, {"weight": "40"}).status_code == 303
    assert Turn.objects.get(partner=harbor).weight == 40


# --- the partner -------------------------------------------------------------------------------------


def everything_a_partner_reads(client, offer):
    """Every page, file and mail of a partner about an offer, as one text."""
    urls = [at("list"), at("offer", offer.reference), at("decline", offer.reference)]
    parts = [page(client.get(url, follow=True)) for url in urls]
    parts.append(b"".join(client.get(at("list") + "?export=csv").streaming_content).decode())
    parts.append(page(client.get(at("list") + "?q=Canary")))
    for link in ActionLink.objects.filter(subject=offer.uid):
        parts.append(page(client.get(path(link))))
    for notice in Notice.objects.filter(subject_uid=offer.uid):
        parts.append(f"{notice.context} {notice.subject_title}")
    return "\n".join(parts)


def test_contact_data_is_masked_until_acceptance(browse, pat, canary):
    text = everything_a_partner_reads(browse(pat), canary)
    assert SECRET_NAME in text
    for hidden in CANARIES:
        assert hidden not in text


def test_accepting_shows_whom_to_contact(browse, pat, canary):
    seller = browse(pat)
    answer = seller.post(at("accept", canary.reference), follow=True)
    text = page(answer)
    for shown in ("Canary Contact", "canary@customer.example", "+1 555 0100", "1 Canary Street"):
        assert shown in text
    assert "Canary Fair" not in text  # the vendor's own note


@pytest.mark.parametrize("how", ["decline", "time out", "withdraw", "take back"])
def test_what_is_over_can_no_longer_be_read(browse, pat, mia, canary, travel, how):
    if how == "decline":
        services.decline_offer(canary, DeclineCode.OTHER, actor=pat)
    elif how == "time out":
        travel(days=10)
        due.drain()
    elif how == "withdraw":
        services.withdraw_offer(canary, reason="Canary Fair was wrong", actor=mia)
    else:
        services.accept_offer(canary, actor=pat)
        canary.lead.refresh_from_db()
        services.take_back(canary.lead, reason="Silence", actor=mia)
    text = everything_a_partner_reads(browse(pat), canary)
    for hidden in (SECRET_NAME, "Wants to replace an old system", *CANARIES):
        assert hidden not in text
    assert canary.reference in text


def test_a_rival_learns_nothing(browse, sam, canary):
    rival = browse(sam)
    for name in ("offer", "decline", "lost"):
        assert rival.get(at(name, canary.reference)).status_code == 404
    for name in ("accept", "decline", "contacted", "deal", "lost"):
        assert rival.post(at(name, canary.reference)).status_code == 404
    assert rival.get(at("offer", canary.lead.reference)).status_code == 404
    assert SECRET_NAME not in page(rival.get(at("list")))


def test_declining_asks_why(browse, pat, canary):
    seller, url = browse(pat), at("decline", canary.reference)
    assert seller.post(url).status_code == 422
    answer = seller.post(url, {"code": "NO_TIME", "note": "Sorry"}, follow=True)
    text = page(answer)
    assert "We have no time for it now" in text
    canary.refresh_from_db()
    assert (canary.state, canary.note) == (OfferState.DECLINED, "Sorry")
    late = seller.post(at("accept", canary.reference), follow=True)
    assert "This offer is over" in page(late)


def test_from_lead_to_deal(browse, pat, canary):
    seller = browse(pat)
    seller.post(at("accept", canary.reference))
    seller.post(at("contacted", canary.reference))
    answer = seller.post(at("deal", canary.reference))
    assert answer.status_code == 303
    text = page(seller.get(answer.url))
    assert "Canary Contact" in text
    canary.lead.refresh_from_db()
    assert canary.lead.state == State.WORKING
    assert "Open the deal" in page(seller.get(at("offer", canary.reference)))


def test_lost(browse, pat, canary):
    seller = browse(pat)
    seller.post(at("accept", canary.reference))
    canary.lead.refresh_from_db()
    url = at("lost", canary.reference)
    assert seller.post(url, {"version": canary.lead.version}).status_code == 422
    form = {"version": canary.lead.version, "code": "NO_BUDGET"}
    assert "came to nothing" in page(seller.post(url, form, follow=True))


# --- links -------------------------------------------------------------------------------------------


def link_of(offer, purpose):
    return path(ActionLink.objects.get(subject=offer.uid, purpose=f"leads.{purpose}"))


def test_accepting_from_the_mail_without_signing_in(browse, canary):
    nobody, url = browse(), link_of(canary, "accept")
    shown = page(nobody.get(url))
    assert "Accept the lead?" in shown
    canary.refresh_from_db()
    assert canary.is_open  # a GET changes nothing
    text = page(nobody.post(url))
    assert "The lead is yours" in text
    for hidden in (SECRET_NAME, *CANARIES):
        assert hidden not in shown + text
    canary.refresh_from_db()
    assert canary.is_held
    again = page(nobody.get(url))
    assert "things have moved on" in again
    sign_in = nobody.get(at("offer", canary.reference))
    assert urlsplit(sign_in.url).path == reverse("account_login")


def test_declining_from_the_mail(browse, canary):
    nobody, url = browse(), link_of(canary, "decline")
    assert nobody.get(url).status_code == 200
    assert nobody.post(url).status_code == 422
    assert "Declined" in page(nobody.post(url, {"code": "TOO_FAR"}))
    canary.refresh_from_db()
    assert canary.decline_code == "TOO_FAR"


def test_a_late_link_tells_the_truth(browse, canary, travel):
    travel(days=10)
    text = page(browse().post(link_of(canary, "accept")))
    assert "things have moved on" in text
    canary.refresh_from_db()
    assert canary.is_open  # until the sweep comes
    assert clock.now() > canary.expires_at


def test_a_link_of_somebody_who_left_does_nothing(browse, pat, canary):
    pat.is_active = False
    pat.save()
    assert "things have moved on" in page(browse().post(link_of(canary, "accept")))


def test_the_offers_mail_says_what_and_until_when(canary):
    delivery.deliver()
    notice = Notice.objects.get(kind="leads.offer", subject_uid=canary.uid)
    text = notice.message.body if notice.message else ""
    assert "CRM Suite" in text
    assert "United States" in text
    assert SECRET_NAME not in text
    for hidden in CANARIES:
        assert hidden not in text


def test_choosing_skills(browse, lea):
    skill = Skill.objects.get(code="migration")
    browse(lea).post(at("agent-new"), typed(skills=[skill.pk]))
    assert list(Lead.objects.get().skills.all()) == [skill]
