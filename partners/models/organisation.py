"""Partner organisations and who works for them."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower

from catalog.models import ProductLine, Skill, Territory, Tier
from prm.access import PARTNER_ROLES, Audience
from prm.timestamps import TimeStamped
from users.models import User


class PartnerQuerySet(models.QuerySet["Partner"]):
    """Chainable filters over partners."""

    def visible_to(self, user: User) -> Self:
        """Partners this person may know of: all for the vendor's staff, their own for partner people."""
        if user.audience == Audience.VENDOR and user.roles:
            return self
        if user.audience == Audience.PARTNER:
            return self.filter(memberships__user=user)
        return self.none()

    def active(self) -> Self:
        """Partners that may register."""
        return self.filter(ended_at=None)


class Partner(TimeStamped):
    """A reseller organisation. Written by `partners.services` only.

    `zone` is empty where the portal's counts. The profile is what `profile_confirmed_at` says was
    still right then; `partners.gates` says what follows.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=16, unique=True, editable=False)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    website = models.CharField(max_length=200, blank=True)
    manager = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="managed_partners"
    )
    tier = models.ForeignKey(
        Tier, null=True, blank=True, on_delete=models.PROTECT, related_name="partners"
    )
    territories = models.ManyToManyField(Territory, blank=True, related_name="partners")
    product_lines = models.ManyToManyField(ProductLine, blank=True, related_name="partners")
    skills = models.ManyToManyField(Skill, blank=True, related_name="partners")
    zone = models.CharField(max_length=64, blank=True, default="", db_default="")
    profile_confirmed_at = models.DateTimeField(null=True)
    profile_confirmed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Partner"]] = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="a partner's name is used once"),
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^[A-Z]{2}$"), name="a country is two letters"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(TimeStamped):
    """That a person works for a partner, and as what; a person works for one at most."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="membership")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=24, choices=[(r.value, r.label) for r in PARTNER_ROLES])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=[r.value for r in PARTNER_ROLES]),
                name="a partner role is one of a partner's",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.partner_id}"
