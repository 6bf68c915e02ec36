"""Designation by rule: one company at a time as it changes, all of them when rules are published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet

from companies import designation
from companies.designation import KIND, Decided
from companies.enums import Designation, DesignationSource
from companies.models import Company
from prm import clock, due, events, locks, rules
from prm.due.models import DueRow
from prm.events import Happened, changes
from prm.rules import RuleVersion

log = structlog.get_logger(__name__)

PUBLISHED = "companies.designate"
BELOW = "companies.designate-below"
BATCH = 2_000
"""So many companies are looked at in one transaction."""
ONE_BY_ONE = 200
"""If more companies change in one batch, one event with counts says so for all of them."""
LATE = timedelta(minutes=10)
"""Who was deciding under the rules before while these came into force has committed by then."""
COLUMNS = ("designation", "designation_source", "designation_rule", "designation_version")
"""What says whom a company is open to: they change together."""
_STRENGTH = (DesignationSource.RULE, DesignationSource.LIST, DesignationSource.HAND)
_STRICTNESS = (Designation.OPEN, Designation.VENDOR_DIRECT, Designation.RESTRICTED)


@dataclass(frozen=True, slots=True)
class Applied:
    """What one batch did: the last company it looked at, None after the last, and how many changed."""

    last: int | None
    changed: int


def register() -> None:
    """Register the kind of rules and what its due rows ask for; called when the app starts."""
    designation.register()
    rules.on_published(KIND, schedule)
    due.handler(PUBLISHED)(apply_published)
    due.handler(BELOW)(settle_below)


def schedule(version: RuleVersion) -> None:
    """Ask for all companies to be looked at when a version comes into force."""
    number = version.number
    due.schedule(PUBLISHED, str(number), version.effective_at, data={"version": number})


def apply_published(row: DueRow) -> datetime | None:
    """Look at the next companies; come again until all are as the rules say.

    First all companies, then again those with parents while something changes, because a rule may ask
    the parent; at last those that changed while the rules did. A version that is no longer in force
    has nothing to say: its successor has a row of its own.
    """
    found = designation.in_force()
    if found is None or found[0].number != row.data["version"]:
        return None
    state = {"step": "all", "after": 0, "changed": 0, **row.data}
    began = found[0].effective_at
    done = apply_designation_rules(_of_step(str(state["step"]), began), after=int(state["after"]))
    state["changed"] += done.changed
    state["after"] = done.last or 0
    wait = timedelta()
    if done.last is None:
        if state["step"] == "late":
            return None
        more = state["step"] == "all" or state["changed"]
        wait = timedelta() if more else LATE
        state |= {"step": "below" if more else "late", "changed": 0}
    DueRow.objects.filter(pk=row.pk).update(data=state)
    return clock.now() + wait


def _of_step(step: str, began: datetime) -> QuerySet[Company]:
    companies = Company.objects.all()
    if step == "below":
        return companies.filter(parent__isnull=False)
    return companies.filter(updated_at__gte=began - LATE) if step == "late" else companies


@transaction.atomic
def apply_designation_rules(
    companies: QuerySet[Company] | None = None, *, after: int = 0, most: int = BATCH
) -> Applied:
    """Designate the next companies by the rules in force, in order of their keys.

    Only those that neither a person nor a list designated. Repeating it changes nothing more. Records
    `company.designated` for each that changed, or one `company-rules.applied` if they are many.
    """
    wanted = (Company.objects.all() if companies is None else companies).filter(pk__gt=after)
    keys = list(wanted.order_by("pk").values_list("pk", flat=True)[:most])
    changed = settle_many(keys)
    return Applied(keys[-1] if len(keys) == most else None, changed)


def settle_many(keys: Iterable[int]) -> int:
    """Designate these companies by the rules in force, but for those that somebody designated.

    Returns how many changed; none while the rules cannot be read. Columns only: `updated_at` says when somebody changed a company.
    """
    mine = Company.objects.current().filter(
        pk__in=list(keys), designation_source=DesignationSource.RULE
    )
    locks.row_timeout()
    rows = mine.select_for_update(of=("self",)).order_by("pk")
    held = {one.pk: one for one in rows}
    try:
        decided = designation.decide_many(held)
    except rules.RuleInvalid:
        log.exception("rules of designation cannot be read")
        return 0
    before = {pk: _stands(one) for pk, one in held.items()}
    news = {pk: said for pk, said in decided.items() if said != before[pk]}
    groups: dict[Decided, list[int]] = {}
    for pk, said in news.items():
        groups.setdefault(said, []).append(pk)
    for said, members in groups.items():
        Company.objects.filter(pk__in=members).update(**_columns(said))
    moved = {pk: said for pk, said in news.items() if said.designation != before[pk].designation}
    _record(held, moved)
    _ask_below(moved)
    return len(moved)


def settle(company: Company) -> Company:
    """Designate a locked company by the rules in force, unless a person or a list did; return it.

    Records `company.designated` when it differs; companies that it owns follow by a due row.
    """
    if company.designation_source != DesignationSource.RULE or company.is_merged:
        return company
    before = _stands(company)
    try:
        said = designation.decide(company)
    except rules.RuleInvalid:
        log.exception("rules of designation cannot be read")
        return company
    if said == before:
        return company
    for name, value in _columns(said).items():
        setattr(company, name, value)
    Company.objects.filter(pk=company.pk).update(**_columns(said))
    if said.designation != before.designation:
        happened = _happened(company, before.designation, said)
        events.record(
            happened.code,
            target=company,
            actor=None,
            data=happened.data,
            private=happened.private,
        )
        ask_below(company)
    return company


def ask_below(company: Company) -> None:
    """Have the companies that this one owns looked at again: a rule may ask their parent."""
    _ask_below([company.pk])


def settle_below(row: DueRow) -> datetime | None:
    """Look again at companies whose parent's designation changed."""
    owned = Company.objects.current().filter(parent__in=row.data["of"])
    done = apply_designation_rules(owned, after=int(row.data.get("after", 0)))
    if done.last is None:
        return None
    DueRow.objects.filter(pk=row.pk).update(data={**row.data, "after": done.last})
    return clock.now()


def _ask_below(keys: Iterable[int]) -> None:
    owned = Company.objects.filter(parent__in=list(keys)).values_list("parent", flat=True)
    above = sorted({parent for parent in owned.distinct() if parent})
    for at in range(0, len(above), ONE_BY_ONE):
        some = above[at : at + ONE_BY_ONE]
        due.schedule(BELOW, f"{some[0]}-{some[-1]}-{len(some)}", clock.now(), data={"of": some})


def _stands(company: Company) -> Decided:
    return Decided(company.designation, company.designation_rule, company.designation_version)


def _columns(said: Decided) -> dict[str, str | int | None]:
    return {
        "designation": said.designation,
        "designation_rule": said.rule,
        "designation_version": said.version,
    }


def _happened(company: Company, before: str, said: Decided) -> Happened:
    changed = changes.between({"designation": before}, {"designation": said.designation})
    data = {**changes.payload(changed), "source": DesignationSource.RULE.value}
    if said.version:
        data["version"] = said.version
    return Happened("company.designated", company, data, {"rule": said.rule} if said.rule else {})


def _record(held: Mapping[int, Company], moved: Mapping[int, Decided]) -> None:
    found = designation.in_force()
    if len(moved) <= ONE_BY_ONE or found is None:
        happened = [_happened(held[pk], held[pk].designation, said) for pk, said in moved.items()]
        events.record_all(happened, actor=None)
        return
    counts = Counter(said.designation for said in moved.values())
    data = {"version": found[0].number, "changed": len(moved), "to": dict(counts)}
    events.record("company-rules.applied", target=found[0], actor=None, data=data)


def stronger(one: Company, other: Company) -> Company:
    """Return the company whose designation stays when two become one: a person's word before a
    list's before the rules', then the stricter; the first where both are alike."""

    def rank(company: Company) -> tuple[int, int]:
        strength = _STRENGTH.index(DesignationSource(company.designation_source))
        return strength, _STRICTNESS.index(Designation(company.designation))

    return max(one, other, key=rank)
