"""The vendor's side of a partner's profile: skills, hours, contacts; and how long a profile counts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners import services
from partners.forms import ProfileRuleForm
from partners.models import Partner
from partners.policies import MANAGERS
from partners.selectors import partner_list, profile_rule
from partners.views import profile
from partners.views.profile import Place
from prm.access import VENDOR_ROLES, Audience, Role, access
from prm.http import PrmRequest, posted, see_other
from prm.locks import Busy

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
for_staff = access(Audience.VENDOR, roles=VENDOR_ROLES)
for_managers = access(Audience.VENDOR, roles=MANAGERS)
for_administrators = access(Audience.VENDOR, roles={Role.ADMINISTRATOR})


@for_managers
@get_or_post
def skills(request: PrmRequest, reference: str) -> HttpResponse:
    """What the partner knows how to do."""
    partner = _partner(request, reference)
    return profile.choose(request, partner, "skills", _place(partner))


@for_managers
@get_or_post
def hours(request: PrmRequest, reference: str) -> HttpResponse:
    """When the partner works."""
    partner = _partner(request, reference)
    return profile.hours(request, partner, _place(partner))


@for_staff
@require_safe
def contacts(request: PrmRequest, reference: str) -> HttpResponse:
    """Whom the vendor deals with there."""
    partner = _partner(request, reference)
    return profile.contacts(request, partner, _place(partner))


@for_managers
@get_or_post
def contact_add(request: PrmRequest, reference: str) -> HttpResponse:
    """One more contact."""
    partner = _partner(request, reference)
    return profile.contact_add(request, partner, _place(partner))


@for_managers
@get_or_post
def contact(request: PrmRequest, reference: str, uid: str) -> HttpResponse:
    """One contact."""
    partner = _partner(request, reference)
    return profile.contact(request, partner, str(uid), _place(partner))


@for_managers
@require_POST
def contact_remove(request: PrmRequest, reference: str, uid: str) -> HttpResponse:
    """Take a contact off the profile."""
    partner = _partner(request, reference)
    return profile.contact_remove(request, partner, str(uid), _place(partner))


@for_administrators
@get_or_post
def rule(request: PrmRequest) -> HttpResponse:
    """How long a confirmed profile counts, and when its end is announced."""
    form = ProfileRuleForm(posted(request), initial=ProfileRuleForm.initial_of(profile_rule()))
    if form.is_bound and form.is_valid():
        try:
            services.change_profile_rule(**form.cleaned_data, actor=request.user)
        except services.PartnerRefused:
            form.add_error(None, _("This cannot be saved. Check what you entered."))
        except Busy:
            form.add_error(None, _("Somebody else is changing this. Please try again."))
        else:
            messages.success(request, _("Saved."))
            return see_other("partners:profile-rule")
    context = {"form": form, "title": _("Partner profiles")}
    return render(
        request, "partners/manage/rule.html", context, status=422 if form.is_bound else 200
    )


def _partner(request: PrmRequest, reference: str) -> Partner:
    found: Partner = get_object_or_404(partner_list(request.user), reference=reference)
    return found


def _place(partner: Partner) -> Place:
    home = reverse("partners:manage-detail", args=[partner.reference])
    return Place("manage-", (partner.reference,), home, partner.name)
