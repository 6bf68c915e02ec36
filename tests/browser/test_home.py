"""From the home page to the list behind a number, the report and its files, and acting for somebody.

In real Chromium, each walk with JavaScript and without.
"""

import re

import pytest

from prm.tenancy import context
from tests.browser import steps
from tests.browser.axe import assert_axe_clean, assert_no_sideways_scroll
from tests.registrations.conftest import make_draft, make_submitted
from users.models import User

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


@pytest.fixture(scope="module", autouse=True)
def deals(portal, django_db_blocker):
    """Some deals of both partners, for every walk of this module."""
    with django_db_blocker.unblock(), context.entered("acme"):
        pat, sam = (User.objects.get(email=email) for email in (steps.PAT, steps.SAM))
        make_draft(pat, "Draftworks")
        make_submitted(pat, "Initech Inc", website="initech.example")
        make_submitted(sam, "INITECH", website="initech.example")
        make_submitted(pat, "Hooli", website="hooli.example")


def _open_tile(page, label: str) -> int:
    """Follow a tile; return the number that it showed."""
    tile = page.locator(".tile", has=page.get_by_role("link", name=label))
    number = int(tile.locator(".tile-value").inner_text())
    tile.get_by_role("link").click()
    page.locator("#list").wait_for()
    return number


@BOTH
@pytest.mark.parametrize(
    ("email", "label"),
    [(steps.PAT, "Drafts"), (steps.PAT, "With the vendor"), (steps.MIA, "With open conflicts")],
)
def test_from_home_over_a_tile_to_its_list(portal, window, script, email, label):
    page = steps.sign_in(window(script=script), portal, email)
    steps.says(page, "What waits for you")
    number = _open_tile(page, label)
    results = f"{number} result" if number == 1 else f"{number} results"
    steps.says(page, results)
    assert page.locator("#list tbody tr").count() == number


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_home_is_clean_while_acting_too(portal, window, width, dark):
    page = steps.sign_in(window(width=width, dark=dark), portal, steps.MIA)
    assert_axe_clean(page)
    _act_for_pat(page, portal)
    assert_axe_clean(page)
    assert_no_sideways_scroll(page)
    steps.press(page, "Stop")


@BOTH
def test_the_report_and_its_files(portal, window, script, tmp_path):
    page = steps.sign_in(window(script=script), portal, steps.MIA)
    page.goto(portal.url("/reports/companies/"))
    steps.says(page, "Open deals by company", "Initech Inc", "INITECH", "Hooli")
    page.get_by_label("Search", exact=True).fill("initech")
    page.get_by_role("button", name="Apply").click()
    steps.says(page, "1 result")
    with page.expect_download() as started:
        page.get_by_role("link", name="Download CSV").click()
    started.value.save_as(tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text("utf-8-sig")
    assert text.splitlines()[1].startswith("Initech Inc,INITECH,")
    assert len(text.splitlines()) == 2
    with page.expect_download() as started:
        page.get_by_role("link", name="Download PDF").click()
    started.value.save_as(tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")
    assert started.value.suggested_filename == "open-deals-by-company.pdf"


@BOTH
def test_staff_act_for_a_seller_and_stop(portal, window, script):
    page = steps.sign_in(window(script=script), portal, steps.MIA)
    _act_for_pat(page, portal)
    reference = steps.register(page, f"Fabrikam {script}")
    bar = page.locator(".acting").inner_text()
    assert re.search(r"You act for Pat Seller of Harbor – until \d\d:\d\d", bar)
    steps.says(page, "Mia Manager for Pat Seller")
    steps.press(page, "Stop")
    steps.says(page, "You no longer act for Pat Seller of Harbor.", "On the telephone")
    page.goto(portal.url(f"/manage/registrations/{reference}/"))
    steps.says(page, "Mia Manager for Pat Seller")


def _act_for_pat(page, portal):
    page.goto(portal.url("/manage/partners/P-TEST-0000/"))
    page.get_by_role("link", name="Act for this person Pat Seller").click()
    page.get_by_label("Reason").fill("On the telephone")
    steps.press(page, "Start")
    steps.says(page, "What waits for you")
    page.locator(".acting").wait_for()
