"""Drawn deals as rows: registrations, their product lines, protections, conflicts, touches, due rows."""

import json
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from psycopg.types.range import TimestamptzRange

from benchmarks.deals import WAITING, Deal
from benchmarks.loading import copy
from prm.due.models import DueRow
from prm.reference import ALPHABET, BODY_LENGTH
from registrations.conflicts import WEIGHTS
from registrations.engagement import DEFAULTS, KIND, TITLES
from registrations.enums import ConflictKind, Settlement, State, TouchKind
from registrations.fields import ids
from registrations.models import (
    Protection,
    ProtectionHolder,
    Registration,
    RegistrationConflict,
    SubmissionCounter,
    Touch,
)

if TYPE_CHECKING:
    from benchmarks.generator import World

COLUMNS = (
    "id", "uid", "reference", "token", "version", "partner_id", "owner_id", "state", "company_name",
    "website", "country", "company_id", "place_id", "value", "currency", "expected_close", "stage",
    "contact_name", "contact_email", "description", "ledger_number", "submitted_at", "due_at",
    "reviewer_id", "rules_id", "question", "answer", "queued_at", "decided_at", "decided_by_id",
    "decline_code", "decision_note", "touched_at", "closed_at", "close_code", "created_at", "updated_at",
    "trace",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """A deal with what its row was given."""

    deal: Deal
    uid: uuid.UUID
    name: str
    website: str
    country: str
    value: Decimal


def write(world: "World", deals: Sequence[Deal]) -> list[Written]:
    """Write all deals and what hangs on them; return them as written."""
    written = [_written(world, deal) for deal in deals]
    copy(Registration, COLUMNS, (_row(world, one) for one in written))
    through = Registration.product_lines.through
    copy(
        through,
        ("registration_id", "productline_id"),
        ((deal.pk, world.lines[line - 1]) for deal in deals for line in deal.lines),
    )
    SubmissionCounter.objects.create(pk=1, last=max((deal.ledger or 0) for deal in deals))
    _protections(world, deals)
    copy(
        RegistrationConflict,
        ("uid", "registration_id", "kind", "company_id", "other_id", "score", "evidence", "weight", "grounds", "settlement",
         "settled_at", "settled_by_id", "created_at", "updated_at"),
        _conflicts(world, deals),
    )  # fmt: skip
    copy(Touch, ("registration_id", "kind", "by_id", "at"), _touches(world, deals))
    copy(DueRow, ("kind", "key", "subject", "due_at", "data", "attempts", "last_error", "created_at"),
         _due(world, written))  # fmt: skip
    return written


def reference(prefix: str, chance: random.Random) -> str:
    """Return a reference as the kernel makes them, from this seed's chance."""
    body = "".join(chance.choices(ALPHABET, k=BODY_LENGTH))
    return f"{prefix}-{body[:4]}-{body[4:]}"


def _written(world: "World", deal: Deal) -> Written:
    company = world.companies[deal.company]
    website = company.domain if world.chance.random() < 0.6 else ""
    value = Decimal(round(world.chance.lognormvariate(10.6, 0.9), -2)).quantize(Decimal("0.01"))
    name = company.spelling(world.chance)
    return Written(deal, world.uid(), name, website, company.country, value)


def _row(world: "World", one: Written) -> Sequence[Any]:
    deal = one.deal
    draft, queued = deal.state == State.DRAFT, deal.state == State.QUEUED
    contact = f"buyer{deal.pk % 90}@{world.companies[deal.company].domain}"
    decided_by = world.referee if deal.decided else None
    due = deal.submitted + timedelta(days=2) if deal.submitted and deal.state in WAITING else None
    return (
        deal.pk, one.uid, reference("D", world.chance), world.uid(), 1 if draft else 2, deal.partner + 1,
        deal.owner, deal.state.value, one.name, one.website, one.country,
        None if draft else deal.company + 1, world.place_of.get(one.country), one.value, "USD",
        _month(deal.started, world.chance.randint(1, 7)), deal.stage.value, "Robin Hale", contact,
        "Replaces two older systems; the budget is approved." if deal.pk % 3 == 0 else "",
        deal.ledger, deal.submitted, due, None if draft or deal.state == State.SUBMITTED else world.referee,
        None if draft else world.rules, "", "", _queued_at(deal) if queued else None,
        deal.decided, decided_by, str(deal.decline_code), "", deal.decided or deal.submitted, deal.closed,
        str(deal.close_code), deal.started, deal.changed, None if draft else _TRACE,
    )  # fmt: skip


_TRACE = json.dumps({
    "outcome": DEFAULTS, "decided_by": dict.fromkeys(DEFAULTS, "default"), "matched": [], "trace": [],
    "stamp": {"kind": KIND, "number": 1, "digest": ""}, TITLES: {},
})  # fmt: skip
"""What the usual figures grant, as a submission keeps it."""


def _queued_at(deal: Deal) -> datetime:
    assert deal.submitted
    return deal.submitted + timedelta(hours=3)


def _month(at: datetime, ahead: int) -> date:
    months = at.year * 12 + at.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)


def _protections(world: "World", deals: Sequence[Deal]) -> None:
    held = [deal for deal in deals if deal.period]
    rows = list(enumerate(held, start=1))
    copy(
        Protection,
        ("id", "uid", "company_id", "products", "places", "period", "created_at"),
        ((pk, world.uid(), *_scope(world, deal), deal.decided) for pk, deal in rows),
    )
    copy(
        ProtectionHolder,
        ("protection_id", "registration_id", "partner_id", "share"),
        ((pk, deal.pk, deal.partner + 1, 100) for pk, deal in rows),
    )


def _scope(world: "World", deal: Deal) -> tuple[Any, ...]:
    assert deal.period
    place = world.place_of.get(world.companies[deal.company].country)
    products = ids(frozenset(world.lines[line - 1] for line in deal.lines))
    places = ids(frozenset({place} if place else ()))
    return deal.company + 1, products, places, TimestamptzRange(*deal.period)


def _conflicts(world: "World", deals: Sequence[Deal]) -> Iterator[Sequence[Any]]:
    """Rivals of queued and waiting deals, and designated companies of waiting ones."""
    for deal in deals:
        if not deal.submitted or deal.decided or deal.state == State.WITHDRAWN:
            continue
        queued = deal.state == State.QUEUED
        settled = (_queued_at(deal), world.referee) if queued else (None, None)
        settlement = Settlement.UPHELD.value if queued else ""
        found: list[tuple[ConflictKind, int | None]] = []
        if deal.rival:
            found.append(
                (ConflictKind.PROTECTED if queued else ConflictKind.PENDING, deal.rival.pk)
            )
        designation = world.designations[deal.company]
        if designation.value in ConflictKind.values:
            found.append((ConflictKind(designation.value), None))
        for kind, other in found:
            yield (world.uid(), deal.pk, kind.value, deal.company + 1, other, 100, "[]", WEIGHTS[kind], "[]", settlement,
                   *settled, deal.submitted, deal.submitted)  # fmt: skip


def _touches(world: "World", deals: Sequence[Deal]) -> Iterator[Sequence[Any]]:
    for deal in deals:
        if deal.decided and deal.period and world.chance.random() < 0.5:
            kind = world.chance.choice((TouchKind.MAIL, TouchKind.PAGE)).value
            at = deal.decided + (deal.period[1] - deal.decided) * world.chance.random()
            yield deal.pk, kind, deal.owner, min(at, world.now)


def _due(world: "World", written: Sequence[Written]) -> Iterator[Sequence[Any]]:
    """The prod, the notices ahead and the end of every running protection."""
    for one in written:
        if one.deal.state != State.APPROVED or not one.deal.period:
            continue
        uid, end = str(one.uid), one.deal.period[1]
        made = one.deal.decided
        yield "registrations.prod", uid, uid, world.now + timedelta(days=8), "{}", 0, "", made
        yield "registrations.end", uid, uid, end, "{}", 0, "", made
        for days in (60, 30, 14, 3):
            at = end - timedelta(days=days)
            if at > world.now + timedelta(days=8):
                data = json.dumps({"days": days})
                yield "registrations.ending", f"{uid}:{days}", uid, at, data, 0, "", made
