"""Staff register a deal for a partner: for whom, the partner's two pages, and the check page."""

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partners.models import Partner
from partners.selectors import partner_list
from prm import carry
from prm.access import Audience, Role, access, require
from prm.http import PrmRequest, SeeOther, posted, see_other
from registrations import engagement, policies, reading, selectors, services
from registrations.enums import State
from registrations.forms import CustomerForm, PartnerChoiceForm, SellerForm, VersionForm
from registrations.models import Registration
from registrations.views import drafting
from registrations.views.common import REFUSALS, sentence_of
from users.models import User

MOST_SHOWN = 20
for_referees = access(Audience.VENDOR, roles=(Role.CHANNEL_MANAGER, Role.ADMINISTRATOR))
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@for_referees
@get_or_post
def choose(request: PrmRequest) -> HttpResponse:
    """For whom: a partner, then one of its people; and what this person has begun and not sent."""
    require(policies.can_register_for_partners(request.user))
    partners = partner_list(request.user).filter(ended_at=None).order_by("name", "pk")
    named = "partner" in request.GET or request.method == "POST"
    asked = PartnerChoiceForm(request.GET if named else None, partners=partners)
    partner = asked.cleaned_data["partner"] if asked.is_valid() else None
    form, chosen = _people(request, partner)
    if chosen is not None:
        return see_other("registrations:manage-behalf-new", chosen.uid)
    drafts = Registration.objects.all().begun_by(request.user).filter(state=State.DRAFT)
    context = {
        "partner_form": asked,
        "partner": partner,
        "form": form,
        "drafts": drafts.select_related("partner", "owner").order_by("-updated_at")[:MOST_SHOWN],
        **drafting.closed(partner),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "registrations/behalf/choose.html", context, status=status)


def _people(request: PrmRequest, partner: Partner | None) -> tuple[SellerForm | None, User | None]:
    """Return the form with a partner's people, none without anybody, and who was chosen in it."""
    if partner is None:
        return None, None
    sellers = reading.sellers_of(partner)
    found = list(sellers[:2])
    if not found:
        return None, None
    only = {"seller": found[0].uid} if len(found) == 1 else {}
    form = SellerForm(posted(request), sellers=sellers, initial=only)
    return form, form.cleaned_data["seller"] if form.is_valid() else None


@for_referees
@never_cache
@get_or_post
def new(request: PrmRequest, seller: UUID) -> HttpResponse:
    """Page 1 before there is a draft; the form's token makes sure that it becomes one draft."""
    require(policies.can_register_for_partners(request.user))
    owner: User = get_object_or_404(reading.sellers(), uid=seller)
    if request.method != "POST":
        sent = carry.take(request)
        partner = owner.membership.partner
        form = CustomerForm(sent or None, initial={"country": partner.country})
        return _page(request, "customer", form, owner, token=uuid.uuid4())
    form, token, leaving = CustomerForm(request.POST), drafting.token_in(request), _leaves(request)
    if leaving and not drafting.begun(request):
        return see_other("registrations:manage-behalf")
    if not form.is_valid() and not leaving:
        return _page(request, "customer", form, owner, token=token, status=422)
    try:
        draft = services.start_draft(token, actor=request.user, for_user=owner)
    except services.NoSellerThere as error:
        form.add_error(None, sentence_of(error))
        return _page(request, "customer", form, owner, token=token, status=422)
    return _saved(request, "customer", form, draft, "registrations:manage-behalf-deal")


@for_referees
@never_cache
@get_or_post
def customer(request: PrmRequest, reference: str) -> HttpResponse:
    """Page 1 of a draft."""
    return _edit(request, reference, "customer", "registrations:manage-behalf-deal")


@for_referees
@never_cache
@get_or_post
def deal(request: PrmRequest, reference: str) -> HttpResponse:
    """Page 2 of a draft."""
    return _edit(request, reference, "deal", "registrations:manage-behalf-check")


@for_referees
@never_cache
@get_or_post
def check(request: PrmRequest, reference: str) -> HttpResponse:
    """What was entered, what happens next, and the button that registers the deal for the partner."""
    draft, error = _reach(request, reference), ""
    if draft.state != State.DRAFT:
        return see_other("registrations:manage-detail", draft.reference)
    if request.method == "POST":
        form = VersionForm(request.POST)
        version = form.cleaned_data["version"] if form.is_valid() else draft.version
        try:
            services.submit_registration(draft, actor=request.user, version=version)
        except REFUSALS as refused:
            error = sentence_of(refused)
        else:
            done = _("Registered. %(seller)s gets the receipt by mail; somebody else decides it.")
            messages.success(request, done % {"seller": draft.owner.name})
            return see_other("registrations:manage-detail", draft.reference)
    context = {
        "draft": draft,
        "seller": draft.owner,
        "partner": draft.partner,
        "terms": engagement.terms_for(draft),
        "missing": selectors.missing_fields(draft),
        **drafting.closed(draft.partner),
        "lines": draft.product_lines.all(),
        "error": error,
    }
    status = 422 if error else 200
    return render(request, "registrations/behalf/check.html", context, status=status)


@for_referees
@get_or_post
def discard(request: PrmRequest, reference: str) -> HttpResponse:
    """Ask, then delete a draft."""
    draft = _reach(request, reference)
    if request.method != "POST":
        require(policies.can_edit(request.user, draft))
        return render(request, "registrations/behalf/discard.html", {"draft": draft})
    services.discard_draft(draft, actor=request.user)
    messages.success(request, _("The draft is deleted."))
    return see_other("registrations:manage-behalf")


def _reach(request: PrmRequest, reference: str) -> Registration:
    """Return what this person has begun for a partner; 404 for everything else."""
    rows = Registration.objects.all().begun_by(request.user)
    rows = rows.select_related("partner", "owner", "registered_by")
    return get_object_or_404(rows.prefetch_related("product_lines"), reference=reference.upper())


def _edit(request: PrmRequest, reference: str, page: str, following: str) -> HttpResponse:
    draft = _reach(request, reference)
    if draft.state != State.DRAFT:
        return see_other("registrations:manage-detail", draft.reference)
    if request.method == "POST":
        form = drafting.bound(page, draft, request.POST)
        return _saved(request, page, form, draft, following)
    sent = carry.take(request)
    form = drafting.bound(page, draft, sent) if sent else drafting.unbound(page, draft, draft.owner)
    return _page(request, page, form, draft.owner, draft)


def _saved(
    request: PrmRequest, page: str, form: Form, draft: Registration, following: str
) -> HttpResponse:
    """Save what was sent and go on; what is wrong comes back with what was typed."""
    if _leaves(request):
        if not drafting.keep_unfinished(request, draft, form):
            return _page(request, page, form, draft.owner, draft, status=422)
        drafting.say(request, form)
        messages.success(request, _("The draft is saved."))
        return see_other("registrations:manage-behalf")
    if not form.is_valid():
        drafting.keep_valid(request, draft, form)
        return _page(request, page, form, draft.owner, draft, status=422)
    drafting.write(request, draft, form.cleaned_data)
    drafting.say(request, form)
    if request.GET.get("back") == "check":
        following = "registrations:manage-behalf-check"
    return SeeOther(reverse(following, args=[draft.reference]))


def _page(
    request: PrmRequest,
    page: str,
    form: Form,
    seller: User,
    draft: Registration | None = None,
    *,
    token: UUID | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a page of a draft, with what is closed to its partner."""
    partner = draft.partner if draft else seller.membership.partner
    context: dict[str, Any] = {"form": form, "draft": draft, "token": token, "seller": seller}
    context |= {"partner": partner, **drafting.closed(partner)}
    return render(request, f"registrations/behalf/{page}.html", context, status=status)


def _leaves(request: PrmRequest) -> bool:
    return "leave" in request.POST
