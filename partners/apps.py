from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Reseller organisations and the people who act for them."""

    name = "partners"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the rooms below what they must know of this one."""
        from partners import finding

        finding.register()
        from partners import kinds, registry, reminders  # noqa: F401
        from partners.views import landing  # noqa: F401

        kinds.register()
        registry.register()
