"""When a partner is told that its profile stops counting: due rows, planned at every confirmation."""

from collections.abc import Iterable
from datetime import datetime

from partners import freshness
from partners.models import Partner, ProfileRule
from prm import clock, due, portal
from prm.due.models import DueRow

PROFILE_ENDING = "partners.profile-ending"


def plan_announcements(partner: Partner, rule: ProfileRule) -> None:
    """Ask for the announcements of one partner anew."""
    due.cancel_subject(_subject(partner))
    due.schedule_all(_rows(partner, rule, clock.now()))


def plan_all(rule: ProfileRule) -> None:
    """Ask for the announcements of every partner anew: the rule has changed."""
    due.cancel_kind(PROFILE_ENDING)
    now = clock.now()
    partners = Partner.objects.filter(ended_at=None, profile_confirmed_at__isnull=False)
    due.schedule_all(row for partner in partners for row in _rows(partner, rule, now))


def _rows(partner: Partner, rule: ProfileRule, now: datetime) -> Iterable[DueRow]:
    """Yield what lies ahead, and of what is past already only the newest: that one is said now."""
    assert partner.profile_confirmed_at is not None
    times = freshness.announcements(
        partner.profile_confirmed_at, rule.valid_days, [*rule.announce_days, 0], portal.zone()
    )
    past = [days for days, at in times.items() if at <= now]
    for days, at in times.items():
        if at > now or days == min(past):
            yield DueRow(
                kind=PROFILE_ENDING,
                key=f"{partner.uid}:{days}",
                subject=_subject(partner),
                due_at=max(at, now),
                data={"days": days, "partner": str(partner.uid)},
            )


def _subject(partner: Partner) -> str:
    return f"profile:{partner.uid}"
