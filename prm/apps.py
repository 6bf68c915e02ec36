from django.apps import AppConfig


class PrmConfig(AppConfig):
    """The kernel: events, due rows, action links, rules, the portal's settings."""

    name = "prm"
    label = "prm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare who may reach the URLs of packages; register the kernel's own pages and events."""
        from prm import (
            metrics,
            packages,  # noqa: F401
        )
        from prm.events import registry as event_registry
        from prm.portal import registry as portal_registry
        from prm.rules import registry as rules_registry

        event_registry.register()
        portal_registry.register()
        rules_registry.register()
        metrics.backlog("due", "prm_due_row", "parked_at IS NULL AND due_at <= %s", "due_at")
        metrics.backlog("parked", "prm_due_row", "parked_at <= %s", "parked_at")
