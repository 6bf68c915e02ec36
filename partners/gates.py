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
from partners.selectors import Missing, missing_by_partner, profile_rule
from prm import clock, portal

__all__ = ["Gate", "Reason", "announced", "closed", "closing", "reasons_closed"]

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


def reasons_closed(gate: Gate, partner: Partner, at: datetime | None = None) -> tuple[Reason, ...]:
    """Return why a gate is closed to a partner at an instant (now); empty when it is open."""
    return closed(gate, [partner], at)[partner.pk]


def closed(
    gate: Gate, partners: Iterable[Partner], at: datetime | None = None
) -> dict[int, tuple[Reason, ...]]:
    """Return the reasons of every partner named, by primary key; a constant number of queries."""
    at = at or clock.now()
    return {
        pk: tuple(
            reason for reason in reasons if reason.closes_at is None or reason.closes_at <= at
        )
        for pk, reasons in closing(gate, partners, at).items()
    }


def announced(gate: Gate, partner: Partner, at: datetime | None = None) -> tuple[Reason, ...]:
    """Return why a gate will close to a partner unless something is done, soonest first.

    Terms count from their publication, a profile from the first day on which its end is announced.
    """
    at = at or clock.now()
    coming = closing(gate, [partner], at)[partner.pk]
    later = [reason for reason in coming if reason.closes_at is not None and reason.closes_at > at]
    if any(reason.code == PROFILE_STALE for reason in later):
        first = at + timedelta(days=max(profile_rule().announce_days, default=0))
        later = [r for r in later if r.code != PROFILE_STALE or (r.closes_at or first) <= first]
    return tuple(sorted(later, key=lambda reason: reason.closes_at or at))


def closing(gate: Gate, partners: Iterable[Partner], at: datetime) -> dict[int, tuple[Reason, ...]]:
    """Return every reason for which a gate is or will be closed, as things stand at an instant."""
    partners = list(partners)
    rule = profile_rule() if gate == Gate.LEADS else None
    terms = missing_by_partner(partners, at)
    return {
        partner.pk: (
            *_ended(partner),
            *(_profile(partner, rule) if rule else ()),
            *_terms(gate, terms[partner.pk]),
        )
        for partner in partners
    }


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
