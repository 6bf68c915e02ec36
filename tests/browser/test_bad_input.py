"""What goes wrong on the way, as people see it: a page, a sentence, and nothing lost."""

import pytest

from registrations import services
from registrations.models import Registration
from tests.browser import steps
from tests.browser.portal import link
from tests.browser.steps import MAX, MIA, PAT, SAM
from tests.registrations.conftest import make_approved, make_submitted
from users.models import User

pytestmark = pytest.mark.browser
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
LONG = "x" * 50_000


def person(email):
    return User.objects.get(email=email)


@pytest.fixture
def pat(portal, window):
    return steps.sign_in(window(), portal, PAT)


def summary(page):
    """The summary of what is wrong; it has the focus and leads to the fields."""
    found = page.locator(".summary:focus")
    found.wait_for()
    assert page.title().startswith("Error:")
    return found


@SCRIPT
def test_an_empty_form_says_what_is_missing_and_keeps_the_rest(portal, window, script):
    page = steps.sign_in(window(script=script), portal, PAT)
    page.goto(portal.url("/deals/new/"))
    page.get_by_label("Website").fill("https://www.initech.example/about")
    page.get_by_label("Country").select_option("")
    with page.expect_response(lambda answer: answer.request.is_navigation_request()) as sent:
        steps.press(page, "Continue")
    assert sent.value.status == 422
    found = summary(page)
    assert "Enter the company's name." in found.inner_text()
    assert "Choose the customer's country." in found.inner_text()
    assert page.get_by_label("Website").input_value() == "https://www.initech.example/about"
    found.get_by_role("link", name="Enter the company's name.").click()
    assert page.evaluate("document.activeElement.name") == "company_name"


@SCRIPT
def test_fifty_kilobytes_in_a_name_are_refused_in_one_sentence(portal, window, script):
    page = steps.sign_in(window(script=script), portal, PAT)
    page.goto(portal.url("/deals/new/"))
    page.locator("#id_company_name").evaluate("field => field.removeAttribute('maxlength')")
    steps.fill_customer(page, LONG)
    steps.press(page, "Continue")
    assert "This name is too long" in summary(page).inner_text()
    assert page.get_by_label("Company").input_value() == LONG
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not Registration.objects.filter(company_name__startswith="xxx").exists()


def test_a_form_sent_twice_registers_one_deal(portal, pat):
    pat.goto(portal.url("/deals/"))
    pat.get_by_role("link", name="Register a deal").first.click()
    steps.fill_customer(pat, "Twice Sent")
    pat.get_by_role("button", name="Continue").dblclick()
    steps.fill_deal(pat)
    steps.press(pat, "Continue")
    steps.says(pat, "Check and register")
    other = pat.context.new_page()
    other.goto(pat.url)
    pat.get_by_role("button", name="Register this deal").dblclick()
    steps.says(pat, "Your deal is registered")
    steps.press(other, "Register this deal")
    steps.says(other, "Waiting for the vendor's decision")
    assert Registration.objects.filter(company_name="Twice Sent").count() == 1


def test_a_draft_may_be_left_unfinished(portal, pat):
    pat.goto(portal.url("/deals/new/"))
    pat.get_by_label("Company").fill("Left Early")
    steps.press(pat, "Continue")
    pat.get_by_label("Value", exact=True).fill("no idea")
    steps.press(pat, "Save draft and leave")
    assert summary(pat).get_by_role("listitem").count() == 1
    pat.get_by_label("Value", exact=True).fill("")
    steps.press(pat, "Save draft and leave")
    steps.says(pat, "The draft is saved.", "Left Early", "Draft")
    pat.get_by_role("link", name="Left Early").click()
    assert pat.get_by_label("Company").input_value() == "Left Early"


def test_a_used_or_forged_link_shows_the_truth(portal, window):
    row = make_approved(person(PAT), person(MIA), "Linked Company")
    portal.wait(days=31)
    address = link(portal.mail(PAT, "Linked Company: still active?"), "Still active:")
    services.close_registration(row, "WON", actor=person(PAT))
    page = window()
    page.goto(address)
    steps.says(page, "How it stands now", "Linked Company", "Won", "Open the deal")
    assert page.get_by_role("button", name="Yes, still active").count() == 0
    page.goto(address[:-6] + "aaaaa/")
    steps.says(page, "This link does not work", "Sign in")


def test_a_rivals_address_typed_by_hand_finds_nothing(portal, window):
    row = make_submitted(person(PAT), "Secret Customer")
    sam = steps.sign_in(window(), portal, SAM)
    for path in ("", "deal/", "check/", "close/", "withdraw/"):
        answer = sam.goto(portal.url(f"/deals/{row.reference}/{path}"))
        assert answer.status == 404
        steps.says(sam, "There is nothing here")
        assert "Secret Customer" not in sam.content()
        assert "Harbor" not in sam.content()
    for path in ("/manage/registrations/", f"/manage/registrations/{row.reference}/", "/settings/"):
        assert sam.goto(portal.url(path)).status == 404
    sam.get_by_role("link", name="Go to the start page").click()
    steps.says(sam, "What waits for you")


def test_the_second_of_two_managers_gets_the_sentence(portal, window):
    row = make_submitted(person(PAT), "Contested Company")
    services.confirm_customer(row, None, actor=person(MIA))
    address = portal.url(f"/manage/registrations/{row.reference}/")
    mia, max_ = (steps.sign_in(window(), portal, email) for email in (MIA, MAX))
    mia.goto(address)
    max_.goto(address)
    steps.press(mia, "Take into review")
    steps.says(mia, "This deal is yours to decide.")
    max_.get_by_label("Note to the partner").first.fill("Good luck.")
    steps.press(max_, "Approve")
    assert "Mia Manager took this into review" in summary(max_).inner_text()
    assert max_.get_by_label("Note to the partner").first.input_value() == "Good luck."
    steps.press(max_, "Approve")  # knowing how it stands now
    steps.says(max_, "Approved Contested Company for Harbor")
    mia.locator("summary", has_text="Decline").click()
    mia.get_by_label("We serve this customer ourselves").check()
    mia.get_by_label("Note to the partner").last.fill("Sorry.")
    steps.press(mia, "Decline")
    assert "Max Manager decided this" in summary(mia).inner_text()
    steps.says(mia, "Approved", "Protected until")


@SCRIPT
def test_an_expired_session_keeps_what_was_typed(portal, window, script):
    page = steps.sign_in(window(script=script), portal, PAT)
    page.goto(portal.url("/deals/new/"))
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Company").fill("Typed Too Long")
    page.get_by_label("Website").fill("typed.example")
    if script:
        page.get_by_role("status").get_by_text("you are signed out").wait_for()
    steps.press(page, "Continue")
    steps.says(page, "Sign in and what you typed is still here.")
    steps.fill_sign_in(page, PAT)
    steps.says(page, "Who is the customer?")
    assert page.get_by_label("Company").input_value() == "Typed Too Long"
    assert page.get_by_label("Website").input_value() == "typed.example"
    steps.press(page, "Continue")
    steps.says(page, "What is the deal?", "Typed Too Long")
