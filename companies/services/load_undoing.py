"""The undo of a loaded list: what it made goes, what it added is taken out, what was used since stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from catalog.models import Industry
from companies import journal
from companies.enums import RowOutcome
from companies.models import (
    Company,
    CompanyDomain,
    CompanyLoad,
    CompanyMerge,
    CompanyName,
    CompanyNumber,
    CompanySite,
    ExternalId,
    LoadRow,
    NameVerdict,
)
from companies.services.designating import settle_many
from companies.services.memory import outdate
from companies.services.writing import FAMILIES
from prm import events, locks
from prm.events import Happened

BATCH = 200
_KINDS: dict[str, Any] = {
    "names": CompanyName,
    "domains": CompanyDomain,
    "numbers": CompanyNumber,
    "external_ids": ExternalId,
    "sites": CompanySite,
}


def undo_batch(load: CompanyLoad) -> bool:
    """Take back the last rows that are not taken back yet; returns whether there may be more.

    Parents come out first, so that nothing a list made holds another thing it made. Wants the
    load's lock.
    """
    wanted = LoadRow.objects.filter(load=load, done_at__isnull=False).exclude(undo={})
    linked = list(wanted.filter(undo__has_key="parent").order_by("-line")[:BATCH])
    if linked:
        _unlink(linked)
        return True
    rows = list(wanted.order_by("-line")[:BATCH])
    if not rows:
        return False
    locks.hold(*(f"company:{row.company_id}" for row in rows if row.company_id))
    made = [row for row in rows if row.outcome == RowOutcome.CREATE]
    _remove(load, made)
    _take_out(load, [row for row in rows if row.outcome != RowOutcome.CREATE])
    for row in rows:
        row.undo = {}
    LoadRow.objects.bulk_update(rows, ["undo", "cause"])
    load.done += len(rows)
    load.kept_rows += sum(1 for row in rows if row.cause.startswith("kept-"))
    load.save(update_fields=["done", "kept_rows"])
    return True


def _unlink(rows: Sequence[LoadRow]) -> None:
    """Set parents back to what they were, where nobody has changed them since."""
    locks.hold(FAMILIES, *(f"company:{row.company_id}" for row in rows if row.company_id))
    for row in rows:
        before, after = row.undo.pop("parent")
        own = Company.objects.filter(pk=row.company_id or 0, parent=after)
        own.update(parent=before)
    LoadRow.objects.bulk_update(rows, ["undo"])


def _remove(load: CompanyLoad, rows: Sequence[LoadRow]) -> None:
    """Delete companies that the list made, unless they are used or changed by now."""
    keys = [row.company_id for row in rows if row.company_id]
    companies = Company.objects.select_for_update().order_by("pk").in_bulk(keys)
    used = used_among(companies)
    facts = _facts(companies)
    gone: list[Company] = []
    for row in rows:
        company = companies.get(row.company_id or 0)
        if company is None:
            continue
        if company.pk in used:
            row.cause = "kept-used"
        elif _is_changed(company, row.undo, facts):
            row.cause = "kept-changed"
        else:
            gone.append(company)
    data = {"list": str(load.uid)}
    happened = [Happened("company.removed", one, data, {"name": one.name}) for one in gone]
    events.record_all(happened, actor=load.by)
    Company.objects.filter(pk__in=[company.pk for company in gone]).delete()


def used_among(companies: Iterable[int]) -> set[int]:
    """Companies that something refers to: deals, merges, subsidiaries, what people said."""
    keys = list(companies)
    found = journal.referred_to(keys)
    below = Company.objects.filter(Q(parent__in=keys) | Q(merged_into__in=keys))
    found.update(
        pk for pair in below.values_list("parent_id", "merged_into_id") for pk in pair if pk
    )
    for rows, columns in (
        (CompanyMerge.objects.filter(Q(loser__in=keys) | Q(winner__in=keys)), ("loser_id", "winner_id")),
        (NameVerdict.objects.filter(Q(low__in=keys) | Q(high__in=keys)), ("low_id", "high_id")),
    ):  # fmt: skip
        found.update(pk for pair in rows.values_list(*columns) for pk in pair)
    return found.intersection(keys)


def _facts(companies: Iterable[int]) -> dict[str, dict[int, set[int]]]:
    """What each company has now, by kind."""
    found: dict[str, dict[int, set[int]]] = {}
    for kind, model in _KINDS.items():
        rows = model.objects.filter(company__in=list(companies))
        for company, pk in rows.values_list("company_id", "pk"):
            found.setdefault(kind, {}).setdefault(company, set()).add(pk)
    return found


def _is_changed(
    company: Company, made: dict[str, Any], facts: dict[str, dict[int, set[int]]]
) -> bool:
    if company.updated_at.isoformat() != made.get("stamp"):
        return True
    return any(
        facts.get(kind, {}).get(company.pk, set()) != set(made.get(kind, ())) for kind in _KINDS
    )


def _take_out(load: CompanyLoad, rows: Sequence[LoadRow]) -> None:
    """Take out of companies what the list added to them, and set columns back."""
    happened: list[Happened] = []
    for row in rows:
        company = Company.objects.filter(pk=row.company_id or 0).first()
        if company is None:
            continue
        for kind, model in _KINDS.items():
            if row.undo.get(kind):
                model.objects.filter(pk__in=row.undo[kind], company=company).delete()
        _set_back(company, row.undo.get("fields", []))
        happened.append(Happened("company.unlisted", company, {"list": str(load.uid)}, {}))
    outdate([row.company_id for row in rows if row.company_id])
    events.record_all(happened, actor=load.by)
    settle_many(row.company_id for row in rows if row.company_id)


def _set_back(company: Company, fields: Sequence[Sequence[str]]) -> None:
    """Set columns to what they were, where they still are what the list made them."""
    values: dict[str, Any] = {}
    for name, before, after in fields:
        now = getattr(company, name)
        if name == "industry":
            now = now.code if now else ""
        if now == after:
            is_trade = name == "industry"
            values[name] = Industry.objects.filter(code=before).first() if is_trade else before
    if values:
        company.change(**values)
