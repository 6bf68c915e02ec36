"""Companies that come along with something else that is imported, and that go again when that is undone.

The room that imports has asked for the right and holds the companies' locks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from companies.enums import NameSource, Standing
from companies.models import Company, CompanyDomain, CompanyName
from companies.services.load_undoing import used_among
from prm import events
from prm.access import Actor
from prm.events import Event, Happened

_OWN = ("company.added", "company.confirmed", "company.unconfirmed")
"""What an import itself does to a company; anything else that happens to one is somebody's work."""


def confirm_adopted(company: Company, *, actor: Actor | None) -> dict[str, list[int]]:
    """Confirm a company on the word of an import; return what changed, for `unconfirm_adopted`.

    Records `company.confirmed`. Nothing is returned for a company that was confirmed before.
    """
    if company.is_confirmed:
        return {}
    company.change(standing=Standing.CONFIRMED)
    changed = {
        "names": _confirm(company.names.filter(source=NameSource.TYPED)),
        "domains": _confirm(company.domains.filter(source=NameSource.TYPED)),
    }
    events.record("company.confirmed", target=company, actor=actor)
    return changed


def unconfirm_adopted(
    confirmed: Mapping[int, Mapping[str, Sequence[int]]], *, actor: Actor | None
) -> set[int]:
    """Make companies provisional again as they were; return those that are.

    One that somebody has worked on since stays confirmed. Records `company.unconfirmed`.
    """
    rows = Company.objects.filter(pk__in=list(confirmed), standing=Standing.CONFIRMED)
    rows = rows.filter(merged_into=None).select_for_update().order_by("pk")
    companies = _untouched(list(rows), _OWN)
    for company in companies:
        company.change(standing=Standing.PROVISIONAL)
        parts = confirmed[company.pk]
        CompanyName.objects.filter(
            pk__in=parts.get("names", ()), source=NameSource.CONFIRMED
        ).update(source=NameSource.TYPED)
        CompanyDomain.objects.filter(
            pk__in=parts.get("domains", ()), source=NameSource.CONFIRMED
        ).update(source=NameSource.TYPED)
    happened = [Happened("company.unconfirmed", company, {}, {}) for company in companies]
    events.record_all(happened, actor=actor)
    return {company.pk for company in companies}


def forget_adopted(made: Iterable[int], *, actor: Actor | None) -> set[int]:
    """Delete companies that an import made and nothing refers to; return which.

    One that somebody has worked on stays. Records `company.removed`.
    """
    rows = Company.objects.filter(pk__in=set(made)).select_for_update().order_by("pk")
    found = {company.pk: company for company in rows}
    used = used_among(found)
    free = _untouched([one for pk, one in found.items() if pk not in used], _OWN)
    events.record_all(
        [Happened("company.removed", one, {}, {"name": one.name}) for one in free], actor=actor
    )
    gone = {company.pk for company in free}
    Company.objects.filter(pk__in=gone).delete()
    return gone


def _confirm(rows: Any) -> list[int]:
    keys = list(rows.values_list("pk", flat=True))
    if keys:
        rows.filter(pk__in=keys).update(source=NameSource.CONFIRMED)
    return keys


def _untouched(companies: list[Company], codes: Sequence[str]) -> list[Company]:
    """Those of the companies to which nothing else has happened than such events."""
    uids = [company.uid for company in companies]
    events_since = Event.objects.filter(target_uid__in=uids).exclude(code__in=codes)
    touched = set(events_since.values_list("target_uid", flat=True))
    return [company for company in companies if company.uid not in touched]
