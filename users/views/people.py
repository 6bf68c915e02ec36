"""The people of a portal: for its administrators, and for operators in their own tenant."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from prm import carry, events
from prm.access import Audience, Role, access
from prm.events.entries import entries
from prm.http import PrmRequest, see_other
from prm.ui import lists
from users import policies, selectors, services
from users.enums import InvitationState
from users.forms import InviteForm, NameForm, RolesForm
from users.models import Invitation, User
from users.views import tables

for_administrators = access(
    Audience.VENDOR, Audience.OPERATOR, roles={Role.ADMINISTRATOR, Role.OPERATOR}
)
Forms = dict[str, Any]
NEWEST = 100  # events on a person's page; the audit list has them all


@for_administrators
@require_GET
def people(request: PrmRequest) -> HttpResponseBase:
    """List staff, lead agents and operators; partner people are on their partner's page."""
    page = tables.people(request, selectors.people(request.user))
    return lists.respond(
        request, page, "users/people/list.html", {"tabs": _tabs(request, "people")}
    )


@for_administrators
@require_GET
def invitations(request: PrmRequest) -> HttpResponseBase:
    """List invitations that wait for an answer."""
    page = tables.invitations(request, selectors.pending_invitations(request.user))
    facts = {"tabs": _tabs(request, "invitations")}
    return lists.respond(request, page, "users/people/list.html", facts)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: PrmRequest) -> HttpResponse:
    """Ask somebody to join; a known address comes back as a sentence on the form."""
    form = InviteForm(request.POST or None, audiences=_audiences(request.user))
    carry.refill(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = services.invite(actor=request.user, **form.cleaned_data)
        except services.AlreadyMember:
            form.add_error("email", _("Somebody with this address is already here."))
        except services.InvitedElsewhere:
            form.add_error(
                "email",
                _("This address has an open invitation to another side. Withdraw it first."),
            )
        else:
            sent = _("The invitation to %(email)s is on its way.") % {"email": invitation.email}
            messages.success(request, sent)
            return see_other("users:invitations")
    status = 422 if request.method == "POST" else 200
    return render(request, "users/people/invite.html", {"form": form}, status=status)


@for_administrators
@require_POST
def resend(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Send a pending invitation again; one that is over says so."""
    invitation = _invitation(request, uid)
    try:
        services.resend(invitation, actor=request.user)
    except services.InvitationOver as over:
        messages.warning(request, _over(over.invitation))
    else:
        sent = _("The invitation to %(email)s is on its way.") % {"email": invitation.email}
        messages.success(request, sent)
    return see_other("users:invitations")


@for_administrators
@require_POST
def withdraw(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Take a pending invitation back; one that was accepted meanwhile says so."""
    invitation = services.withdraw_invitation(_invitation(request, uid), actor=request.user)
    if invitation.state == InvitationState.WITHDRAWN:
        done = _("The invitation to %(email)s is withdrawn.") % {"email": invitation.email}
        messages.success(request, done)
    else:
        messages.warning(request, _over(invitation))
    return see_other("users:invitations")


@for_administrators
@require_GET
def person(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Show one person: what they may do, how they sign in, what happened."""
    return _page(request, _person(request, uid))


@for_administrators
@require_POST
def rename(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Change how a person is called."""
    someone = _person(request, uid)
    form = NameForm(request.POST)
    if not form.is_valid():
        return _page(request, someone, {"name_form": form, "form": form}, status=422)
    services.rename(someone, name=form.cleaned_data["name"], actor=request.user)
    messages.success(request, _("The name is saved."))
    return see_other("users:person", uid)


@for_administrators
@require_POST
def roles(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Give a member of the staff exactly the roles that are ticked."""
    someone = _person(request, uid)
    form = RolesForm(request.POST)
    if form.is_valid():
        try:
            services.change_roles(someone, roles=form.cleaned_data["roles"], actor=request.user)
        except services.LastAdministrator:
            form.add_error("roles", _last(someone))
        else:
            messages.success(request, _("The roles are saved. They count from the next page on."))
            return see_other("users:person", uid)
    return _page(request, someone, {"roles_form": form, "form": form}, status=422)


@for_administrators
@require_POST
def disable(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Keep a person out from the next request on."""
    done = _("%(name)s can no longer sign in.")
    return _switch(request, uid, services.disable, done)


@for_administrators
@require_POST
def enable(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Let a person in again."""
    return _switch(request, uid, services.enable, _("%(name)s can sign in again."))


@for_administrators
@require_POST
def second_factor(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Take a lost second factor off a person."""
    done = _("The second factor of %(name)s is removed. They are signed out everywhere.")
    return _switch(request, uid, services.reset_second_factor, done)


def _switch(
    request: PrmRequest, uid: UUID, service: Callable[..., User], done: str
) -> HttpResponse:
    someone = _person(request, uid)
    try:
        service(someone, actor=request.user)
    except services.LastAdministrator:
        return _page(request, someone, {"problem": _last(someone)}, status=422)
    messages.success(request, done % {"name": someone.name})
    return see_other("users:person", uid)


def _page(
    request: PrmRequest, someone: User, forms: Forms | None = None, status: int = 200
) -> HttpResponse:
    """Render a person's page with what may be done to them."""
    switchable = policies.can_switch(request.user, someone)
    factor = selectors.has_second_factor(someone)
    history = events.timeline(someone).reverse()[:NEWEST]
    facts: Forms = {
        "person": someone,
        "state": tables.state(someone),
        "role_labels": sorted(str(role.label) for role in someone.roles),
        "second_factor": factor,
        "entries": entries(history),
        "name_form": NameForm(initial={"name": someone.name}),
        "roles_form": RolesForm(initial={"roles": [role.value for role in someone.roles]}),
        "actions": {
            "roles": policies.can_change_roles(request.user, someone),
            "disable": switchable and someone.is_active,
            "enable": switchable and not someone.is_active,
            "reset": switchable and factor,
        },
    }
    return render(request, "users/people/person.html", {**facts, **(forms or {})}, status=status)


def _person(request: PrmRequest, uid: UUID) -> User:
    reachable = User.objects.get_queryset().visible_to(request.user)
    return get_object_or_404(reachable, uid=uid)


def _invitation(request: PrmRequest, uid: UUID) -> Invitation:
    reachable = Invitation.objects.visible_to(request.user)
    return get_object_or_404(reachable, uid=uid)


def _audiences(user: User) -> tuple[Audience, ...]:
    if user.audience == Audience.OPERATOR:
        return (Audience.OPERATOR,)
    return (Audience.VENDOR, Audience.AGENT)


def _tabs(request: PrmRequest, active: str) -> list[dict[str, Any]]:
    waiting = selectors.pending_invitations(request.user).count()
    return tables.tabs(active, waiting)


def _last(someone: User) -> str:
    if someone.audience == Audience.OPERATOR:
        return _("%(name)s is the last operator.") % {"name": someone.name}
    return _("%(name)s is the last administrator. Make somebody else an administrator first.") % {
        "name": someone.name
    }


def _over(invitation: Invitation) -> str:
    if invitation.state == InvitationState.ACCEPTED:
        return _("%(email)s has already joined.") % {"email": invitation.email}
    return _("The invitation to %(email)s was already withdrawn.") % {"email": invitation.email}
