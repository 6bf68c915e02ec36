"""A scriptable SMTP server: accepts, refuses for now, refuses, or hangs up after the content."""

import asyncio
import socket
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes, policy
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class Sink:
    """Takes mails. `script` answers the n-th content: a reply, "cut" or "keep and cut"; None is 250.

    `at_recipient` does the same for RCPT. `delay` is waited after the content is kept, and
    `hold_recipients` before RCPT is answered.
    """

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.contents = 0
        self.sessions = 0
        self.script: Callable[[int], str | None] = lambda n: None
        self.at_recipient: Callable[[str], str | None] = lambda address: None
        self.delay = 0.0
        self.hold_recipients = 0.0
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._controller.server is not None:
            self._controller.stop()

    def go_down(self) -> None:
        """Stop listening."""
        self._controller.stop()

    def come_back(self) -> None:
        """Listen again, on the same port."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    @property
    def message_ids(self) -> Counter[str]:
        """How often each message was kept."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.sessions += 1
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self.at_recipient(address)
        if self.hold_recipients:
            await asyncio.sleep(self.hold_recipients)
        if answer is None:
            envelope.rcpt_tos.append(address)
            answer = "250 OK"
        return answer

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        self.contents += 1
        answer = self.script(self.contents)
        if answer in (None, "keep and cut"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.delay:
            await asyncio.sleep(self.delay)
        if answer in ("cut", "keep and cut"):
            server.transport.abort()
            return "421 gone"
        return answer or "250 OK"
