"""The vendor's pages about companies: list, add, detail, and changes to one company."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from companies import services
from companies.forms import AddCompanyForm, DesignationForm, DomainForm, OtherNameForm, RenameForm
from companies.models import Company
from companies.policies import can_manage_companies
from companies.views import tables
from companies.views.common import (
    REFUSALS,
    company_of,
    for_staff,
    for_writers,
    get_or_post,
    sentence_of,
)
from companies.views.page import company_page
from prm.http import PrmRequest, see_other
from prm.ui import lists


@for_staff
@require_safe
def index(request: PrmRequest) -> HttpResponseBase:
    """All companies that stand for themselves, by name."""
    add_url = reverse("companies:add") if can_manage_companies(request.user) else ""
    queryset = Company.objects.all().visible_to(request.user).current().select_related("industry")
    page = tables.companies(request, queryset, add_url)
    return lists.respond(request, page, "companies/manage/list.html", {"add_url": add_url})


@for_writers
@get_or_post
def add(request: PrmRequest) -> HttpResponse:
    """Add a company by hand, such as a named account."""
    form = AddCompanyForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            company = services.add_company(**form.cleaned_data, actor=request.user)
        except services.DomainTaken as error:
            form.add_error("domains", sentence_of(error))
        except REFUSALS as error:
            form.add_error(None, sentence_of(error))
        else:
            messages.success(request, _("%(name)s is added.") % {"name": company.name})
            return see_other("companies:detail", company.uid)
    return _narrow(request, form, _("Add a company"), None)


@for_staff
@require_safe
def detail(request: PrmRequest, uid: UUID) -> HttpResponse:
    """One company: names, domains, designation, what looks like it, what happened."""
    return company_page(request, company_of(request, uid))


@for_writers
@get_or_post
def edit(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Change a company's name, country and own last contact; the old name stays as another name."""
    company = company_of(request, uid)
    form = RenameForm(request.POST or None, initial=RenameForm.initial_of(company))
    if form.is_bound and form.is_valid():
        try:
            services.edit_company(company, **form.cleaned_data, actor=request.user)
        except services.ContactAhead as error:
            form.add_error("contacted_on", str(error))
        except REFUSALS as error:
            form.add_error(None, sentence_of(error))
        else:
            messages.success(request, _("The company is saved."))
            return see_other("companies:detail", company.uid)
    return _narrow(request, form, _("Edit the company"), company)


@for_writers
@require_POST
def designation(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Change whom a company is open to."""
    company = company_of(request, uid)
    form = DesignationForm(request.POST)
    done = _("The designation is saved.")
    return _change(request, company, "designation_form", form, services.set_designation, done)


@for_writers
@require_POST
def names(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Add a spelling under which the company is found."""
    company = company_of(request, uid)
    form = OtherNameForm(request.POST)
    return _change(request, company, "name_form", form, services.add_name, _("The name is added."))


@for_writers
@require_POST
def domains(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Add a web domain that says who the company is."""
    company = company_of(request, uid)
    form = DomainForm(request.POST)
    done = _("The domain is added.")
    return _change(request, company, "domain_form", form, services.add_domain, done)


def _change(
    request: PrmRequest,
    company: Company,
    key: str,
    form: Form,
    service: Callable[..., Company],
    done: str,
) -> HttpResponse:
    """Hand a form's one value to a service; refused, the page comes back with what was typed."""
    if form.is_valid():
        (value,) = form.cleaned_data.values()
        try:
            service(company, value, actor=request.user)
        except REFUSALS as error:
            form.add_error(None, sentence_of(error))
        else:
            messages.success(request, done)
            return see_other("companies:detail", company.uid)
    return company_page(request, company, {key: form, "form": form}, status=422)


def _narrow(request: PrmRequest, form: Form, title: str, company: Company | None) -> HttpResponse:
    back = company.get_absolute_url() if company else reverse("companies:list")
    context = {"form": form, "title": title, "company": company, "back": back}
    status = 422 if form.is_bound else 200
    return render(request, "companies/manage/form.html", context, status=status)
