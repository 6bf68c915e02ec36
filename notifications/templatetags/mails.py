"""Filters for the wording of mails: dates and amounts as the recipient reads them.

    {% load mails %} {{ ends_on|day }} {{ due_at|at }} {{ value|amount }}

They write plain text; `moment` and `money` of the frame write HTML for pages.
"""

from datetime import date, datetime

from django import template
from django.utils import translation

from prm.money import Money, format_money
from prm.ui import dates

register = template.Library()


@register.filter
def day(value: date | datetime) -> str:
    """Write "14 Mar 2027"; a point in time counts in the recipient's zone."""
    return dates.format_date(value)


@register.filter
def at(value: datetime) -> str:
    """Write "14 Mar 2027, 10:02" in the recipient's zone."""
    return dates.format_moment(value)


@register.filter
def amount(value: Money) -> str:
    """Write an amount with its currency."""
    return format_money(value, translation.get_language() or "en")
