"""May I have this customer? For partners; and what the vendor sees and sets of it."""

import time
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from partners.models import Partner
from partners.selectors import partner_of
from prm import carry
from prm.access import PARTNER_ROLES, VENDOR_ROLES, Audience, Role, access, require
from prm.http import PrmRequest, see_other
from prm.ui import cells, lists
from prm.ui.lists import Column, Empty
from registrations import policies, selectors, services
from registrations.enums import Disclosure, Verdict
from registrations.forms import AvailabilityForm, AvailabilityPolicyForm
from registrations.models import AvailabilityCheck
from registrations.views.common import REFUSALS, sentence_of

STEP = 0.12
"""Answers leave at multiples of so many seconds, whatever was found: time tells nothing."""
SHORTEST = 4
"""Letters of a name before it is worth asking, while somebody types."""
TONES = {
    Verdict.CLEAR: "success",
    Verdict.YOURS: "info",
    Verdict.REVIEW: "warning",
    Verdict.NOT_ELIGIBLE: "neutral",
}


def evenly(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer a POST at the next multiple of STEP, so that no cause is faster than another."""

    @wraps(view)
    def at_a_step(request: PrmRequest) -> HttpResponse:
        begun = time.monotonic()
        response = view(request)
        if request.method == "POST":
            time.sleep(STEP - (time.monotonic() - begun) % STEP)
        return response

    return at_a_step


@access(Audience.PARTNER, roles=PARTNER_ROLES, quiet=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@evenly
def check(request: PrmRequest) -> HttpResponse:
    """Ask for a customer and see one of four verdicts; names stay out of addresses, so by POST."""
    require(policies.can_register(request.user))
    if request.method != "POST":
        typed = carry.take(request)
        return _page(request, AvailabilityForm(typed or None, initial=_start(request)))
    form = AvailabilityForm(request.POST)
    if request.htmx:
        return _while_typing(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    answer, refusal = _ask(request, form)
    return _page(request, form, answer=answer, refusal=refusal, status=422 if refusal else 200)


def _while_typing(request: PrmRequest, form: AvailabilityForm) -> HttpResponse:
    """The line under a form that is being filled in; silent until there is enough to ask for."""
    if not form.is_valid() or not _enough(form.cleaned_data):
        return HttpResponse(status=204)
    answer, refusal = _ask(request, form)
    context = {"answer": answer, "refusal": refusal, "tone": _tone(answer)}
    return render(request, "registrations/partner/_verdict.html", context)


def _enough(typed: dict[str, Any]) -> bool:
    return bool(typed["website"]) or (
        len(typed["company_name"]) >= SHORTEST and bool(typed["country"])
    )


def _ask(request: PrmRequest, form: AvailabilityForm) -> tuple[Any, str]:
    typed = form.cleaned_data
    try:
        answer = services.check_availability(
            name=typed["company_name"],
            website=typed["website"],
            country=typed["country"],
            actor=request.user,
        )
    except REFUSALS as refused:
        return None, sentence_of(refused)
    return answer, ""


def _start(request: PrmRequest) -> dict[str, str]:
    partner = partner_of(request.user)
    return {"country": partner.country if partner else ""}


def _tone(answer: Any) -> str:
    return TONES[answer.verdict] if answer and answer.verdict else "warning"


def _page(
    request: PrmRequest,
    form: AvailabilityForm,
    *,
    answer: Any = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "answer": answer,
        "refusal": refusal,
        "tone": _tone(answer),
        "token": uuid.uuid4(),
        "is_off": selectors.availability_policy().disclosure == Disclosure.OFF,
    }
    return render(request, "registrations/partner/availability.html", context, status=status)


def _what(row: AvailabilityCheck) -> tuple[str, str]:
    if not row.verdict:
        return str(_("Limit reached")), "danger"
    return row.get_verdict_display(), TONES[Verdict(row.verdict)]


COLUMNS = (
    Column("customer", gettext_lazy("Customer"), cells.text("__str__", "website")),
    Column("verdict", gettext_lazy("Told"), cells.status(_what), sort="verdict"),
    Column("cause", gettext_lazy("Because"), cells.text("get_cause_display"), sort="cause"),
    Column("partner", gettext_lazy("Partner"), cells.text("partner.name"), sort="partner__name"),
    Column("user", gettext_lazy("Asked by"), cells.text("user.name"), sort="user__name"),
    Column("at", gettext_lazy("When"), cells.moment("at"), sort=("at", "id")),
)


class ChecksFilter(django_filters.FilterSet):
    """What a referee narrows the checks by."""

    partner = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Partner"), queryset=Partner.objects.all()
    )
    verdict = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Told"), choices=Verdict.choices
    )

    class Meta:
        model = AvailabilityCheck
        fields: tuple[str, ...] = ()


def search_checks(rows: QuerySet[AvailabilityCheck], text: str) -> QuerySet[AvailabilityCheck]:
    """Find checks by customer, domain or person."""
    return rows.filter(
        Q(company_name__icontains=text)
        | Q(website__icontains=text)
        | Q(user__name__icontains=text)
        | Q(user__email__icontains=text)
    )


@access(Audience.VENDOR, roles=VENDOR_ROLES)
@require_GET
def every(request: PrmRequest) -> HttpResponseBase:
    """Every question that partners asked, newest first, with what was told and why."""
    page = lists.build(
        request,
        queryset=AvailabilityCheck.objects.all()
        .visible_to(request.user)
        .select_related("partner", "user"),
        columns=COLUMNS,
        filterset=ChecksFilter,
        promoted=("partner", "verdict"),
        search=search_checks,
        default_sort="-at",
        title=gettext_lazy("Availability checks"),
        empty=Empty(
            gettext_lazy("No checks yet"),
            gettext_lazy("Partners have not asked about any customer."),
        ),
        export_name="availability-checks",
    )
    return lists.respond(request, page, "registrations/manage/checks.html")


@access(Audience.VENDOR, roles=[Role.ADMINISTRATOR])
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: PrmRequest) -> HttpResponse:
    """What partners may learn before they register, and how often they may ask."""
    form = AvailabilityPolicyForm(
        request.POST or None, initial=vars(selectors.availability_policy())
    )
    if request.method == "POST" and form.is_valid():
        services.change_availability(**form.cleaned_data, actor=request.user)
        messages.success(request, _("Saved."))
        return see_other("registrations:availability-settings")
    status = 422 if request.method == "POST" else 200
    return render(
        request, "registrations/manage/availability_settings.html", {"form": form}, status=status
    )
