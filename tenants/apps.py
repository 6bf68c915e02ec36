from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Vendors of this installation, the operators' console and the demo."""

    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"
