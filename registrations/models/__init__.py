"""Registrations, what they collide with, what they earn, and all that is kept with them."""

from registrations.models.availability import (
    AvailabilityCheck,
    AvailabilityCheckQuerySet,
    AvailabilityPolicy,
)
from registrations.models.conflict import RegistrationConflict
from registrations.models.desk import Decision, DecisionQuerySet, ReviewerAbsence
from registrations.models.imports import (
    RegistrationImport,
    RegistrationImportQuerySet,
    RegistrationImportRow,
)
from registrations.models.protection import (
    Protection,
    ProtectionHolder,
    ProtectionQuerySet,
    last_day,
)
from registrations.models.registration import (
    Registration,
    RegistrationQuerySet,
    SubmissionCounter,
    Touch,
)
from registrations.models.working import EvidenceFile, Extension, Message

__all__ = [
    "AvailabilityCheck",
    "AvailabilityCheckQuerySet",
    "AvailabilityPolicy",
    "Decision",
    "DecisionQuerySet",
    "EvidenceFile",
    "Extension",
    "Message",
    "Protection",
    "ProtectionHolder",
    "ProtectionQuerySet",
    "Registration",
    "RegistrationConflict",
    "RegistrationImport",
    "RegistrationImportQuerySet",
    "RegistrationImportRow",
    "RegistrationQuerySet",
    "ReviewerAbsence",
    "SubmissionCounter",
    "Touch",
    "last_day",
]
