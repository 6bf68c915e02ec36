"""The vendor's portal settings: one row per tenant, and exchange rates to its currency.

`prm.portal.current()` returns the row, once per request or task; `prm.portal.convert(money)` an amount
in the portal's currency.
"""

from prm.portal.rates import convert
from prm.portal.selectors import calendar, current, zone

__all__ = ["calendar", "convert", "current", "zone"]
