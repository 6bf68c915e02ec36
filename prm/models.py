"""The kernel's tables, one package each; imported here so that Django finds them."""

from prm.due.models import DueRow
from prm.events.models import Event, EventDetail, PendingSeal, Seal
from prm.links.models import ActionLink
from prm.portal.models import Closure, OpeningHours, PortalSettings
from prm.rules.models import RuleVersion

__all__ = [
    "ActionLink",
    "Closure",
    "DueRow",
    "Event",
    "EventDetail",
    "OpeningHours",
    "PendingSeal",
    "PortalSettings",
    "RuleVersion",
    "Seal",
]
