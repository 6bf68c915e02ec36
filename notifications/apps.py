from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Notices, the messages that carry them, and the log of both; knows no deal."""

    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register checks, words, the account's mails, and the log's place in the navigation."""
        from notifications import account_mail, checks, words  # noqa: F401
        from notifications.models import READERS
        from notifications.tasks import MESSAGE_DUE, NOTICE_DUE
        from notifications.tiles import trouble
        from prm import home, metrics
        from prm.access import Audience
        from prm.ui import nav

        home.register({Audience.VENDOR, Audience.OPERATOR}, READERS, trouble, order=15)
        metrics.backlog("notices", "notifications_notice", NOTICE_DUE, "not_before")
        metrics.backlog("mail", "notifications_message", MESSAGE_DUE, "created_at")
        account_mail.register()
        words.register()
        nav.register(
            nav.NavItem(
                _("Messages"),
                "notifications:log",
                "mail",
                frozenset({Audience.VENDOR, Audience.OPERATOR}),
                roles=READERS,
                order=850,
                group=_("Settings"),
            )
        )
