"""Names that were made comparable by an older version of the normaliser are made so anew."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from companies import matching
from companies.enums import NameSource
from companies.matching import vocabulary
from companies.models import Company, CompanyName
from companies.tasks import RENEW
from prm import clock, due
from prm.due.models import DueRow

BATCH = 500
"""So many companies at a time; each batch is one short transaction."""
PAUSE = timedelta(seconds=2)


def register() -> None:
    """Register what the due row of a renewal asks for; called when the app starts."""
    due.handler(RENEW)(renew_some)


def renew_some(row: DueRow) -> datetime | None:
    """Make some names of an older version anew; comes again until there are none."""
    return clock.now() + PAUSE if rebuild_some() else None


def outdated() -> bool:
    """Whether any name that is searched was made by an older version."""
    return CompanyName.objects.filter(active=True, norm_version__lt=matching.NORM_VERSION).exists()


@transaction.atomic
def rebuild_some(*, most: int = BATCH) -> int:
    """Make the names of some companies anew; returns how many companies that were.

    A search finds each company under its old rows or its new ones, never under none: both change
    in one transaction. Rows that others hold locked wait for the next call. Changes nothing that a
    person sees, so nothing is recorded.
    """
    old = CompanyName.objects.filter(active=True, norm_version__lt=matching.NORM_VERSION)
    wanted = Company.objects.filter(pk__in=old.order_by("pk").values("company_id")[:most])
    companies = list(wanted.select_for_update(of=("self",), skip_locked=True))
    for company in companies:
        _rebuild(company)
    return len(companies)


def _rebuild(company: Company) -> None:
    old = company.names.filter(active=True, norm_version__lt=matching.NORM_VERSION)
    kept = company.names.filter(active=True, norm_version=matching.NORM_VERSION)
    known = set(kept.values_list("compact", flat=True))
    typed: dict[str, tuple[str, datetime]] = {}
    for name in old.order_by("pk"):
        typed.setdefault(name.raw, (name.source, name.created_at))
    old.delete()
    fresh = []
    for raw, (source, created_at) in typed.items():
        for row in matching.name_row(raw):
            if row["compact"] not in known:
                known.add(row["compact"])
                version = matching.NORM_VERSION
                fresh.append(
                    CompanyName(
                        company=company,
                        raw=raw,
                        source=NameSource(source),
                        norm_version=version,
                        created_at=created_at,
                        **row,
                    )
                )
    CompanyName.objects.bulk_create(fresh)
    with connection.cursor() as cursor:
        vocabulary.remember(cursor, (token for name in fresh for token in name.tokens))
