"""More time for a protected deal: asked for by the partner before the end, decided by the vendor."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import TimestamptzRange

from companies.selectors import lock_keys
from prm import clock, locks
from prm.access import require
from registrations import engagement, policies, selectors
from registrations.enums import ExtensionState, State
from registrations.models import Extension, Protection, Registration, last_day
from registrations.services import protections, working_notices
from registrations.services.core import (
    Refused,
    decision_due,
    end_of_protection,
    locked,
    record,
    same_version,
)
from registrations.services.evidence import keep_file
from users.models import User

LATER = "one protection per scope and time"
"""The constraint that has the last word on who may hold what for how long."""


class NothingToExtend(Refused):
    """Only a protection that is in force can last longer."""

    sentence = _("This deal is not protected now, so there is nothing to extend.")


class PendingAlready(Refused):
    """One request at a time."""

    sentence = _("You have asked for more time already; the vendor has still to decide.")


class NoMoreExtensions(Refused):
    """The rules of the deal allow no further one."""

    sentence = _("The rules of this deal allow no further extension.")


class EvidenceMissing(Refused):
    """The rules of the deal want proof of activity."""

    sentence = _(
        "Add a file that shows that the deal is alive: the rules of this deal ask for one."
    )


class DecidedAlready(Refused):
    """Somebody decided it, or it was withdrawn or overtaken."""

    sentence = _("This request is no longer waiting. This is how it stands now.")


class NoRoom(Refused):
    """The database has decided: the scope belongs to somebody else from then on."""

    sentence = _("Another protection begins before the new end, so this one cannot last longer.")


def may_ask(row: Registration) -> Refused | None:
    """Return why a deal cannot have more time now, or None if its partner may ask for some."""
    terms = engagement.terms_for(row)
    if row.state != State.APPROVED or selectors.end_of_protection(row.pk, clock.now()) is None:
        return NothingToExtend()
    states = list(row.extensions.values_list("state", flat=True))
    if ExtensionState.PENDING in states:
        return PendingAlready()
    if not terms.extension_days or states.count(ExtensionState.GRANTED) >= terms.extensions_most:
        return NoMoreExtensions()
    return None


@transaction.atomic
def ask_for_extension(
    registration: Registration,
    *,
    actor: User,
    reason: str,
    files: Sequence["UploadedFile[Any]"] = (),
    version: int | None = None,
) -> Extension:
    """Ask for as many more days as the deal's rules give, with a reason and evidence.

    Due in the vendor's decision days; the protection's end stays until somebody grants it. Raises
    PermissionDenied, ChangedMeanwhile, NothingToExtend, PendingAlready, NoMoreExtensions,
    EvidenceMissing, `prm.uploads.UploadRefused`, TooManyFiles, Busy.
    """
    row = locked(registration)
    require(policies.can_work(actor, row))
    same_version(row, version)
    if refused := may_ask(row):
        raise refused
    terms = engagement.terms_for(row)
    if terms.extension_evidence and not files:
        raise EvidenceMissing
    extension = Extension.objects.create(
        registration=row,
        reason=reason,
        asked_by=actor,
        days=terms.extension_days,
        due_at=decision_due(clock.now(), terms),
    )
    for upload in files:
        keep_file(row, upload, actor=actor, extension=extension)
    _note("asked", row, extension, actor, private={"reason": reason})
    working_notices.extension_asked(row, extension)
    return extension


@transaction.atomic
def withdraw_extension(extension: Extension, *, actor: User) -> Extension:
    """Take a request back that nobody has decided. Raises PermissionDenied, DecidedAlready, Busy."""
    row = locked(extension.registration)
    require(policies.can_work(actor, row))
    pending = _pending(extension)
    _decide(pending, ExtensionState.WITHDRAWN, actor)
    _note("withdrawn", row, pending, actor)
    return pending


@transaction.atomic
def grant_extension(extension: Extension, *, actor: User, note: str = "") -> Extension:
    """Let the protection last the asked days longer, whole local days; reminders follow the new end.

    A protection that several hold lasts longer for all of them. Counts and leaves at once. Raises
    PermissionDenied, DecidedAlready, NothingToExtend, NoRoom, Busy.
    """
    registration = extension.registration
    assert registration.company is not None
    locks.hold(*lock_keys(registration.company))
    row = locked(registration)
    require(policies.can_decide(actor, row))
    pending = _pending(extension)
    protection = _in_force(row)
    until = _longer(protection, pending.days)
    _stretch(protection, until)
    _decide(pending, ExtensionState.GRANTED, actor, note=note, until=until)
    for held in _held_with(protection):
        protections.plan_reminders(held, until)
    _note("granted", row, pending, actor, private={"note": note} if note else None)
    working_notices.extension_granted(row, pending)
    return pending


@transaction.atomic
def refuse_extension(extension: Extension, *, actor: User, note: str) -> Extension:
    """Leave the protection's end where it is, and tell the partner why.

    Raises PermissionDenied, DecidedAlready, Busy.
    """
    row = locked(extension.registration)
    require(policies.can_decide(actor, row))
    pending = _pending(extension)
    _decide(pending, ExtensionState.REFUSED, actor, note=note)
    _note("refused", row, pending, actor, private={"note": note})
    working_notices.extension_refused(row, pending)
    return pending


def last_day_after(protection: Protection, days: int) -> date:
    """Return the last protected day, in the portal's zone, if a protection got so many days more."""
    return last_day(_longer(protection, days))


def _longer(protection: Protection, days: int) -> datetime:
    """Return the local midnight after so many more whole days."""
    return end_of_protection(protection.ends_at - timedelta(seconds=1), days)


def lapse(registration: Registration, *, actor: User | None) -> None:
    """The deal is over: what was asked for it has been overtaken. Registered when the app starts."""
    for pending in registration.extensions.select_for_update().filter(state=ExtensionState.PENDING):
        _decide(pending, ExtensionState.LAPSED, None)
        _note("lapsed", registration, pending, actor)


def _pending(extension: Extension) -> Extension:
    """Re-read a request FOR UPDATE, with its deal's row locked. Raises DecidedAlready."""
    found = Extension.objects.select_for_update().get(pk=extension.pk)
    if found.state != ExtensionState.PENDING:
        raise DecidedAlready
    return found


def _in_force(row: Registration) -> Protection:
    """Return the protection that a locked row holds now. Raises NothingToExtend."""
    now = clock.now()
    protection = selectors.protection_of(row)
    if row.state != State.APPROVED or protection is None or not protection.ends_at > now:
        raise NothingToExtend
    return protection


def _stretch(protection: Protection, until: datetime) -> None:
    """Move the upper bound; the exclusion constraint may refuse. Raises NoRoom."""
    longer = TimestamptzRange(protection.period.lower, until)
    try:
        with transaction.atomic():
            Protection.objects.filter(pk=protection.pk).update(period=longer)
    except IntegrityError as error:
        if LATER in str(error):
            raise NoRoom from error
        raise


def _held_with(protection: Protection) -> list[Registration]:
    """Return the running deals that hold a protection, locked in the order of their ids."""
    holding = Registration.objects.filter(
        holdings__protection=protection, holdings__ended_at=None, state=State.APPROVED
    )
    return [locked(row) for row in holding.order_by("pk")]


def _decide(
    extension: Extension,
    state: ExtensionState,
    actor: User | None,
    *,
    note: str = "",
    until: datetime | None = None,
) -> None:
    extension.state, extension.note, extension.until = state, note, until
    extension.decided_at, extension.decided_by = clock.now(), actor
    extension.save()


def _note(
    what: str,
    row: Registration,
    extension: Extension,
    actor: User | None,
    *,
    private: dict[str, Any] | None = None,
) -> None:
    data: dict[str, Any] = {"extension": str(extension.uid), "more_days": extension.days}
    if extension.until is not None:
        data["end"] = extension.until.isoformat()
    record(f"extension-{what}", row, actor=actor, data=data, private=private)
