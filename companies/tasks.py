"""Work of this room that nobody waits for: counting how common words and keys are."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from companies.matching import newest, versions
from companies.matching.candidates import COUNTED_FROM, TOTAL
from companies.models import CompanyName, KeyCount
from prm import clock, due
from prm.due.models import DueRow

KIND = "companies.recount"
RENEW = "companies.renew"
SOON = timedelta(minutes=2)
EVERY = timedelta(hours=1)
_DRIFT = 0.02

_COUNT = """
INSERT INTO companies_keycount (key, count)
SELECT key, count(*) FROM (
    SELECT unnest(keys) AS key FROM companies_companyname
    WHERE active AND (%s::int IS NULL OR norm_version = %s)
) AS every
GROUP BY key HAVING count(*) >= %s
"""
_TIDY = """
DELETE FROM companies_companyword AS word USING (
    SELECT id, row_number() OVER (PARTITION BY key ORDER BY id) AS place FROM companies_companyword
) AS numbered
WHERE numbered.id = word.id AND numbered.place > 1
"""
"""Two registrations that bring one new word at the same time each store it; one row is enough."""
_ANALYZE = """
ANALYZE companies_companyname, companies_company, companies_companyword, companies_keycount
"""
"""A planner that still takes the tables for empty would read whole indexes for every search."""


def register() -> None:
    """Register what due rows of this room ask for; called when the app starts."""
    due.handler(KIND)(recount_when_grown)


def ensure_counting() -> None:
    """Make sure that this tenant's keys are counted from time to time; cheap when they are.

    The row is looked for, not upserted: an upsert would make all registrations wait for each other.
    """
    if not DueRow.objects.filter(kind=KIND).exists():
        due.schedule(KIND, "keys", clock.now() + SOON)


def recount_when_grown(row: DueRow) -> datetime:
    """Count again if the number of names changed noticeably; returns when to look next."""
    if CompanyName.objects.filter(active=True, norm_version__lt=newest()).exists():
        ensure_renewal()
    names = CompanyName.objects.shown().count()
    counted = KeyCount.objects.filter(key=TOTAL).values_list("count", flat=True).first()
    if counted is None or abs(names - counted) > _DRIFT * counted:
        recount_keys()
    return clock.now() + EVERY


def ensure_renewal() -> None:
    """Make sure that names of an older version are made anew; one that runs goes on where it is."""
    if not DueRow.objects.filter(kind=RENEW).exists():
        due.schedule(RENEW, "names", clock.now())


@transaction.atomic
def recount_keys() -> int:
    """Replace the key counts by fresh ones; returns the number of active name forms."""
    KeyCount.objects.all().delete()
    version = versions.live() if versions.several() else None
    names = CompanyName.objects.shown().count()
    KeyCount.objects.create(key=TOTAL, count=names)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [version, version, COUNTED_FROM])
        cursor.execute(_TIDY)
        cursor.execute(_ANALYZE)
    return names
