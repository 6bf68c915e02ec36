"""A partner's own profile: the task list, what it states, its contacts, and the confirmation."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners import services
from partners.models import Partner
from partners.policies import can_confirm_profile, can_edit_profile
from partners.selectors import (
    partner_of,
    profile_tasks,
)
from partners.views import profile
from partners.views.profile import Place
from partners.views.standing import state_of
from prm.access import PARTNER_ROLES, Audience, Role, access
from prm.http import PrmRequest, see_other

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
for_everybody = access(Audience.PARTNER, roles=PARTNER_ROLES)
for_administrators = access(Audience.PARTNER, roles={Role.PARTNER_ADMINISTRATOR})


@for_everybody
@require_safe
def own_profile(request: PrmRequest) -> HttpResponse:
    """The task list, and what the profile says; administrators edit and confirm from here."""
    partner = own_partner(request)
    tasks = profile_tasks(partner)
    context = {
        "partner": partner,
        "tasks": tasks,
        "done": sum(task.done for task in tasks),
        "may_edit": can_edit_profile(request.user, partner),
        "may_confirm": can_confirm_profile(request.user, partner),
        **state_of(partner),
    }
    return render(request, "partners/partner/profile.html", context)


@for_administrators
@require_POST
def confirm(request: PrmRequest) -> HttpResponse:
    """Everything is still right."""
    try:
        services.confirm_profile(own_partner(request), actor=request.user)
    except services.ProfileIncomplete as error:
        labels = "; ".join(str(task.label) for task in error.tasks)
        messages.error(request, _("First complete: %(tasks)s.") % {"tasks": labels})
    except services.PartnerEnded as error:
        raise Http404 from error
    else:
        messages.success(request, _("Thank you: the profile is confirmed."))
    return see_other("partners:profile")


@for_administrators
@get_or_post
def places(request: PrmRequest) -> HttpResponse:
    """Choose territories."""
    return profile.choose(request, own_partner(request), "territories", _place())


@for_administrators
@get_or_post
def lines(request: PrmRequest) -> HttpResponse:
    """Choose product lines."""
    return profile.choose(request, own_partner(request), "product_lines", _place())


@for_administrators
@get_or_post
def skills(request: PrmRequest) -> HttpResponse:
    """Choose skills."""
    return profile.choose(request, own_partner(request), "skills", _place())


@for_administrators
@get_or_post
def hours(request: PrmRequest) -> HttpResponse:
    """Business hours and zone."""
    return profile.hours(request, own_partner(request), _place())


@for_everybody
@require_safe
def contacts(request: PrmRequest) -> HttpResponse:
    """The organisation's contacts."""
    return profile.contacts(request, own_partner(request), _place())


@for_administrators
@get_or_post
def contact_add(request: PrmRequest) -> HttpResponse:
    """One more contact."""
    return profile.contact_add(request, own_partner(request), _place())


@for_administrators
@get_or_post
def contact(request: PrmRequest, uid: str) -> HttpResponse:
    """One contact."""
    return profile.contact(request, own_partner(request), str(uid), _place())


@for_administrators
@require_POST
def contact_remove(request: PrmRequest, uid: str) -> HttpResponse:
    """Take a contact off the profile."""
    return profile.contact_remove(request, own_partner(request), str(uid), _place())


def own_partner(request: PrmRequest) -> Partner:
    """Return the partner that the person works for; 404 without one."""
    partner = partner_of(request.user)
    if partner is None:
        raise Http404
    return partner


def _place() -> Place:
    return Place("", (), reverse("partners:profile"), _("Profile"))
