"""Who is told what about a registration. A referee's decisions wait 30 seconds before they leave."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications import services as notifications
from notifications.enums import NoticeState
from notifications.models import Notice
from partners.models import Partner
from prm import clock, links
from prm.access import Audience, Role
from registrations.enums import DeclineCode
from registrations.models import Registration, RegistrationImport, last_day
from registrations.services.core import HOLD
from users.models import User

LINK_LIFE = timedelta(days=45)
IMPORT_UNDO = timedelta(hours=24)
"""How long an import can be undone."""
STILL_ACTIVE = "registrations.still-active"
STAGE = "registrations.stage"
LOST = "registrations.lost"
EXTENSION = "registrations.extension"


def received(row: Registration, *, receipt: str) -> None:
    """The receipt: reference, server time, by when the vendor decides, a digest, and where to verify it."""
    assert row.submitted_at is not None
    query = urlencode({"reference": row.reference, "digest": receipt})
    _owner(
        "received",
        row,
        submitted_at=row.submitted_at,
        server_time=f"{row.submitted_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
        due_at=row.due_at,
        receipt=receipt,
        certificate=reverse("registrations:certificate", args=[row.reference]),
        verify=f"{reverse('verify')}?{query}",
        by=row.registered_by.name if row.registered_by else "",
    )


def arrived(row: Registration) -> None:
    """Something waits for a decision: its reviewer is told, else the partner's own channel manager,
    else all of them."""
    people = [row.reviewer] if row.reviewer else None
    _staff("arrived", row, recipients=people, partner=row.partner.name, due_at=row.due_at)


def escalated(row: Registration) -> None:
    """The promise is at risk: the administrators are told, and whoever was to review it."""
    above = User.objects.filter(vendor_roles__role=Role.ADMINISTRATOR, is_active=True)
    people = {
        user.pk: user for user in [*above.order_by("pk"), *([row.reviewer] if row.reviewer else [])]
    }
    reviewer = row.reviewer.name if row.reviewer else ""
    _staff(
        "escalated",
        row,
        recipients=people.values(),
        partner=row.partner.name,
        due_at=row.due_at,
        reviewer=reviewer,
    )


def asked(row: Registration) -> None:
    """The vendor has a question; its clock stands still."""
    _owner("asked", row, hold=True, question=row.question)


def answered(row: Registration) -> None:
    """The partner has answered: whoever asked is told."""
    recipients = [row.reviewer] if row.reviewer else None
    _staff("answered", row, recipients=recipients, partner=row.partner.name, answer=row.answer)


def assigned(row: Registration, to: User, *, by: User) -> None:
    """Somebody was given a case to decide."""
    _tell(
        "assigned",
        row,
        [to],
        _("You were given this deal to decide."),
        False,
        f"{to.uid}:{row.version}",
        {"partner": row.partner.name, "by": by.name, "due_at": row.due_at},
        "manage",
    )


def approved(row: Registration, end: datetime, *, hold: bool = True) -> None:
    """Approved, and protected until a date; a person's decision waits, a rule's does not."""
    _owner("approved", row, hold=hold, until=last_day(end), note=row.decision_note)


def queued(row: Registration) -> None:
    """In line; never behind whom."""
    _owner("queued", row, hold=True, since=row.submitted_at, note=row.decision_note)


def moved_up(row: Registration) -> None:
    """The scope is free and this one is next: it is under review again."""
    _owner("moved_up", row, due_at=row.due_at)
    arrived(row)


def rejected(row: Registration) -> None:
    """Declined, with the reason as the referee saw it."""
    why = DeclineCode(row.decline_code).label
    _owner("rejected", row, hold=True, why=why, note=row.decision_note)


def reopened(row: Registration, reason: str) -> None:
    """A declined deal is under review again, and why."""
    _owner("reopened", row, due_at=row.due_at, note=reason)


def revoked(row: Registration) -> None:
    """The vendor has ended a protection, and why; not held, because it cannot be taken back."""
    _owner("revoked", row, closed_at=row.closed_at, note=row.decision_note)


def split(row: Registration, half: Registration) -> None:
    """One deal has become two, each decided on its own."""
    _owner("split", half, first=row.reference)


def prod(row: Registration, *, since: datetime) -> None:
    """Ask whether the deal is still active, with links that answer."""
    _owner("prod", row, cycle=clock.now().date().isoformat(), since=since, links=_answers(row))


def ending(row: Registration, end: datetime, days: int, *, may_extend: bool = False) -> None:
    """The protection ends soon; where the rules allow it, a link leads to asking for more time."""
    until, more = last_day(end), {"extension": EXTENSION} if may_extend else {}
    made = _answers(row, **more)
    _owner("ending", row, cycle=f"{days}:{until}", until=until, days=days, links=made)


def ended(row: Registration) -> None:
    """The protection is over."""
    _owner("ended", row, closed_at=row.closed_at)


def draft_ending(row: Registration, on: datetime) -> None:
    """A draft is deleted in a week unless it is touched."""
    _owner("draft_ending", row, cycle=str(row.updated_at.date()), on=on)


def many_checks(partner: Partner, day: date) -> None:
    """A partner asks about many customers: whoever looks after it is told, once a day."""
    notifications.notify(
        "registrations.many_checks",
        recipients=_referees_of(partner),
        subject=partner,
        key=f"registrations.many_checks:{partner.uid}:{day}",
        context={"partner": partner.name, "page": reverse("registrations:manage-checks")},
        reason=_("You look after this partner."),
    )


def take_back(kind: str, row: Registration) -> bool:
    """Cancel the mail of the move that made the row what it is; False when it is on its way already."""
    key = f"{kind}:{row.uid}:{row.version}"
    notifications.cancel(key_prefix=key, subject=row, kinds=[kind])
    left = Notice.objects.filter(key=key).exclude(state=NoticeState.CANCELLED)
    return not left.exists()


def import_done(file: RegistrationImport) -> None:
    """Whoever imported deals hears that it is done; nobody hears of the single deals."""
    person = file.uploaded_by
    if person is None or not person.is_active:
        return
    notifications.notify(
        "registrations.import_done",
        recipients=[person],
        subject=file,
        key=f"registrations.import_done:{file.uid}",
        context={
            "file": file.file_name,
            "created": file.created_rows,
            "failed": file.errors + file.failed_rows,
            "until": file.done_at + IMPORT_UNDO if file.done_at else None,
            "page": reverse("registrations:import", args=[file.uid]),
        },
        reason=_("You imported these deals."),
    )


def cancel(row: Registration) -> None:
    """Take back what has not left about a registration."""
    notifications.cancel(subject=row)


def tell_owner(kind: str, row: Registration, *, cycle: str, **context: Any) -> None:
    """Tell the registration's owner something, once per cycle."""
    _owner(kind, row, cycle=cycle, **context)


def tell_staff(kind: str, row: Registration, *, cycle: str, **context: Any) -> None:
    """Tell the vendor's people something, once per cycle: its reviewer, else who looks after the partner."""
    people = [row.reviewer] if row.reviewer and row.reviewer.is_active else _referees(row)
    reason = _("You decide deals of this partner.")
    _tell(
        kind, row, people, reason, False, cycle, {"partner": row.partner.name, **context}, "manage"
    )


def _owner(
    kind: str, row: Registration, *, hold: bool = False, cycle: str = "", **context: Any
) -> None:
    """Tell the registration's owner; once per move, or once per cycle of a loop."""
    own, theirs = _("You registered this deal."), _("This deal was registered for you.")
    reason = theirs if row.registered_by_id else own
    _tell(kind, row, [row.owner], reason, hold, cycle, context, "partner")


def _staff(
    kind: str, row: Registration, *, recipients: Iterable[User] | None = None, **context: Any
) -> None:
    people = recipients if recipients is not None else _referees(row)
    _tell(kind, row, people, _("You decide deals of this partner."), False, "", context, "manage")


def _tell(
    kind: str,
    row: Registration,
    people: Iterable[User],
    reason: Any,
    hold: bool,
    cycle: str,
    context: dict[str, Any],
    side: str,
) -> None:
    page = {"partner": "registrations:detail", "manage": "registrations:manage-detail"}[side]
    notifications.notify(
        f"registrations.{kind}",
        recipients=people,
        subject=row,
        key=f"registrations.{kind}:{row.uid}:{cycle or row.version}",
        context={
            "reference": row.reference,
            "company": row.company_name,
            "page": reverse(page, args=[row.reference]),
            **context,
        },
        not_before=clock.now() + HOLD if hold else None,
        reason=reason,
    )


def _answers(row: Registration, **more: str) -> dict[str, str]:
    """Make the links with which the owner answers from the mail: name -> uid."""
    wanted = _ANSWERS | more
    made = links.create_all(
        wanted.values(),
        subject=row.uid,
        expires_at=clock.now() + LINK_LIFE,
        recipient_uid=row.owner.uid,
        email=row.owner.email,
        record_version=row.version,
    )
    return {name: str(made[purpose].uid) for name, purpose in wanted.items()}


_ANSWERS = {"still_active": STILL_ACTIVE, "stage": STAGE, "lost": LOST}


def _referees(row: Registration) -> list[User]:
    """Whoever looks after the partner; of a deal that one of them registered, those who may decide it."""
    people = [user for user in _referees_of(row.partner) if user.pk != row.registered_by_id]
    if people:
        return people
    others = _holding(Role.CHANNEL_MANAGER, Role.ADMINISTRATOR)
    return [user for user in others if user.pk != row.registered_by_id]


def _referees_of(partner: Partner) -> list[User]:
    """The partner's channel manager, or every one where the partner has none."""
    manager = partner.manager
    if manager and manager.is_active:
        return [manager]
    return _holding(Role.CHANNEL_MANAGER)


def _holding(*roles: Role) -> list[User]:
    holders = User.objects.filter(vendor_roles__role__in=roles, audience=Audience.VENDOR)
    return list(holders.filter(is_active=True).order_by("pk").distinct())
