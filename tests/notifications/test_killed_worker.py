"""Real processes, real commits, real SMTP: workers are killed, nothing is doubled or lost."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from notifications import delivery
from notifications.enums import MessageState as State
from notifications.models import Message, Notice
from prm import clock
from tests.notifications.support import tell
from users.models import User

pytestmark = pytest.mark.concurrency
ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """A sending process under a parent that starts it again."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def started(self) -> int:
        """Return the id of the next process that sends."""
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())


@contextmanager
def worker(database: str, port: int) -> Iterator[Worker]:
    command = [sys.executable, "-m", "tests.notifications.worker", database, str(port)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "prm.settings.test"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        try:
            yield Worker(process)
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def until(done: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def _empty(own_database: str) -> None:
    Notice.objects.all().delete()
    Message.objects.all().delete()


@pytest.fixture
def pat(own_database: str) -> User:
    return User.objects.get(email="pat@harbor.example")


def settle(sink, monkeypatch) -> None:
    """Let leases run out, ask the server what it took, and send the rest."""
    took = lambda self, message_id: sink.message_ids[message_id] > 0  # noqa: E731
    monkeypatch.setattr(delivery.Transport, "accepted", took)
    for _hour in range(10):
        clock.advance(timedelta(hours=2))
        delivery.deliver()


def told_once(sink) -> None:
    """Every notice was sent, in one message, which arrived once."""
    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}
    assert not Notice.objects.filter(message=None).exists()
    ids = Message.objects.values_list("message_id", flat=True)
    assert sink.message_ids == dict.fromkeys(ids, 1)


@pytest.mark.parametrize("when", ["the server has it", "the server does not have it yet"])
def test_killed_while_sending(own_database, pat, sink, monkeypatch, when):
    reached: list[str] = []
    if when == "the server has it":
        sink.delay = 30.0
    else:
        sink.hold_recipients = 30.0
    sink.at_recipient = lambda address: reached.append(address)  # type: ignore[func-returns-value]
    tell(pat)
    with worker(own_database, sink.port) as sending:
        child = sending.started()
        until(lambda: bool(sink.mails if when == "the server has it" else reached))
        os.kill(child, signal.SIGKILL)
    message = Message.objects.get()
    assert (message.state, message.attempts) == (State.SENDING, 1)
    sink.delay = sink.hold_recipients = 0
    clock.advance(timedelta(minutes=5))
    delivery.deliver()
    assert Message.objects.get().state == State.UNCERTAIN
    settle(sink, monkeypatch)
    told_once(sink)


def test_workers_at_once_send_every_mail_once(own_database, pat, sink):
    for number in range(60):
        tell(pat, key=str(number))
        tell(pat, "test.routine", key=f"together {number}")
    with ExitStack() as stack:
        for _each in range(3):
            stack.enter_context(worker(own_database, sink.port))
        until(lambda: len(sink.mails) == 63)
        until(lambda: Message.objects.filter(state=State.SENT).count() == 63)
        time.sleep(0.2)
    told_once(sink)
    assert sorted(m.notices.count() for m in Message.objects.all())[-3:] == [20, 20, 20]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_worker_killed_again_and_again_under_a_moody_server(
    own_database, pat, sink, monkeypatch, seed
):
    chance = random.Random(seed)

    def moody(n: int) -> str | None:
        draw = chance.random()
        return "451 later" if draw < 0.3 else "keep and cut" if draw < 0.33 else None

    sink.script = moody
    sink.delay = 0.01
    for number in range(45):
        tell(pat, key=str(number))
    with worker(own_database, sink.port) as sending:
        for _kill in range(6):
            child = sending.started()
            target = sink.contents + chance.randint(1, 5)
            until(lambda target=target: sink.contents >= target)  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.03))
            os.kill(child, signal.SIGKILL)
    settle(sink, monkeypatch)
    told_once(sink)


def test_two_binders_at_once_make_one_mail_for_one_person(own_database, pat, sink):
    assert connection.get_autocommit()
    with ExitStack() as stack:
        for _each in range(2):
            sending = stack.enter_context(worker(own_database, sink.port))
            sending.started()
        from django.db import transaction

        for day in range(5):
            with transaction.atomic():
                for number in range(10):
                    tell(pat, "test.routine", key=f"{day} {number}")
            until(lambda expected=day + 1: len(sink.mails) == expected)  # type: ignore[misc]
    assert {m.notices.count() for m in Message.objects.all()} == {10}
