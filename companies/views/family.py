"""Another company for this one: to compare it with, or as its parent."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from companies import selectors, services
from companies.models import Company
from companies.views.common import REFUSALS, company_of, for_writers, sentence_of
from prm.http import PrmRequest, see_other
from prm.ui.lists import MAX_SEARCH

SHOWN = 20


@for_writers
@require_safe
def others(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Search for another company by name or domain."""
    company = company_of(request, uid)
    text = request.GET.get("q", "").replace("\0", "").strip()[:MAX_SEARCH]
    found: list[Company] = []
    if text:
        near = Company.objects.all().visible_to(request.user).current().exclude(pk=company.pk)
        found = list(selectors.search(near, text)[:SHOWN])
    context = {"company": company, "text": text, "found": found}
    return render(request, "companies/manage/others.html", context)


@for_writers
@require_POST
def parent(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Say who owns the company; nobody when `parent` is empty."""
    company = company_of(request, uid)
    chosen = request.POST.get("parent", "")
    owner = company_of(request, _uid(chosen)) if chosen else None
    try:
        services.set_parent(company, owner, actor=request.user)
    except REFUSALS as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("The parent is saved."))
    return see_other("companies:detail", company.uid)


def _uid(text: str) -> UUID:
    """The uid that was sent; one that nobody has for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
