"""Changes to what is known of a company: numbers, sites, ids of other systems, industry."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from companies import services
from companies.forms import ExternalIdForm, IndustryForm, NumberForm, SiteForm
from companies.models import Company
from companies.services import Place
from companies.views.common import REFUSALS, company_of, for_writers, sentence_of
from companies.views.page import company_page
from prm.http import PrmRequest, see_other


@for_writers
@require_POST
def numbers(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Add a registration number."""
    company, form = company_of(request, uid), NumberForm(request.POST)

    def add() -> None:
        data = form.cleaned_data
        services.add_number(company, data["scheme"], data["value"], actor=request.user)

    return _change(request, company, "number_form", form, add, _("The number is added."), "value")


@for_writers
@require_POST
def sites(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Add a site."""
    company, form = company_of(request, uid), SiteForm(request.POST, prefix="site")

    def add() -> None:
        services.add_site(company, Place(**form.cleaned_data), actor=request.user)

    return _change(request, company, "site_form", form, add, _("The site is added."), "city")


@for_writers
@require_POST
def external_ids(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Add what another system calls the company."""
    company, form = company_of(request, uid), ExternalIdForm(request.POST)

    def add() -> None:
        data = form.cleaned_data
        services.add_external_id(company, data["system"], data["external_id"], actor=request.user)

    return _change(request, company, "id_form", form, add, _("The ID is added."), "external_id")


@for_writers
@require_POST
def industry(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Say which trade the company belongs to."""
    company, form = company_of(request, uid), IndustryForm(request.POST)

    def change() -> None:
        services.set_industry(company, form.cleaned_data["industry"], actor=request.user)

    done = _("The industry is saved.")
    return _change(request, company, "industry_form", form, change, done, "industry")


@for_writers
@require_POST
def remove(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Take away a name, domain, number, site or id: `kind` says what, `key` which."""
    company = company_of(request, uid)
    kind, key = request.POST.get("kind", ""), request.POST.get("key", "")
    try:
        _remove(request, company, kind, key)
    except REFUSALS as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("It is removed."))
    return see_other("companies:detail", company.uid)


def _remove(request: PrmRequest, company: Company, kind: str, key: str) -> None:
    """Raise Http404 for what the company does not have."""
    kinds = {
        "name": (company.names.shown(), services.remove_name),
        "domain": (company.domains.filter(active=True), services.remove_domain),
        "number": (company.numbers.all(), services.remove_number),
        "site": (company.sites.all(), services.remove_site),
        "id": (company.external_ids.all(), services.remove_external_id),
    }
    if kind not in kinds:
        raise Http404
    rows, service = kinds[kind]
    by_pk = kind in ("name", "domain")
    found = {str(row.pk if by_pk else row.uid): row for row in rows}  # type: ignore[attr-defined]
    if key not in found:
        raise Http404
    service(company, found[key], actor=request.user)  # type: ignore[operator]


def _change(
    request: PrmRequest,
    company: Company,
    key: str,
    form: Form,
    change: Callable[[], None],
    done: str,
    field: str,
) -> HttpResponse:
    """Do what a form asks for; refused, the page comes back with what was typed."""
    if form.is_valid():
        try:
            change()
        except REFUSALS as error:
            form.add_error(field, sentence_of(error))
        else:
            messages.success(request, done)
            return see_other("companies:detail", company.uid)
    return company_page(request, company, {key: form, "form": form}, status=422)
