"""Registering a deal: two pages and a check page over one draft."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from partners.selectors import partner_of
from prm import carry
from prm.access import PARTNER_ROLES, Audience, access, require
from prm.http import PrmRequest, SeeOther, see_other
from registrations import engagement, policies, prefill, selectors, services
from registrations.enums import Disclosure, State
from registrations.forms import CustomerForm, VersionForm
from registrations.models import Registration
from registrations.views import drafting
from registrations.views.common import REFUSALS, reach, sentence_of


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PrmRequest) -> HttpResponse:
    """Page 1 before there is a draft; the form's token makes sure that it becomes one draft."""
    require(policies.can_register(request.user))
    if request.method != "POST":
        typed = carry.take(request)
        form = CustomerForm(typed or None, initial=_start(request))
        return _page(request, "customer", form, None, token=uuid.uuid4())
    form = CustomerForm(request.POST)
    token = drafting.token_in(request)
    leaving = "leave" in request.POST
    if leaving and not drafting.begun(request):
        return see_other("registrations:list")
    if not form.is_valid() and not leaving:
        return _page(request, "customer", form, None, token=token, status=422)
    draft = services.start_draft(token, actor=request.user)
    if leaving:
        return _leave(request, "customer", form, draft)
    services.save_draft(draft, form.cleaned_data, actor=request.user)
    drafting.say(request, form)
    return _next(request, draft, "registrations:deal")


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_POST
def save_new(request: PrmRequest) -> HttpResponse:
    """The first automatic save: the draft begins with the first field that is filled in."""
    require(policies.can_register(request.user))
    form = CustomerForm(request.POST)
    if not drafting.begun(request):
        return HttpResponse(status=204)
    draft = services.start_draft(drafting.token_in(request), actor=request.user)
    response = _saved(request, draft, form)
    response["Content-Location"] = reverse("registrations:customer", args=[draft.reference])
    response["X-Autosave-Url"] = _save_url(draft, "customer")
    return response


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_POST
def save(request: PrmRequest, reference: str) -> HttpResponse:
    """Save what is valid of one page, and say when."""
    draft = reach(request, reference)
    return _saved(request, draft, drafting.bound(_page_name(request), draft, request.POST))


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def customer(request: PrmRequest, reference: str) -> HttpResponse:
    """Page 1 of a draft."""
    return _edit(request, reference, "customer", "registrations:deal")


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def deal(request: PrmRequest, reference: str) -> HttpResponse:
    """Page 2 of a draft."""
    return _edit(request, reference, "deal", "registrations:check")


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: PrmRequest, reference: str) -> HttpResponse:
    """What was entered, what happens next, and the button that registers the deal."""
    draft = reach(request, reference)
    if draft.state != State.DRAFT:
        return see_other("registrations:detail", draft.reference)
    error, status = "", 200
    if request.method == "POST":
        form = VersionForm(request.POST)
        version = form.cleaned_data["version"] if form.is_valid() else draft.version
        try:
            services.submit_registration(draft, actor=request.user, version=version)
        except REFUSALS as refused:
            error, status = sentence_of(refused), 422
        else:
            messages.success(
                request, _("Your deal is registered. The receipt is on its way by mail.")
            )
            return see_other("registrations:detail", draft.reference)
    context = {
        "draft": draft,
        "terms": engagement.terms_for(draft),
        "missing": selectors.missing_fields(draft),
        **drafting.closed(draft.partner),
        "lines": draft.product_lines.all(),
        "files": draft.files.all(),
        "error": error,
    }
    return render(request, "registrations/partner/check.html", context, status=status)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: PrmRequest, reference: str) -> HttpResponse:
    """Ask, then delete a draft."""
    draft = reach(request, reference)
    if request.method != "POST":
        require(policies.can_edit(request.user, draft))
        return render(request, "registrations/partner/discard.html", {"draft": draft})
    services.discard_draft(draft, actor=request.user)
    messages.success(request, _("The draft is deleted."))
    return see_other("registrations:list")


def _edit(request: PrmRequest, reference: str, page: str, following: str) -> HttpResponse:
    draft = reach(request, reference)
    if draft.state != State.DRAFT:
        return see_other("registrations:detail", draft.reference)
    if request.method != "POST":
        typed = carry.take(request)
        form = (
            drafting.bound(page, draft, typed)
            if typed
            else drafting.unbound(page, draft, request.user)
        )
        return _page(request, page, form, draft)
    form = drafting.bound(page, draft, request.POST)
    if "leave" in request.POST:
        return _leave(request, page, form, draft)
    if not form.is_valid():
        drafting.keep_valid(request, draft, form)
        return _page(request, page, form, draft, status=422)
    drafting.write(request, draft, form.cleaned_data)
    drafting.say(request, form)
    return _next(request, draft, following)


def _start(request: PrmRequest) -> dict[str, str]:
    """What page 1 begins with: the customer of another deal of one's own, else the last deal's country."""
    like = Registration.objects.visible_to(request.user).filter(
        reference=request.GET.get("like", "").upper()
    )
    if customer := like.values(*prefill.CUSTOMER).first():
        return dict(customer)
    if last := prefill.last_deal(request.user):
        return {"country": last.country}
    partner = partner_of(request.user)
    return {"country": partner.country if partner else ""}


def _leave(request: PrmRequest, page: str, form: Form, draft: Registration) -> HttpResponse:
    """Save what there is and go; a draft may lack something, but nothing typed is dropped unsaid."""
    if not drafting.keep_unfinished(request, draft, form):
        return _page(request, page, form, draft, status=422)
    drafting.say(request, form)
    messages.success(request, _("The draft is saved."))
    return see_other("registrations:list")


def _next(request: PrmRequest, draft: Registration, name: str) -> HttpResponse:
    """Go on to the next page, or back to the check page that a "Change" link came from."""
    if request.GET.get("back") == "check":
        name = "registrations:check"
    return SeeOther(reverse(name, args=[draft.reference]))


def _page(
    request: PrmRequest,
    page: str,
    form: Form,
    draft: Registration | None,
    *,
    token: uuid.UUID | None = None,
    status: int = 200,
) -> HttpResponse:
    url = _save_url(draft, page) if draft else reverse("registrations:save-new")
    context: dict[str, Any] = {"form": form, "draft": draft, "token": token, "save_url": url}
    context |= drafting.closed(partner_of(request.user))
    context["may_check"] = (
        page == "customer" and selectors.availability_policy().disclosure != Disclosure.OFF
    )
    return render(request, f"registrations/partner/{page}.html", context, status=status)


def _saved(request: PrmRequest, draft: Registration, form: Form) -> HttpResponse:
    if draft.state != State.DRAFT:
        return HttpResponse(_("This deal is registered already."), content_type="text/plain")
    row = drafting.keep_valid(request, draft, form)
    at = date_format(localtime(row.updated_at), "TIME_FORMAT")
    return HttpResponse(
        _("Draft saved %(time)s") % {"time": at}, content_type="text/plain; charset=utf-8"
    )


def _save_url(draft: Registration, page: str) -> str:
    return f"{reverse('registrations:save', args=[draft.reference])}?{urlencode({'page': page})}"


def _page_name(request: PrmRequest) -> str:
    return "deal" if request.GET.get("page") == "deal" else "customer"
