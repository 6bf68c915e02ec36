"""A tenant goes over to a new version of the normaliser: build beside, switch, remove.

Names that are there get rows of the new version beside those of the old one, some companies per
transaction; new names get both from the start. Searches ask both. When every company has its new
rows, one row switches the tenant, and the old rows give way. Whatever stops in between goes on where
it was. Nothing of this changes what a person sees, so nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from companies import matching
from companies.matching import versions, vocabulary
from companies.models import CompanyName, NormaliserState
from companies.tasks import RENEW, recount_keys
from prm import clock, due, locks
from prm.due.models import DueRow

BATCH = 200
"""So many companies at a time; their locks are held meanwhile."""
PAUSE = timedelta(seconds=2)
_ONE = 1


def register() -> None:
    """Register what the due row of a renewal asks for; called when the app starts."""
    due.handler(RENEW)(renew_some)


def renew_some(row: DueRow) -> datetime | None:
    """Do the next step; comes again until only names of the newest version are left."""
    try:
        with transaction.atomic():
            return clock.now() + PAUSE if _step(row) else None
    except locks.Busy:
        return clock.now() + PAUSE


def _step(row: DueRow) -> bool:
    fresh = matching.newest()
    if versions.live() == fresh:
        return bool(remove_some(most=BATCH))
    after = row.data.get("after", 0) if row.data.get("version") == fresh else 0
    last = build_some(after=after, most=BATCH)
    if last is None:
        switch()
    DueRow.objects.filter(pk=row.pk).update(data={"version": fresh, "after": last or 0})
    return True


def outdated() -> bool:
    """Whether any name that is searched was made by an older version."""
    return _old().exists()


@transaction.atomic
def build_some(*, after: int = 0, most: int = BATCH) -> int | None:
    """Build new rows beside the old ones for the next companies after a key.

    Returns the last company's key, None when there are no more. Raises Busy.
    """
    keys = _companies(_old().filter(company__gt=after), most)
    _build(keys)
    return keys[-1] if len(keys) == most else None


@transaction.atomic
def switch() -> None:
    """Say that every name of this tenant has rows of the newest version, and count their keys."""
    NormaliserState.objects.update_or_create(pk=_ONE, defaults={"live": matching.newest()})
    recount_keys()


@transaction.atomic
def remove_some(*, most: int = BATCH) -> int:
    """Let old rows of some companies give way to the new ones; returns how many companies.

    A row keeps its key: merges that can be undone refer to it. What the new version has no form for
    is switched off. Raises Busy.
    """
    keys = _companies(_old(), most)
    _build(keys)
    for key in keys:
        _replace(key)
    return len(keys)


def _old() -> QuerySet[CompanyName]:
    return CompanyName.objects.filter(active=True, norm_version__lt=matching.newest())


def _companies(rows: QuerySet[CompanyName], most: int) -> list[int]:
    """The first companies of these names, under their locks."""
    wanted = rows.order_by("company").values_list("company", flat=True).distinct()
    keys = list(wanted[:most])
    locks.hold(*(f"company:{key}" for key in keys))
    return keys


def _build(companies: Sequence[int]) -> None:
    """Write the rows that these companies lack in the newest version."""
    fresh = matching.newest()
    twin = CompanyName.objects.filter(
        company=OuterRef("company"), raw=OuterRef("raw"), active=True, norm_version=fresh
    )
    lacking = _old().filter(~Exists(twin), company__in=companies).order_by("pk")
    held = CompanyName.objects.filter(company__in=companies, active=True, norm_version=fresh)
    known = set(held.values_list("company_id", "compact"))
    made: list[CompanyName] = []
    for name in lacking:
        for row in matching.name_rows(name.raw, [fresh]) or [_as_it_is(name, fresh)]:
            if (name.company_id, row["compact"]) not in known:
                known.add((name.company_id, row["compact"]))
                made.append(_named(name, row))
    CompanyName.objects.bulk_create(made)
    _remember(made)


def _named(name: CompanyName, row: dict[str, Any]) -> CompanyName:
    return CompanyName(
        company_id=name.company_id,
        raw=name.raw,
        source=name.source,
        created_at=name.created_at,
        **row,
    )


def _as_it_is(name: CompanyName, version: int) -> dict[str, Any]:
    """The row of a name in which the new version sees no words: it stays findable as it was."""
    columns = ("form", "core", "compact", "tokens", "keys")
    return {**{column: getattr(name, column) for column in columns}, "norm_version": version}


def _replace(company: int) -> None:
    rows = CompanyName.objects.filter(company=company, active=True).order_by("pk")
    twins = {(row.raw, row.form): row for row in rows if row.norm_version == matching.newest()}
    for old in rows:
        if old.norm_version >= matching.newest():
            continue
        twin = twins.pop((old.raw, old.form), None)
        if twin is None:
            CompanyName.objects.filter(pk=old.pk).update(active=False)
            continue
        CompanyName.objects.filter(pk=twin.pk).delete()
        columns = ("core", "compact", "tokens", "keys", "norm_version")
        values = {column: getattr(twin, column) for column in columns}
        CompanyName.objects.filter(pk=old.pk).update(**values)


def _remember(names: Iterable[CompanyName]) -> None:
    with connection.cursor() as cursor:
        vocabulary.remember(cursor, (token for name in names for token in name.tokens))
