"""A partner checks a customer; an administrator tries settings of name matching, saves, takes back."""

from typing import Any

from companies import services
from tests.browser.portal import Portal
from tests.browser.steps import MIA, PAT, fill_customer, press, says, sign_in
from users.models import User

ADA = "ada@acme.example"
CHECK = "/deals/availability/"
TUNING = "/manage/companies/matching/"


def known_customer(name: str) -> None:
    """A company that the vendor serves itself."""
    mia = User.objects.get(email=MIA)
    services.add_company(name=name, country="US", designation="VENDOR_DIRECT", actor=mia)


def check(portal: Portal, page: Any, name: str, script: bool) -> None:
    """As Pat, ask for a free customer, then for that one, then register the free one."""
    sign_in(page, portal, PAT)
    page.goto(portal.url(CHECK))
    _ask(page, "Quillwort Turbines")
    says(page, "No conflict found", "Nothing stands in the way right now")
    _ask(page, name)
    says(page, "Needs review")
    assert "endor" not in page.locator("main [role=status]").last.inner_text()  # never a cause
    _ask(page, "Quillwort Turbines")
    says(page, "No conflict found")
    press(page, "Register this customer")
    says(page, "Step 2 of 3")
    if script:  # the answer comes while the form is filled in
        page.goto(portal.url("/deals/new/"))
        fill_customer(page, name)
        says(page, "Needs review")


def _ask(page: Any, name: str) -> None:
    page.get_by_label("Company").fill(name)
    page.get_by_label("Country").select_option("US")
    press(page, "Check availability")


def tune(portal: Portal, page: Any) -> None:
    """As Ada, try a threshold, see that nothing is saved, save it, and use the usual one again."""
    sign_in(page, portal, ADA)
    page.goto(portal.url(TUNING))
    says(page, "What it does on your own decisions")
    _set(page, "90")
    press(page, "Save")
    says(page, "40")  # the sentence beside the field, and what was typed kept
    assert page.get_by_label("Threshold").input_value() == "90"
    for offset in ("6", "0"):
        _set(page, offset)
        press(page, "Try")
        assert page.get_by_label("Threshold").input_value() == offset
        press(page, "Save")
        page.wait_for_load_state()
    says(page, "Earlier settings", "threshold 6")
    press(page, "Use these again")
    page.goto(portal.url(TUNING))
    assert page.get_by_label("Threshold").input_value() == "6"


def _set(page: Any, offset: str) -> None:
    page.get_by_label("Threshold").fill(offset)
