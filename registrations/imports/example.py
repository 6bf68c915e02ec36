"""A file to start from: every column of an import, with rows that this portal would take."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from catalog.models import ProductLine
from partners.models import Partner
from prm import clock, portal
from registrations.imports.columns import COLUMNS


def table() -> tuple[list[str], list[list[str]]]:
    """The header in the reader's language, and two rows with a partner and a product line of this portal."""
    lines = [line.label for line in ProductLine.objects.filter(retired_at=None)[:2]]
    partner = Partner.objects.filter(ended_at=None).first()
    currency = portal.current().currency
    common = {
        "partner": partner.name if partner else _("Your partner"),
        "product_lines": "; ".join(lines) or _("Your product line"),
        "currency": currency,
        "expected_close": _day(120),
    }
    rows = [
        {
            "old_reference": "OLD-1001", "company": "Example Works Ltd", "website": "works.example",
            "country": "GB", "value": "12500", "stage": _("Proposal"), "status": _("Approved"),
            "registered_on": f"{_day(-40)} 09:30", "approved_on": f"{_day(-38)} 14:00",
            "protected_until": _day(50), "contact_name": "Kim Example",
            "contact_email": "kim@works.example", "description": _("Replaces their old system"),
        },
        {
            "old_reference": "OLD-1002", "company": "Sample Foods SA", "country": "FR",
            "value": "48000", "stage": _("Qualified"), "status": _("In review"),
            "registered_on": f"{_day(-3)} 16:05",
        },
    ]  # fmt: skip
    header = [str(column.label) for column in COLUMNS]
    cells = [[str({**common, **row}.get(column.key, "")) for column in COLUMNS] for row in rows]
    return header, cells


def _day(days: int) -> str:
    """A day so many days from today, in the portal's zone."""
    return (clock.today(portal.zone()) + timedelta(days=days)).isoformat()
