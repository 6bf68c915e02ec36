"""A partner's own pages: its people, and inviting colleagues."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.models import Partner
from partners.policies import can_manage_people
from partners.selectors import partner_of
from partners.views import people
from partners.views.people import Side
from prm import countries
from prm.access import PARTNER_ROLES, Audience, Role, access
from prm.http import PrmRequest

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
for_everybody = access(Audience.PARTNER, roles=PARTNER_ROLES)
for_administrators = access(Audience.PARTNER, roles={Role.PARTNER_ADMINISTRATOR})


@for_everybody
@require_safe
def own(request: PrmRequest) -> HttpResponse:
    """One's own organisation: facts and people; its administrators invite from here."""
    partner = _own(request)
    may_change = can_manage_people(request.user, partner)
    context = {
        "partner": partner,
        "country": countries.name_of(partner.country),
        **people.context_of(partner, _side(), may_change=may_change),
    }
    return render(request, "partners/partner/own.html", context)


@for_administrators
@get_or_post
def invite(request: PrmRequest) -> HttpResponse:
    """Invite a colleague."""
    return people.invite(request, _own(request), _side())


@for_administrators
@get_or_post
def person(request: PrmRequest, uid: str) -> HttpResponse:
    """One colleague."""
    return people.person(request, _own(request), uid, _side())


@for_administrators
@require_POST
def person_remove(request: PrmRequest, uid: str) -> HttpResponse:
    """Keep a colleague out."""
    return people.switch(request, _own(request), uid, _side(), remove=True)


@for_administrators
@require_POST
def person_restore(request: PrmRequest, uid: str) -> HttpResponse:
    """Let a colleague in again."""
    return people.switch(request, _own(request), uid, _side(), remove=False)


@for_administrators
@require_POST
def invitation_resend(request: PrmRequest, uid: str) -> HttpResponse:
    """Send an invitation again."""
    return people.answer_invitation(request, _own(request), uid, _side(), resend=True)


@for_administrators
@require_POST
def invitation_withdraw(request: PrmRequest, uid: str) -> HttpResponse:
    """Take an invitation back."""
    return people.answer_invitation(request, _own(request), uid, _side(), resend=False)


def _own(request: PrmRequest) -> Partner:
    partner = partner_of(request.user)
    if partner is None:
        raise Http404
    return partner


def _side() -> Side:
    url = reverse("partners:own")
    return Side(base=url, home=url, title=_("Your organisation"))
