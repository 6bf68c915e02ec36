from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsersConfig(AppConfig):
    """People who sign in to one portal."""

    name = "users"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register navigation, words of events, the invitation's landing, and the quick switches."""
        from prm import home
        from prm.access import Audience, Role
        from prm.ui import preferences, savedviews
        from users import words
        from users.selectors import saved_views
        from users.tiles import open_invitations
        from users.views import invitation  # noqa: F401

        words.register()
        self._navigation()
        home.register(
            {Audience.VENDOR, Audience.OPERATOR},
            {Role.ADMINISTRATOR, Role.OPERATOR},
            open_invitations,
            order=50,
        )
        preferences.on_change(_save_switch)
        savedviews.provide(saved_views)

    @staticmethod
    def _navigation() -> None:
        from prm.access import Audience, Role
        from prm.ui import nav

        everyone = frozenset({Audience.SIGNED_IN})
        nav.register(
            nav.NavItem(
                _("People"),
                "users:people",
                "person",
                frozenset({Audience.VENDOR, Audience.OPERATOR}),
                roles=frozenset({Role.ADMINISTRATOR, Role.OPERATOR}),
                order=820,
                group=_("Settings"),
            ),
            nav.NavItem(_("Preferences"), "users:me", "settings", everyone, order=10, place="user"),
            nav.NavItem(_("Security"), "users:security", "key", everyone, order=20, place="user"),
        )


def _save_switch(user: Any, wanted: dict[str, str]) -> None:
    """Keep what a person switched in the frame: theme and language."""
    from users import services

    user = user.acted_by or user  # the switches are those of whoever sits there
    values = {**wanted}
    if "theme" in values:
        values["theme"] = values["theme"].upper()
    services.set_preferences(user, values=values, actor=user)
