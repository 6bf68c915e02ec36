"""The partner's list: tabs by what a deal waits for, with counts, in CSV too."""

import pytest
from django.urls import reverse

from registrations import services
from registrations.views.tabs import STATES

pytestmark = pytest.mark.django_db

LIST = reverse("registrations:list")


@pytest.fixture
def deals(draft, submitted, approved, pat, mia):
    draft(pat, "Drafted")
    submitted(pat, "Sent")
    services.ask_for_more(submitted(pat, "Asked"), actor=mia, question="Who?")
    approved(pat, "Held")
    services.withdraw_registration(submitted(pat, "Gone"), actor=pat)


def counts(client, url=LIST):
    page = client.get(url).context["list"]
    return {str(tab.label): tab.count for tab in page.views}


def test_tabs_count_what_they_show(browse, deals, pat, travel):
    client = browse(pat)
    assert counts(client) == {
        "All": 5,
        "Drafts": 1,
        "With the vendor": 1,
        "Answer needed": 1,
        "In line": 0,
        "Protected": 1,
        "Ending soon": 0,
        "Closed": 1,
    }
    travel(days=70)
    assert counts(client)["Ending soon"] == 1


@pytest.mark.parametrize(
    ("tab", "company"),
    [
        ("drafts", "Drafted"),
        ("vendor", "Sent"),
        ("answer", "Asked"),
        ("protected", "Held"),
        ("closed", "Gone"),
    ],
)
def test_a_tab_shows_its_deals_only(browse, deals, pat, tab, company):
    client = browse(pat)
    rows = client.get(LIST, {"view": tab}).context["list"].rows
    assert [row.item.company_name for row in rows] == [company]
    csv = b"".join(client.get(LIST, {"view": tab, "export": "csv"}).streaming_content).decode()
    assert company in csv
    assert csv.count("\n") == 2


def test_an_unknown_tab_is_all_and_an_empty_one_says_so(browse, deals, pat):
    client = browse(pat)
    assert len(client.get(LIST, {"view": "nonsense"}).context["list"].rows) == 5
    assert (
        "No deal of yours stands like this." in client.get(LIST, {"view": "line"}).content.decode()
    )


def test_tabs_count_nobody_elses(browse, deals, sam):
    assert set(counts(browse(sam)).values()) == {0}


def test_tabs_cost_the_same_whatever_is_there(
    browse, deals, pat, submitted, django_assert_max_num_queries
):
    client = browse(pat)
    client.get(LIST)
    with django_assert_max_num_queries(12):
        client.get(LIST)
    assert next(iter(STATES)) == ""
