"""Reads about partners and the people who work for them."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from partners.models import Contact, Membership, Partner
from prm.access import Role
from users.models import Invitation, User


def roles_at_partner(user: User) -> Iterable[Role]:
    """Return the role of the person's membership at a partner that has not ended; one query."""
    membership = membership_of(user)
    if membership is None or membership.partner.ended_at is not None:
        return []
    return [Role(membership.role)]


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


def partner_list(user: User) -> QuerySet[Partner]:
    """Return the partners a person may know of, with manager and number of active people."""
    people = Count("memberships", filter=Q(memberships__user__is_active=True), distinct=True)
    return (
        Partner.objects.all()
        .visible_to(user)
        .select_related("manager", "profile_confirmed_by")
        .annotate(people=people)
    )


def people_of(partner: Partner) -> QuerySet[Membership]:
    """Return the memberships of a partner with their users, by name."""
    return partner.memberships.select_related("user").order_by("user__name", "pk")


def open_invitations(partner: Partner) -> QuerySet[Invitation]:
    """Return the invitations to a partner that nobody has answered, newest first."""
    return (
        Invitation.objects.filter(organisation=partner.uid, accepted_at=None, withdrawn_at=None)
        .select_related("invited_by")
        .order_by("-created_at")
    )


def possible_managers() -> QuerySet[User]:
    """Return the active staff who may look after a partner, by name."""
    return (
        User.objects.get_queryset()
        .active()
        .filter(vendor_roles__role__in=[Role.CHANNEL_MANAGER, Role.ADMINISTRATOR])
        .distinct()
        .order_by("name")
    )


def contacts_of(partner: Partner) -> QuerySet[Contact]:
    """Return a partner's current contacts with their logins, by name."""
    return (
        Contact.objects.all()
        .current()
        .filter(partner=partner)
        .select_related("user")
        .order_by("name", "pk")
    )


def signers_of(partner: Partner) -> QuerySet[Contact]:
    """Return a partner's current contacts with signing authority, by name."""
    return contacts_of(partner).filter(signs=True)


def contact_of(user: User) -> Contact | None:
    """Return the current contact that a person is; None for the vendor's people."""
    return Contact.objects.all().current().filter(user_id=user.pk).first()
