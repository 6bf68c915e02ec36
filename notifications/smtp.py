"""SMTP that knows whether a message had left when the connection broke."""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class _Watching:
    """Notes when the first bytes of a message's content leave: commands are text, content is bytes."""

    body_begun = False

    def send(self, s: Any) -> None:
        """Send; from the first content on, a missing answer proves nothing."""
        if not isinstance(s, str):
            self.body_begun = True
        super().send(s)  # type: ignore[misc]


class _Plain(_Watching, smtplib.SMTP):
    pass


class _Wrapped(_Watching, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """Django's SMTP back end; `body_begun` says whether content of the last message has left."""

    body_begun = False

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The watching client, over TLS from the start where asked."""
        return _Wrapped if self.use_ssl else _Plain

    def _send(self, email_message: Any) -> bool:
        connection: Any = self.connection
        connection.body_begun = False
        self.body_begun = True  # until the connection has said otherwise
        try:
            return bool(super()._send(email_message))  # type: ignore[misc]
        finally:
            self.body_begun = connection.body_begun
