"""A second vendor made in the browser, with no seed: from the operators' console to the reminder mail.

Web and worker are real processes. Nothing is done behind the pages: portals are built by the worker,
mails are read in the demo's mailbox, and time passes by the demo's bar.
"""

import re

import pytest

from tenants.models import Tenant
from tests.browser import processes, steps, vendor_leads
from tests.world import PASSWORD

pytestmark = pytest.mark.browser

VENDOR = "initrode"
ADMINISTRATOR, MANAGER = "bill@initrode.example", "milton@initrode.example"
SELLERS = {"North Star": "nora@northstar.example", "Westwind": "wes@westwind.example"}


@pytest.fixture(scope="module")
def portal(own_database, tmp_path_factory):
    """The portal in processes of its own; every tenant is a demo, so the demo's doors are open."""
    Tenant.objects.update(is_demo=True)
    with processes.running(own_database, tmp_path_factory.mktemp("portal")) as running:
        yield running


def test_a_second_vendor_walks_the_whole_line(portal, window):
    open_portal(window(), portal)
    ada = join(window(), portal, ADMINISTRATOR, "Bill Lumbergh")
    set_up(ada, portal)
    manager = join(window(), portal, MANAGER, "Milton Waddams")
    add_partners(manager, portal)
    nora, wes = (join(window(), portal, email, None) for email in SELLERS.values())
    ours = steps.register(nora, "I.B.M.", line="Printers")
    steps.says(nora, "CHF")
    steps.register(wes, "International Business Machines Corp.", line="Printers")
    approve(manager, portal, ours)
    vendor_leads.walk(
        lambda email, name: join(window(), portal, email, name),
        lambda path: portal.url(path, VENDOR),
        {"bill": ada, "milton": manager, "nora": nora},
    )
    remind(nora, portal)


def open_portal(page, portal):
    """Olga opens a portal; it is live some seconds later."""
    page.goto(portal.url(schema="ops"))
    steps.fill_sign_in(page, "olga@operator.example")
    page.get_by_role("link", name="New portal").click()
    page.get_by_label("Name", exact=True).fill("Initrode")
    page.get_by_label("Host name").fill(VENDOR)
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    page.get_by_label("Country").select_option("DE")
    page.get_by_label("First administrator's name").fill("Bill")
    page.get_by_label("First administrator's e-mail address").fill(ADMINISTRATOR)
    steps.press(page, "Open the portal")
    steps.says(page, "Visit the portal", "Live", within=150)


def mail(page, portal, address, subject=""):
    """Open somebody's newest mail in the demo's mailbox; return its body as the reader sees it."""
    for _ in range(100):
        page.goto(portal.url(f"/demo/mail/?to={address}", VENDOR))
        found = page.locator("td.first a", has_text=subject)
        if found.count():
            found.first.click()
            return page.frame_locator("iframe.demo-body").first
        page.wait_for_timeout(200)
    raise AssertionError(f"no mail “{subject}” to {address}")


def join(page, portal, address, name):
    """Follow the invitation from the mailbox, choose a name and a password, and be in."""
    mail(page, portal, address).get_by_role("link").first.click()
    steps.says(page, "Join Initrode", address)
    if name:
        page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    steps.press(page, "Join")
    page.wait_for_url(lambda url: "/a/" not in url)
    return page


def go(page, *names):
    """Follow links of these names, one after the other."""
    for name in names:
        page.get_by_role("link", name=name, exact=True).first.click()


def set_up(page, portal):
    """The administrator sets hours and currency, fills the catalog, and invites a channel manager."""
    steps.says(page, "A new portal", "Add product lines")
    page.goto(portal.url("/settings/hours/", VENDOR))
    page.get_by_label("Friday").fill("09:00-12:30, 13:30-16:00")
    steps.press(page, "Save opening hours")
    steps.says(page, "13:30")
    page.goto(portal.url("/settings/currency/", VENDOR))
    page.get_by_label("Currency").select_option("CHF")
    steps.press(page, "Save")
    for kind, names in (("product-lines", ["Printers", "Scanners"]), ("territories", ["DACH"])):
        for name in names:
            page.goto(portal.url(f"/settings/catalog/{kind}/", VENDOR))
            go(page, "Add an entry")
            page.get_by_label("Name", exact=True).fill(name)
            if kind == "territories":
                page.get_by_label("Countries").fill("Germany, AT, CH")
            steps.press(page, "Add")
            steps.says(page, name)
    page.goto(portal.url("/settings/people/", VENDOR))
    go(page, "Invite somebody")
    page.get_by_label("E-mail address").fill(MANAGER)
    page.get_by_label("Channel manager").check()
    steps.press(page, "Send invitation")
    steps.says(page, MANAGER)


def add_partners(page, portal):
    """The channel manager adds two partners and invites a seller to each."""
    for partner, seller in SELLERS.items():
        page.goto(portal.url("/manage/partners/", VENDOR))
        go(page, "Add a partner")
        page.get_by_label("Name", exact=True).fill(partner)
        page.get_by_label("Country").select_option("DE")
        steps.press(page, "Add")
        go(page, "Invite somebody")
        page.get_by_label("Name", exact=True).fill(seller.partition("@")[0].title())
        page.get_by_label("E-mail address").fill(seller)
        page.get_by_label("Role").select_option(label="Seller")
        steps.press(page, "Send the invitation")
        steps.says(page, partner, seller)


def approve(page, portal, reference):
    """The channel manager sees both side by side, confirms the customer and approves the first."""
    page.goto(portal.url(schema=VENDOR))
    page.get_by_role("link", name="I.B.M.").click()
    steps.says(page, "Waiting elsewhere: Westwind", "are known names of one company")
    steps.press(page, "Same company International Business Machines Corp.")
    page.get_by_label("Approve in spite of the open conflicts").check()
    steps.press(page, "Approve")
    steps.says(page, "Approved I.B.M. for", "Undo")
    page.goto(portal.url(f"/manage/registrations/{reference}/", schema=VENDOR))
    steps.says(page, "Protected until", reference)


def remind(page, portal):
    """Time passes by the bar; the seller answers from the mail without signing in."""
    page.goto(portal.url(schema=VENDOR))
    for step in ("+14 days", "+14 days", "+1 day", "+1 day", "+1 day"):
        steps.press(page, step)
        page.wait_for_load_state()
    body = mail(page, portal, SELLERS["North Star"], "still active?")
    body.get_by_role("link", name=re.compile("still active", re.I)).first.click()
    page.context.clear_cookies()
    page.reload()
    steps.press(page, "Yes, still active")
    steps.says(page, "Thank you", "Noted: this deal is still active.")
