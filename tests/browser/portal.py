"""The portal on a port of this machine, in threads of the test's process, and the time that passes.

The module's own database has real commits. Mails go to the capture back end; what is queued for a
worker is done at once, as its doorbell would.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import override_settings

from notifications import capture
from notifications.capture import OpenedMail
from prm import clock
from prm import portal as settings_of_portal
from prm.celery import app
from tenants.demo import timewarp

CAPTURE = "notifications.capture.CaptureBackend"


class _Handler(WSGIRequestHandler):
    """Says nothing of its requests."""

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""


@dataclass(frozen=True)
class Portal:
    """Where the portal answers; how its time passes; what mail it has sent."""

    port: int

    def url(self, path: str = "/", schema: str = "acme") -> str:
        """Return a page's address."""
        return f"http://{schema}.localhost:{self.port}{path}"

    def wait(self, **by: float) -> None:
        """Let time pass day by day; on each, do what has fallen due and send what is to be sent."""
        left = timedelta(**by)
        while left > timedelta():
            step = min(left, timedelta(days=1))
            clock.advance(step)
            timewarp.catch_up_here()
            left -= step

    def morning(self) -> None:
        """Go to the next half past nine, so that a day's work comes after the day's notices."""
        now = clock.now().astimezone(settings_of_portal.zone())
        start = now.replace(hour=9, minute=30)
        self.wait(seconds=((start - now) % timedelta(days=1)).total_seconds())

    def mails(self, address: str, subject: str = "") -> list[OpenedMail]:
        """Return somebody's mails whose subject contains the words, newest first."""
        kept = capture.mailbox("acme", address)
        return [capture.read("acme", mail.name) for mail in kept if subject in mail.subject]

    def mail(self, address: str, subject: str = "") -> OpenedMail:
        """Return the newest of them."""
        found = self.mails(address, subject)
        seen = [mail.subject for mail in capture.mailbox("acme", address)]
        assert found, f"no mail “{subject}” to {address}, only {seen}"
        return found[0]


def link(mail: OpenedMail, words: str) -> str:
    """Return the address that stands behind some words in a mail's text."""
    found = re.search(rf"{re.escape(words)}\s*(http\S+)", mail.text)
    assert found, f"no “{words}” in:\n{mail.text}"
    return found[1]


@contextmanager
def running(mail: Path) -> Iterator[Portal]:
    """Serve every tenant of the connected database until the block ends."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Handler)
    port = server.server_address[1]
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    before = app.conf.task_always_eager
    with override_settings(EMAIL_BACKEND=CAPTURE, PRM_MAIL_CAPTURE_DIR=mail, PORT=port):
        app.conf.task_always_eager = True
        thread.start()
        try:
            yield Portal(port)
        finally:
            app.conf.task_always_eager = before
            server.shutdown()
            server.server_close()
            thread.join(10)
            connections.close_all()
