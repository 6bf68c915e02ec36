"""One tenant's rules of distribution: an old version, the one in force, one to come, one withdrawn, and a
draft with something odd in it. What a person types holds the staff's word."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leads.engagement import DEFAULTS, KIND
from prm import clock, rules
from prm.portal import services as portal
from prm.rules import drafts

if TYPE_CHECKING:
    from tests.standing.seed import Story

LARGE = {"amount": "5000000", "currency": "USD"}
_RATES = {"USD": Decimal("1.27"), "EUR": Decimal("1.17")}


def begin(story: "Story") -> None:
    """Publish the usual rules and a second version, and enter a rate."""
    word = story.words.staff
    rules.publish(KIND, {"rules": [], "defaults": DEFAULTS}, actor=story.ada, note=f"{word} start")
    rules.publish(KIND, _body(word), actor=story.ada, note=f"{word} changes")
    home = "EUR" if story.schema == "globex" else "USD"
    portal.add_rate(currency="GBP", rate=_RATES[home], actor=story.ada)


def go_on(story: "Story") -> None:
    """A month later: versions for later, one of them withdrawn, and a draft."""
    word, later = story.words.staff, clock.now() + timedelta(days=40)
    for note in ("soon", "never"):
        published = rules.publish(
            KIND, _body(word), actor=story.ada, note=f"{word} {note}", effective_at=later
        )
    rules.withdraw(published, actor=story.ada, note=f"{word} mistake")
    code = drafts.add_rule(KIND, version=0, actor=story.ada)
    values = {
        "name": {"en": f"{word} drafted", "de": f"{word} entworfen"},
        "when": {"all": [
            {"field": "value", "op": "AT_LEAST", "value": LARGE},
            {"any": [{"field": "rating", "op": "IS", "value": "HOT"},
                     {"not": {"field": "source", "op": "EMPTY"}}]},
        ]},
        "then": {"accept_days": "4"},
    }  # fmt: skip
    drafts.save_rule(KIND, code, values, version=1, actor=story.ada)
    story.keys |= {"rules.rule": code, "rules.draft.version": "2"}


def rule_form(keys: Any) -> dict[str, Any]:
    """Return a rule that would be saved."""
    return {
        "version": keys["rules.draft.version"], "name-en": "New", "node": ["r0.0"],
        "kind-0": "all", "field-0.0": "rating", "op-0.0": "IS", "was-0.0": "rating:IS",
        "value-0.0": "HOT", "then-accept_days": "3", "do": "save",
    }  # fmt: skip


def defaults_form(keys: Any) -> dict[str, Any]:
    """Return defaults that would be saved."""
    usual = {f"then-{name}": str(value).lower() for name, value in DEFAULTS.items()}
    return {"version": keys["rules.draft.version"], **usual}


def _body(word: str) -> dict[str, Any]:
    return {
        "rules": [{
            "code": "large", "name": {"en": f"{word} large", "de": f"{word} gross"},
            "when": {"field": "value", "op": "AT_LEAST", "value": LARGE},
            "then": {"accept_days": "1"},
        }],
        "defaults": DEFAULTS,
    }  # fmt: skip
