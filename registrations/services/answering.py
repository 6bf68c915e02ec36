"""The partner's answer to "action required": only what the vendor opened may be corrected."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from catalog.models import ProductLine
from companies import selectors as company_selectors
from companies import services as company_services
from prm import clock, locks
from prm.access import require
from registrations import engagement, policies, selectors
from registrations.enums import Action
from registrations.models import Registration
from registrations.services import conflicts, notices, protections, ruling
from registrations.services.core import (
    clock_resumed,
    decision_due,
    locked,
    move,
    record,
    same_version,
)
from registrations.services.drafts import CORRECTABLE, FIELDS
from registrations.services.evidence import keep_file
from users.models import User

IDENTITY = frozenset({"company_name", "website", "country"})
NUMBER = frozenset({"number_scheme", "number"})


@transaction.atomic
def answer_question(
    registration: Registration,
    *,
    actor: User,
    answer: str,
    values: Mapping[str, Any] | None = None,
    product_lines: Iterable[ProductLine] | None = None,
    files: Iterable["UploadedFile[Any]"] = (),
    version: int | None = None,
) -> Registration:
    """Answer the vendor's question and correct what it opened; its clock goes on with what was left.

    Fields that are not open are left alone. Another name, website, country or number leads to the company
    that it identifies; conflicts are looked for again, and the rules asked again under the same
    version. The place in line stays. Raises PermissionDenied, ChangedMeanwhile, InvalidTransition,
    `prm.uploads.UploadRefused`, TooManyFiles, Busy.
    """
    values = dict(values or {})
    _hold(registration, values)
    row = locked(registration)
    require(policies.can_work(actor, row))
    same_version(row, version)
    may = opened(row.open_fields)
    kept_files = list(files) if "evidence" in may else []
    until = _until(row)
    move(
        row, Action.ANSWER, actor=actor, answer=answer, due_at=until, time_left=None, open_fields=[]
    )
    changes = _correct(row, {n: v for n, v in values.items() if n in may & FIELDS})
    if product_lines is not None and "product_lines" in may:
        changes |= _correct_lines(row, product_lines)
    for upload in kept_files:
        keep_file(row, upload, actor=actor)
    if changes:
        _judge_anew(row, changes, actor)
    ruling.plan_escalation(row, engagement.terms_for(row))
    private = {"answer": answer, "changes": changes}
    record("answered", row, actor=actor, data={"fields": sorted(changes)}, private=private)
    notices.answered(row)
    return row


def opened(names: Iterable[str]) -> frozenset[str]:
    """Return what the vendor opened, with those fields that make no sense without each other."""
    named = frozenset(names)
    return CORRECTABLE & (named | NUMBER if named & NUMBER else named)


def _hold(registration: Registration, values: Mapping[str, Any]) -> None:
    """Take, before the row's lock, those of the customer as it is and as it is going to be."""
    assert registration.company is not None
    future = copy.copy(registration)
    for name in (IDENTITY | NUMBER) & values.keys() & opened(registration.open_fields):
        setattr(future, name, values[name])
    locks.hold(
        *company_selectors.lock_keys(registration.company),
        *company_selectors.lock_keys(selectors.query_of(future)),
    )


def _until(row: Registration) -> Any:
    """Return the vendor's promise: what was left of it, or a new one where nobody noted what was."""
    if row.time_left is not None:
        return clock_resumed(row)
    return decision_due(clock.now(), engagement.terms_for(row))


def _correct(row: Registration, values: dict[str, Any]) -> dict[str, list[Any]]:
    """Write corrected fields; return old and new of those that differ, as they are recorded."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    noted = {name: [_plain(getattr(row, name)), _plain(value)] for name, value in changed.items()}
    if "country" in changed:
        changed["place"] = selectors.place_of(changed["country"])
    if changed:
        row.change(**changed)
    return noted


def _correct_lines(row: Registration, lines: Iterable[ProductLine]) -> dict[str, list[Any]]:
    before = sorted(row.product_lines.values_list("code", flat=True))
    after = sorted(line.code for line in lines)
    if before == after:
        return {}
    row.product_lines.set(lines)
    return {"product_lines": [before, after]}


def _judge_anew(row: Registration, changes: Mapping[str, Any], actor: User) -> None:
    """Find out who the customer is now, what is in the way, and what the rules make of it."""
    if (IDENTITY | NUMBER) & changes.keys():
        company = company_services.identify(
            name=row.company_name,
            domain=row.website,
            country=row.country,
            numbers=selectors.numbers_of(row),
            actor=actor,
        )
        before = row.company_id
        if before is not None and company.pk != before:
            row.change(company=company)
            protections.settle_company(before)  # whoever waited behind it there may move up
    conflicts.flag(row)
    ruling.judge_again(row)


def _plain(value: Any) -> Any:
    """Return a value as an event keeps it."""
    return value if value is None or isinstance(value, bool) else str(value)
