"""The kernel's tables, one package each; imported here so that Django finds them."""

from prm.due.models import DueRow
from prm.events.models import Event, EventDetail, PendingSeal, Seal
from prm.links.models import ActionLink
from prm.portal.models import Closure, ExchangeRate, OpeningHours, PortalSettings
from prm.rules.models import RuleDraft, RuleVersion, RuleWithdrawal

__all__ = [
    "ActionLink",
    "Closure",
    "DueRow",
    "Event",
    "EventDetail",
    "ExchangeRate",
    "OpeningHours",
    "PendingSeal",
    "PortalSettings",
    "RuleDraft",
    "RuleVersion",
    "RuleWithdrawal",
    "Seal",
]
