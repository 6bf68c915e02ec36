"""Adding partners, what the vendor writes about them, ending and reopening."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from django.db import transaction

from catalog.models import ProductLine, Territory, Tier
from partners.models import Partner
from partners.policies import can_manage_partners
from partners.selectors import open_invitations
from partners.services.core import PartnerNameTaken, PartnerRefused, active, locked, record
from prm import clock, countries, locks
from prm.access import require
from prm.events import changes
from prm.reference import new_reference
from users import services as people
from users.models import User

_TEXTS = frozenset({"name", "website"})


@dataclass(frozen=True, slots=True)
class Profile:
    """What the vendor writes about a partner."""

    name: str
    country: str
    website: str = ""
    manager: User | None = None
    tier: Tier | None = None
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
        tier=profile.tier,
    )
    partner.territories.set(profile.territories)
    partner.product_lines.set(profile.product_lines)
    record(
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
    partner = active(partner)
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
        tier=profile.tier,
    )
    partner.territories.set(profile.territories)
    partner.product_lines.set(profile.product_lines)
    texts = {name: pair for name, pair in changed.items() if name in _TEXTS}
    if "manager" in changed:
        texts["manager"] = [_name(before), _name(profile.manager)]
    codes = {name: pair for name, pair in changed.items() if name not in _TEXTS}
    record(
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
    partner = locked(partner)
    if partner.ended_at is not None:
        return partner
    partner.change(ended_at=clock.now())
    for invitation in open_invitations(partner):
        people.withdraw_invitation(invitation, actor=actor)
    record("partner.ended", partner, actor=actor, private={"reason": reason} if reason else {})
    return partner


@transaction.atomic
def reopen_partner(partner: Partner, *, actor: User) -> Partner:
    """Let an ended partner work again, with the people it had. Raises PermissionDenied."""
    require(can_manage_partners(actor))
    partner = locked(partner)
    if partner.ended_at is not None:
        partner.change(ended_at=None)
        record("partner.reopened", partner, actor=actor)
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
        tier=profile.tier,
        territories=tuple(profile.territories),
        product_lines=tuple(profile.product_lines),
    )


def _profile_of(partner: Partner) -> Profile:
    return Profile(
        name=partner.name,
        country=partner.country,
        website=partner.website,
        manager=partner.manager,
        tier=partner.tier,
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
        "tier": profile.tier.code if profile.tier else "",
        "territories": sorted(place.code for place in profile.territories),
        "product_lines": sorted(line.code for line in profile.product_lines),
    }


def _name(user: User | None) -> str:
    return user.name if user else ""
