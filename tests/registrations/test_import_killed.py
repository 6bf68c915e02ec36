"""Real processes, real commits: the worker of an import is killed again and again; nothing is doubled or lost."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db.models import Count

from prm import due
from prm.celery import app as celery
from prm.events import Event
from registrations import services
from registrations.enums import ImportState, State
from registrations.models import Protection, Registration, RegistrationImport
from tests.registrations.importing import mapped, row
from users.models import User

pytestmark = pytest.mark.concurrency
ROOT = Path(__file__).resolve().parents[2]
KILLS, ROWS = 12, 140


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr(celery.conf, "broker_url", "memory://")


@contextmanager
def worker(database: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.registrations.import_worker", database]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "prm.settings.test"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def kill_until(file: RegistrationImport, database: str, state: str, rng: random.Random) -> int:
    """Kill what works on an import at any point until it has got to a state; return how often."""
    killed, end = 0, time.monotonic() + 90
    with worker(database) as process:
        assert process.stdout is not None
        while True:
            child = int(process.stdout.readline())
            pause = time.monotonic() + (rng.uniform(0.02, 0.5) if killed < KILLS else 90)
            while time.monotonic() < pause:
                file.refresh_from_db()
                if file.state == state:
                    return killed
                time.sleep(0.01)
            assert time.monotonic() < end, "it took too long"
            os.kill(child, signal.SIGKILL)
            killed += 1


def test_an_import_that_is_killed_again_and_again_is_whole(own_database):
    ada, rng = User.objects.get(email="ada@acme.example"), random.Random(17)
    rows = [
        row(
            number,
            status=rng.choice(["approved", "open", "in line"]),
            company=f"Customer {rng.randint(1, 90)} Works",
            registered_on=f"2026-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}",
            approved_on="",
        )
        for number in range(ROWS)
    ]
    file = mapped(*rows, actor=ada)
    killed = kill_until(file, own_database, ImportState.CHECKED, rng)
    assert file.rows.count() == ROWS
    creates = file.creates
    services.begin_import(file, actor=ada)
    killed += kill_until(file, own_database, ImportState.DONE, rng)
    assert killed > KILLS / 2
    assert (file.created_rows, file.failed_rows, file.done) == (creates, 0, creates)
    deals = Registration.objects.order_by("ledger_number")
    assert list(deals.values_list("ledger_number", flat=True)) == list(range(1, creates + 1))
    dates = list(deals.values_list("submitted_at", flat=True))
    assert dates == sorted(dates)
    assert not deals.values("old_reference").annotate(n=Count("pk")).filter(n__gt=1).exists()
    events = Event.objects.filter(code="registration.imported")
    assert events.count() == creates == events.values("target_uid").distinct().count()
    assert Protection.objects.count() == deals.filter(state=State.APPROVED).count()

    due.drain()
    services.begin_undo_import(file, actor=ada)
    kill_until(file, own_database, ImportState.UNDONE, rng)
    assert file.kept_rows == 0
    assert not Registration.objects.exists()
    assert not Protection.objects.exists()
