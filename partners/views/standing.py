"""How a partner stands: its profile, who signs, and what is closed or will be. Both sides show it."""

from partners import gates
from partners.models import Partner
from partners.selectors import hours_of, profile_ends_at, profile_rule, signers_of, zone_of
from prm.portal.hours import spell
from prm.portal.models import Weekday


def state_of(partner: Partner) -> dict[str, object]:
    """Return what both sides' pages show of a profile: freshness, hours, signers, gates."""
    week = {day: spans for day, spans in hours_of(partner).items() if spans}
    rule = profile_rule()
    ends_at = profile_ends_at(partner, rule)
    return {
        "ends_at": ends_at,
        "week": [(Weekday(day).label, spell(spans)) for day, spans in week.items()],
        "zone": zone_of(partner).key,
        "signers": list(signers_of(partner)),
        "gates": gates.standing(partner, rule=rule),
    }
