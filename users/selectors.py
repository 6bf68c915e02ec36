"""Reads about people that join tables."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from prm.access import Audience
from users.models import Invitation, SavedView, User


def people(actor: User) -> QuerySet[User]:
    """Return staff, lead agents and operators with roles and `has_second_factor`; three queries.

    Partner people are on their partner's page.
    """
    factor = Authenticator.objects.filter(user_id=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return (
        User.objects.get_queryset()
        .visible_to(actor)
        .exclude(audience=Audience.PARTNER)
        .annotate(has_second_factor=Exists(factor))
        .prefetch_related("vendor_roles")
        .order_by("name", "pk")
    )


def matching_people(queryset: QuerySet[User], text: str) -> QuerySet[User]:
    """Narrow a list of people to a piece of a name or an address."""
    return queryset.filter(Q(name__icontains=text) | Q(email__icontains=text))


def pending_invitations(actor: User) -> QuerySet[Invitation]:
    """Return invitations to staff, agents and operators that are neither accepted nor withdrawn."""
    return (
        Invitation.objects.visible_to(actor)
        .pending()
        .exclude(audience=Audience.PARTNER)
        .select_related("invited_by")
    )


def invitation_of(uid: UUID) -> Invitation | None:
    """Return the invitation a link is about."""
    return Invitation.objects.select_related("invited_by").filter(uid=uid).first()


def has_second_factor(user: User) -> bool:
    """Return whether a person has set up an authenticator app."""
    totp = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP)
    return bool(totp.exists())


def saved_views(user: User, list_name: str) -> list[tuple[str, str]]:
    """Return name and query of a person's saved views of a list, by name; one query."""
    mine = SavedView.objects.visible_to(user).filter(list_name=list_name)
    return list(mine.order_by("name").values_list("name", "query"))


def every_view(user: User) -> QuerySet[SavedView]:
    """Return all of a person's saved views, by list and name."""
    return SavedView.objects.visible_to(user).order_by("list_name", "name")
