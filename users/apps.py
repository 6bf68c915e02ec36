from django.apps import AppConfig


class UsersConfig(AppConfig):
    """People who sign in to one portal."""

    name = "users"
    default_auto_field = "django.db.models.BigAutoField"
