"""A worker process for tests: sends what is due in acme until it is killed, then starts again.

    python -m tests.notifications.worker DATABASE PORT

It prints the id of every process that sends, so that a test can kill that one. The parent only
forks: a new worker is there within milliseconds, as under a supervisor.
"""

import os
import sys
import time
from pathlib import Path

import django
from django.conf import settings


def set_up(database: str, port: int) -> None:
    """Point a fresh process at the test's database and mail server."""
    settings.DATABASES["default"]["NAME"] = database
    settings.EMAIL_BACKEND = "notifications.smtp.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    settings.TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "templates")
    django.setup()

    from django.template.loader import get_template

    from notifications import kinds, rendering
    from tests.notifications.conftest import KINDS

    kinds.register(*KINDS)
    for name in ["message.txt", "message.html", *(f"test_note.{part}" for part in kinds.PARTS)]:
        get_template(f"notifications/{name}")  # compiled once; what is forked has it
    rendering._inliner()


def work() -> None:
    """Send until killed."""
    from notifications.delivery import deliver
    from prm.tenancy import context

    with context.entered("acme"):
        while True:
            if not deliver():
                time.sleep(0.02)


def main() -> None:
    """Keep one sending process alive."""
    set_up(sys.argv[1], int(sys.argv[2]))
    while True:
        child = os.fork()
        if not child:
            work()
        os.write(1, f"{child}\n".encode())
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
