"""Register a deal and decide it without a pointer: Tab, typing, Space, Enter; the focus is always seen."""

import pytest

from tests.browser import steps
from tests.browser.steps import MIA, PAT
from tests.world import PASSWORD

pytestmark = pytest.mark.browser

FOCUS = """() => {
    const it = document.activeElement, style = getComputedStyle(it);
    const name = it.labels?.length ? it.labels[0].innerText : it.getAttribute("aria-label") || it.innerText;
    // a tile's link wears its ring around the whole tile, on the box that makes all of it a link
    const rings = [style, getComputedStyle(it, "::after")];
    const ring = rings.some(s => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2);
    const box = it.getBoundingClientRect();
    const seen = box.top >= 0 && box.bottom <= innerHeight && it.contains(document.elementFromPoint(
        box.left + Math.min(8, box.width / 2), box.top + Math.min(8, box.height / 2))) ;
    return {name: (name || "").replace(/\\s+/g, " ").trim(), ring, seen, tag: it.tagName, type: it.type};
}"""


def tab_to(page, name, limit=60):
    """Press Tab until the focus is on something of that name; every stop on the way must be seen."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        assert at["tag"] == "BODY" or at["ring"], f"no focus ring on {at}"
        if at["name"].startswith(name):
            for _ in range(40):  # scrolling to it takes a frame
                if at["seen"]:
                    return
                page.wait_for_timeout(25)
                at = page.evaluate(FOCUS)
            raise AssertionError(f"the focus is hidden on {at}")
    raise AssertionError(f"Tab does not lead to “{name}” on {page.url}")


def write(page, name, text):
    tab_to(page, name)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def press(page, name):
    """Go to a button or link, press Enter, and wait for the page that follows."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in(page, portal, email):
    page.goto(portal.url())
    write(page, "E-mail address", email)
    write(page, "Password", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_register_and_decide_without_a_pointer(portal, window):
    pat = window()
    sign_in(pat, portal, PAT)
    press(pat, "Register a deal")
    write(pat, "Company", "Keyboard Company")
    write(pat, "Website", "keyboard.example")
    tab_to(pat, "Country")
    pat.keyboard.type("Canada")
    with pat.expect_navigation():
        pat.keyboard.press("ControlOrMeta+Enter")
    tab_to(pat, "ERP Cloud")
    pat.keyboard.press("Space")
    write(pat, "Value", "1.2m")
    tab_to(pat, "Expected close")
    pat.keyboard.press("ArrowDown")
    pat.keyboard.press("ArrowDown")
    press(pat, "Continue")
    steps.says(pat, "Keyboard Company", "Canada", "ERP Cloud", "$1,200,000")
    press(pat, "Register this deal")
    steps.says(pat, "Your deal is registered")

    mia = window()
    sign_in(mia, portal, MIA)
    press(mia, "Keyboard Company")
    press(mia, "Confirm as a new company")
    steps.says(mia, "The customer is confirmed.")
    tab_to(mia, "Decide")
    mia.keyboard.press("Enter")
    write(mia, "Note to the partner", "Go ahead.")
    press(mia, "Approve")
    steps.says(mia, "Approved Keyboard Company for Harbor", "Undo", "All clear")
    pat.reload()
    steps.says(pat, "Go ahead.")


def test_skip_link_menu_and_errors_without_a_pointer(portal, window):
    page = window(width=320)
    sign_in(page, portal, PAT)
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["name"] == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto(portal.url("/deals/new/"))
    tab_to(page, "Menu")
    page.keyboard.press("Enter")
    press(page, "Deals")
    press(page, "Register a deal")
    press(page, "Continue")
    tab_to(page, "Company: Enter the company's name.")
    page.keyboard.press("Enter")
    page.keyboard.type("Found By Keyboard")
    assert page.get_by_label("Company").input_value() == "Found By Keyboard"
