"""A partner learns nothing from registering: free, held, asked for or the vendor's own look the same."""

import re
import uuid
from datetime import timedelta

import pytest

from catalog.models import ProductLine
from prm import clock
from prm.tenancy import context
from registrations.models import Registration, RegistrationConflict
from tests.standing.sending import undone

NAME = "Plain Widgets"
SITES = {
    "free": "plain-widgets.example",
    "held by the rival": "holdings-rival.example",
    "asked for by the rival": "initech-both.example",
    "the vendor's own": "direct-customer.example",
}
CHANGING = (  # what differs between any two pages
    r'name="csrfmiddlewaretoken" value="[^"]*"', r"[a-z]+(-[a-z]+)*\.example",
    r"D-[0-9A-Z]{4}-[0-9A-Z]{4}", r"\d{1,2}:\d\d(:\d\d)?", r'datetime="[^"]*"', r'data-now="\d+"', r"\b[0-9a-f]{16,}\b",
)  # fmt: skip

OWN_CONTACT = r' value="kwharbor[^"]*"'
"""Pat's own contact of an earlier deal with the same customer, offered again: nothing of others."""


def _register(client, website: str, code: str) -> tuple[str, int]:
    """Walk the whole form; return all pages seen on the way and how many conflicts were flagged."""
    with context.entered("acme"):
        line = ProductLine.objects.get(code=code).pk
    token = uuid.uuid4()
    customer = {"token": token, "company_name": NAME, "website": website, "country": "US"}
    deal = {
        "product_lines": [line], "value": "9000", "currency": "USD", "stage": "QUALIFIED",
        "expected_close": f"{clock.now() + timedelta(days=40):%Y-%m}",
    }  # fmt: skip
    pages = []
    response = client.post("/deals/new/", customer)
    for form in (deal, {}):
        pages.append(client.get(response["Location"]).content.decode())
        response = client.post(response["Location"], form)
    pages.append(client.get(response["Location"]).content.decode())
    pages.append(client.get("/deals/?q=Plain").content.decode())
    pages.append(client.get("/deals/?q=Plain&export=csv").getvalue().decode())
    with context.entered("acme"):
        row = Registration.objects.get(token=token)
        found = RegistrationConflict.objects.filter(registration=row, settled_at=None).count()
    text = re.sub(OWN_CONTACT, "", "\n".join(pages))
    for changing in CHANGING:
        text = re.sub(changing, "*", text)
    return text, found


@pytest.fixture(scope="module")
def walks(world, clients):
    """The pages of four registrations that differ in what they collide with; none has happened."""
    found = {}
    for case, website in SITES.items():
        with undone():
            found[case] = _register(clients["pat"], website, world.of("acme")["line"])
    return found


def test_the_cases_do_differ_for_the_vendor(walks):
    assert {case: bool(conflicts) for case, (_text, conflicts) in walks.items()} == {
        "free": False,
        "held by the rival": True,
        "asked for by the rival": True,
        "the vendor's own": True,
    }


@pytest.mark.parametrize("case", [case for case in SITES if case != "free"])
def test_they_look_the_same_to_the_partner(case, walks):
    assert walks[case][0].splitlines() == walks["free"][0].splitlines()
