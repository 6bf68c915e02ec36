"""What staff say about two companies: the same, different, related; and that one stands alone."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from companies import services
from companies.enums import Verdict
from companies.models import Company
from companies.views.common import (
    REFUSALS,
    company_of,
    for_writers,
    get_or_post,
    sentence_of,
)
from prm import countries
from prm.http import PrmRequest, see_other


@for_writers
@require_POST
def confirm(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Say that a provisional company is one of its own."""
    company = company_of(request, uid)
    try:
        services.confirm_company(company, actor=request.user)
    except REFUSALS as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("%(name)s is confirmed.") % {"name": company.name})
    return see_other("companies:detail", company.uid)


@for_writers
@get_or_post
def merge(request: PrmRequest, uid: UUID, other: UUID) -> HttpResponse:
    """Show what a merge would do; on POST merge the first company into the second."""
    loser, winner = company_of(request, uid), company_of(request, other)
    problem, problem_url = "", ""
    if request.method == "POST":
        try:
            services.confirm_as(loser, winner, actor=request.user)
        except REFUSALS as error:
            problem, problem_url = sentence_of(error), getattr(error, "url", "")
        else:
            values = {"loser": loser.name, "winner": winner.name}
            messages.success(request, _("%(loser)s is now part of %(winner)s.") % values)
            return see_other("companies:detail", winner.uid)
    context = {
        "loser": loser,
        "winner": winner,
        "heads": ["", _("Goes away"), _("Stays")],
        "rows": _rows(loser, winner),
        "problem": problem,
        "problem_url": problem_url,
    }
    status = 422 if problem else 200
    return render(request, "companies/manage/merge.html", context, status=status)


@for_writers
@require_POST
def verdict(request: PrmRequest, uid: UUID, other: UUID) -> HttpResponse:
    """Remember that two companies are different, or related."""
    company, beside = company_of(request, uid), company_of(request, other)
    related = request.POST.get("verdict") == Verdict.RELATED
    try:
        services.remember_different(company, beside, related=related, actor=request.user)
    except REFUSALS as error:
        messages.error(request, sentence_of(error))
    else:
        values = {"name": beside.name}
        said = (
            _("%(name)s is remembered as related.")
            if related
            else _("%(name)s is remembered as a different company.")
        )
        messages.success(request, said % values)
    return see_other("companies:detail", company.uid)


def _rows(loser: Company, winner: Company) -> list[tuple[str, list[str]]]:
    """Both companies attribute by attribute."""
    return [
        (label, [read(loser), read(winner)])
        for label, read in (
            (_("Name"), lambda company: company.name),
            (_("Country"), lambda company: countries.name_of(company.country)),
            (_("Standing"), lambda company: str(company.get_standing_display())),
            (_("Designation"), lambda company: str(company.get_designation_display())),
            (_("Names"), _names),
            (_("Web domains"), _domains),
        )
    ]


def _names(company: Company) -> str:
    raws = company.names.filter(active=True).values_list("raw", flat=True)
    return ", ".join(dict.fromkeys(raws))


def _domains(company: Company) -> str:
    return ", ".join(company.domains.filter(active=True).values_list("domain", flat=True))
