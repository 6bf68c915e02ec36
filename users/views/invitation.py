"""Where the link of an invitation leads: GET shows it, POST joins."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from prm.http import SeeOther
from prm.links import landing
from prm.links.models import ActionLink
from prm.links.services import is_live
from users import selectors, services
from users.enums import InvitationState
from users.forms import JoinForm
from users.invitations import PURPOSE, CannotJoin
from users.models import Invitation, User


@landing(PURPOSE)
def join(request: HttpRequest, link: ActionLink) -> HttpResponse:
    """Show an open invitation with its form, join on POST; one that is over says what became of it."""
    invitation = selectors.invitation_of(link.subject)
    if invitation is None:
        raise Http404
    if invitation.state != InvitationState.OPEN or not is_live(link):
        return _over(request, invitation)
    if request.method != "POST":
        form = JoinForm(initial={"name": invitation.name}, email=invitation.email)
        return _page(request, invitation, form)
    form = JoinForm(request.POST, email=invitation.email)
    if not form.is_valid():
        return _page(request, invitation, form, status=422)
    try:
        user = services.accept(invitation, link=link, **form.cleaned_data)
    except services.InvitationOver as over:
        return _over(request, over.invitation)
    except (services.AlreadyMember, CannotJoin):
        return _over(request, invitation, _("What this invitation promised is no longer there."))
    return _sign_in(request, user)


@transaction.atomic
def _sign_in(request: HttpRequest, user: User) -> HttpResponse:
    """Sign the new person in; whoever was signed in here before is signed out by that."""
    record_authentication(request, user, method="password", email=user.email)
    response = perform_login(request, user)
    return SeeOther(response["Location"])


def _page(
    request: HttpRequest, invitation: Invitation, form: JoinForm, status: int = 200
) -> HttpResponse:
    facts = {"invitation": invitation, "form": form}
    return render(request, "users/invitation/join.html", facts, status=status)


def _over(request: HttpRequest, invitation: Invitation, sentence: str = "") -> HttpResponse:
    """Tell the truth about an invitation that cannot be accepted any more, and the way on."""
    facts = {"invitation": invitation, "state": invitation.state.value, "sentence": sentence}
    return render(request, "users/invitation/over.html", facts)
