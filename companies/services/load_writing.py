"""The loading of a checked list: rows become companies, batch by batch, each all or nothing.

Every row is matched again under the locks of its batch, so what has happened since the check
counts, and a batch that is done twice finds what it made the first time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from catalog.models import Industry
from companies import matching
from companies.enums import Designation, DesignationSource, NameSource, RowOutcome, Standing
from companies.loads.cleaning import Entry, RowUnusable
from companies.loads.lookup import Directory, look_up, who_is_meant
from companies.loads.planning import Plan, company_meant, plan
from companies.models import (
    Company,
    CompanyDomain,
    CompanyLoad,
    CompanyName,
    CompanyNumber,
    CompanySite,
    ExternalId,
    LoadRow,
)
from companies.services.designating import settle_many
from companies.services.load_families import link_batch
from companies.services.memory import outdate
from companies.tasks import ensure_counting
from prm import clock, events, locks
from prm.events import Happened

BATCH = 400
ATTEMPTS = 3


@dataclass(slots=True)
class _Work:
    """One row with what it says and what it will do."""

    row: LoadRow
    entry: Entry
    plan: Plan | None = None
    company: Company | None = None
    made: dict[str, list[Any]] = field(default_factory=dict)


class _AppearedMeanwhile(Exception):
    """A company that a row means appeared while we waited for locks; its own is still to be taken."""


def load_batch(load: CompanyLoad) -> bool:
    """Load the next rows, then link the next parents; returns whether there may be more.

    Wants the load's lock and a transaction. Raises Busy: nothing is written then.
    """
    wanted = LoadRow.objects.filter(
        load=load, done_at=None, outcome__in=[RowOutcome.CREATE, RowOutcome.UPDATE]
    )
    rows = list(wanted.order_by("line")[:BATCH])
    if not rows:
        return link_batch(load)
    works = [_Work(row, Entry.from_json(row.values)) for row in rows]
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():  # leaving this savepoint by an error gives its locks back
                _write(load, works)
        except _AppearedMeanwhile:
            continue
        return True
    raise locks.Busy


def _write(load: CompanyLoad, works: Sequence[_Work]) -> None:
    held = who_is_meant([work.entry for work in works])
    locks.hold(*_lock_keys(works, held))
    list(Company.objects.filter(pk__in=held).order_by("pk").select_for_update().values_list("pk"))
    waiting = list(works)
    while waiting:
        part = _without_repetition(waiting)
        directory = look_up([work.entry for work in part])
        fresh = {work.company.pk for work in works if work.company}
        if not set(directory.known) <= held | fresh:
            raise _AppearedMeanwhile
        part = _plan(part, directory)
        _apply(load, part)
        done = {work.row.pk for work in part}
        waiting = [work for work in waiting if work.row.pk not in done]
    _finish(load, works)


def _lock_keys(works: Iterable[_Work], companies: Iterable[int]) -> list[str]:
    """The locks of everything the rows name, as `identify` and the editing services take them."""
    keys = {f"company:{pk}" for pk in companies}
    for work in works:
        entry = work.entry
        for spelling in (entry.name, *entry.other_names):
            keys.update(
                f"company-name:{form.compact}" for form in matching.versions.every_form(spelling)
            )
        keys.update(f"company-domain:{domain}" for domain in entry.domains)
        if entry.number:
            keys.add(f"company-number:{entry.number[0]}:{entry.number[1]}")
        if entry.external_id:
            keys.add(f"company-external:{entry.external_id[0]}:{entry.external_id[1]}")
    return sorted(keys)


def _without_repetition(works: Sequence[_Work]) -> list[_Work]:
    """The rows that share nothing with one before them; the others come next, and see what these make."""
    seen: set[int] = set()
    first = []
    for work in works:
        if not seen.intersection(work.row.keys):
            first.append(work)
        seen.update(work.row.keys)
    return first


def _plan(works: Sequence[_Work], directory: Directory) -> list[_Work]:
    """Plan rows that mean different companies and return them; a second one about a company waits."""
    taken: set[int] = set()
    planned = []
    for work in works:
        work.company, work.made, work.plan = None, {}, None
        try:
            meant = company_meant(directory.found(work.entry))
            if meant in taken:
                continue
            work.plan = plan(work.entry, directory.known[meant] if meant else None)
        except RowUnusable as error:
            work.row.outcome, work.row.cause = RowOutcome.ERROR, error.cause
        else:
            work.row.outcome = work.plan.outcome
            if meant:
                taken.add(meant)
        planned.append(work)
    return planned


def _apply(load: CompanyLoad, works: Sequence[_Work]) -> None:
    """Write the plans of rows about different companies, in some ten statements."""
    now = clock.now()
    industries = {row.code: row for row in Industry.objects.all()}
    _create(works, industries)
    _change(works, industries, now)
    _add_names(works)
    _add_facts(works)
    changed = [w.company.pk for w in works if w.company and w.plan and w.plan.company]
    outdate(changed)
    actor = load.by
    events.record_all(_events(load, works), actor=actor)
    settle_many(work.company.pk for work in works if work.company)


def _create(works: Sequence[_Work], industries: dict[str, Industry]) -> None:
    new = [work for work in works if work.plan and work.plan.outcome == RowOutcome.CREATE]
    for work in new:
        assert work.plan is not None
        code = work.plan.fields.get("industry", "")
        work.company = Company(
            name=work.entry.name,
            sort_key=matching.sort_key(work.entry.name),
            country=work.entry.country,
            standing=Standing.CONFIRMED,
            designation=work.entry.designation or Designation.OPEN,
            designation_source=work.plan.fields.get("designation_source", DesignationSource.RULE),
            industry=industries.get(code),
        )
    Company.objects.bulk_create([work.company for work in new if work.company])
    if new:
        ensure_counting()


def _change(works: Sequence[_Work], industries: dict[str, Industry], now: datetime) -> None:
    """Set the columns that a list changes of companies that are there already."""
    old = {
        work.plan.company: work
        for work in works
        if work.plan and work.plan.company and work.plan.outcome == RowOutcome.UPDATE
    }
    for company in Company.objects.filter(pk__in=list(old)).select_related("industry"):
        work = old[company.pk]
        assert work.plan is not None
        work.company = company
        columns = ("designation", "designation_source", "country")
        before = {column: getattr(company, column) for column in columns}
        before["industry"] = company.industry.code if company.industry else ""
        for name, value in work.plan.fields.items():
            work.made.setdefault("fields", []).append([name, before[name], value])
            setattr(company, name, industries[value] if name == "industry" else value)
        company.updated_at = now
    Company.objects.filter(pk__in=list(old)).update(updated_at=now)
    _set_columns(old, industries)


def _set_columns(old: Mapping[int, _Work], industries: dict[str, Industry]) -> None:
    """One statement per column and value: a list has few designations, countries and trades."""
    values: dict[tuple[str, str], list[int]] = {}
    for pk, work in old.items():
        for name, _before, after in work.made.get("fields", []):
            values.setdefault((name, after), []).append(pk)
    for (name, value), keys in values.items():
        news: dict[str, Any] = {name: industries[value] if name == "industry" else value}
        if name == "designation_source":
            news |= {"designation_rule": "", "designation_version": None}
        Company.objects.filter(pk__in=keys).update(**news)


def _add_names(works: Sequence[_Work]) -> None:
    rows: list[CompanyName] = []
    written = matching.versions.asked()
    for work in works:
        if work.plan is None or work.company is None:
            continue
        held: set[tuple[str, int]] = set()
        for spelling in work.plan.names:
            for form in matching.name_rows(spelling, written):
                if (form["compact"], form["norm_version"]) not in held:
                    held.add((form["compact"], form["norm_version"]))
                    rows.append(_name(work.company, spelling, form))
    known = set(
        CompanyName.objects.filter(
            active=True, company__in={row.company_id for row in rows}
        ).values_list("company_id", "compact", "norm_version")
    )
    fresh = [row for row in rows if (row.company_id, row.compact, row.norm_version) not in known]
    _keep(works, "names", fresh)


def _name(company: Company, raw: str, form: dict[str, Any]) -> CompanyName:
    return CompanyName(
        company=company,
        raw=raw,
        source=NameSource.IMPORT,
        **form,
    )


def _add_facts(works: Sequence[_Work]) -> None:
    domains, numbers, ids, sites = [], [], [], []
    for work in works:
        company, todo = work.company, work.plan
        if company is None or todo is None:
            continue
        source = NameSource.IMPORT
        domains += [CompanyDomain(company=company, domain=d, source=source) for d in todo.domains]
        if todo.number:
            scheme, value, good = todo.number
            numbers.append(
                CompanyNumber(
                    company=company, scheme=scheme, value=value, validated=good, source=source
                )
            )
        if todo.external_id:
            system, text = todo.external_id
            ids.append(ExternalId(company=company, system=system, value=text))
        if todo.site:
            sites.append(_site(company, work.entry))
    for key, rows in (
        ("domains", domains), ("numbers", numbers), ("external_ids", ids), ("sites", sites)
    ):  # fmt: skip
        _keep(works, key, rows)


def _site(company: Company, entry: Entry) -> CompanySite:
    site = entry.site
    return CompanySite(
        company=company,
        name=site.get("site", ""),
        street=site.get("street", ""),
        postcode=site.get("postcode", ""),
        city=site.get("city", ""),
        country=entry.country,
    )


def _keep(works: Sequence[_Work], key: str, rows: Sequence[Any]) -> None:
    """Store rows of one kind and note for each work which are its own."""
    if not rows:
        return
    type(rows[0]).objects.bulk_create(rows)
    of: dict[int, list[int]] = {}
    for row in rows:
        of.setdefault(row.company_id, []).append(row.pk)
    for work in works:
        if work.company and work.company.pk in of:
            work.made[key] = of[work.company.pk]


def _events(load: CompanyLoad, works: Sequence[_Work]) -> list[Happened]:
    found = []
    for work in works:
        if work.company is None or work.plan is None:
            continue
        data: dict[str, Any] = {"list": str(load.uid), "line": work.row.line}
        private: dict[str, Any] = {
            "names": list(work.plan.names),
            "domains": list(work.plan.domains),
        }
        if work.plan.outcome == RowOutcome.CREATE:
            data |= {
                "standing": work.company.standing,
                "designation": work.company.designation,
                "country": work.company.country,
            }
            found.append(Happened("company.added", work.company, data, private))
        else:
            changed = {name: [old, new] for name, old, new in work.made.get("fields", [])}
            data |= {"changes": changed} if changed else {}
            found.append(Happened("company.listed", work.company, data, private))
    return found


def _finish(load: CompanyLoad, works: Sequence[_Work]) -> None:
    """Mark the rows as done in the transaction that wrote them, and count."""
    for work in works:
        if work.company is not None:
            work.row.company = work.company
            work.row.undo = {**work.made, "stamp": work.company.updated_at.isoformat()}
    _mark([work.row for work in works])
    outcomes = [work.row.outcome for work in works]
    load.done += len(works)
    load.created_rows += outcomes.count(RowOutcome.CREATE)
    load.updated_rows += outcomes.count(RowOutcome.UPDATE)
    load.failed_rows += outcomes.count(RowOutcome.ERROR)
    load.save(update_fields=["done", "created_rows", "updated_rows", "failed_rows"])


_MARK = """
UPDATE companies_loadrow AS row SET done_at = %s, company_id = new.company_id,
    outcome = new.outcome, cause = new.cause, undo = new.undo
FROM jsonb_to_recordset(%s::jsonb)
    AS new (id bigint, company_id bigint, outcome text, cause text, undo jsonb)
WHERE row.id = new.id
"""


def _mark(rows: Sequence[LoadRow]) -> None:
    """Write what became of rows in one statement; Django's way takes as long as all the rest."""
    news = [
        {
            "id": row.pk,
            "company_id": row.company_id,
            "outcome": row.outcome,
            "cause": row.cause,
            "undo": row.undo,
        }
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [clock.now(), json.dumps(news)])
