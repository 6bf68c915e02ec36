"""One company's page, whole: the views that change something answer with it when they are refused."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from companies import designation, registry, selectors
from companies.forms import (
    DesignationForm,
    DomainForm,
    ExternalIdForm,
    IndustryForm,
    NumberForm,
    OtherNameForm,
    SiteForm,
)
from companies.models import Company, CompanyMerge, CompanySite
from companies.policies import can_manage_companies
from companies.views import tables
from prm import countries
from prm.events import timeline
from prm.events.entries import entries
from prm.http import PrmRequest

SHOWN_EVENTS = 30
SHOWN_MERGES = 20


def company_page(
    request: PrmRequest,
    company: Company,
    forms: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the page; `forms` replaces some of its forms, to show what was refused."""
    may_change = can_manage_companies(request.user) and not company.is_merged
    sites = CompanySite.objects.select_related("territory")
    held = ("domains", "numbers", "external_ids", Prefetch("sites", sites))
    prefetch_related_objects([company], *held)
    context: dict[str, Any] = {
        "company": company,
        "country": countries.name_of(company.country),
        "status": (company.get_standing_display(), tables.STANDING_TONES[company.standing]),
        "tone": tables.DESIGNATION_TONES[company.designation],
        "designated": designation.reason(company),
        **_facts(company),
        "likely": _likely(company),
        "panels": registry.panels(company, request.user),
        "timeline": entries(timeline(company).newest_first()[:SHOWN_EVENTS]),
        "may_change": may_change,
        **_forms(company),
    }
    page = {**context, **(forms or {})}
    return render(request, "companies/manage/detail.html", page, status=status)


def _facts(company: Company) -> dict[str, Any]:
    merges = CompanyMerge.objects.filter(winner=company).select_related("loser", "by", "undone_by")
    return {
        "names": company.names.shown(),
        "domains": [domain for domain in company.domains.all() if domain.active],
        "numbers": company.numbers.all(),
        "sites": company.sites.all(),
        "external_ids": company.external_ids.all(),
        "tree": selectors.family_tree(company),
        "merges": merges[:SHOWN_MERGES],
    }


def _forms(company: Company) -> dict[str, Any]:
    return {
        "designation_form": DesignationForm(initial=DesignationForm.initial_of(company)),
        "industry_form": IndustryForm(initial={"industry": company.industry_id}),
        "name_form": OtherNameForm(),
        "domain_form": DomainForm(),
        "number_form": NumberForm(),
        "site_form": SiteForm(initial={"country": company.country}, prefix="site"),
        "id_form": ExternalIdForm(),
    }


def _likely(company: Company) -> list[tuple[selectors.Likely, str]]:
    """Likely duplicates with the address that shows both side by side."""
    if company.is_merged:
        return []
    found = selectors.likely_duplicates(company)
    return [
        (likely, reverse("companies:beside", args=[company.uid, likely.company.uid]))
        for likely in found
    ]
