"""What happens when a registration's due rows come up. Registered when the app starts."""

from datetime import datetime, timedelta

from prm import clock, due
from prm.due.models import DueRow
from registrations import engagement, registry, selectors
from registrations.enums import State
from registrations.models import Registration
from registrations.services import automatic, conflicts, extensions, notices, protections, ruling
from registrations.services.core import locked, record


def _subject(row: DueRow, *states: State) -> Registration | None:
    """Return the registration a due row is about, if it is still in one of the states."""
    return (
        Registration.objects.select_related("owner", "partner", "company")
        .filter(uid=row.subject, state__in=states)
        .first()
    )


@due.handler("registrations.prod")
def prod(row: DueRow) -> datetime | None:
    """Ask for a sign of life after 30 days without one, then again every 30 days.

    Once the last notice before the end has asked the same, nobody is asked again.
    """
    registration = _subject(row, State.APPROVED)
    protection = selectors.protection_of(registration) if registration else None
    if registration is None or protection is None:
        return None
    terms = engagement.terms_for(registration)
    every, now = terms.prod_every, clock.now()
    if now >= engagement.days_before(protection.ends_at, min(terms.notice_days, default=0)):
        return None
    since = registration.touched_at or now
    if since + every > now:
        return since + every
    notices.prod(registration, since=since)
    record("prodded", registration, actor=None)
    return now + every


@due.handler("registrations.ending")
def ending(row: DueRow) -> datetime | None:
    """Tell the owner that the protection ends soon; after an outage only the newest notice goes out."""
    registration = _subject(row, State.APPROVED)
    protection = selectors.protection_of(registration) if registration else None
    if registration is None or protection is None:
        return None
    now, end, days = clock.now(), protection.ends_at, int(row.data["days"])
    if end <= now:
        return None
    later = [n for n in engagement.terms_for(registration).notice_days if n < days]
    if any(engagement.days_before(end, n) <= now for n in later):
        record("notice-overtaken", registration, actor=None, data={"days": days})
        return None
    left = (end - now).days + 1
    may_extend = extensions.may_ask(registration) is None
    notices.ending(registration, end, min(days, left), may_extend=may_extend)
    return None


@due.handler("registrations.end")
def end(row: DueRow) -> datetime | None:
    """The protection's time is over: close the registration, move up who is next."""
    registration = _subject(row, State.APPROVED)
    if registration is not None:
        protections.end_if_over(registration)
    return None


@due.handler("registrations.second-look")
def second_look(row: DueRow) -> datetime | None:
    """Look again for rivals whose near names no lock joined; then a rule may approve what has none."""
    registration = _subject(row, State.SUBMITTED, State.IN_REVIEW, State.ACTION_REQUIRED)
    if registration is not None:
        conflicts.second_look(registration)
        automatic.approve_if_ruled(registration)
    return None


@due.handler(ruling.ESCALATE)
def escalate(row: DueRow) -> datetime | None:
    """Nobody has decided for as long as the rules allow: those above are told, once per promise."""
    registration = _subject(row, State.SUBMITTED, State.IN_REVIEW)
    if registration is not None:
        escalated = locked(registration)
        escalated.change(escalated_at=clock.now())
        notices.escalated(escalated)
        record("escalated", escalated, actor=None)
    return None


@due.handler("registrations.draft-warning")
def draft_warning(row: DueRow) -> datetime | None:
    """Say a week ahead that a draft will be deleted."""
    draft = _subject(row, State.DRAFT)
    if draft is not None:
        left = engagement.KEPT_DRAFT_DAYS - engagement.WARNED_DRAFT_DAYS
        notices.draft_ending(draft, clock.now() + timedelta(days=left))
    return None


@due.handler("registrations.draft-end")
def draft_end(row: DueRow) -> datetime | None:
    """Delete a draft that nobody has touched for 60 days."""
    found = _subject(row, State.DRAFT)
    if found is not None:
        draft = locked(found)
        record("discarded", draft, actor=None)
        registry.discarded(draft, actor=None)
        due.cancel_subject(str(draft.uid))
        draft.delete()
    return None
