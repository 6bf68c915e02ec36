"""Reads about partners that join tables."""

from collections.abc import Iterable

from partners.models import Membership, Partner
from prm.access import Role
from users.models import User


def roles_at_partner(user: User) -> Iterable[Role]:
    """Return the role of the person's membership, if there is one; one query."""
    membership = membership_of(user)
    return [Role(membership.role)] if membership else []


def membership_of(user: User) -> Membership | None:
    """Return the person's membership with its partner, read once per user object."""
    if not hasattr(user, "_membership"):
        user._membership = (  # type: ignore[attr-defined]
            Membership.objects.select_related("partner").filter(user_id=user.pk).first()
        )
    return user._membership  # type: ignore[attr-defined,no-any-return]


def partner_of(user: User) -> Partner | None:
    """Return the partner a person works for; None for everyone else, and if it has ended."""
    membership = membership_of(user)
    if membership is None or membership.partner.ended_at is not None:
        return None
    return membership.partner
