"""Invitations: sent by mail, open for fourteen days, accepted once."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from prm import clock, events, links, locks
from prm.access import Actor, Audience, require
from prm.links.models import ActionLink
from users import invitations, policies
from users.enums import InvitationState
from users.models import Invitation, User
from users.services.people import checked_roles, create_person

OPEN_FOR = timedelta(days=14)


class AddressTaken(Exception):
    """The address cannot be invited. What to say depends on who asks: rivals learn nothing."""


class AlreadyMember(AddressTaken):
    """Somebody with this address can sign in here, or could and is disabled."""


class InvitedElsewhere(AddressTaken):
    """The address has an open invitation to another side or organisation."""


class InvitationOver(Exception):
    """The invitation was accepted, withdrawn, or its time is over; its `state` says which."""

    def __init__(self, invitation: Invitation) -> None:
        super().__init__(invitation.state)
        self.invitation = invitation


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    audience: str,
    roles: Iterable[str] = (),
    organisation: UUID | None = None,
    language: str = "",
    actor: Actor | None,
) -> Invitation:
    """Ask an address to join with these roles; asking again sends it again, with the newer roles.

    Records invitation.sent or invitation.resent; the mail leaves through `users.invitations`.
    Raises PermissionDenied, RolesRefused, AlreadyMember, InvitedElsewhere.
    """
    require(policies.can_invite(actor, audience))
    wanted = checked_roles(audience, roles)
    email = email.strip().lower()
    locks.hold(f"users.invitation:{email}")
    if User.objects.filter(email=email).exists():
        raise AlreadyMember(email)
    invitation = _pending(email, audience, organisation)
    invitation.name = " ".join(name.split()) or invitation.name
    invitation.roles = wanted
    invitation.language = language
    return _dispatch(invitation, actor)


@transaction.atomic
def resend(invitation: Invitation, *, actor: Actor | None) -> Invitation:
    """Send an open or expired invitation again, with fourteen new days.

    Records invitation.resent. Raises PermissionDenied, InvitationOver.
    """
    require(policies.can_invite(actor, invitation.audience))
    invitation = _locked(invitation)
    if invitation.state not in (InvitationState.OPEN, InvitationState.EXPIRED):
        raise InvitationOver(invitation)
    return _dispatch(invitation, actor)


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, actor: Actor | None) -> Invitation:
    """Take an invitation back; its link says so from now on. Idempotent once it is over.

    Records invitation.withdrawn. Raises PermissionDenied.
    """
    require(policies.can_invite(actor, invitation.audience))
    invitation = _locked(invitation)
    if invitation.state in (InvitationState.OPEN, InvitationState.EXPIRED):
        invitation.change(withdrawn_at=clock.now())
        _record("invitation.withdrawn", invitation, actor)
    return invitation


@transaction.atomic
def accept(invitation: Invitation, *, link: ActionLink, name: str, password: str) -> User:
    """Make the person that an invitation promised; the link is used up.

    Records user.created and invitation.accepted. Raises InvitationOver, AlreadyMember,
    `users.invitations.CannotJoin` from the room above.
    """
    invitation = _locked(invitation)
    if invitation.state != InvitationState.OPEN or not links.use(link):
        raise InvitationOver(invitation)
    if User.objects.filter(email=invitation.email).exists():
        raise AlreadyMember(invitation.email)
    user = create_person(
        email=invitation.email,
        name=name,
        audience=invitation.audience,
        roles=invitation.roles,
        language=invitation.language,
        password=password,
        actor=None,
    )
    invitation.change(accepted_at=clock.now(), accepted_by=user)
    invitations.accepted(invitation, user)
    _record("invitation.accepted", invitation, user, person=user)
    return user


def _pending(email: str, audience: str, organisation: UUID | None) -> Invitation:
    """Return the address's pending invitation, or a new one; raise InvitedElsewhere for a rival's."""
    found = Invitation.objects.pending().select_for_update().filter(email=email)
    invitation = found.first()
    if invitation is not None:
        if (invitation.audience, invitation.organisation) == (audience, organisation):
            return invitation
        if invitation.state == InvitationState.OPEN:
            raise InvitedElsewhere(email)
        invitation.change(withdrawn_at=clock.now())
        _record("invitation.withdrawn", invitation, None)
    return Invitation(email=email, audience=audience, organisation=organisation)


def _dispatch(invitation: Invitation, actor: Actor | None) -> Invitation:
    """Save an invitation with new days, make its link, hand both to whoever writes the mail."""
    again = invitation.pk is not None
    now = clock.now()
    invitation.sent_at = invitation.updated_at = now
    invitation.expires_at = now + OPEN_FOR
    if isinstance(actor, User):
        invitation.invited_by = actor
    invitation.save()
    link = links.create(
        invitations.PURPOSE,
        subject=invitation.uid,
        email=invitation.email,
        expires_at=invitation.expires_at,
    )
    _record("invitation.resent" if again else "invitation.sent", invitation, actor)
    invitations.send(invitation, link)
    return invitation


def _locked(invitation: Invitation) -> Invitation:
    """Re-read the row FOR UPDATE."""
    return Invitation.objects.select_for_update().get(pk=invitation.pk)


def _record(
    code: str, invitation: Invitation, actor: Actor | None, person: User | None = None
) -> None:
    organisation = str(invitation.organisation) if invitation.organisation else ""
    events.record(
        code,
        target=invitation,
        actor=actor,
        data={
            "audience": str(Audience(invitation.audience)),
            "roles": list(invitation.roles),
            "organisation": organisation,
            **({"person": str(person.uid)} if person else {}),
        },
        private={"name": invitation.name, "email": invitation.email},
        persons=[person.uid] if person else [],
    )
