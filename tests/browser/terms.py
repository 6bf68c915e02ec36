"""Terms: the administrator writes and publishes, the partner's signer accepts, the seller registers."""

import re
from typing import Any

from tests.browser import steps
from tests.browser.portal import Portal, link
from tests.browser.steps import PAT

ADA, PAULA = "ada@acme.example", "paula@harbor.example"
TEXT = "# Partner terms\n\nBe **kind** to customers.\n\n<script>alert(1)</script>"


def walk(portal: Portal, window: Any, *, script: bool) -> None:
    """Walk from the first word of the terms to the deal that they let in."""
    portal.morning()
    ada = steps.sign_in(window(script=script), portal, ADA)
    publish(ada, portal)
    pat = steps.sign_in(window(script=script), portal, PAT)
    refused(pat, portal)
    paula = steps.sign_in(window(script=script), portal, PAULA)
    accept(paula, portal)
    verified(paula, portal, window(script=script))
    pat.reload()
    steps.press(pat, "Register this deal")
    steps.says(pat, "Your deal is registered")
    confirmed(portal, paula, window(script=script))


def publish(page: Any, portal: Portal) -> None:
    """Ada adds an agreement, writes its text, reads it as partners will, and publishes it."""
    page.goto(portal.url("/manage/agreements/"))
    page.get_by_role("link", name="Add an agreement").first.click()
    page.get_by_label("Title", exact=True).fill("Partner terms")
    steps.press(page, "Continue to the text")
    steps.press(page, "Save and preview")
    steps.says(page, "Write the text of the agreement.")
    assert page.title().startswith("Error:")
    page.get_by_label("Text in English").fill(TEXT)
    page.get_by_label("Registering deals").check()
    steps.press(page, "Save and preview")
    steps.says(page, "Preview of version 1", "Be kind to customers.", "<script>alert(1)</script>")
    steps.press(page, "Publish this version")
    steps.says(page, "Published. The partners concerned are told now.", "closes: Registering deals")


def refused(page: Any, portal: Portal) -> None:
    """Pat is told before typing; the draft is possible, registering is not; Paula is named."""
    portal.wait(minutes=1)
    page.get_by_role("link", name="Register a deal").first.click()
    steps.says(page, "Registering deals: closed", "“Partner terms” has not been accepted.")
    steps.fill_customer(page, "Termworks")
    steps.press(page, "Continue")
    steps.fill_deal(page)
    steps.press(page, "Continue")
    steps.press(page, "Register this deal")
    steps.says(page, "Registering deals is closed: “Partner terms” has not been accepted.")
    check_page = page.url
    page.get_by_role("link", name="Put it right").first.click()
    steps.says(page, "You have no signing authority", "Paula Principal")
    page.goto(check_page)


def accept(page: Any, portal: Portal) -> None:
    """Paula comes from the mail, reads the exact text, types her name and accepts."""
    mail = portal.mail(PAULA, "waits for your acceptance")
    found = re.search(r"http\S+/terms/\S+", mail.text)
    assert found
    page.goto(found[0])
    steps.says(page, "Accepting it opens: Registering deals.", "Be kind to customers.")
    page.get_by_label("Your full name").fill("Paula")
    steps.press(page, "Accept these terms")
    steps.says(page, "Type your full name: first and last.", "Tick this to accept")
    assert page.get_by_label("Your full name").input_value() == "Paula"
    page.get_by_label("Your full name").fill("Paula Principal")
    page.get_by_label("I may sign for Harbor").check()
    steps.press(page, "Accept these terms")
    steps.says(page, "Accepted. The receipt is on its way by mail.", "Paula Principal")


def verified(page: Any, portal: Portal, stranger: Any) -> None:
    """Anybody with the receipt verifies it; one wrong digit, and nothing is said."""
    mail = portal.mail(PAULA, "accepted")
    reference = re.search(r"T-[0-9A-Z]{4}-[0-9A-Z]{4}", mail.text)
    digest = re.search(r"[0-9a-f]{64}", mail.text)
    assert reference
    assert digest
    stranger.goto(portal.url("/verify/"))
    stranger.get_by_label("Reference").fill(reference[0])
    stranger.get_by_label("Digest").fill(digest[0])
    steps.press(stranger, "Verify")
    steps.says(stranger, "This receipt is genuine", "accepted by Harbor on")
    stranger.get_by_label("Digest").fill("0" + digest[0][1:] if digest[0][0] != "0" else "1")
    steps.press(stranger, "Verify")
    steps.says(stranger, "Nothing here matches this reference and this digest together.")
    assert "Harbor" not in stranger.content()


def confirmed(portal: Portal, page: Any, reader: Any) -> None:
    """Half a year later the profile is announced as nearly out of date; the mail's button confirms."""
    page.goto(portal.url("/partner/profile/"))
    steps.press(page, "Everything is still right")
    steps.says(page, "Thank you: the profile is confirmed.")
    portal.wait(days=151)
    mail = portal.mail(PAULA, "you will get no leads")
    page.reload()
    steps.says(page, "Getting leads: closes soon", "Put it right")
    reader.goto(link(mail, "Everything is still right:"))
    steps.press(reader, "Everything is still right")
    steps.says(reader, "Thank you", "The profile is confirmed.")
