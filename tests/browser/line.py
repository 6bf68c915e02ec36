"""The line: one deal from the browser to the reminder mail, its end, and the rival who comes next."""

import re
from typing import Any

from tests.browser import steps
from tests.browser.portal import Portal, link
from tests.browser.steps import MIA, PAT, SAM

NOTICES = [60, 30, 14, 3]
"""Days before the end on which the partner hears of it."""


def walk(portal: Portal, window: Any, *, script: bool) -> None:
    """Walk the whole line, with or without JavaScript."""
    portal.morning()
    pat = steps.sign_in(window(script=script), portal, PAT)
    ours = register(pat, script=script)
    sam = steps.sign_in(window(script=script), portal, SAM)
    theirs = steps.register(sam, "International Business Machines Corp.")
    mia = steps.sign_in(window(script=script), portal, MIA)
    decide(mia, portal, ours, theirs)
    told(pat, sam, portal, ours)
    mia.reload()
    steps.says(mia, "Protected for another partner: Harbor", "The partner has been told.")
    prodded(portal, window(script=script))
    warned(pat, portal, window(script=script), ours)
    ended(pat, mia, sam, portal, theirs)


def register(page: Any, *, script: bool) -> str:
    """Pat registers a deal at I.B.M.: two pages, a check page, a draft from the first field on."""
    page.get_by_role("link", name="Register a deal").first.click()
    needed = steps.required(page)
    steps.fill_customer(page, "I.B.M.")
    if script:
        page.get_by_label("Website").focus()
        page.get_by_role("status").get_by_text("Draft saved").wait_for()
        page.wait_for_url("**/deals/D-*/customer/")
        page.reload()
        assert page.get_by_label("Company").input_value() == "I.B.M."
    steps.press(page, "Continue")
    needed += steps.required(page)
    assert needed <= 8
    steps.fill_deal(page, value="1.2m")
    steps.press(page, "Continue")
    steps.says(page, "Check and register", "I.B.M.", "CRM Suite", "$1,200,000", "2 working days")
    change_the_value(page)
    steps.press(page, "Register this deal")
    steps.says(page, "Your deal is registered", "Waiting for the vendor's decision", "$1,250,000")
    return steps.reference_of(page)


def change_the_value(page: Any) -> None:
    """ "Change" leads to the field, and straight back to the check page."""
    page.get_by_role("link", name="Change Value").click()
    assert page.url.endswith("#id_value")
    page.get_by_label("Value", exact=True).fill("1,250,000")
    steps.press(page, "Continue")
    steps.says(page, "Check and register", "$1,250,000")


def decide(page: Any, portal: Portal, ours: str, theirs: str) -> None:
    """Mia sees both in the queue and side by side, says who the customer is, and approves Pat's."""
    page.get_by_role("link", name="All decisions").click()
    steps.says(page, "Decisions", "I.B.M.", "International Business Machines Corp.", ours, theirs)
    page.get_by_role("link", name="I.B.M.").click()
    steps.says(page, "Waiting elsewhere: Summit", "are known names of one company", "Same country")
    steps.says(page, "Harbor was first", "say first who it is", theirs)
    steps.press(page, "Same company International Business Machines Corp.")
    steps.says(page, "The customer is confirmed", "Confirmed")
    steps.press(page, "Approve")
    steps.says(page, "Settle the conflicts first, or approve in spite of them.")
    assert page.title().startswith("Error:")
    page.get_by_label("Approve in spite of the open conflicts").check()
    steps.press(page, "Approve")
    steps.says(page, "Approved I.B.M. for Harbor", "Undo", "can be put in line but not approved")
    assert theirs in page.url  # the next case is there


def told(pat: Any, sam: Any, portal: Portal, ours: str) -> None:
    """Half a minute later Pat hears of it; Sam is never told who, when or for how long."""
    assert not portal.mails(PAT, "approved")
    portal.wait(seconds=31)
    mail = portal.mail(PAT, "approved")
    assert "I.B.M." in mail.mail.subject
    pat.reload()
    steps.says(pat, "Approved: this deal is protected for you", "91 days left")
    sam.reload()
    words = sam.content() + "".join(mail.text for mail in portal.mails(SAM))
    assert not {"Harbor", "I.B.M.", ours, "Pat Seller"} & set(words.split())
    for secret in ("Harbor", "I.B.M.", ours, "Pat Seller"):
        assert secret not in words


def prodded(portal: Portal, reader: Any) -> None:
    """Thirty days without a touch: a mail asks, and one click in it and one on the page answer."""
    assert not portal.mails(PAT, "still active?")
    portal.wait(days=30)
    mail = portal.mail(PAT, "still active?")
    reader.goto(link(mail, "Still active:"))
    steps.says(reader, "Still active?", "I.B.M.", "The date stays as it is.")
    steps.press(reader, "Yes, still active")
    steps.says(reader, "Thank you", "Noted: this deal is still active.", "61 days left")
    reader.goto(link(mail, "Still active:"))
    steps.says(reader, "How it stands now", "This link has been used", "Protected until")


def warned(pat: Any, portal: Portal, reader: Any, ours: str) -> None:
    """Sixty, thirty, fourteen and three days before the end a mail says so; the stage moves from one."""
    portal.wait(days=58)
    notices = portal.mails(PAT, "protection ends")
    told = [re.search(r"in (\d+) days", " ".join(mail.text.split())) for mail in notices]
    assert [int(found[1]) for found in told if found] == NOTICES[::-1]
    reader.goto(link(notices[0], "Update the stage:"))
    reader.get_by_label("Sales stage").select_option(label="Negotiation")
    steps.press(reader, "Update the stage")
    steps.says(reader, "The sales stage is now “Negotiation”.", "3 days left")
    pat.goto(portal.url(f"/deals/{ours}/"))
    steps.says(pat, "3 days left", "Negotiation", "Sales stage moved")


def ended(pat: Any, mia: Any, sam: Any, portal: Portal, theirs: str) -> None:
    """At the end the deal expires by itself, and the other partner can have the customer."""
    portal.wait(days=5)
    pat.reload()
    steps.says(pat, "Protection ended", "The protection is over.", "Register this customer again")
    assert "over" in portal.mail(PAT).mail.subject or portal.mails(PAT, "ended")
    mia.reload()
    mia.get_by_label("Approve in spite of the open conflicts").check()
    steps.press(mia, "Approve")
    steps.says(mia, "Approved International Business Machines Corp. for Summit", "All clear")
    sam.reload()
    steps.says(sam, "Approved: this deal is protected for you", "91 days left")
