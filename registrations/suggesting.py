"""What the usual rules of the field suggest to a referee, and why. Pure: no ORM, no clock, no action.

The first rule that applies suggests; every rule that was asked before it stands in the trace. A suggestion
is never applied by itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registrations.enums import Action

PHOTO_FINISH = timedelta(seconds=60)
"""Two who registered within this time were first together: a person decides."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One registration that wants the scope."""

    reference: str
    partner: str
    number: int
    at: datetime
    is_complete: bool = True  # nothing that the partner was asked is still open


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case: itself, who else wants the scope, and what stands against it."""

    own: Contender
    rivals: tuple[Contender, ...] = ()
    holders: tuple[str, ...] = ()  # partners who hold part of the scope
    duplicates: tuple[str, ...] = ()  # references of the partner's own deals for the same
    designation: str = "OPEN"
    needs_person: str = ""  # the rule of engagement that wants a person to agree
    maybe: tuple[str, ...] = ()  # who claims a customer that this one may turn out to be


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that was asked: its name, whether it applies, and what was found."""

    rule: str
    applies: bool
    found: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to do (none: a person must weigh), by which rule, in a sentence, and every step to it."""

    action: Action | None
    rule: str
    sentence: str
    steps: tuple[Step, ...]
    of: str = ""  # the reference it points to: the duplicate, or who was first


Found = tuple[bool, str, Action | None, str, str]
"""Applies; what was found; the action, its sentence, and the reference it points to."""


def suggest(facts: Facts) -> Suggestion:
    """Ask the rules in order; return what the first that applies suggests."""
    steps: list[Step] = []
    for name, rule in _RULES:
        applies, found, action, sentence, of = rule(facts)
        steps.append(Step(str(name), applies, found))
        if applies:
            return Suggestion(action, str(name), sentence, tuple(steps), of)
    raise AssertionError  # the last rule always applies


def _duplicate(facts: Facts) -> Found:
    if not facts.duplicates:
        return False, _("This partner has no other deal for this customer and scope."), None, "", ""
    first = facts.duplicates[0]
    found = _("This partner has %(reference)s for the same customer.") % {"reference": first}
    return True, found, Action.REJECT, _("a duplicate of %(of)s") % {"of": first}, first


def _designated(facts: Facts) -> Found:
    if facts.designation == "VENDOR_DIRECT":
        found = _("The customer is one of your vendor-direct companies.")
        return True, found, Action.REJECT, _("to decline: you serve this customer yourselves"), ""
    if facts.designation == "RESTRICTED":
        found = _("The customer is restricted.")
        return True, found, Action.REJECT, _("to decline: this customer is restricted"), ""
    return False, _("The customer is open to partners."), None, "", ""


def _eligible(facts: Facts) -> Found:
    if facts.needs_person:
        found = _("Your rule “%(rule)s” wants a person to agree.") % {"rule": facts.needs_person}
        return True, found, None, _("that you weigh it: no rule decides this"), ""
    return False, _("Your rules of engagement find the deal eligible."), None, "", ""


def _protected(facts: Facts) -> Found:
    if not facts.holders:
        return False, _("Nobody holds any part of this scope."), None, "", ""
    names = ", ".join(facts.holders)
    found = _("%(partners)s holds part of this scope.") % {"partners": names}
    return True, found, Action.QUEUE, _("to put it in line behind %(of)s") % {"of": names}, ""


def _same_customer(facts: Facts) -> Found:
    if not facts.maybe:
        return False, _("No other claim is at a customer that may be the same."), None, "", ""
    names = ", ".join(facts.maybe)
    found = _("It may be a customer that %(partners)s claims.") % {"partners": names}
    return True, found, None, _("that you say first whether it is the same customer"), ""


def _first(facts: Facts) -> Found:
    rivals = [rival for rival in facts.rivals if rival.is_complete]
    if not rivals:
        return True, _alone(facts), Action.APPROVE, _("to approve"), ""
    if not facts.own.is_complete:
        found = _("What this partner was asked is still open, so it holds no place.")
        return True, found, None, _("to wait for the partner’s answer"), ""
    first = min((facts.own, *rivals), key=lambda one: one.number)
    other = [one for one in (facts.own, *rivals) if one is not first]
    if min(one.at for one in other) - first.at < PHOTO_FINISH:
        found = _("The first came within a minute of each other.")
        return True, found, None, _("that you weigh it: a photo finish goes to a person"), ""
    found = _("%(partner)s was first with number %(number)s.") % {
        "partner": first.partner,
        "number": first.number,
    }
    if first is facts.own:
        return True, found, Action.APPROVE, _("to approve %(who)s") % {"who": first.partner}, ""
    sentence = _("%(who)s instead: decide that deal first") % {"who": first.partner}
    return True, found, None, sentence, first.reference


def _alone(facts: Facts) -> str:
    waiting = len(facts.rivals)
    if not waiting:
        return _("Nobody else wants this scope.")
    return ngettext(
        "The other deal is incomplete, so it holds no place.",
        "The %(count)s other deals are incomplete, so they hold no place.",
        waiting,
    ) % {"count": waiting}


Rule = Callable[[Facts], Found]
_RULES: Iterable[tuple[object, Rule]] = (
    (gettext_lazy("One deal once"), _duplicate),
    (gettext_lazy("Designated companies"), _designated),
    (gettext_lazy("Eligibility"), _eligible),
    (gettext_lazy("Existing protection wins"), _protected),
    (gettext_lazy("One customer, one claim"), _same_customer),
    (gettext_lazy("First complete submission"), _first),
)
