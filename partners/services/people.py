"""Who works for a partner: inviting, joining, roles, removing. Each keeps the person's contact."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from partners.models import Membership, Partner
from partners.policies import can_manage_partners, can_manage_people
from partners.services.contacts import keep_contact_of
from partners.services.core import (
    LastAdministrator,
    PartnerRefused,
    WorksElsewhere,
    active,
    locked,
    record,
)
from prm import events
from prm.access import PARTNER_ROLES, Audience, Role, require
from prm.events import changes
from users import services as people
from users.models import Invitation, User


@transaction.atomic
def invite_person(
    partner: Partner, *, email: str, name: str, role: Role, language: str = "", actor: User
) -> Invitation:
    """Invite somebody to work for a partner; the membership is made when they accept.

    Raises PermissionDenied, PartnerEnded, PartnerRefused, and what `users.services.invite` raises.
    """
    require(can_manage_people(actor, partner))
    partner = active(partner)
    _check_role(role)
    invitation = people.invite(
        email=email,
        name=name,
        audience=Audience.PARTNER,
        roles=[role],
        organisation=partner.uid,
        language=language,
        actor=actor,
    )
    record(
        "partner.person_invited",
        partner,
        actor=actor,
        data={"role": role.value},
        private={"name": name, "email": email},
    )
    return invitation


@transaction.atomic
def withdraw_invitation(partner: Partner, invitation: Invitation, *, actor: User) -> None:
    """Take back an invitation to a partner. Raises PermissionDenied."""
    require(can_manage_people(actor, partner) and invitation.organisation == partner.uid)
    people.withdraw_invitation(invitation, actor=actor)
    record(
        "partner.invitation_withdrawn",
        partner,
        actor=actor,
        private={"name": invitation.name, "email": invitation.email},
    )


@transaction.atomic
def resend_invitation(partner: Partner, invitation: Invitation, *, actor: User) -> Invitation:
    """Send an unanswered invitation again, with new days to answer.

    Raises PermissionDenied, PartnerEnded, `users.services.InvitationOver`.
    """
    require(can_manage_people(actor, partner) and invitation.organisation == partner.uid)
    active(partner)
    return people.resend(invitation, actor=actor)


def join_by_invitation(invitation: Invitation, user: User) -> None:
    """Make the membership that an accepted invitation promised; registered with `users`.

    Raises PartnerEnded, WorksElsewhere.
    """
    assert invitation.organisation is not None
    partner = Partner.objects.get(uid=invitation.organisation)
    add_membership(user, partner=partner, role=Role(invitation.roles[0]), actor=user)


@transaction.atomic
def add_membership(user: User, *, partner: Partner, role: Role, actor: User | None) -> Membership:
    """Let a person work for a partner; actor None is the system (an accepted invitation, a seed).

    The person's contact is made, or found by its address. Raises PartnerEnded, PartnerRefused,
    WorksElsewhere.
    """
    _check_role(role)
    partner = active(partner)
    if user.audience != Audience.PARTNER or Membership.objects.filter(user=user).exists():
        raise WorksElsewhere
    membership = Membership.objects.create(user=user, partner=partner, role=role)
    keep_contact_of(membership)
    _record_person("partner.member_joined", membership, actor=actor)
    return membership


@transaction.atomic
def change_member_role(membership: Membership, *, role: Role, actor: User) -> Membership:
    """Give a partner's person the other role; it counts from their next request.

    Raises PermissionDenied, PartnerRefused, LastAdministrator.
    """
    _check_role(role)
    membership = _member(membership, actor)
    if membership.role == role:
        return membership
    _keep_an_administrator(membership, actor)
    old = membership.role
    membership.change(role=role.value)
    changed = {"role": [old, role.value]}
    _record_person(
        "partner.member_role_changed", membership, actor=actor, data=changes.payload(changed)
    )
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, actor: User) -> Membership:
    """Close the login of one of a partner's people; what they did stays. Idempotent.

    Raises PermissionDenied (also for oneself), LastAdministrator.
    """
    membership = _member(membership, actor)
    if membership.user.is_active:
        _keep_an_administrator(membership, actor)
        people.disable(membership.user, actor=actor)
        _record_person("partner.member_removed", membership, actor=actor)
    return _member(membership, actor)


@transaction.atomic
def restore_member(membership: Membership, *, actor: User) -> Membership:
    """Let a removed person sign in for the partner again, in the role they had. Idempotent.

    Raises PermissionDenied.
    """
    membership = _member(membership, actor)
    if not membership.user.is_active:
        people.enable(membership.user, actor=actor)
        _record_person("partner.member_restored", membership, actor=actor)
    return _member(membership, actor)


def _member(membership: Membership, actor: User) -> Membership:
    """Check the right, lock the partner and re-read the membership."""
    require(can_manage_people(actor, membership.partner))
    partner = locked(membership.partner)
    membership = Membership.objects.select_related("user").get(pk=membership.pk)
    membership.partner = partner
    return membership


def _check_role(role: Role) -> None:
    if role not in PARTNER_ROLES:
        raise PartnerRefused(role)


def _keep_an_administrator(membership: Membership, actor: User) -> None:
    """Stop a partner's own people from removing their last administrator; the vendor may."""
    if membership.role != Role.PARTNER_ADMINISTRATOR or can_manage_partners(actor):
        return
    others = Membership.objects.filter(
        partner=membership.partner, role=Role.PARTNER_ADMINISTRATOR, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise LastAdministrator


def _record_person(
    code: str,
    membership: Membership,
    *,
    actor: User | None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Record what happened to one of the partner's people, who may be erased later."""
    user = membership.user
    events.record(
        code,
        target=membership.partner,
        actor=actor,
        data={"person": str(user.uid), "role": membership.role, **(data or {})},
        private={"person": user.name},
        persons=[user.uid],
    )
