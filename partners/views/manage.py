"""The vendor's pages about partners: list, add, detail, edit, end, and the people."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners import services
from partners.filters import PartnerFilter, search
from partners.forms import EndForm, PartnerForm
from partners.models import Partner
from partners.policies import MANAGERS, can_manage_partners, can_manage_people
from partners.selectors import acceptance_list, missing_acceptances, partner_list
from partners.views import people
from partners.views.people import Side
from partners.views.standing import state_of
from prm import countries
from prm.access import VENDOR_ROLES, Audience, access
from prm.events import timeline
from prm.events.entries import entries
from prm.http import PrmRequest, posted, see_other
from prm.locks import Busy
from prm.ui import cells, lists

SHOWN_EVENTS = 30
get_or_post = require_http_methods(["GET", "HEAD", "POST"])
for_staff = access(Audience.VENDOR, roles=VENDOR_ROLES)
for_managers = access(Audience.VENDOR, roles=MANAGERS)


@for_staff
@require_safe
def partner_index(request: PrmRequest) -> HttpResponseBase:
    """All partners, by name."""
    may_add = can_manage_partners(request.user)
    add_url = reverse("partners:manage-add") if may_add else ""
    page = lists.build(
        request,
        queryset=partner_list(request.user),
        columns=_columns(),
        title=_("Partners"),
        filterset=PartnerFilter,
        promoted=("state", "manager"),
        search=search,
        default_sort="name",
        row_url=lambda partner: reverse("partners:manage-detail", args=[partner.reference]),
        export_name="partners",
        empty=lists.Empty(
            _("No partners yet"),
            _("Add the organisations that sell for you."),
            _("Add a partner") if may_add else "",
            add_url,
        ),
    )
    context = {"add_url": add_url}
    return lists.respond(request, page, "partners/manage/list.html", context)


@for_managers
@get_or_post
def add(request: PrmRequest) -> HttpResponse:
    """A new partner; its people are invited on its page."""
    form = PartnerForm(posted(request), initial={"manager": request.user.pk})
    if form.is_bound and form.is_valid():
        try:
            partner = services.add_partner(form.profile, actor=request.user)
        except (services.PartnerNameTaken, services.PartnerRefused, Busy) as error:
            _explain(form, error)
        else:
            words = _("%(name)s added. Now invite its people.") % {"name": partner.name}
            messages.success(request, words)
            return see_other("partners:manage-detail", partner.reference)
    return _form_page(request, form, None)


@for_staff
@require_safe
def detail(request: PrmRequest, reference: str) -> HttpResponse:
    """A partner: facts, people, invitations, what happened."""
    partner = _partner(request, reference)
    may_change = can_manage_people(request.user, partner)
    newest = timeline(partner).newest_first()[:SHOWN_EVENTS]
    context = {
        "partner": partner,
        "country": countries.name_of(partner.country),
        "may_edit": can_manage_partners(request.user),
        "timeline": entries(newest),
        "waiting": missing_acceptances(partner),
        "accepted": acceptance_list(request.user).filter(partner=partner),
        **state_of(partner),
        "may_act": can_manage_partners(request.user) and partner.ended_at is None,
        **people.context_of(partner, _side(partner), may_change=may_change),
    }
    return render(request, "partners/manage/detail.html", context)


@for_managers
@get_or_post
def edit(request: PrmRequest, reference: str) -> HttpResponse:
    """Change what the vendor writes about a partner."""
    partner = _partner(request, reference)
    initial = PartnerForm.initial_of(partner)
    form = PartnerForm(posted(request), initial=initial, partner=partner)
    if form.is_bound and form.is_valid():
        try:
            services.edit_partner(partner, form.profile, actor=request.user)
        except (
            services.PartnerNameTaken,
            services.PartnerRefused,
            services.PartnerEnded,
            Busy,
        ) as error:
            _explain(form, error)
        else:
            messages.success(request, _("Saved."))
            return see_other("partners:manage-detail", partner.reference)
    return _form_page(request, form, partner)


@for_managers
@get_or_post
def end(request: PrmRequest, reference: str) -> HttpResponse:
    """End a partnership, after saying what that means."""
    partner = _partner(request, reference)
    form = EndForm(posted(request))
    if form.is_bound and form.is_valid():
        services.end_partner(partner, **form.cleaned_data, actor=request.user)
        messages.success(request, _("The partnership has ended."))
        return see_other("partners:manage-detail", partner.reference)
    context = {"form": form, "partner": partner}
    return render(
        request, "partners/manage/end.html", context, status=422 if form.is_bound else 200
    )


@for_managers
@require_POST
def reopen(request: PrmRequest, reference: str) -> HttpResponse:
    """Let an ended partner work again."""
    partner = services.reopen_partner(_partner(request, reference), actor=request.user)
    messages.success(request, _("%(name)s is a partner again.") % {"name": partner.name})
    return see_other("partners:manage-detail", partner.reference)


@for_managers
@get_or_post
def invite(request: PrmRequest, reference: str) -> HttpResponse:
    """Invite somebody to work for a partner."""
    partner = _partner(request, reference)
    return people.invite(request, partner, _side(partner))


@for_managers
@get_or_post
def person(request: PrmRequest, reference: str, uid: str) -> HttpResponse:
    """One of a partner's people."""
    partner = _partner(request, reference)
    return people.person(request, partner, uid, _side(partner))


@for_managers
@require_POST
def person_remove(request: PrmRequest, reference: str, uid: str) -> HttpResponse:
    """Keep one of a partner's people out."""
    partner = _partner(request, reference)
    return people.switch(request, partner, uid, _side(partner), remove=True)


@for_managers
@require_POST
def person_restore(request: PrmRequest, reference: str, uid: str) -> HttpResponse:
    """Let one of a partner's people in again."""
    partner = _partner(request, reference)
    return people.switch(request, partner, uid, _side(partner), remove=False)


@for_managers
@require_POST
def invitation_resend(request: PrmRequest, reference: str, uid: str) -> HttpResponse:
    """Send an invitation again."""
    partner = _partner(request, reference)
    return people.answer_invitation(request, partner, uid, _side(partner), resend=True)


@for_managers
@require_POST
def invitation_withdraw(request: PrmRequest, reference: str, uid: str) -> HttpResponse:
    """Take an invitation back."""
    partner = _partner(request, reference)
    return people.answer_invitation(request, partner, uid, _side(partner), resend=False)


def _partner(request: PrmRequest, reference: str) -> Partner:
    return get_object_or_404(partner_list(request.user), reference=reference)


def _side(partner: Partner) -> Side:
    url = reverse("partners:manage-detail", args=[partner.reference])
    return Side(base=url, home=url, title=partner.name)


def _explain(form: PartnerForm, error: Exception) -> None:
    """Say on the form why a partner cannot be saved."""
    if isinstance(error, services.PartnerNameTaken):
        ended = _("A partner of this name has ended; reopen it instead.")
        form.add_error("name", ended if error.partner.ended_at else _("This name is taken."))
    elif isinstance(error, services.PartnerEnded):
        form.add_error(None, _("This partnership has ended. Reopen it first."))
    elif isinstance(error, Busy):
        form.add_error(None, _("Somebody else is changing this. Please try again."))
    else:
        form.add_error(None, _("This cannot be saved. Check what you entered."))


def _form_page(request: PrmRequest, form: PartnerForm, partner: Partner | None) -> HttpResponse:
    back = _side(partner).home if partner else reverse("partners:manage-list")
    context = {"form": form, "partner": partner, "back": back}
    return render(
        request, "partners/manage/form.html", context, status=422 if form.is_bound else 200
    )


def _columns() -> tuple[lists.Column, ...]:
    return (
        lists.Column("name", _("Name"), cells.text("name"), sort="name"),
        lists.Column("reference", _("Reference"), cells.text("reference"), sort="reference"),
        lists.Column(
            "country",
            _("Country"),
            cells.text(lambda partner: countries.name_of(partner.country)),
            sort="country",
        ),
        lists.Column(
            "manager", _("Channel manager"), cells.text("manager.name"), sort="manager__name"
        ),
        lists.Column("people", _("People"), cells.number("people"), sort="people", align="end"),
        lists.Column("state", _("State"), cells.status(_state), sort="ended_at"),
    )


def _state(partner: Partner) -> tuple[str, str]:
    if partner.ended_at is None:
        return _("Active"), "success"
    return _("Ended"), "neutral"
