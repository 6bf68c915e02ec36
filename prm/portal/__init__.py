"""The vendor's portal settings: one row per tenant.

`prm.portal.current()` returns it, once per request or task.
"""

from prm.portal.selectors import calendar, current, zone

__all__ = ["calendar", "current", "zone"]
