"""One open way to the relay, and what its answers mean."""

import smtplib
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from django.core.mail import EmailMessage, get_connection

from notifications.transitions import Outcome

_ANSWERS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)


class Transport:
    """A mail back end whose connection serves a whole run; close it when done.

    Back ends may offer `accepted(message_id) -> bool | None`: evidence of what the relay took, and
    `body_begun`: whether content of the last message had left.
    """

    def __init__(self) -> None:
        self._backend: Any = get_connection()
        self._used = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._drop()

    def open(self) -> None:
        """Connect if need be; raises whatever the back end raises when nobody answers."""
        try:
            if self._backend.open():
                self._used = False
        except BaseException:
            self._drop()
            raise

    def send(self, mail: EmailMessage) -> tuple[Outcome, str]:
        """Hand one mail over; return what is known and the error's words. Raises nothing.

        An idle connection that the relay had closed is opened once more: it says nothing about the
        message or the relay.
        """
        outcome, words = self._send(mail)
        if outcome is Outcome.RELAY_DOWN and self._used:
            self._drop()
            try:
                self.open()
            except Exception as error:
                return Outcome.RELAY_DOWN, words_of(error)
            outcome, words = self._send(mail)
        self._used = outcome is not Outcome.RELAY_DOWN
        return outcome, words

    def accepted(self, message_id: str) -> bool | None:
        """Return whether the relay took a message, or None if nobody can say."""
        ask = getattr(self._backend, "accepted", None)
        return ask(message_id) if ask else None

    def _send(self, mail: EmailMessage) -> tuple[Outcome, str]:
        try:
            self._backend.send_messages([mail])
        except Exception as error:
            outcome = outcome_of(error, getattr(self._backend, "body_begun", None))
            if not isinstance(error, _ANSWERS) or outcome is Outcome.NO_ANSWER:
                self._drop()
            return outcome, words_of(error)
        return Outcome.ACCEPTED, ""

    def _drop(self) -> None:
        with suppress(Exception):
            self._backend.close()


def outcome_of(error: Exception, body_begun: bool | None) -> Outcome:
    """Return what an error of the back end proves. `body_begun` None: the back end cannot tell.

    Only a reply is proof once content has left, and only one that SMTP knows.
    """
    code = _reply(error)
    if code is not None and (400 <= code < 600):
        return Outcome.REFUSED_FOR_NOW if code < 500 else Outcome.REFUSED
    if body_begun is not False:
        return Outcome.NO_ANSWER
    if isinstance(error, smtplib.SMTPServerDisconnected | smtplib.SMTPHeloError | OSError):
        unusable = isinstance(error, smtplib.SMTPNotSupportedError)
        return Outcome.REFUSED if unusable else Outcome.RELAY_DOWN
    return Outcome.CRASHED


def words_of(error: BaseException) -> str:
    """Return an error as one line for the log."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return _line(f"{code} {_decoded(text)}")
    if isinstance(error, smtplib.SMTPResponseException):
        return _line(f"{error.smtp_code} {_decoded(error.smtp_error)}")
    return _line(f"{type(error).__name__}: {error}")


def _reply(error: Exception) -> int | None:
    """Return the relay's reply code about this message, if it gave one."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return int(next(iter(error.recipients.values()))[0])
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        return int(error.smtp_code)
    return None


def _decoded(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text


def _line(text: str) -> str:
    return " ".join(text.split())[:500]
