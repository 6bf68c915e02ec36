"""What this room's events, fields and records are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from companies.enums import Designation, Standing
from prm import countries
from prm.events import labels, records
from prm.events.records import Record

# code -> words, icon, tone
EVENTS = {
    "company.added": (_("Company added"), "building", "info"),
    "company.confirmed": (_("Company confirmed"), "check", "success"),
    "company.merged": (_("Merged into another company"), "link", "warning"),
    "company.absorbed": (_("Another company was merged into this one"), "link", "info"),
    "company.told_apart": (_("Told apart from another company"), "close", "neutral"),
    "company.related": (_("Marked as related to another company"), "similar", "neutral"),
    "company.designated": (_("Designation changed"), "flag", "warning"),
    "company.renamed": (_("Company renamed"), "edit", "neutral"),
    "company.name_added": (_("Other name added"), "add", "neutral"),
    "company.domain_added": (_("Web domain added"), "globe", "neutral"),
    "matching.tuned": (_("Name matching changed"), "settings", "neutral"),
}
FIELDS = {
    "name": _("Name"),
    "country": _("Country"),
    "designation": _("Designation"),
    "standing": _("Standing"),
    "domain": _("Web domain"),
    "domains": _("Web domains"),
    "threshold_offset": _("Threshold"),
    "stop_words": _("Words that say nothing"),
    "equivalences": _("Words that mean the same"),
}


def register() -> None:
    """Tell the timeline and the audit list; called when the app starts."""
    from companies.models import Company, MatchTuning  # noqa: PLC0415 - the apps are ready by then

    for code, (words, icon, tone) in EVENTS.items():
        labels.register(code, words, icon=icon, tone=tone)
    labels.register_fields(FIELDS)
    labels.register_values("designation", dict(Designation.choices))
    labels.register_values("standing", dict(Standing.choices))
    labels.register_values("country", countries.name_of)

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
