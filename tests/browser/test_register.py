"""Registering counted as UX.md 5.1 counts it; by keyboard alone; and without script on a phone."""

from typing import Any

import pytest

from tests.browser import steps
from tests.browser.steps import PAT
from tests.browser.test_keyboard import press, sign_in, tab_to, write

pytestmark = pytest.mark.browser

MOST_FIELDS = 8
MOST_CLICKS = 3
PROOF = {"name": "minutes.csv", "mimeType": "text/csv", "buffer": b"day,what\n1,call\n"}


def test_at_most_eight_fields_and_three_clicks(portal, window):
    page = steps.sign_in(window(), portal, PAT)
    page.goto(portal.url("/deals/new/"))
    clicks: list[str] = []

    def click(name: str) -> None:
        clicks.append(name)
        steps.press(page, name)

    needed = steps.required(page)
    steps.fill_customer(page, "https://counted.example/about")
    click("Continue")
    steps.says(page, "We read “Counted” as the company's name.", "What is the deal?")
    needed += steps.required(page)
    steps.fill_deal(page, value="1 200 000,50")
    click("Continue")
    steps.says(page, "Check and register", "Counted", "counted.example", "$1,200,000.50")
    click("Register this deal")
    steps.says(page, "Your deal is registered", "your time", "In line since")
    assert needed <= MOST_FIELDS
    assert len(clicks) <= MOST_CLICKS


def test_register_everything_by_keyboard(portal, window):
    page = window()
    sign_in(page, portal, PAT)
    press(page, "Register a deal")
    write(page, "Company", "Keyboard Works")
    write(page, "Which of its sites", "Graz")
    tab_to(page, "Kind of number")
    page.keyboard.type("D-U-N-S")
    write(page, "Registration number", "150483782")
    press(page, "Continue")
    tab_to(page, "CRM Suite")
    if not page.get_by_label("CRM Suite").is_checked():
        page.keyboard.press("Space")
    write(page, "Value", "12.5k")
    tab_to(page, "Expected close")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    write(page, "Their e-mail address", "Bill L. <bill@keyboard.example>")
    write(page, "Competitor", "Contoso")
    press(page, "Continue")
    steps.says(page, "Graz", "150483782", "Bill L.", "bill@keyboard.example", "Contoso")
    press(page, "Register this deal")
    steps.says(page, "Your deal is registered")
    tab_to(page, "Write a message")
    page.keyboard.press("Enter")
    write(page, "Message", "Minutes follow.")
    press(page, "Send the message")
    steps.says(page, "The vendor is told.", "Minutes follow.")


def test_register_prove_and_hand_over_without_script(portal, window):
    page = steps.sign_in(window(script=False, width=320, dark=True), portal, PAT)
    page.goto(portal.url("/deals/new/"))
    steps.fill_customer(page, "Paper Only Ltd")
    steps.press(page, "Continue")
    steps.fill_deal(page)
    steps.press(page, "Continue")
    page.get_by_role("link", name="Change Files").click()
    _send(page, PROOF)
    steps.says(page, "The file is kept.", "minutes.csv")
    page.get_by_role("link", name="Back to the check page").click()
    steps.says(page, "Check and register", "minutes.csv")
    steps.press(page, "Register this deal")
    steps.says(page, "Your deal is registered", "minutes.csv")
    page.get_by_role("link", name="Hand over").click()
    page.get_by_label("Paula Principal").check()
    steps.press(page, "Hand over")
    steps.says(page, "Paula Principal has the deal now and is told.")
    assert "hands you this deal" in portal.mail("paula@harbor.example", "hands you").mail.subject


def _send(page: Any, file: dict[str, Any]) -> None:
    page.get_by_label("File").set_input_files(file)
    steps.press(page, "Add the file")
