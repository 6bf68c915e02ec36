"""The referee's desk: thirty conflicts cleared by keyboard alone, one without script, one taken back."""

import logging
import re
import time

import pytest

from registrations import services
from registrations.enums import State
from registrations.models import Decision, Registration
from tests.browser import steps
from tests.browser.steps import MAX, MIA, PAT, SAM
from tests.registrations.conftest import make_submitted
from users.models import User

pytestmark = pytest.mark.browser
log = logging.getLogger(__name__)

CONFLICTS = 30
ALLOWED = 15 * 60
"""Seconds that a channel manager has for thirty conflicts."""
NAMES = (
    "Aldgate", "Brixworth", "Calloway", "Dunmore", "Eastlake", "Farringdon", "Gatwell", "Hollis",
    "Inverness", "Jasperton", "Kelvin", "Larkspur", "Montrose", "Northgate", "Ormond",
)  # fmt: skip


def person(email: str) -> User:
    return User.objects.get(email=email)


def seed() -> list[Registration]:
    """Fifteen customers that two partners want: thirty cases, each in conflict with another."""
    rows = []
    for name in NAMES:
        site = f"{name.lower()}.example"
        pair = [make_submitted(person(who), f"{name} Works", website=site) for who in (PAT, SAM)]
        services.confirm_customer(pair[0], None, actor=person(MIA))
        rows += pair
    return rows


def key(page, letter):
    """Press a key that leads to another page, and wait for it."""
    with page.expect_navigation():
        page.keyboard.press(letter)


def decline(page):
    """D, a reason, a sentence, Ctrl+Enter."""
    page.keyboard.press("d")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Somebody has worked with this customer for some time.")
    with page.expect_navigation():
        page.keyboard.press("ControlOrMeta+Enter")


def test_thirty_conflicts_by_keyboard_alone(portal, window):
    rows = seed()
    page = steps.sign_in(window(), portal, MIA)
    page.goto(portal.url("/manage/registrations/"))
    steps.says(page, "Decisions", f"{CONFLICTS} results")
    began = time.monotonic()
    page.keyboard.press("j")
    key(page, "Enter")
    keys = {"approve": 0, "line": 0, "decline": 0}
    for left in range(CONFLICTS, 0, -1):
        bar = page.locator(".desk-bar").inner_text()
        assert page.locator(".desk-left").inner_text().startswith("All waiting")
        assert f"{left} left" in page.locator(".desk-left").inner_text()
        if left % 5 == 0:
            decline(page)
            keys["decline"] += 1
        elif "Put in line" in bar:
            key(page, "l")
            keys["line"] += 1
        else:
            key(page, "a")
            keys["approve"] += 1
    took = time.monotonic() - began
    steps.says(page, "All clear")
    log.info("%s conflicts by keyboard in %.1f s: %s", CONFLICTS, took, keys)
    assert took < ALLOWED
    states = set(Registration.objects.filter(pk__in=[row.pk for row in rows]).values_list("state"))
    assert states == {(State.APPROVED,), (State.QUEUED,), (State.REJECTED,)}


def test_undo_by_one_key_until_the_half_minute_is_over(portal, window):
    row = make_submitted(person(PAT), "Regretted Company", website="regretted.example")
    services.confirm_customer(row, None, actor=person(MIA))
    page = steps.sign_in(window(), portal, MIA)
    page.goto(portal.url(f"/manage/registrations/{row.reference}/"))
    key(page, "a")
    steps.says(page, "Approved Regretted Company for Harbor", "Undo", "until")
    key(page, "z")
    steps.says(page, "Taken back: nothing was sent", "Regretted Company")
    row.refresh_from_db()
    assert row.state == State.IN_REVIEW
    portal.wait(seconds=31)
    assert not portal.mails(PAT, "Regretted Company: approved")

    key(page, "a")
    portal.wait(seconds=31)
    page.reload()
    steps.says(page, "Approved Regretted Company for Harbor", "The partner has been told.")
    assert portal.mails(PAT, "approved")
    assert page.get_by_role("button", name="Undo").count() == 0


def test_keys_are_shown_and_can_be_switched_off(portal, window):
    row = make_submitted(person(PAT), "Quiet Company")
    page = steps.sign_in(window(), portal, MAX)
    page.goto(portal.url(f"/manage/registrations/{row.reference}/"))
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    assert "Decline; duplicate of" in dialog.inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.name") == "question"
    page.keyboard.type("ad")  # inside a field, letters are letters
    assert page.evaluate("document.activeElement.value") == "ad"
    with page.expect_navigation():
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("g")
        page.keyboard.press("d")
    assert page.url.endswith("/manage/registrations/")
    person(MAX)
    User.objects.filter(email=MAX).update(shortcuts=False)
    page.goto(portal.url(f"/manage/registrations/{row.reference}/"))
    page.keyboard.press("d")
    assert not page.locator("details[open] #decline").count()


def test_a_case_without_script(portal, window):
    row = make_submitted(person(PAT), "Plain Company", website="plain.example")
    page = steps.sign_in(window(script=False, width=320), portal, MIA)
    page.goto(portal.url(f"/manage/registrations/{row.reference}/"))
    page.get_by_role("link", name="Decline").click()
    page.get_by_label("We serve this customer ourselves").check()
    page.get_by_label("Note to the partner").last.fill("Our own team looks after Plain.")
    steps.press(page, "Show as the partner reads it")
    steps.says(page, "The partner will read:", "We serve this customer ourselves")
    steps.press(page, "Decline")
    steps.says(page, "Declined Plain Company for Harbor", "until")
    assert re.search(r"until \d\d:\d\d:\d\d", page.locator(".desk-last").inner_text())
    steps.press(page, "Undo")
    steps.says(page, "Taken back: nothing was sent", "Plain Company")
    made = Decision.objects.filter(registration=row).latest("pk")
    assert made.undone_at is not None


def test_a_decline_is_previewed_as_it_is_typed(portal, window):
    row = make_submitted(person(SAM), "Preview Company")
    page = steps.sign_in(window(), portal, MIA)
    page.goto(portal.url(f"/manage/registrations/{row.reference}/"))
    page.keyboard.press("d")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Not this year.")
    page.locator(".desk-preview").get_by_text("Not this year.").wait_for()
    assert "This customer is not available" in page.locator(".desk-preview").inner_text()
