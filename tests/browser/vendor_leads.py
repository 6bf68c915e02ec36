"""A lead in a vendor made in the browser: terms, a complete profile, an agent, and an accepted, registered deal.

Only pages and mails: what a person without any help would use. Called by `test_second_vendor`.
"""

from collections.abc import Callable
from typing import Any

from tests.browser import steps

AGENT, PRINCIPAL = "lumi@callcentre.example", "paige@northstar.example"
Join = Callable[[str, str], Any]


def walk(join: Join, address: Callable[[str], str], people: dict[str, Any]) -> None:
    """Walk from the first word of the terms to the deal; `people` are pages of who has joined."""
    administrator, manager, seller = (people[who] for who in ("bill", "milton", "nora"))
    publish(administrator, address)
    invite_agent(administrator, address)
    invite_principal(manager, address)
    principal = join(PRINCIPAL, "Paige Turner")
    get_ready(principal, address)
    enter(join(AGENT, "Lumi Caller"))
    distribute(manager, address)
    accept(seller, address)


def publish(page: Any, address: Callable[[str], str]) -> None:
    """The administrator writes terms that leads depend on, reads and publishes them."""
    page.goto(address("/manage/agreements/"))
    page.get_by_role("link", name="Add an agreement").first.click()
    page.get_by_label("Title", exact=True).fill("Lead terms")
    steps.press(page, "Continue to the text")
    page.get_by_label("Text in English").fill("# Lead terms\n\nCall within two days.")
    page.get_by_label("Getting leads").check()
    steps.press(page, "Save and preview")
    steps.says(page, "Call within two days.")
    steps.press(page, "Publish this version")
    steps.says(page, "Published. The partners concerned are told now.")


def invite_agent(page: Any, address: Callable[[str], str]) -> None:
    """The administrator invites a lead agent."""
    page.goto(address("/settings/people/"))
    page.get_by_role("link", name="Invite somebody", exact=True).first.click()
    page.get_by_label("E-mail address").fill(AGENT)
    page.get_by_label("Lead agent").check()
    steps.press(page, "Send invitation")
    steps.says(page, AGENT)


def invite_principal(page: Any, address: Callable[[str], str]) -> None:
    """The channel manager invites an administrator to the partner."""
    page.goto(address("/manage/partners/"))
    page.get_by_role("link", name="North Star", exact=True).first.click()
    page.get_by_role("link", name="Invite somebody", exact=True).first.click()
    page.get_by_label("Name", exact=True).fill("Paige")
    page.get_by_label("E-mail address").fill(PRINCIPAL)
    page.get_by_label("Role").select_option(label="Partner administrator")
    steps.press(page, "Send the invitation")
    steps.says(page, PRINCIPAL)


def get_ready(page: Any, address: Callable[[str], str]) -> None:
    """The partner's administrator follows the task list: places, lines, who signs, terms, confirmed."""
    for task, choice in (
        ("Choose your territories", "DACH"),
        ("Choose your product lines", "Printers"),
    ):
        page.goto(address("/partner/profile/"))
        page.get_by_role("link", name=task).click()
        page.get_by_label(choice).check()
        steps.press(page, "Save")
    page.goto(address("/partner/profile/"))
    page.get_by_role("link", name="Name who may sign").click()
    page.get_by_role("link", name="Paige Turner").click()
    page.get_by_label("May sign for the organisation").check()
    steps.press(page, "Save")
    page.goto(address("/partner/profile/"))
    page.get_by_role("link", name="Accept the terms").click()
    page.get_by_role("link", name="Lead terms").first.click()
    page.get_by_label("Your full name").fill("Paige Turner")
    page.get_by_label("I may sign for North Star").check()
    steps.press(page, "Accept these terms")
    steps.says(page, "Accepted. The receipt is on its way by mail.")
    page.goto(address("/partner/profile/"))
    steps.press(page, "Everything is still right")
    steps.says(page, "Thank you: the profile is confirmed.")


def enter(page: Any) -> None:
    """The agent, who sees nothing else, enters a lead and qualifies it."""
    page.get_by_role("link", name="Enter a lead").first.click()
    page.get_by_label("Company", exact=True).fill("Penetrode")
    page.get_by_label("Country").select_option("DE")
    page.get_by_label("Contact", exact=True).fill("Rob Newhouse")
    page.get_by_label("Their e-mail address").fill("rob@penetrode.example")
    page.get_by_label("Consent").fill("Agreed on the telephone")
    page.get_by_label("What they need").fill("Forty printers by spring")
    page.get_by_label("Printers").check()
    steps.press(page, "Continue")
    page.get_by_label("There is a need that we can meet").check()
    page.get_by_label("Hot: wants to hear from somebody now").check()
    steps.press(page, "Qualify and hand over")
    steps.says(page, "A partner will be found for it", "Penetrode")


def distribute(page: Any, address: Callable[[str], str]) -> None:
    """The channel manager distributes it: only North Star has all that is needed, and it says why."""
    page.goto(address("/manage/leads/"))
    page.get_by_role("link", name="Penetrode").click()
    steps.press(page, "Distribute now")
    steps.says(page, "at North Star was asked", "Westwind")


def accept(page: Any, address: Callable[[str], str]) -> None:
    """The seller accepts, sees whom to call, and registers the deal without typing it again."""
    page.goto(address("/leads/"))
    page.get_by_role("link", name="Penetrode").first.click()
    assert "Rob Newhouse" not in page.content()
    steps.press(page, "Accept the lead")
    steps.says(page, "The lead is yours", "Rob Newhouse")
    steps.press(page, "Mark contacted")
    steps.press(page, "Turn it into a deal")
    page.get_by_label("Value", exact=True).fill("25,000")
    page.get_by_label("Expected close").select_option(index=3)
    steps.press(page, "Continue")
    steps.press(page, "Register this deal")
    steps.says(page, "Your deal is registered")
