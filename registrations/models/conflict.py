"""What a registration collides with."""

import uuid

from django.db import models
from django.db.models import F, Q

from companies.models import Company
from prm.timestamps import TimeStamped
from registrations.enums import ConflictKind, Settlement
from registrations.models.registration import Registration
from users.models import User


class RegistrationConflict(TimeStamped):
    """That a registration may collide with something; a fact for a person, never a state."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="conflicts"
    )
    kind = models.CharField(max_length=16, choices=ConflictKind.choices)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(
        Registration, null=True, on_delete=models.CASCADE, related_name="conflicts_of_others"
    )
    score = models.PositiveSmallIntegerField()
    evidence = models.JSONField(
        default=list
    )  # why it may be the same customer: adds up to the score
    weight = models.PositiveSmallIntegerField(default=100)
    grounds = models.JSONField(default=list)  # why it matters: their factors make the weight
    settlement = models.CharField(max_length=12, choices=Settlement.choices, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "kind", "company", "other"],
                nulls_distinct=False,
                name="a conflict is noted once",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settlement="")
                | Q(settled_at__isnull=False) & ~Q(settlement=""),
                name="a settled conflict says when and how",
            ),
            models.CheckConstraint(
                condition=~Q(other=F("registration")),
                name="a registration does not collide with itself",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Nobody has settled it."""
        return self.settled_at is None
