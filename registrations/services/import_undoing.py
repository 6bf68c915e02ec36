"""The undo of an import: its deals go with their protections, and so do the companies it made.

Whatever somebody has done to a deal left an event, so the ledger knows which deals nothing has
happened to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from companies.selectors import lock_keys
from companies.services.adopting import forget_adopted, unconfirm_adopted
from notifications import services as notifications
from prm import events, locks
from prm.due.models import DueRow
from prm.events import Event, Happened, describe
from prm.ui import dates
from registrations.models import (
    Protection,
    ProtectionHolder,
    Registration,
    RegistrationImport,
    RegistrationImportRow,
)
from registrations.services.import_writing import IMPORTS
from users.models import User

BATCH = 200
SHOWN = 100
QUIET = (
    "registration.imported",
    "registration.flagged",
    "registration.rivals-warned",
    "registration.escalated",
    "registration.prodded",
    "registration.notice-overtaken",
)
"""What the portal does by itself to a deal that nobody has touched."""


def touched(file: RegistrationImport) -> list[str]:
    """A sentence for every deal of an import to which something has happened since, at most a hundred."""
    rows = Registration.objects.filter(imported=file)
    happened = _happened(file, rows.values("uid")).order_by("target_uid", "-id")
    last = list(happened.distinct("target_uid")[:SHOWN])
    deals = rows.in_bulk([event.target_uid for event in last], field_name="uid")
    people = {
        user.uid: user.name
        for user in User.objects.filter(uid__in={e.actor_uid for e in last if e.actor_uid})
    }
    return sorted(_sentence(deals[event.target_uid], event, people) for event in last)


def _sentence(deal: Registration, event: Event, people: dict[UUID, str]) -> str:
    words = {
        "deal": f"{deal.company_name} ({deal.reference})",
        "what": describe(event.code),
        "when": dates.format_moment(event.at),
    }
    who = people.get(event.actor_uid) if event.actor_uid else None
    if who:
        return _("%(deal)s: %(what)s, %(when)s, by %(who)s.") % {**words, "who": who}
    return _("%(deal)s: %(what)s, %(when)s.") % words


def _happened(file: RegistrationImport, uids: Any) -> QuerySet[Event]:
    """Events of deals that somebody, or the passing of time, has caused since the import."""
    found = Event.objects.filter(target_uid__in=uids).exclude(code__in=QUIET)
    return found.exclude(data__contains={"import": str(file.uid)})


def undo_batch(file: RegistrationImport) -> bool:
    """Take back the last rows that are not taken back yet; returns whether there may be more.

    A deal to which something has happened since the undo began is kept and reported. Wants the
    import's lock and a transaction. Raises Busy.
    """
    wanted = file.rows.filter(registration__isnull=False, cause="")
    lines = list(
        wanted.select_related("registration__company").order_by("-registered_at", "-number")[:BATCH]
    )
    if not lines:
        return False
    rows = {line.registration.pk: line.registration for line in lines if line.registration}
    held = [
        IMPORTS,
        *(key for row in rows.values() if row.company for key in lock_keys(row.company)),
    ]
    locks.hold(*held)
    gone = _remove(file, rows)
    for line in lines:
        if line.registration_id in gone:
            line.registration = None
        else:
            line.cause, line.causes = "kept", [{"code": "kept", "field": ""}]
    _let_go_of_companies(file, [line for line in lines if line.registration_id is None])
    RegistrationImportRow.objects.bulk_update(lines, ["cause", "causes", "undo", "registration"])
    file.change(done=file.done + len(lines), kept_rows=file.kept_rows + len(lines) - len(gone))
    return True


def _remove(file: RegistrationImport, rows: dict[int, Registration]) -> set[int]:
    """Delete deals that nothing has happened to, with what hangs on them; return their keys."""
    list(
        Registration.objects.filter(pk__in=rows)
        .order_by("pk")
        .select_for_update()
        .values_list("pk")
    )
    uids = [row.uid for row in rows.values()]
    busy = set(_happened(file, uids).values_list("target_uid", flat=True))
    free = {pk: row for pk, row in rows.items() if row.uid not in busy}
    held = Protection.objects.filter(holders__registration__in=free)
    protections = list(held.values_list("pk", flat=True))
    ProtectionHolder.objects.filter(registration__in=free).delete()
    Protection.objects.filter(pk__in=protections, holders=None).delete()
    DueRow.objects.filter(subject__in=[str(row.uid) for row in free.values()]).delete()
    for row in free.values():
        notifications.cancel(subject=row, reason="The import was undone")
    data = {"import": str(file.uid)}
    happened = [
        Happened("registration.import-undone", row, {**data, "number": row.ledger_number}, {})
        for row in free.values()
    ]
    events.record_all(happened, actor=file.uploaded_by)
    Registration.objects.filter(pk__in=free).delete()
    return set(free)


def _let_go_of_companies(file: RegistrationImport, lines: Sequence[RegistrationImportRow]) -> None:
    """Make companies provisional again that were, and delete those that the import made."""
    confirmed = {}
    for line in lines:
        if "confirmed" in line.undo:
            confirmed[int(line.undo["company-of"])] = line.undo["confirmed"]
    held = Protection.objects.filter(company__in=list(confirmed)).values_list("company", flat=True)
    for pk in set(held):
        confirmed.pop(pk, None)
    unconfirm_adopted(confirmed, actor=file.uploaded_by)
    made = [int(line.undo["company"]) for line in lines if "company" in line.undo]
    forget_adopted(made, actor=file.uploaded_by)
    for line in lines:
        line.undo = {}
