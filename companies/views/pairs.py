"""What staff say about two companies: the same, different, related; and that one stands alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from companies import comparing, registry, selectors, services
from companies.enums import Relation, Verdict
from companies.matching import explain
from companies.models import Company, CompanyMerge, NameVerdict
from companies.policies import can_manage_companies
from companies.views.common import (
    REFUSALS,
    company_of,
    for_staff,
    for_writers,
    get_or_post,
    sentence_of,
)
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


@for_staff
@require_safe
def beside(request: PrmRequest, uid: UUID, other: UUID) -> HttpResponse:
    """Two companies side by side, what speaks for and against, and what can be said about them."""
    one, two = company_of(request, uid), company_of(request, other)
    match = comparing.evidence(one, two)
    loser, winner = sorted((one, two), key=lambda company: (company.is_confirmed, -company.pk))
    context: dict[str, Any] = {
        "one": one,
        "two": two,
        "heads": ["", one.name, two.name],
        "rows": comparing.compare(one, two),
        "match": match,
        "level": explain.level(match.level) if match else "",
        "tone": selectors.present([match])[0].tone if match else "",
        "reasons": selectors.reasons(match.evidence) if match else (),
        "said": NameVerdict.objects.between(one, two).select_related("by").first(),
        "merge_url": reverse("companies:merge", args=[loser.uid, winner.uid]),
        "relations": Relation.choices,
        "from_list": _is_from_list(request),
        "back": reverse("companies:duplicates")
        if _is_from_list(request)
        else one.get_absolute_url(),
        "back_label": _("Likely duplicates") if _is_from_list(request) else one.name,
        "may_change": can_manage_companies(request.user) and not (one.is_merged or two.is_merged),
    }
    return render(request, "companies/manage/beside.html", context)


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
            return _onwards(request, winner)
    context = {
        "loser": loser,
        "winner": winner,
        "heads": ["", _("Goes away"), _("Stays")],
        "rows": comparing.compare(loser, winner),
        "moves": _moves(loser),
        "problem": problem,
        "problem_url": problem_url,
        "from_list": _is_from_list(request),
    }
    status = 422 if problem else 200
    return render(request, "companies/manage/merge.html", context, status=status)


@for_writers
@require_POST
def verdict(request: PrmRequest, uid: UUID, other: UUID) -> HttpResponse:
    """Remember that two companies are different, or how they are related."""
    company, two = company_of(request, uid), company_of(request, other)
    relation = request.POST.get("relation", "")
    related = request.POST.get("verdict") == Verdict.RELATED
    try:
        if related and relation in Relation.values:
            services.remember_related(company, two, relation, actor=request.user)
        else:
            services.remember_different(company, two, related=related, actor=request.user)
    except REFUSALS as error:
        messages.error(request, sentence_of(error))
        return see_other("companies:beside", company.uid, two.uid)
    said = (
        _("%(name)s is remembered as related.")
        if related
        else _("%(name)s is remembered as a different company.")
    )
    messages.success(request, said % {"name": two.name})
    return _onwards(request, company)


@for_writers
@get_or_post
def unmerge(request: PrmRequest, uid: UUID, merge: UUID) -> HttpResponse:
    """Show what undoing a merge does; on POST take it back."""
    company = company_of(request, uid)
    row = get_object_or_404(
        CompanyMerge.objects.select_related("loser", "winner", "by"), uid=merge, winner=company
    )
    problem, problem_url = "", ""
    if request.method == "POST":
        try:
            freed = services.undo_merge(row, actor=request.user)
        except REFUSALS as error:
            problem, problem_url = sentence_of(error), getattr(error, "url", "")
        else:
            values = {"name": freed.name}
            messages.success(request, _("%(name)s stands for itself again.") % values)
            return see_other("companies:beside", freed.uid, company.uid)
    context = {
        "company": company,
        "merge": row,
        "problem": problem,
        "problem_url": problem_url,
    }
    status = 422 if problem else 200
    return render(request, "companies/manage/unmerge.html", context, status=status)


def _moves(loser: Company) -> list[tuple[str, int]]:
    """What a merge moves: what, and how many."""
    own = [
        (_("Names"), loser.names.shown().count()),
        (_("Web domains"), loser.domains.filter(active=True).count()),
        (_("Registration numbers"), loser.numbers.count()),
        (_("Sites"), loser.sites.count()),
        (_("IDs in other systems"), loser.external_ids.count()),
        (_("Subsidiaries"), loser.subsidiaries.count()),
    ]
    return [pair for pair in (*own, *registry.counts(loser)) if pair[1]]


def _is_from_list(request: PrmRequest) -> bool:
    """Whether somebody works through the suggested pairs."""
    return "duplicates" in (request.GET.get("from"), request.POST.get("from"))


def _onwards(request: PrmRequest, company: Company) -> HttpResponse:
    """Back to the suggestions for somebody who works through them, else to the company."""
    if _is_from_list(request):
        return see_other("companies:duplicates")
    return see_other("companies:detail", company.uid)
