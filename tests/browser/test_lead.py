"""One lead in real Chromium, with and without JavaScript: entered, qualified, distributed, accepted, a deal."""

import re
from functools import partial
from typing import Any

import pytest

from leads import selectors, services
from partners.models import Partner
from tests.browser import steps
from tests.browser.portal import Portal, link
from tests.browser.steps import MIA, PAT
from tests.leads.conftest import make_qualified
from tests.world import PASSWORD
from users.models import User

pytestmark = pytest.mark.browser
LEA = "lea@callcenter.example"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_lead_becomes_a_deal(portal: Portal, window: Any, script: bool) -> None:
    portal.morning()
    company = f"Tidewater {'Scripted' if script else 'Plain'}"
    wide = window if script else partial(window, width=320, dark=True)
    entered(steps.sign_in(wide(script=script), portal, LEA), company, script=script)
    distributed(steps.sign_in(window(script=script), portal, MIA), company)
    pat = steps.sign_in(wide(script=script), portal, PAT)
    pat.goto(portal.url("/leads/"))
    accepted(pat, company)
    became_a_deal(pat, company)


def entered(page: Any, company: str, *, script: bool) -> None:
    """Lea sees her leads and nothing else; she enters one and qualifies it."""
    page.get_by_role("link", name="Enter a lead").first.click()
    needed = steps.required(page)
    assert needed <= 8
    page.get_by_label("Company", exact=True).fill(company)
    page.get_by_label("Country").select_option("US")
    if script:
        page.get_by_label("Website").focus()
        page.get_by_role("status").get_by_text("Saved").wait_for()
        page.wait_for_url("**/agent/leads/L-*/edit/")
    page.get_by_label("Contact", exact=True).fill("Dana Whitlock")
    page.get_by_label("Their e-mail address").fill("dana@tidewater.example")
    page.get_by_label("Consent").fill("Agreed on the telephone")
    page.get_by_label("What they need").fill(
        "Wants to replace an old system; dana@tidewater.example"
    )
    page.get_by_label("CRM Suite").check()
    steps.press(page, "Continue")
    steps.says(page, "Leave out e-mail addresses and telephone numbers")
    page.get_by_label("What they need").fill("Wants to replace an old system")
    steps.press(page, "Continue")
    page.get_by_label("There is a need that we can meet").check()
    page.get_by_label("Hot: wants to hear from somebody now").check()
    steps.press(page, "Qualify and hand over")
    steps.says(page, "A partner will be found for it", company, "Qualified")


def distributed(page: Any, company: str) -> None:
    """Mia distributes it and reads why each partner got it or not."""
    page.get_by_role("link", name=re.compile("^Leads")).first.click()
    page.get_by_role("link", name=company).click()
    steps.press(page, "Distribute now")
    steps.says(page, "Harbor", "Summit", "It was this partner's turn", "the same outcome")
    if page.get_by_text("Pat Seller at Harbor was asked").count():
        return
    page.get_by_text(
        "Withdraw the offer"
    ).first.click()  # it was Summit's turn: this one is for Pat
    page.get_by_label("Why?").first.fill("For Pat")
    page.get_by_role("button", name="Withdraw the offer").click()
    page.get_by_text("Assign by hand").click()
    page.get_by_label("Partner").select_option(label="Harbor")
    page.get_by_label("Why this one?").fill("For Pat")
    steps.press(page, "Offer it to this partner")
    steps.says(page, "Pat Seller at Harbor was asked")


def accepted(page: Any, company: str) -> None:
    """Pat sees the need but not whom to contact, and accepts."""
    page.get_by_role("link", name=company).first.click()
    steps.says(page, company, "Wants to replace an old system", "Answer by")
    assert "Dana Whitlock" not in page.content()
    assert "dana@tidewater.example" not in page.content()
    steps.press(page, "Accept the lead")
    steps.says(page, "The lead is yours", "Dana Whitlock", "dana@tidewater.example")


def became_a_deal(page: Any, company: str) -> None:
    """Nothing is typed again but the month."""
    steps.press(page, "Mark contacted")
    steps.says(page, "Noted: you have contacted the customer")
    steps.press(page, "Turn it into a deal")
    assert page.get_by_label("Contact at the customer").input_value() == "Dana Whitlock"
    page.get_by_label("Value", exact=True).fill("25,000")
    page.get_by_label("Expected close").select_option(index=3)
    steps.press(page, "Continue")
    steps.says(page, "Check and register", company, "CRM Suite", "Dana Whitlock")
    steps.press(page, "Register this deal")
    steps.says(page, "Your deal is registered")


def test_accepting_from_the_mail(portal: Portal, window: Any) -> None:
    """The mail's button leads to a small page; the contact shows after signing in only."""
    portal.morning()
    offer = offered_to_harbor("Mailed Mills")
    portal.wait(minutes=1)
    mail = portal.mail(PAT, "A lead in United States")
    assert "Mailed Mills" not in mail.text
    page = window(script=False, width=320)
    page.goto(link(mail, "Accept:"))
    steps.press(page, "Accept the lead")
    steps.says(page, "The lead is yours", offer)
    assert "Canary" not in page.content()
    page.get_by_role("link", name="Sign in and open it").click()
    steps.fill_sign_in(page, PAT, PASSWORD)
    steps.says(page, "Mailed Mills", "Canary Contact")


def offered_to_harbor(company: str) -> str:
    """Make a lead and assign it to Harbor; return the offer's reference."""
    lead = make_qualified(User.objects.get(email=LEA), company)
    mia = User.objects.get(email=MIA)
    services.assign_lead(lead, Partner.objects.get(name="Harbor"), reason="Theirs", actor=mia)
    offer = selectors.current_offer(lead)
    assert offer is not None
    return str(offer.reference)
