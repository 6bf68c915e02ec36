"""What happens to registrations when two companies turn out to be one. Called by `companies`."""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.models import Company
from companies.registry import MergeRefused
from registrations.models import (
    Protection,
    ProtectionHolder,
    Registration,
    RegistrationConflict,
)


def repoint(source: Company, target: Company) -> None:
    """Move registrations, protections and conflicts from one company to another.

    Runs inside the merge, under both companies' locks. Raises MergeRefused where two
    live protections would overlap: a person must end one first.
    """
    try:
        with transaction.atomic():
            Protection.objects.filter(company=source).update(company=target)
    except IntegrityError as error:
        raise MergeRefused(
            _("Both companies have a protection in the same scope. End one of them first."),
            _holder(source),
        ) from error
    Registration.objects.filter(company=source).update(company=target)
    noted = RegistrationConflict.objects.filter(company=source)
    for conflict in noted.order_by("pk"):
        twin = RegistrationConflict.objects.filter(
            registration_id=conflict.registration_id,
            kind=conflict.kind,
            company=target,
            other_id=conflict.other_id,
        )
        if not twin.exists():
            RegistrationConflict.objects.filter(pk=conflict.pk).update(company=target)


def _holder(company: Company) -> str:
    """Return the address of the registration that holds the newest protection at a company."""
    holder = (
        ProtectionHolder.objects.select_related("registration")
        .filter(protection__company=company)
        .order_by("-protection_id")
        .first()
    )
    if holder is None:
        return ""
    return reverse("registrations:manage-detail", args=[holder.registration.reference])
