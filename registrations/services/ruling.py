"""What the rules of engagement make of a registration: who reviews it, by when, and whether at all."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from prm import clock, due, portal
from prm.business_time import NeverOpen
from prm.rules import Decision, RuleVersion
from registrations import engagement, selectors
from registrations.engagement import Terms, terms_for
from registrations.enums import WAITING_STATES, Eligibility, Exclusivity
from registrations.models import Registration
from registrations.policies import can_referee
from registrations.services.core import Refused, business_days, decision_due
from users.models import User

ESCALATE = "registrations.escalate"


class NotEligible(Refused):
    """A rule refuses the deal; the sentence names the rule as the vendor titled it."""

    sentence = _("This deal is outside the programme, so it cannot be registered.")

    def __init__(self, decision: Decision) -> None:
        code = decision.decided_by.get("eligibility", "")
        named = next((rule.title() for rule in decision.matched if rule.code == code), "")
        if named:
            super().__init__(
                gettext("This deal cannot be registered, by the rule “%(rule)s”.") % {"rule": named}
            )
        else:
            super().__init__()


class LimitReached(Refused):
    """The partner has as many deals under way as the rules allow; the sentence has the formula."""

    def __init__(self, limit: int, terms: Terms, wins: int) -> None:
        words = gettext(
            "Your limit of deals under way is reached: %(limit)s (%(base)s, and %(more)s for each of "
            "%(wins)s won in a year). Close or release one to register another."
        )
        figures = {
            "limit": limit,
            "base": terms.open_limit,
            "more": terms.open_limit_per_win,
            "wins": wins,
        }
        super().__init__(words % figures)


def exclusivity_of(row: Registration, version: RuleVersion) -> Exclusivity:
    """Return how much of its customer a registration claims: asked before any conflict is known."""
    return Exclusivity(engagement.decide(row, version).outcome["exclusivity"])


def judge(row: Registration) -> Terms:
    """Decide under the row's own version what it is granted, keep that, and act on it.

    Sets the reviewer, the promise and the escalation of a row that waits. Runs in the submission,
    with the row locked and its conflicts noted. Raises NotEligible, LimitReached.
    """
    assert row.rules is not None
    row.conflict_count = row.conflicts.filter(settled_at=None).count()
    decision = engagement.decide(row, row.rules)
    row.trace = engagement.trace_of(decision)
    terms = terms_for(row)
    if terms.eligibility == Eligibility.REFUSED:
        raise NotEligible(decision)
    _refuse_hoarding(row, terms)
    row.change(
        conflict_count=row.conflict_count,
        trace=row.trace,
        due_at=decision_due(clock.now(), terms),
        reviewer=reviewer_for(row, terms),
    )
    plan_escalation(row, terms)
    return terms


def judge_again(row: Registration) -> Terms:
    """Decide anew, under the same version, after facts have changed; scope and promise stay.

    The caller holds the row's lock: an answer was given, or a customer confirmed.
    """
    assert row.rules is not None
    row.conflict_count = row.conflicts.filter(settled_at=None).count()
    row.home_value = selectors.home_value(row)
    trace = engagement.trace_of(engagement.decide(row, row.rules))
    row.change(conflict_count=row.conflict_count, home_value=row.home_value, trace=trace)
    return terms_for(row)


def reviewer_for(row: Registration, terms: Terms) -> User | None:
    """Return who is to review a registration: whom the rules name, else the partner's manager.

    Somebody who is away today is stood in for. Nobody, if that person is no referee of the vendor any
    more, left nobody to stand in, or has registered it for the partner: then everyone sees it.
    """
    if terms.reviewer == engagement.MANAGER:
        chosen = row.partner.manager
    else:
        chosen = User.objects.filter(uid=terms.reviewer).first()
    if chosen is None:
        return None
    on_duty = selectors.reviewer_on_duty(chosen, clock.today(portal.zone()))
    if on_duty is None or on_duty.pk == row.registered_by_id:
        return None
    return on_duty if on_duty.is_active and can_referee(on_duty) else None


def plan_escalation(row: Registration, terms: Terms) -> None:
    """Ask to be reminded when nobody has decided after the working days the rules name."""
    subject = str(row.uid)
    if row.state not in WAITING_STATES or row.due_at is None:
        due.cancel(ESCALATE, subject)
        return
    try:
        at = business_days(clock.now(), terms.escalation_days)
    except NeverOpen:
        return
    due.schedule(ESCALATE, subject, at, subject=subject)


def _refuse_hoarding(row: Registration, terms: Terms) -> None:
    """Raise LimitReached when the partner has more under way, this one included, than it may."""
    if not terms.open_limit:
        return
    wins = selectors.won_lately(row.partner) if terms.open_limit_per_win else 0
    limit = terms.open_limit + terms.open_limit_per_win * wins
    if selectors.open_deals(row.partner) > limit:
        raise LimitReached(limit, terms, wins)
