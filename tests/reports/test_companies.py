"""Open deals by company: grouped by identity, filtered, sorted, as a page, a CSV and a PDF."""

import re
import zlib
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from companies import services as companies
from companies.models import Company
from prm import clock, documents
from registrations import services
from registrations.models import Registration
from reports import selectors
from tests.registrations.conftest import make_approved, make_draft, make_submitted

URL = "/reports/companies/"
MOST_QUERIES = 10


@pytest.fixture
def deals(pat, sam, mia) -> None:
    """Initech twice under two spellings, Hooli once, and what does not count."""
    make_submitted(pat, "Initech Inc", website="initech.example")
    make_submitted(
        sam,
        "INITECH",
        website="initech.example",
        currency="EUR",
        value=Decimal("500"),
        lines=("erp",),
    )
    asked = make_submitted(pat, "Hooli", website="hooli.example", country="GB")
    services.ask_for_more(asked, actor=mia, question="When?")
    make_draft(pat, "Only a draft")
    make_approved(pat, mia, "Decided Ltd", website="decided.example")


def rows(client: Any, query: str = "") -> dict[str, Any]:
    page = client.get(f"{URL}{query}")
    assert page.status_code == 200
    return {row.item["name"]: row.item for row in page.context["list"].rows}


def test_one_row_per_company_whatever_was_typed(deals, browse, mia):
    found = rows(browse(mia))
    assert set(found) == {"Initech Inc", "Hooli"}
    initech = found["Initech Inc"]
    assert (initech["deals"], initech["partners"]) == (2, 2)
    assert selectors.totals(initech) == [("EUR", Decimal("500")), ("USD", Decimal("12500"))]
    assert selectors.other_spellings(initech) == ["INITECH"]
    assert [(str(s.label), n) for s, n in selectors.states(initech)] == [("Submitted", 2)]
    assert initech["oldest"] == Registration.objects.get(company_name="Initech Inc").submitted_at


def test_the_page_shows_it_and_leads_to_the_company(deals, browse, mia):
    page = browse(mia).get(URL).content.decode()
    company = Company.objects.get(name="Initech Inc")
    for part in (
        f'href="/manage/companies/{company.uid}/"',
        "INITECH",
        "$12,500",
        "€500",
        "2 × Submitted",
    ):
        assert part in page, part


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?state=ACTION_REQUIRED", {"Hooli"}),
        ("?state=SUBMITTED&state=ACTION_REQUIRED", {"Initech Inc", "Hooli"}),
        ("?country=GB", {"Hooli"}),
        ("?q=hool", {"Hooli"}),
        ("?q=INITECH", {"Initech Inc"}),
        ("?q=nothing+like+it", set()),
        ("?since=2999-01-01", set()),
        ("?until=2999-01-01", {"Initech Inc", "Hooli"}),
        ("?until=9999-12-31", {"Initech Inc", "Hooli"}),
        (
            "?line=nonsense&partner=-1&state=X&since=tomorrow&page=zero&sort=pk",
            {"Initech Inc", "Hooli"},
        ),
    ],
)
def test_filters(deals, browse, mia, query, names):
    assert set(rows(browse(mia), query)) == names


def test_filters_by_record(deals, browse, mia, summit, harbor):
    from catalog.models import ProductLine, Territory

    client = browse(mia)
    line = ProductLine.objects.get(code="erp")
    place = Territory.objects.get(code="uki")
    assert rows(client, f"?line={line.pk}")["Initech Inc"]["deals"] == 1
    assert set(rows(client, f"?place={place.pk}")) == {"Hooli"}
    assert set(rows(client, f"?partner={summit.pk}")) == {"Initech Inc"}
    harbor.change(manager=mia)
    by_manager = rows(client, f"?manager={mia.pk}")
    assert (set(by_manager), by_manager["Initech Inc"]["partners"]) == ({"Initech Inc", "Hooli"}, 1)


def test_it_is_found_by_an_alias_that_nobody_typed(deals, browse, mia):
    company = Company.objects.get(name="Initech Inc")
    companies.add_name(company, name="Penetrode", actor=mia)
    assert set(rows(browse(mia), "?q=penetrode")) == {"Initech Inc"}


@pytest.mark.parametrize("sort", ["company", "country", "deals", "partners", "oldest"])
def test_every_order_goes_both_ways(deals, browse, mia, sort):
    client = browse(mia)
    forward, backward = list(rows(client, f"?sort={sort}")), list(rows(client, f"?sort=-{sort}"))
    assert forward == backward[::-1]


def test_pages_do_not_overlap(deals, browse, mia, pat):
    for number in range(12):
        make_submitted(pat, f"Firm {number}", website=f"firm{number}.example")
    client = browse(mia)
    first, second = rows(client, "?size=10"), rows(client, "?size=10&page=2")
    assert (len(first), len(second), len(first.keys() | second.keys())) == (10, 4, 14)


@pytest.mark.parametrize("query", ["", "?q=initech", "?sort=-deals", "?state=SUBMITTED&country=US"])
def test_it_costs_the_same_whatever_there_is(deals, browse, mia, pat, queries, query):
    client = browse(mia)
    client.get(f"{URL}{query}")
    with queries() as before:
        client.get(f"{URL}{query}")
    for number in range(3):
        make_submitted(pat, f"Firm {number}", website=f"firm{number}.example")
    with queries() as after:
        client.get(f"{URL}{query}")
    assert len(after) == len(before) <= MOST_QUERIES, after.sql


def test_the_csv_has_everything_and_runs_nothing(deals, browse, mia, pat):
    make_submitted(pat, "=HYPERLINK(1)", website="evil.example")
    answer = browse(mia).get(f"{URL}?export=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0] == "Company,Also typed as,Country,Deals,Partners,Value,Status,Oldest registered"
    assert any(
        line.startswith("Initech Inc,INITECH,") and "EUR 500.00; USD 12500.00" in line
        for line in lines
    )
    assert any(line.startswith("'=HYPERLINK") for line in lines)
    assert "open-deals-by-company.csv" in answer["Content-Disposition"]


def test_the_pdf_is_a_file(deals, browse, mia):
    answer = browse(mia).get(f"{URL}?export=pdf&country=GB")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert "open-deals-by-company.pdf" in answer["Content-Disposition"]
    assert answer.content.startswith(b"%PDF-")
    streams = re.findall(rb"stream\r?\n(x.*?)\r?\nendstream", answer.content, re.DOTALL)
    assert any(b"Open deals by company" in zlib.decompressobj().decompress(s) for s in streams)


@pytest.fixture
def printed(monkeypatch) -> list[str]:
    """The HTML of what is printed, instead of the PDF."""
    found: list[str] = []

    def render(template: str, context: Any, **more: Any) -> bytes:
        found.append(documents.render_html(template, context, **more))
        return b"%PDF-"

    monkeypatch.setattr("reports.views.companies.documents.render", render)
    return found


def test_the_pdf_says_what_narrows_it(deals, browse, mia, printed):
    browse(mia).get(f"{URL}?export=pdf&country=GB&q=hool")
    (html,) = printed
    assert "1 company · Search: “hool” · Country: United Kingdom" in " ".join(html.split())
    assert "Hooli" in html
    assert "Initech" not in html


def test_a_long_report_says_what_was_left_off(deals, browse, mia, printed, monkeypatch):
    monkeypatch.setattr("reports.views.companies.MOST_PRINTED", 1)
    browse(mia).get(f"{URL}?export=pdf")
    assert "This document shows the first 1 of 2." in printed[0]
    assert printed[0].count("<tr><td>") == 1


def test_a_pdf_that_fails_is_a_sentence_on_the_page(deals, browse, mia, monkeypatch):
    def fail(*args: Any, **kwargs: Any) -> bytes:
        raise documents.DocumentFailed("No Pango here.")

    monkeypatch.setattr("reports.views.companies.documents.render", fail)
    answer = browse(mia).get(f"{URL}?export=pdf")
    assert answer.status_code == 503
    assert b"No Pango here." in answer.content
    assert b"Hooli" in answer.content


@pytest.mark.parametrize("who", ["mia", "ada", "fin", "lex", "ana"])
def test_all_of_the_vendor_s_roles_read_it(deals, browse, request, who):
    assert len(rows(browse(request.getfixturevalue(who)))) == 2


@pytest.mark.parametrize(
    ("who", "status"), [("pat", 404), ("paula", 404), ("lea", 404), ("nadia", 403)]
)
def test_nobody_else_does(deals, browse, request, who, status):
    client = browse(request.getfixturevalue(who))
    for query in ("", "?export=csv", "?export=pdf"):
        assert client.get(URL + query).status_code == status


def test_an_empty_report_is_calm(browse, mia):
    assert b"No open deals" in browse(mia).get(URL).content


def test_days_count_in_the_reader_s_zone(deals, browse, mia):
    today = clock.now().date()
    assert rows(browse(mia), f"?since={today - timedelta(days=1)}")
    assert not rows(browse(mia), f"?until={today - timedelta(days=2)}")


def test_the_tile_s_number_is_the_report_s(deals, mia):
    assert selectors.companies_with_deals(mia) == 2
    assert connection.tenant.schema_name == "acme"
