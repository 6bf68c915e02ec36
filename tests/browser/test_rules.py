"""Change a rule in real Chromium: by keyboard alone, and on a phone in the dark without JavaScript."""

import pytest

from tests.browser import steps
from tests.browser.axe import assert_axe_clean
from tests.browser.test_keyboard import press, tab_to, write
from tests.browser.test_keyboard import sign_in as sign_in_by_keyboard

pytestmark = pytest.mark.browser
ADA = "ada@acme.example"
URL = "/settings/rules/leads-distribution/"


def choose(page, name, letters, then):
    """Choose from a list by typing, and wait for the input that fits."""
    tab_to(page, name)
    page.keyboard.type(letters)
    page.locator(then).wait_for()


def reach(page, name):
    """Press Tab until the element of that id has the focus; a tall one may be seen in part."""
    for _stop in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == name:
            return
    raise AssertionError(f"Tab does not lead to {name}")


def test_a_rule_is_changed_without_a_pointer(portal, window):
    page = window()
    sign_in_by_keyboard(page, portal, ADA)
    page.goto(portal.url(URL))
    press(page, "Change these rules")
    press(page, "Add a rule")
    write(page, "English", "Large leads")
    press(page, "Add a condition")
    choose(page, "Field", "value", "[id='id-op-0.0']")
    assert page.evaluate("document.activeElement.id") == "id-field-0.0"
    choose(page, "Comparison", "is at l", "[id='id-value-0.0']")
    write(page, "Value for value", "50k")
    write(page, "Working days to accept", "1")
    press(page, "Save in the draft")
    steps.says(page, "When value is at least $50,000", "to be accepted within 1 working day")
    assert_axe_clean(page)
    reach(page, "id_note")
    page.keyboard.type("Large ones are answered first")
    press(page, "Publish as a new version")
    steps.says(page, "is in force now", "Large leads", "“Large ones are answered first”")
    press(page, "Explain a case")
    steps.says(page, "Explain a case")


def test_a_rule_is_changed_without_script(portal, window):
    page = window(script=False, width=320, dark=True)
    steps.sign_in(page, portal, ADA)
    page.goto(portal.url(f"{URL}draft/"))
    steps.press(page, "Add a rule")
    page.get_by_label("English").fill("Hot or German")
    steps.press(page, "Add a condition")
    assert page.get_by_label("English").input_value() == "Hot or German"
    page.get_by_label("Field").select_option("rating")
    page.get_by_role("button", name="Show what fits").click()
    page.get_by_label("Value for rating").select_option("HOT")
    steps.press(page, "Add a group")
    page.get_by_label("Field").nth(1).select_option("country")
    page.get_by_role("button", name="Show what fits").nth(1).click()
    page.get_by_label("Value for country of the customer").select_option("DE")
    page.get_by_label("The rule matches when").select_option("any")
    steps.press(page, "Save in the draft")
    steps.says(page, "Hot or German", "rating is hot or country of the customer is Germany",
               "Nothing follows from this rule")  # fmt: skip
    page.get_by_role("link", name="Edit “Hot or German”").click()
    page.get_by_label("Working days to accept").fill("soon")
    steps.press(page, "Save in the draft")
    steps.says(page, "There is a problem", "This must be a number.")
    assert page.get_by_label("Working days to accept").input_value() == "soon"
    page.get_by_label("Working days to accept").fill("3")
    steps.press(page, "Save in the draft")
    if page.get_by_role("button", name="Up “Hot or German”").count():
        page.get_by_role("button", name="Up “Hot or German”").click()
    page.get_by_label("What changes and why").fill("Sooner")
    steps.press(page, "Publish as a new version")
    steps.says(page, "is in force now", "to be accepted within 3 working days")
