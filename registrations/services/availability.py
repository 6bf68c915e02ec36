"""Ask whether a customer is free: limited, logged, and the same whatever the cause."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from companies import matching
from companies import selectors as company_selectors
from partners.models import Partner
from partners.selectors import partner_of
from prm import clock, events, locks
from prm.access import require
from prm.events import changes
from registrations import availability, policies, selectors
from registrations.availability import Ruling
from registrations.claims import claims_at
from registrations.conflicts import Deal, Flag, Scope, judge
from registrations.enums import Disclosure, Verdict
from registrations.models import AvailabilityCheck, AvailabilityPolicy, Registration
from registrations.services import notices
from registrations.services.conflicts import resembling
from registrations.services.core import Refused
from users.models import User

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MANY = 20
"""So many different customers asked about in a day, and none registered, are worth a look."""


class NotOffered(Refused):
    """The vendor does not answer such questions."""

    sentence = _("This portal does not check customers ahead. Register the deal to find out.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the partner is told. `until` is set when a limit was reached and nothing was looked up."""

    verdict: Verdict | None
    own: Registration | None = None
    free_from: datetime | None = None
    until: datetime | None = None


@transaction.atomic
def check_availability(*, name: str, website: str, country: str, actor: User) -> Answer:
    """Say whether a customer is free for the actor's partner, and log the question.

    The questions of one partner are counted one after another, so that no two slip through a limit
    together. The same question of the same person within the hour does not count again. A limit
    that is reached, or many questions without a registration, tell the channel manager, once a day.
    Raises PermissionDenied, NotOffered, Busy.
    """
    require(policies.can_register(actor))
    partner = partner_of(actor)
    assert partner is not None
    policy = selectors.availability_policy()
    if policy.disclosure == Disclosure.OFF:
        raise NotOffered
    locks.hold(f"registrations.availability:{partner.pk}")
    asked = AvailabilityCheck(
        user=actor, partner=partner, company_name=name, website=website, country=country
    )
    asked.repeated = selectors.asked_before(asked, since=clock.now() - HOUR)
    until = None if asked.repeated else _limit(asked, policy)
    if until is not None:
        asked.save()
        notices.many_checks(partner, clock.now().date())
        return Answer(None, until=until)
    flags = _flags(asked, partner)
    ruling = availability.rule(flags, says_not_eligible=policy.says_not_eligible)
    asked.verdict, asked.cause = ruling.verdict, ruling.cause or ""
    asked.save()
    if selectors.customers_asked(partner, since=clock.now() - DAY) >= MANY:
        notices.many_checks(partner, clock.now().date())
    return _answer(ruling, policy)


def _limit(asked: AvailabilityCheck, policy: AvailabilityPolicy) -> datetime | None:
    """Return from when the next question is answered, or None if this one may be asked."""
    limits = (
        ("user", asked.user, HOUR, policy.per_person_hour),
        ("partner", asked.partner, DAY, policy.per_partner_day),
    )
    waits = [
        availability.free_at(
            selectors.counted_checks(since=clock.now() - window, **{of: whom}), window, limit
        )
        for of, whom, window, limit in limits
    ]
    return max((at for at in waits if at is not None), default=None)


def _flags(asked: AvailabilityCheck, partner: Partner) -> list[Flag]:
    """Return what a registration of the whole customer would be flagged with now."""
    query = matching.CompanyQuery(
        name=asked.company_name, domain=asked.website, country=asked.country
    )
    found = resembling(query, company_selectors.known_company(query))
    claims = claims_at({r.company for r in found}, clock.now(), besides=0)
    return judge(Deal(Scope(), partner.pk), found, claims)


def _answer(ruling: Ruling, policy: AvailabilityPolicy) -> Answer:
    """Return what the partner may know of a ruling; both questions are asked whatever it is."""
    own = Registration.objects.filter(pk=ruling.registration or 0).first()
    end = selectors.end_of_protection(ruling.registration or 0, clock.now())
    tells = policy.disclosure == Disclosure.MONTH and ruling.verdict == Verdict.REVIEW
    return Answer(
        ruling.verdict,
        own=own if ruling.verdict == Verdict.YOURS else None,
        free_from=end if tells else None,
    )


@transaction.atomic
def change_availability(
    *,
    disclosure: Disclosure,
    says_not_eligible: bool,
    per_person_hour: int,
    per_partner_day: int,
    actor: User,
) -> AvailabilityPolicy:
    """Change what partners may ask before they register; records only what differs.

    Raises PermissionDenied.
    """
    require(policies.can_set_rules(actor))
    AvailabilityPolicy.objects.get_or_create(pk=1)
    policy = AvailabilityPolicy.objects.select_for_update().get(pk=1)
    new: dict[str, Any] = {
        "disclosure": str(disclosure),
        "says_not_eligible": says_not_eligible,
        "per_person_hour": per_person_hour,
        "per_partner_day": per_partner_day,
    }
    changed = changes.between({name: getattr(policy, name) for name in new}, new)
    if changed:
        policy.change(**new)
        events.record(
            "availability.changed", target=policy, actor=actor, data=changes.payload(changed)
        )
    return policy
