"""What the audit list calls a lead, and where it leads."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from leads.enums import State
from leads.models import Lead
from prm.events import records
from prm.events.records import MOST, Record


def _find(uids: set[UUID]) -> Mapping[UUID, Record]:
    """Name leads; what an agent has only begun is no page of the vendor's."""
    return {row.uid: _record(row) for row in Lead.objects.filter(uid__in=uids)}


def _record(row: Lead) -> Record:
    text = f"{row.company_name or '-'} ({row.reference})"
    if row.state == State.NEW:
        return Record(text)
    return Record(text, reverse("leads:manage-detail", args=[row.reference]))


def _search(text: str) -> Iterable[UUID]:
    named = Q(company_name__icontains=text) | Q(reference__iexact=text)
    return Lead.objects.filter(named).values_list("uid", flat=True)[:MOST]


def register() -> None:
    """Make leads known; called when the app starts."""
    records.register("leads.lead", _("Lead"), _find, _search)
