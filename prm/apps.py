from django.apps import AppConfig


class PrmConfig(AppConfig):
    """The kernel: events, due rows, action links, rules, the portal's settings."""

    name = "prm"
    label = "prm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare who may reach the URLs of packages."""
        from prm import packages  # noqa: F401,PLC0415
