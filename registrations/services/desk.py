"""What a referee does besides deciding: lay a case aside, revoke a protection, be away."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from prm import clock, due, events, portal
from prm.access import require
from prm.due.models import DueRow
from registrations import policies, selectors
from registrations.enums import WAITING_STATES, Action, CloseCode, State
from registrations.models import Registration, ReviewerAbsence
from registrations.services import notices, protections
from registrations.services.core import Refused, locked, record
from registrations.services.decisions.before import NotWaiting
from registrations.services.decisions.shared import checked, opened
from registrations.transitions import InvalidTransition
from users.models import User

HAND_OVER = "registrations.hand-over"
LONGEST_HOLD = 90
REVOKED = frozenset({CloseCode.REVOKED, CloseCode.DUPLICATE})


class NotADay(Refused):
    """The day does not fit."""

    sentence = _("Choose a day from tomorrow on, at most 90 days ahead.")


class AwayAlready(Refused):
    """Two absences of one person overlap."""

    sentence = _("This person is away on some of these days already. Change that absence instead.")


class NoDeputy(Refused):
    """The deputy does not decide registrations."""

    sentence = _("This person does not decide deals, so they cannot stand in.")


@transaction.atomic
def hold_registration(
    registration: Registration, until: date, *, actor: User, note: str, version: int | None = None
) -> Registration:
    """Lay a waiting case aside until a day begins in the portal's zone; the promise goes on running.

    Raises PermissionDenied, ChangedMeanwhile, NotWaiting, NotADay, Busy.
    """
    row = checked(locked(registration), actor, version)
    if row.state not in WAITING_STATES:
        raise NotWaiting
    today = clock.today(portal.zone())
    if not today < until <= today + timedelta(days=LONGEST_HOLD):
        raise NotADay
    row.change(held_until=datetime.combine(until, time.min, tzinfo=portal.zone()), hold_note=note)
    record("held", row, actor=actor, data={"until": until.isoformat()}, private={"note": note})
    return row


@transaction.atomic
def release_hold(registration: Registration, *, actor: User) -> Registration:
    """Bring a case back to the queue before its day. Raises PermissionDenied, Busy."""
    row = checked(locked(registration), actor, None)
    if row.held_until is not None:
        row.change(held_until=None, hold_note="")
        record("unheld", row, actor=actor)
    return row


@transaction.atomic
def revoke_registration(
    registration: Registration,
    code: CloseCode,
    *,
    actor: User,
    note: str,
    version: int | None = None,
) -> Registration:
    """End an approved registration's protection now, with a code and a note that the partner reads.

    Cannot be taken back: the partner is told at once, and who is next moves up. Raises
    PermissionDenied, ChangedMeanwhile, InvalidTransition, Busy.
    """
    row = opened(registration, actor, version)
    require(code in REVOKED)
    if row.state != State.APPROVED:
        raise InvalidTransition(State(row.state), Action.CLOSE)
    row.change(decision_note=note)
    protections.close(row, code, actor=actor)
    record("revoked", row, actor=actor, data={"code": str(code)}, private={"note": note})
    notices.revoked(row)
    assert row.company_id is not None
    protections.settle_company(row.company_id)
    return row


@transaction.atomic
def plan_absence(
    user: User, first_day: date, last_day: date, *, deputy: User | None, actor: User
) -> ReviewerAbsence:
    """Note that a reviewer is away, both days included, and who stands in; without one, everyone does.

    On the first day what waits for the person goes to the deputy. Raises PermissionDenied, NotADay,
    AwayAlready, NoDeputy.
    """
    require(policies.can_plan_absence(actor, user))
    if last_day < first_day or last_day < clock.today(portal.zone()):
        raise NotADay(_("An absence ends after it begins, and not in the past."))
    if deputy is not None and (deputy.pk == user.pk or not policies.can_referee(deputy)):
        raise NoDeputy
    User.objects.select_for_update().get(pk=user.pk)  # two at once are one after the other
    if user.absences.filter(first_day__lte=last_day, last_day__gte=first_day).exists():
        raise AwayAlready
    absence = ReviewerAbsence.objects.create(
        user=user, deputy=deputy, first_day=first_day, last_day=last_day
    )
    days = {"from": first_day.isoformat(), "to": last_day.isoformat()}
    who = {"deputy": str(deputy.uid)} if deputy else {}
    events.record("absence.planned", target=absence, actor=actor, data={**days, **who})
    begins = datetime.combine(first_day, time.min, tzinfo=portal.zone())
    due.schedule(HAND_OVER, str(absence.uid), begins, subject=str(absence.uid))
    return absence


@transaction.atomic
def cancel_absence(absence: ReviewerAbsence, *, actor: User) -> None:
    """Take an absence back; what went to the deputy stays there. Raises PermissionDenied."""
    require(policies.can_plan_absence(actor, absence.user))
    events.record("absence.cancelled", target=absence, actor=actor)
    due.cancel_subject(str(absence.uid))
    absence.delete()


@due.handler(HAND_OVER)
def hand_over_cases(row: DueRow) -> datetime | None:
    """On an absence's first day: what waits for the person goes to whoever stands in."""
    absence = ReviewerAbsence.objects.filter(uid=row.key).select_related("user").first()
    if absence is None:
        return None
    to = selectors.reviewer_on_duty(absence.user, clock.today(portal.zone()))
    waiting = Registration.objects.filter(reviewer=absence.user, state__in=WAITING_STATES)
    for found in waiting.order_by("pk"):
        case = locked(found)
        if case.reviewer_id != absence.user_id or case.state not in WAITING_STATES:
            continue
        if to is not None and not policies.can_decide(to, case):
            to = None
        case.change(reviewer=to, version=case.version + 1)
        record("assigned", case, actor=None, data={"to": str(to.uid) if to else ""})
        if to is not None:
            notices.assigned(case, to, by=absence.user)
    return None
