"""The referee's desk: decisions that can be taken back for 30 seconds, and who is away."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from prm.timestamps import CreatedAtField, TimeStamped
from registrations.enums import Action, State
from registrations.models.registration import Registration
from users.models import User


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Chainable filters over decisions."""

    def standing(self) -> Self:
        """Decisions that nobody took back."""
        return self.filter(undone_at=None)

    def held_at(self, instant: datetime) -> Self:
        """Decisions that can still be taken back: recorded, their effects not out yet."""
        return self.standing().filter(done_at=None, effective_at__gt=instant)


class Decision(models.Model):
    """One decision of a referee or of a rule, and all that is needed to take it back exactly.

    It counts at once; what it does for others is done at `effective_at` (`done_at` says when it was).
    `before` holds the fields as they were, `settled` the conflicts that it settled.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="decisions"
    )
    action = models.CharField(max_length=16, choices=Action.choices)
    origin = models.CharField(max_length=16, choices=State.choices)
    actor = models.ForeignKey(  # none: a rule decided
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = CreatedAtField()
    effective_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField(default=dict)
    settled = models.JSONField(default=list)
    details = models.JSONField(default=dict)  # codes: joint with whom, split into what

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False, done_at=None),
                name="a decision whose effects are out is not taken back",
            ),
            models.CheckConstraint(
                condition=Q(effective_at__gte=F("at")),
                name="effects do not leave before the decision",
            ),
        ]
        indexes = [
            models.Index(fields=["registration", "-id"], name="decisions_of_registration"),
            models.Index(
                fields=["effective_at"],
                condition=Q(done_at=None, undone_at=None),
                name="decisions_held",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.registration_id}"


class ReviewerAbsence(TimeStamped):
    """That a reviewer is away from a day to a day, both included, in the portal's zone; and who stands in."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    deputy = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="an absence ends after it begins"
            ),
            models.CheckConstraint(
                condition=~Q(deputy=F("user")), name="nobody stands in for themselves"
            ),
        ]
        indexes = [models.Index(fields=["user", "last_day"], name="absences_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.first_day} to {self.last_day}"
