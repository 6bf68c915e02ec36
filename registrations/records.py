"""What the audit list calls a registration, and where it leads."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from prm.events import records
from prm.events.records import MOST, Record
from registrations.enums import State
from registrations.models import (
    AvailabilityPolicy,
    Registration,
    RegistrationImport,
    ReviewerAbsence,
)


def _find(uids: set[UUID]) -> Mapping[UUID, Record]:
    """Name registrations; a partner's draft is no page of the vendor's."""
    return {row.uid: _record(row) for row in Registration.objects.filter(uid__in=uids)}


def _record(row: Registration) -> Record:
    text = f"{row.company_name or '-'} ({row.reference})"
    if row.state == State.DRAFT:
        return Record(text)
    return Record(text, reverse("registrations:manage-detail", args=[row.reference]))


def _search(text: str) -> Iterable[UUID]:
    named = Q(company_name__icontains=text) | Q(reference__iexact=text)
    return Registration.objects.filter(named).values_list("uid", flat=True)[:MOST]


def register() -> None:
    """Make registrations known; called when the app starts."""
    records.register("registrations.registration", _("Deal"), _find, _search)
    records.register("registrations.reviewerabsence", _("Absence"), _absences)
    records.register("registrations.registrationimport", _("Import of deals"), _imports)
    records.register("registrations.availabilitypolicy", _("Availability check"), _policy)


def _absences(uids: set[UUID]) -> Mapping[UUID, Record]:
    """Name absences by who is away; one that was taken back has no name any more."""
    rows = ReviewerAbsence.objects.filter(uid__in=uids).select_related("user")
    page = reverse("registrations:manage-absences")
    return {row.uid: Record(row.user.name, page) for row in rows}


def _policy(uids: set[UUID]) -> Mapping[UUID, Record]:
    record = Record(str(_("Availability check")), reverse("registrations:availability-settings"))
    found = AvailabilityPolicy.objects.filter(uid__in=uids).values_list("uid", flat=True)
    return dict.fromkeys(found, record)


def _imports(uids: set[UUID]) -> Mapping[UUID, Record]:
    return {
        row.uid: Record(row.file_name, reverse("registrations:import", args=[row.uid]))
        for row in RegistrationImport.objects.filter(uid__in=uids)
    }
