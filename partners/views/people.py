"""What both sides do with a partner's people: the vendor's staff and the partner's administrators."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from partners import services
from partners.forms import InviteForm, RoleForm
from partners.models import Membership, Partner
from partners.selectors import open_invitations, people_of
from prm.access import Audience, Role
from prm.http import PrmRequest, SeeOther, posted
from users import services as people
from users.models import Invitation


@dataclass(frozen=True, slots=True)
class Side:
    """Where one audience's pages about a partner's people are."""

    base: str
    home: str
    title: str

    def person(self, membership: Membership) -> str:
        """The page of one of the people."""
        return f"{self.base}people/{membership.user.uid}/"

    def invitation(self, invitation: Invitation, action: str) -> str:
        """Where something is done with an invitation."""
        return f"{self.base}invitations/{invitation.uid}/{action}/"

    @property
    def invite(self) -> str:
        """The page that invites."""
        return f"{self.base}invite/"


def context_of(partner: Partner, side: Side, *, may_change: bool) -> dict[str, object]:
    """Return what `partners/_people.html` shows; two queries."""
    invitations = open_invitations(partner) if may_change else ()
    return {
        "people": [(row, side.person(row)) for row in people_of(partner)],
        "invitations": [
            (row, side.invitation(row, "resend"), side.invitation(row, "withdraw"))
            for row in invitations
        ],
        "invite_url": side.invite,
        "may_change": may_change and partner.ended_at is None,
    }


def invite(request: PrmRequest, partner: Partner, side: Side) -> HttpResponse:
    """Invite somebody to work for the partner."""
    form = InviteForm(posted(request))
    if form.is_bound and form.is_valid() and _invited(form, request, partner):
        words = _("Invitation sent to %(email)s.") % {"email": form.cleaned_data["email"]}
        messages.success(request, words)
        return SeeOther(side.home)
    context = {"form": form, "partner": partner, "side": side}
    return render(request, "partners/invite.html", context, status=422 if form.is_bound else 200)


def person(request: PrmRequest, partner: Partner, uid: str, side: Side) -> HttpResponse:
    """One of the people: their role; remove them, or let them in again."""
    membership = get_object_or_404(people_of(partner), user__uid=uid)
    form = RoleForm(posted(request), initial={"role": membership.role})
    if form.is_bound and form.is_valid():

        def save() -> None:
            role = Role(form.cleaned_data["role"])
            services.change_member_role(membership, role=role, actor=request.user)

        if _done(form, save):
            messages.success(request, _("Saved."))
            return SeeOther(side.home)
    context = {
        "form": form,
        "membership": membership,
        "side": side,
        "url": side.person(membership),
        "is_self": membership.user_id == request.user.pk,
    }
    return render(request, "partners/person.html", context, status=422 if form.is_bound else 200)


def switch(
    request: PrmRequest, partner: Partner, uid: str, side: Side, *, remove: bool
) -> HttpResponse:
    """Remove somebody from the partner, or let them in again."""
    membership = get_object_or_404(people_of(partner), user__uid=uid)
    name = {"name": membership.user.name}
    try:
        if remove:
            services.remove_member(membership, actor=request.user)
            messages.success(request, _("%(name)s can no longer sign in.") % name)
        else:
            services.restore_member(membership, actor=request.user)
            messages.success(request, _("%(name)s can sign in again.") % name)
    except services.LastAdministrator:
        messages.error(request, _last_words())
    return SeeOther(side.home)


def answer_invitation(
    request: PrmRequest, partner: Partner, uid: str, side: Side, *, resend: bool
) -> HttpResponse:
    """Send an invitation again, or take it back."""
    invitation = get_object_or_404(open_invitations(partner), uid=uid)
    email = {"email": invitation.email}
    if not resend:
        services.withdraw_invitation(partner, invitation, actor=request.user)
        messages.success(request, _("Invitation to %(email)s withdrawn.") % email)
        return SeeOther(side.home)
    try:
        services.resend_invitation(partner, invitation, actor=request.user)
        messages.success(request, _("Invitation sent to %(email)s.") % email)
    except services.PartnerEnded:
        messages.error(request, _ended_words())
    except people.InvitationOver:
        messages.error(request, _("This invitation has been answered already."))
    return SeeOther(side.home)


def _invited(form: InviteForm, request: PrmRequest, partner: Partner) -> bool:
    """Call the service; a refusal becomes an error on the form. Rivals learn nothing from it."""
    values = {**form.cleaned_data, "role": Role(form.cleaned_data["role"])}
    try:
        services.invite_person(partner, **values, actor=request.user)
    except services.PartnerEnded:
        form.add_error(None, _ended_words())
    except people.AddressTaken as taken:
        form.add_error("email", _address_words(taken, request.user.audience))
    return not form.errors


def _address_words(taken: people.AddressTaken, audience: str) -> str:
    if audience != Audience.VENDOR:
        return _("This address cannot be invited. Ask your contact at the vendor.")
    if isinstance(taken, people.InvitedElsewhere):
        return _("This address has an open invitation to somebody else's team.")
    return _("Somebody signs in with this address already.")


def _done(form: django_forms.Form, save: Callable[[], object]) -> bool:
    try:
        save()
    except services.LastAdministrator:
        form.add_error(None, _last_words())
    return not form.errors


def _last_words() -> str:
    return _("Make somebody else an administrator first: a partner needs at least one.")


def _ended_words() -> str:
    return _("This partnership has ended. Reopen it first.")
