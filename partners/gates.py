"""What is closed to a partner now, what will be, and why.

A gate closes by time and by facts, read here; no worker has to run. A stale profile closes the gate
of leads; a required agreement version that nobody accepted closes the gates that it names.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from partners import freshness
from partners.enums import Gate
from partners.models import Partner, ProfileRule
from partners.selectors import Missing, missing_acceptances, missing_by_partner, profile_rule
from prm import clock, portal

__all__ = ["Gate", "Reason", "Standing", "closed", "reasons_closed", "standing"]

PROFILE_NEVER, PROFILE_STALE, TERMS, ENDED = "profile_never", "profile_stale", "terms", "ended"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a gate is closed, or will be: a code, a sentence, where to mend it, and when it closed.

    `ahead` says it before it has happened. `url` is the name of the partner's page that mends it ("" when only the vendor can), `args` its
    arguments. `closes_at` is None when the gate was never open.
    """

    code: str
    sentence: "str | Promise"
    url: str = ""
    args: tuple[str, ...] = ()
    closes_at: datetime | None = None
    ahead: "str | Promise" = ""

    @property
    def page(self) -> str:
        """The address of the partner's page that mends it; "" when only the vendor can."""
        return reverse(self.url, args=self.args) if self.url else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one gate stands for a partner: why it is closed, and why it will be."""

    gate: Gate
    closed: tuple[Reason, ...]
    announced: tuple[Reason, ...]


def reasons_closed(gate: Gate, partner: Partner, at: datetime | None = None) -> tuple[Reason, ...]:
    """Return why a gate is closed to a partner at an instant (now); empty when it is open."""
    return closed(gate, [partner], at)[partner.pk]


def closed(
    gate: Gate, partners: Iterable[Partner], at: datetime | None = None
) -> dict[int, tuple[Reason, ...]]:
    """Return the reasons of every partner named, by primary key; a constant number of queries."""
    at, partners = at or clock.now(), list(partners)
    rule, terms = _rule_of([gate]), missing_by_partner(partners, at)
    return {
        partner.pk: _until(at, _reasons(gate, partner, rule, terms[partner.pk]))
        for partner in partners
    }


def standing(
    partner: Partner,
    which: Iterable[Gate] = Gate,
    at: datetime | None = None,
    *,
    rule: ProfileRule | None = None,
) -> list[Standing]:
    """Return how gates stand for one partner; a constant number of queries.

    `rule` is the rule about profiles where the caller has read it already.
    What will close them is announced: terms from their publication, a profile's end from the first
    day that the rule names; soonest first.
    """
    at, gates = at or clock.now(), list(which)
    rule, missing = rule or _rule_of(gates), missing_acceptances(partner, at)
    first = at + timedelta(days=max(rule.announce_days, default=0)) if rule else at
    found = []
    for gate in gates:
        reasons = _reasons(gate, partner, rule, missing)
        now = _until(at, reasons)
        later = (r for r in reasons if r not in now and r.closes_at is not None)
        coming = [r for r in later if r.code != PROFILE_STALE or (r.closes_at or at) <= first]
        found.append(Standing(gate, now, tuple(sorted(coming, key=lambda r: r.closes_at or at))))
    return found


def _rule_of(gates: Iterable[Gate]) -> ProfileRule | None:
    """Return the rule about profiles if a gate asks for it."""
    return profile_rule() if Gate.LEADS in gates else None


def _until(at: datetime, reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return the reasons that count at an instant."""
    return tuple(r for r in reasons if r.closes_at is None or r.closes_at <= at)


def _reasons(
    gate: Gate, partner: Partner, rule: ProfileRule | None, missing: Iterable[Missing]
) -> tuple[Reason, ...]:
    """Return every reason for which a gate is or will be closed, as things stand."""
    profile = _profile(partner, rule) if rule and gate == Gate.LEADS else ()
    return (*_ended(partner), *profile, *_terms(gate, missing))


def _ended(partner: Partner) -> tuple[Reason, ...]:
    if partner.ended_at is None:
        return ()
    return (Reason(ENDED, _("The partnership has ended."), closes_at=partner.ended_at),)


def _profile(partner: Partner, rule: ProfileRule) -> tuple[Reason, ...]:
    confirmed_at = partner.profile_confirmed_at
    if confirmed_at is None:
        sentence = _("The profile has never been confirmed as current.")
        return (Reason(PROFILE_NEVER, sentence, "partners:profile"),)
    end = freshness.ends_at(confirmed_at, rule.valid_days, portal.zone())
    sentence = _("The profile was last confirmed too long ago.")
    ahead = _("the profile no longer counts, unless it is confirmed before.")
    return (Reason(PROFILE_STALE, sentence, "partners:profile", (), end, ahead),)


def _terms(gate: Gate, missing: Iterable[Missing]) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            TERMS,
            format_lazy(_("“{title}” has not been accepted."), title=each.title),
            "partners:terms",
            (each.reference, str(each.terms.number)),
            each.terms.effective_at,
            format_lazy(_("“{title}” must have been accepted."), title=each.title),
        )
        for each in missing
        if gate in each.terms.gates
    )
