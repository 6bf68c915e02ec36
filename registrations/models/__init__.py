"""Registrations, what they collide with, the protections they earn, and what was asked before."""

from registrations.models.availability import (
    AvailabilityCheck,
    AvailabilityCheckQuerySet,
    AvailabilityPolicy,
)
from registrations.models.registration import (
    Protection,
    ProtectionHolder,
    ProtectionQuerySet,
    Registration,
    RegistrationConflict,
    RegistrationQuerySet,
    SubmissionCounter,
    Touch,
    last_day,
)

__all__ = [
    "AvailabilityCheck",
    "AvailabilityCheckQuerySet",
    "AvailabilityPolicy",
    "Protection",
    "ProtectionHolder",
    "ProtectionQuerySet",
    "Registration",
    "RegistrationConflict",
    "RegistrationQuerySet",
    "SubmissionCounter",
    "Touch",
    "last_day",
]
