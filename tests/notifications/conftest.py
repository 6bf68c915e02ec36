"""Kinds with wording of their own, a mail server that does as told, captured mails in a folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from notifications import kinds
from notifications.enums import Urgency
from notifications.kinds import Kind
from tests.notifications.sink import Sink

WORDING = Path(__file__).parent / "templates"
KINDS = (
    Kind("test.note", "Note", covers=("test.prod",)),
    Kind("test.routine", "Routine", urgency=Urgency.ROUTINE),
    Kind("test.prod", "Prod", urgency=Urgency.ROUTINE, newest_only=True),
    Kind("test.secret", "Secret", account=True, derive=lambda notice: {"act": "https://x.example/key"}),
    Kind("test.poison", "Poison"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _wording(settings: Any) -> Iterator[None]:
    """Register kinds that only these tests have, with their templates."""
    before = dict(kinds._kinds)
    kinds.register(*KINDS)
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], WORDING]}]
    yield
    kinds._kinds.clear()
    kinds._kinds.update(before)


@pytest.fixture
def captured(settings: Any, tmp_path: Path) -> str:
    """Mails are captured; returns the schema whose mailbox to read."""
    settings.EMAIL_BACKEND = "notifications.capture.CaptureBackend"
    settings.PRM_MAIL_CAPTURE_DIR = tmp_path / "mail"
    return "acme"


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A real SMTP server on this machine; mails go there."""
    with Sink() as server:
        settings.EMAIL_BACKEND = "notifications.smtp.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 5
        yield server


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was queued instead of going to the broker."""
    from notifications import tasks

    rung: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.deliver, "apply_async", lambda *args, **options: rung.append(options))
    return rung
