"""Every write to partners and to who works for them. Each locks the partner and records one event."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.db import transaction

from catalog.models import ProductLine, Territory
from partners.models import Membership, Partner
from partners.policies import can_manage_partners, can_manage_people
from partners.selectors import open_invitations
from prm import clock, countries, events, locks
from prm.access import PARTNER_ROLES, Audience, Role, require
from prm.events import changes
from prm.reference import new_reference
from users import services as people
from users.invitations import CannotJoin
from users.models import Invitation, User


class PartnerNameTaken(Exception):
    """Another partner has that name; `partner` is it, perhaps ended."""

    def __init__(self, partner: Partner) -> None:
        super().__init__(partner.name)
        self.partner = partner


class PartnerRefused(ValueError):
    """A name, a country, a manager or a role that a partner cannot have."""


class PartnerEnded(CannotJoin):
    """The partnership has ended; nobody joins and nothing is edited until it is reopened."""


class WorksElsewhere(CannotJoin):
    """The person belongs to a partner already, or is not on the partners' side."""


class LastAdministrator(Exception):
    """The partner's own people would be left without an administrator."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What the vendor writes about a partner."""

    name: str
    country: str
    website: str = ""
    manager: User | None = None
    territories: Iterable[Territory] = field(default_factory=tuple)
    product_lines: Iterable[ProductLine] = field(default_factory=tuple)


@transaction.atomic
def add_partner(profile: Profile, *, actor: User) -> Partner:
    """Add a partner under a fresh reference.

    Raises PermissionDenied, PartnerRefused, PartnerNameTaken, Busy.
    """
    require(can_manage_partners(actor))
    profile = _checked(profile)
    partner = Partner.objects.create(
        reference=new_reference("P"),
        name=profile.name,
        country=profile.country,
        website=profile.website,
        manager=profile.manager,
    )
    partner.territories.set(profile.territories)
    partner.product_lines.set(profile.product_lines)
    _record(
        "partner.added",
        partner,
        actor=actor,
        data={"country": profile.country},
        private={"name": profile.name},
    )
    return partner


@transaction.atomic
def edit_partner(partner: Partner, profile: Profile, *, actor: User) -> Partner:
    """Change what the vendor writes about a partner; records only what differs.

    Raises PermissionDenied, PartnerEnded, PartnerRefused, PartnerNameTaken, Busy.
    """
    require(can_manage_partners(actor))
    partner = _active(partner)
    profile = _checked(profile, partner)
    before = partner.manager
    old, new = _facts(_profile_of(partner)), _facts(profile)
    changed = changes.between(old, new)
    if not changed:
        return partner
    partner.change(
        name=profile.name,
        country=profile.country,
        website=profile.website,
        manager=profile.manager,
    )
    partner.territories.set(profile.territories)
    partner.product_lines.set(profile.product_lines)
    texts = {name: pair for name, pair in changed.items() if name in _TEXTS}
    if "manager" in changed:
        texts["manager"] = [_name(before), _name(profile.manager)]
    codes = {name: pair for name, pair in changed.items() if name not in _TEXTS}
    _record(
        "partner.edited",
        partner,
        actor=actor,
        data=changes.payload(codes),
        private=changes.payload(texts),
    )
    return partner


@transaction.atomic
def end_partner(partner: Partner, *, reason: str, actor: User) -> Partner:
    """End a partnership: its people lose their roles, open invitations are withdrawn.

    What the partner registered stays. Idempotent. Raises PermissionDenied.
    """
    require(can_manage_partners(actor))
    partner = _locked(partner)
    if partner.ended_at is not None:
        return partner
    partner.change(ended_at=clock.now())
    for invitation in open_invitations(partner):
        people.withdraw_invitation(invitation, actor=actor)
    _record("partner.ended", partner, actor=actor, private={"reason": reason} if reason else {})
    return partner


@transaction.atomic
def reopen_partner(partner: Partner, *, actor: User) -> Partner:
    """Let an ended partner work again, with the people it had. Raises PermissionDenied."""
    require(can_manage_partners(actor))
    partner = _locked(partner)
    if partner.ended_at is not None:
        partner.change(ended_at=None)
        _record("partner.reopened", partner, actor=actor)
    return partner


@transaction.atomic
def invite_person(
    partner: Partner, *, email: str, name: str, role: Role, language: str = "", actor: User
) -> Invitation:
    """Invite somebody to work for a partner; the membership is made when they accept.

    Raises PermissionDenied, PartnerEnded, PartnerRefused, and what `users.services.invite` raises.
    """
    require(can_manage_people(actor, partner))
    partner = _active(partner)
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
    _record(
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
    _record(
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
    _active(partner)
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

    Raises PartnerEnded, PartnerRefused, WorksElsewhere.
    """
    _check_role(role)
    partner = _active(partner)
    if user.audience != Audience.PARTNER or Membership.objects.filter(user=user).exists():
        raise WorksElsewhere
    membership = Membership.objects.create(user=user, partner=partner, role=role)
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


_TEXTS = frozenset({"name", "website"})


def _locked(partner: Partner) -> Partner:
    """Re-read the row FOR UPDATE."""
    return (
        Partner.objects.select_for_update(of=("self",)).select_related("manager").get(pk=partner.pk)
    )


def _member(membership: Membership, actor: User) -> Membership:
    """Check the right, lock the partner and re-read the membership."""
    require(can_manage_people(actor, membership.partner))
    partner = _locked(membership.partner)
    membership = Membership.objects.select_related("user").get(pk=membership.pk)
    membership.partner = partner
    return membership


def _active(partner: Partner) -> Partner:
    partner = _locked(partner)
    if partner.ended_at is not None:
        raise PartnerEnded
    return partner


def _checked(profile: Profile, partner: Partner | None = None) -> Profile:
    """Return the profile tidied; raise PartnerRefused, PartnerNameTaken or Busy."""
    name = " ".join(profile.name.split())
    if not name or len(name) > 120 or not countries.is_country(profile.country):
        raise PartnerRefused(name)
    if profile.manager is not None and not can_manage_partners(profile.manager):
        raise PartnerRefused(str(profile.manager))
    locks.hold(f"partners.name:{name.casefold()}")  # two may add the same one at this instant
    namesakes = Partner.objects.filter(name__iexact=name)
    taken = (namesakes.exclude(pk=partner.pk) if partner else namesakes).first()
    if taken is not None:
        raise PartnerNameTaken(taken)
    return Profile(
        name=name,
        country=profile.country,
        website=profile.website.strip(),
        manager=profile.manager,
        territories=tuple(profile.territories),
        product_lines=tuple(profile.product_lines),
    )


def _profile_of(partner: Partner) -> Profile:
    return Profile(
        name=partner.name,
        country=partner.country,
        website=partner.website,
        manager=partner.manager,
        territories=cast("tuple[Territory, ...]", tuple(partner.territories.all())),
        product_lines=cast("tuple[ProductLine, ...]", tuple(partner.product_lines.all())),
    )


def _facts(profile: Profile) -> dict[str, Any]:
    """Return a profile as events record it: codes for what is chained, texts beside them."""
    return {
        "name": profile.name,
        "website": profile.website,
        "country": profile.country,
        "manager": str(profile.manager.uid) if profile.manager else "",
        "territories": sorted(place.code for place in profile.territories),
        "product_lines": sorted(line.code for line in profile.product_lines),
    }


def _name(user: User | None) -> str:
    return user.name if user else ""


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


def _record(
    code: str,
    partner: Partner,
    *,
    actor: User | None,
    data: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
) -> None:
    events.record(code, target=partner, actor=actor, data=data, private=private)


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
