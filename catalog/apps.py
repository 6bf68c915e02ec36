from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Names that other rooms refer to: product lines, territories."""

    name = "catalog"
    default_auto_field = "django.db.models.BigAutoField"
