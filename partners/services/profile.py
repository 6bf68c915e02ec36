"""A partner's profile: what it states, its hours, and the confirmation that all of it is still right."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from catalog.models import CatalogEntry, ProductLine, Skill, Territory
from partners.enums import PartnerTask
from partners.models import Partner, PartnerHours, ProfileRule
from partners.policies import can_change_profile_rule, can_confirm_profile, can_edit_profile
from partners.selectors import hours_of, missing_to_confirm, profile_rule
from partners.services.core import PartnerRefused, active, record
from partners.services.planning import plan_all, plan_announcements
from prm import clock, events, locks
from prm.access import require
from prm.business_time import Span
from prm.events import changes
from prm.portal import hours, zones
from prm.portal.models import PortalSettings, Weekday
from users.models import User

DAYS = range(7, 3651)
MOST_ANNOUNCEMENTS = 4


class ProfileIncomplete(Exception):
    """Something that a confirmed profile needs is missing; `tasks` says what."""

    def __init__(self, tasks: Iterable[PartnerTask]) -> None:
        self.tasks = tuple(tasks)
        super().__init__(", ".join(self.tasks))


@transaction.atomic
def change_profile(
    partner: Partner,
    *,
    territories: Iterable[Territory] | None = None,
    product_lines: Iterable[ProductLine] | None = None,
    skills: Iterable[Skill] | None = None,
    actor: User,
) -> Partner:
    """State where a partner works, with what, and what it knows; None leaves a part as it is.

    Records partner.edited with what differs. Raises PermissionDenied, PartnerEnded.
    """
    require(can_edit_profile(actor, partner))
    partner = active(partner)
    stated: dict[str, Iterable[CatalogEntry] | None] = {
        "territories": territories,
        "product_lines": product_lines,
        "skills": skills,
    }
    wanted = {name: list(entries) for name, entries in stated.items() if entries is not None}
    old = {name: _codes(getattr(partner, name).all()) for name in wanted}
    changed = changes.between(old, {name: _codes(entries) for name, entries in wanted.items()})
    for name in changed:
        getattr(partner, name).set(wanted[name])
    if changed:
        record("partner.edited", partner, actor=actor, data=changes.payload(changed))
    return partner


@transaction.atomic
def change_partner_hours(
    partner: Partner, *, zone: str, week: Mapping[int, Iterable[Span]], actor: User
) -> Partner:
    """State when a partner works and in which zone; "" and an empty week mean the portal's.

    Records partner.hours_changed. Raises PermissionDenied, PartnerEnded, PartnerRefused for an
    unknown zone, `prm.portal.hours.HoursInvalid`.
    """
    require(can_edit_profile(actor, partner))
    partner = active(partner)
    if zone and zone not in zones.names():
        raise PartnerRefused(zone)
    new = {day.value: hours.checked(week.get(day.value, ())) for day in Weekday}
    old = {**_spelt(hours_of(partner)), "zone": partner.zone}
    changed = changes.between(old, {**_spelt(new), "zone": zone})
    if not changed:
        return partner
    partner.change(zone=zone)
    partner.hours.all().delete()
    PartnerHours.objects.bulk_create(
        PartnerHours(partner=partner, weekday=day, opens_at=opens, closes_at=closes)
        for day, spans in new.items()
        for opens, closes in spans
    )
    record("partner.hours_changed", partner, actor=actor, data=changes.payload(changed))
    return partner


@transaction.atomic
def confirm_profile(partner: Partner, *, actor: User) -> Partner:
    """Confirm that the profile is right today: it counts anew from now, and is announced anew.

    Records partner.profile_confirmed. Raises PermissionDenied, PartnerEnded, ProfileIncomplete.
    """
    require(can_confirm_profile(actor, partner))
    partner = active(partner)
    missing = missing_to_confirm(partner)
    if missing:
        raise ProfileIncomplete(missing)
    partner.change(profile_confirmed_at=clock.now(), profile_confirmed_by=actor)
    plan_announcements(partner, profile_rule())
    record("partner.profile_confirmed", partner, actor=actor)
    return partner


@transaction.atomic
def change_profile_rule(
    *, valid_days: int, announce_days: Iterable[int], actor: User
) -> ProfileRule:
    """Change how long a confirmed profile counts and when its end is announced, for every partner.

    It counts from now on for profiles confirmed earlier too. Records profile_rule.changed. Raises
    PermissionDenied, PartnerRefused, Busy.
    """
    require(can_change_profile_rule(actor))
    locks.hold("partners.profile-rule")
    wanted = sorted(set(announce_days), reverse=True)
    fits = wanted and len(wanted) <= MOST_ANNOUNCEMENTS and wanted[-1] >= 1
    if valid_days not in DAYS or not fits or wanted[0] >= valid_days:
        raise PartnerRefused(str(valid_days))
    rule = profile_rule()
    values: dict[str, Any] = {"valid_days": valid_days, "announce_days": wanted}
    changed = changes.between({name: getattr(rule, name) for name in values}, values)
    if not changed:
        return rule
    rule.valid_days, rule.announce_days = valid_days, wanted
    rule.save()
    plan_all(rule)
    events.record(
        "portal.profile_rule_changed",
        target=PortalSettings.objects.get(pk=1),
        actor=actor,
        data=changes.payload(changed),
    )
    return rule


def _codes(entries: Iterable[CatalogEntry]) -> list[str]:
    return sorted(entry.code for entry in entries)


def _spelt(week: Mapping[int, Iterable[Span]]) -> dict[str, str]:
    return {f"hours_{day}": hours.spell(spans).replace(" ", "") for day, spans in week.items()}
