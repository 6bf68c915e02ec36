from django.apps import AppConfig

from prm.access import Audience


class PartnersConfig(AppConfig):
    """Reseller organisations and the people who act for them."""

    name = "partners"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the rooms below which roles partner people hold."""
        from partners.selectors import roles_at_partner  # noqa: PLC0415
        from users.roles import add_source  # noqa: PLC0415

        add_source(Audience.PARTNER, roles_at_partner)
