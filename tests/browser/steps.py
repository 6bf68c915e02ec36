"""What people do in the portal, in their own words: each step is one page, as it is seen."""

import re
import time
from typing import Any

from playwright.sync_api import Error

from tests.browser.axe import assert_no_sideways_scroll
from tests.browser.portal import Portal
from tests.world import PASSWORD

PAT, SAM = "pat@harbor.example", "sam@summit.example"
MIA, MAX = "mia@acme.example", "max@acme.example"


def sign_in(page: Any, portal: Portal, email: str, password: str = PASSWORD) -> Any:
    """Go to the portal and sign in; return the page."""
    page.goto(portal.url())
    fill_sign_in(page, email, password)
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    return page


def fill_sign_in(page: Any, email: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in page and send it."""
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def fill_customer(page: Any, company: str, country: str = "US") -> None:
    """Page 1 of registering a deal."""
    page.get_by_label("Company").fill(company)
    page.get_by_label("Country").select_option(country)


def fill_deal(page: Any, value: str = "12,500", line: str = "CRM Suite") -> None:
    """Page 2, with its required fields only."""
    page.get_by_label(line).check()
    page.get_by_label("Value", exact=True).fill(value)
    page.get_by_label("Expected close").select_option(index=3)


def press(page: Any, name: str) -> None:
    """Press the button of that name."""
    page.get_by_role("button", name=name, exact=True).first.click()


def register(page: Any, company: str, **deal: str) -> str:
    """Register a deal from the list of deals; return its reference."""
    page.get_by_role("link", name="Register a deal").first.click()
    fill_customer(page, company)
    press(page, "Continue")
    fill_deal(page, **deal)
    press(page, "Continue")
    press(page, "Register this deal")
    page.get_by_text("Your deal is registered").wait_for()
    return reference_of(page)


def reference_of(page: Any) -> str:
    """Return the reference in a deal's address."""
    found = re.search(r"/(D-[0-9A-Z]{4}-[0-9A-Z]{4})/", page.url)
    assert found, page.url
    return found[1]


def required(page: Any) -> int:
    """Count the fields that must be filled in: all that are not marked as optional."""
    fields = page.locator("form .field:visible").all()
    return sum("(optional)" not in field.inner_text() for field in fields)


def says(page: Any, *words: str, within: float = 20) -> None:
    """Fail unless the page's main part says each of these, at once or in a moment.

    A page that is wider than its window fails too.
    """
    until = time.monotonic() + within
    while True:
        try:
            main = page.locator("main").inner_text()
        except Error:  # the page went away while it was read
            main = ""
        missing = [each for each in words if each not in main]
        if not missing:
            assert_no_sideways_scroll(page)
            return
        if time.monotonic() > until:
            raise AssertionError(f"{missing} not on {page.url}:\n{main[:1500]}")
        page.wait_for_timeout(40)
