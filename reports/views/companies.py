"""Open registrations by company: who is sought after, by how many, for how much, since when."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from prm import countries, documents
from prm.access import VENDOR_ROLES, Audience, access
from prm.documents import DocumentFailed
from prm.http import PrmRequest
from prm.money import Money, format_money
from prm.ui import cells, lists
from prm.ui.lists import Column, Empty, ListPage
from reports import selectors
from reports.filters import OpenFilter

MOST_PRINTED = 300
Row = Mapping[str, Any]


def _spellings(row: Row) -> str:
    return ", ".join(selectors.other_spellings(row))


def _states(row: Row) -> str:
    return ", ".join(f"{count} × {state.label}" for state, count in selectors.states(row))


def _money(amount: Decimal, currency: str) -> str:
    return format_money(Money(amount, currency), get_language() or "en", whole=True)


def _totals(row: Row) -> list[str]:
    return [_money(amount, currency) for currency, amount in selectors.totals(row)]


def _totals_plain(row: Row) -> str:
    return "; ".join(f"{currency} {amount}" for currency, amount in selectors.totals(row))


COLUMNS = (
    Column(
        "company",
        _("Company"),
        cells.Cell(lambda row: row["name"], lambda row: row["name"], _spellings),
        sort=("sort_key", "company_id"),
    ),
    Column("spellings", _("Also typed as"), cells.text(_spellings)),
    Column(
        "country", _("Country"), cells.text(lambda row: countries.name_of(row["country_code"]) if row["country_code"] else ""),
        sort="country_code",
    ),
    Column("deals", _("Deals"), cells.number(lambda row: row["deals"]), sort="deals", align="end"),
    Column(
        "partners", _("Partners"), cells.number(lambda row: row["partners"]), sort="partners",
        align="end",
    ),
    Column(
        "value", _("Value"),
        cells.Cell(lambda row: format_html_join("", "<div>{}</div>", ((t,) for t in _totals(row))), _totals_plain),
        align="end",
    ),
    Column("states", _("Status"), cells.text(_states)),
    Column(
        "oldest", _("Oldest registered"), cells.moment(lambda row: row["oldest"], "date"),
        sort="oldest",
    ),
)  # fmt: skip
ON_PAGE = tuple(column for column in COLUMNS if column.key != "spellings")


def search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Narrow to customers that are called so, under any name."""
    return rows.filter(selectors.named(text))


@access(Audience.VENDOR, roles=VENDOR_ROLES)
@require_safe
def open_by_company(request: PrmRequest) -> HttpResponseBase:
    """One row per company that partners have open registrations at; CSV and PDF of what is seen."""
    export = request.GET.get("export", "")
    page = lists.build(
        request,
        queryset=selectors.by_company(selectors.open_registrations(request.user)),
        columns=COLUMNS if export == "csv" else ON_PAGE,
        filterset=OpenFilter,
        promoted=("state", "line", "partner"),
        search=search,
        default_sort="company",
        tie="company_id",
        row_url=lambda row: reverse("companies:detail", args=[row["company_uid"]]),
        key=lambda row: str(row["company_uid"]),
        title=_("Open deals by company"),
        empty=Empty(
            _("No open deals"),
            _(
                "Companies appear here while partners' registrations wait for a decision or in line."
            ),
        ),
        export_name="open-deals-by-company",
        pdf=True,
    )
    if export != "pdf":
        return lists.respond(request, page, "reports/companies.html")
    try:
        return _pdf(page)
    except DocumentFailed as failed:
        names = {"list": page, "problem": str(failed)}
        return render(request, "reports/companies.html", names, status=503)


def _pdf(page: ListPage) -> HttpResponse:
    """Return the report as a file: what narrows it stands on it, and what was left off."""
    rows = list(page.queryset[: MOST_PRINTED + 1])
    shown = [
        {
            "name": row["name"],
            "spellings": _spellings(row),
            "country": countries.name_of(row["country_code"]) if row["country_code"] else "",
            "deals": row["deals"],
            "partners": row["partners"],
            "totals": _totals(row),
            "states": _states(row),
            "oldest": row["oldest"],
        }
        for row in rows[:MOST_PRINTED]
    ]
    context = {
        "rows": shown,
        "filters": page.filters.active,
        "search": page.search,
        "total": page.total,
        "capped": MOST_PRINTED if len(rows) > MOST_PRINTED else 0,
    }
    title, language = str(page.title), get_language() or "en"
    template = "reports/companies_pdf.html"
    pdf = documents.render(template, context, title=title, language=language)
    headers = {
        "Content-Disposition": 'attachment; filename="open-deals-by-company.pdf"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
