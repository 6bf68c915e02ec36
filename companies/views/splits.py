"""One company becomes two: choose, see what would move, do it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from companies import services
from companies.forms import SplitForm
from companies.models import Company
from companies.views.common import REFUSALS, company_of, for_writers, get_or_post, sentence_of
from prm.http import PrmRequest, see_other


@for_writers
@get_or_post
def split(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Choose what goes (GET), see it before it happens (GET with choices), and do it (POST)."""
    company = company_of(request, uid)
    if request.method == "POST":
        return _do(request, company)
    form = SplitForm(company, request.GET if "preview" in request.GET else None)
    preview = form.chosen() if form.is_bound and form.is_valid() else []
    return _show(request, company, form, preview)


def _do(request: PrmRequest, company: Company) -> HttpResponse:
    form = SplitForm(company, request.POST)
    if form.is_valid():
        try:
            fresh = services.split_company(company, form.parting(), actor=request.user)
        except REFUSALS as error:
            form.add_error(None, sentence_of(error))
        else:
            names = {"new": fresh.name, "old": company.name}
            messages.success(request, _("%(new)s is a company of its own now.") % names)
            return see_other("companies:detail", fresh.uid)
    return _show(request, company, form, [])


def _show(
    request: PrmRequest, company: Company, form: SplitForm, preview: list[tuple[str, list[str]]]
) -> HttpResponse:
    chosen = [
        (name, value)
        for name in (form.fields if preview else ())
        for value in request.GET.getlist(name)
    ]
    context = {
        "company": company,
        "form": form,
        "preview": preview,
        "chosen": chosen,
        "splittable": len(form.fields["names"].choices) > 0,  # type: ignore[attr-defined]
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "companies/manage/split.html", context, status=status)
