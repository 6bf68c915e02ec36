"""What this room's events, fields and records are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from companies.enums import Designation, DesignationSource, Standing
from prm import countries
from prm.events import labels, records
from prm.events.records import Record
from prm.ui.dates import format_date

# code -> words, icon, tone
EVENTS = {
    "company.added": (_("Company added"), "building", "info"),
    "company.unconfirmed": (_("No longer confirmed: an import was undone"), "undo", "neutral"),
    "company.confirmed": (_("Company confirmed"), "check", "success"),
    "company.merged": (_("Merged into another company"), "link", "warning"),
    "company.absorbed": (_("Another company was merged into this one"), "link", "info"),
    "company.told_apart": (_("Told apart from another company"), "close", "neutral"),
    "company.related": (_("Marked as related to another company"), "similar", "neutral"),
    "company.designated": (_("Designation changed"), "flag", "warning"),
    "company-rules.applied": (_("Designation of companies follows the rules"), "flag", "info"),
    "company.renamed": (_("Company renamed"), "edit", "neutral"),
    "company.contacted": (_("Our last own contact noted"), "person", "neutral"),
    "company.name_added": (_("Other name added"), "add", "neutral"),
    "company.name_removed": (_("Other name removed"), "close", "neutral"),
    "company.domain_added": (_("Web domain added"), "globe", "neutral"),
    "matching.tuned": (_("Name matching changed"), "settings", "neutral"),
    "company.domain_removed": (_("Web domain removed"), "close", "neutral"),
    "company.number_added": (_("Registration number added"), "add", "neutral"),
    "company.number_removed": (_("Registration number removed"), "close", "neutral"),
    "company.site_added": (_("Site added"), "add", "neutral"),
    "company.site_removed": (_("Site removed"), "close", "neutral"),
    "company.external_id_added": (_("External ID added"), "add", "neutral"),
    "company.external_id_removed": (_("External ID removed"), "close", "neutral"),
    "company.industry_changed": (_("Industry changed"), "edit", "neutral"),
    "company.parent_changed": (_("Parent changed"), "link", "neutral"),
    "company.unmerged": (_("Merge undone: stands for itself again"), "undo", "warning"),
    "company.released": (_("Merge undone: another company left again"), "undo", "warning"),
    "company.split": (_("Split: part of it became a company of its own"), "link", "warning"),
    "company.split_off": (_("Split off another company"), "link", "info"),
    "company.listed": (_("Changed by a list"), "queue", "neutral"),
    "company.unlisted": (_("A list’s changes taken back"), "undo", "neutral"),
    "company.removed": (_("Removed with the list that added it"), "close", "neutral"),
    "company-list.uploaded": (_("List uploaded"), "add", "neutral"),
    "company-list.begun": (_("Loading of a list begun"), "queue", "info"),
    "company-list.loaded": (_("List loaded"), "check", "success"),
    "company-list.discarded": (_("List discarded"), "close", "neutral"),
    "company-list.undone": (_("List undone"), "undo", "warning"),
    "company-scan.started": (_("Search for duplicates begun"), "similar", "neutral"),
    "company-scan.stopped": (_("Search for duplicates stopped"), "close", "neutral"),
}
FIELDS = {
    "name": _("Name"),
    "country": _("Country"),
    "contacted_on": _("Our last own contact"),
    "designation": _("Designation"),
    "designation_source": _("Designated"),
    "standing": _("Standing"),
    "domain": _("Web domain"),
    "domains": _("Web domains"),
    "threshold_offset": _("Threshold"),
    "stop_words": _("Words that say nothing"),
    "equivalences": _("Words that mean the same"),
    "names": _("Names"),
    "industry": _("Industry"),
    "parent": _("Parent"),
    "scheme": _("Kind of number"),
    "number": _("Registration number"),
    "site": _("Site"),
    "system": _("Other system"),
    "external_id": _("External ID"),
    "file": _("File"),
}


def _day(stored: str) -> str:
    """Return a stored day as a reader expects it."""
    return format_date(date.fromisoformat(stored))


def register() -> None:
    """Tell the timeline and the audit list; called when the app starts."""
    from companies.models import Company, MatchTuning  # noqa: PLC0415 - the apps are ready by then

    for code, (words, icon, tone) in EVENTS.items():
        labels.register(code, words, icon=icon, tone=tone)
    labels.register_fields(FIELDS)
    labels.register_values("designation", dict(Designation.choices))
    labels.register_values("designation_source", dict(DesignationSource.choices))
    labels.register_values("standing", dict(Standing.choices))
    labels.register_values("country", countries.name_of)
    labels.register_values("contacted_on", _day)

    def companies(uids: set[UUID]) -> Mapping[UUID, Record]:
        rows = Company.objects.filter(uid__in=uids).values_list("uid", "name")
        return {uid: Record(name, reverse("companies:detail", args=[uid])) for uid, name in rows}

    def named(text: str) -> Iterable[UUID]:
        found = Company.objects.filter(name__icontains=text)
        return found.values_list("uid", flat=True)[: records.MOST]

    records.register("companies.company", _("Company"), companies, named)

    def tunings(uids: set[UUID]) -> Mapping[UUID, Record]:
        found = MatchTuning.objects.filter(uid__in=uids).values_list("uid", flat=True)
        return dict.fromkeys(found, Record(str(_("Name matching")), reverse("companies:tuning")))

    records.register("companies.matchtuning", _("Name matching"), tunings)
