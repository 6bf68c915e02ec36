"""The demo's rules of distribution: versions of every state and a draft with something odd in it;
exchange rates with a history."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from leads.engagement import DEFAULTS, KIND
from prm import clock, rules
from prm.portal import services as portal
from prm.rules import drafts
from registrations.engagement import DEFAULTS as ENGAGEMENT
from registrations.engagement import KIND as ENGAGEMENT_KIND
from tenants.demo.plans import Plan
from tenants.demo.travel import Agenda
from users.models import User

RATES = {
    "USD": {"EUR": ("1.09", "1.0825"), "GBP": ("1.27", "1.265")},
    "EUR": {"USD": ("0.92", "0.9238"), "CHF": ("1.04", "1.0525")},
}
NAMES = {
    "large": {"en": "Large and hot first", "de": "Groß und heiß zuerst"},
    "fair": {"en": "From the fair", "de": "Von der Messe"},
    "small": {"en": "Very large and hot", "de": "Sehr groß und heiß"},
    "big": {
        "en": "Large deals are decided in a day",
        "de": "Große Geschäfte werden in einem Tag entschieden",
    },
    "gold": {"en": "Gold partners’ small deals", "de": "Kleine Geschäfte der Gold-Partner"},
    "tiny": {"en": "Below the minimum size", "de": "Unter der Mindestgröße"},
}
NOTES = {
    "en": ("The usual figures to begin with", "Large, hot leads are answered within a day",
           "More open leads in the last quarter", "Territories no longer matter",
           "Decided too early, see the partner council",
           "Large deals first; small ones of Gold partners need no decision when nothing collides"),
    "de": ("Zum Anfang die üblichen Werte", "Große, heiße Leads werden binnen eines Tages angenommen",
           "Mehr offene Leads im letzten Quartal", "Gebiete spielen keine Rolle mehr",
           "Zu früh entschieden, siehe Partnerbeirat",
           "Große Geschäfte zuerst; kleine von Gold-Partnern brauchen keine Entscheidung, wenn nichts kollidiert"),
}  # fmt: skip


class Rulebook:
    """What the administrator of one portal does with its rules."""

    def __init__(self, plan: Plan, administrator: User) -> None:
        self.plan, self.ada, self.notes = plan, administrator, NOTES[plan.language]

    def begin(self, agenda: Agenda, present: datetime) -> None:
        """Publish the usual rules and the first rates; plan the second of both."""
        self._publish(self.notes[0], {"rules": [], "defaults": DEFAULTS})
        self._rates(0)
        agenda.add(present - timedelta(days=24), lambda: self._rates(1))
        agenda.add(present - timedelta(days=9), self._second)

    def end(self) -> None:
        """Now: a version for later, one withdrawn, and a draft."""
        soon, later = clock.now() + timedelta(days=20), clock.now() + timedelta(days=45)
        self._publish(self.notes[2], self._body(open_cap="15"), soon)
        mistaken = self._publish(self.notes[3], self._body(match_territory=False), later)
        rules.withdraw(mistaken, actor=self.ada, note=self.notes[4])
        code = drafts.add_rule(KIND, version=0, actor=self.ada)
        values = {
            "name": NAMES["small"],
            "when": {"all": [self._worth("250000"), _HOT]},
            "then": {"accept_days": "2"},
        }
        drafts.save_rule(KIND, code, values, version=1, actor=self.ada)
        self.engage()

    def engage(self) -> None:
        """Rules of engagement of the vendor's own, in force from now: what was decided stays as it was."""
        body = {
            "rules": [self._big_deals(), self._gold(), self._small_deals()],
            "defaults": {**ENGAGEMENT, "open_limit": "60", "open_limit_per_win": "5"},
        }
        rules.publish(ENGAGEMENT_KIND, body, actor=self.ada, note=self.notes[5])

    def _big_deals(self) -> dict[str, Any]:
        when = {"all": [self._worth("150000")]}
        then = {"protection_days": "120", "decision_days": "1"}
        return {"code": "big", "name": NAMES["big"], "when": when, "then": then}

    def _gold(self) -> dict[str, Any]:
        gold = {"field": "tier", "op": "IS", "value": "gold"}
        alone = {"field": "conflicts", "op": "IS", "value": "0"}
        when = {"all": [gold, alone, {"not": self._worth("25000")}]}
        return {"code": "gold", "name": NAMES["gold"], "when": when, "then": {"auto_approve": True}}

    def _small_deals(self) -> dict[str, Any]:
        value = {"amount": "2500", "currency": self.plan.currency}
        when = {"all": [{"field": "value", "op": "LESS", "value": value}]}
        return {
            "code": "tiny",
            "name": NAMES["tiny"],
            "when": when,
            "then": {"eligibility": "REVIEW"},
        }

    def _second(self) -> None:
        self._publish(self.notes[1], self._body())

    def _publish(
        self, note: str, body: dict[str, Any], effective_at: datetime | None = None
    ) -> rules.RuleVersion:
        return rules.publish(KIND, body, actor=self.ada, note=note, effective_at=effective_at)

    def _body(self, **defaults: Any) -> dict[str, Any]:
        large = {
            "code": "large",
            "name": NAMES["large"],
            "when": {"all": [self._worth("50000"), _HOT]},
            "then": {"accept_days": "1", "contact_days_hot": "1"},
        }
        fair = {
            "code": "fair",
            "name": NAMES["fair"],
            "when": {"any": [_source("Fair"), _source("Messe")]},
            "then": {"contact_days_warm": "3", "accept_days": "2"},
        }
        return {"rules": [large, fair], "defaults": DEFAULTS | defaults}

    def _worth(self, amount: str) -> dict[str, Any]:
        value = {"amount": amount, "currency": self.plan.currency}
        return {"field": "value", "op": "AT_LEAST", "value": value}

    def _rates(self, which: int) -> None:
        for currency, rates in RATES[self.plan.currency].items():
            portal.add_rate(currency=currency, rate=Decimal(rates[which]), actor=self.ada)


def _source(text: str) -> dict[str, str]:
    return {"field": "source", "op": "CONTAINS", "value": text}


_HOT = {"field": "rating", "op": "IS", "value": "HOT"}
