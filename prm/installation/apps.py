from django.apps import AppConfig


class InstallationConfig(AppConfig):
    """What exists once per installation: extensions, the demo's clock, the heartbeat."""

    name = "prm.installation"
    label = "installation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the start-up checks."""
        from prm.installation import checks  # noqa: F401
