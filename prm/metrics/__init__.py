"""/metrics for Prometheus: what a scraper with the token reads; nothing names a portal, a person or a deal.

    metrics.backlog("mail", "notifications_message", "next_at <= %s", "next_at")

Rooms register the tables in which work waits; `prm.metrics.gauges` asks all tenants with one query each.
"""

from prm.metrics.gauges import backlog

__all__ = ["backlog"]
