"""The one clock: database time plus the demo's offset, constant within a transaction."""

from datetime import UTC, timedelta

import pytest
from django.db import transaction

from prm import clock

pytestmark = pytest.mark.django_db


def test_now_is_aware_and_utc():
    assert clock.now().tzinfo is UTC


def test_now_is_read_once_in_a_transaction(queries):
    clock.forget()
    with transaction.atomic(), queries() as ran:
        assert clock.now() == clock.now()
    assert len(ran) == 1


def test_advance_moves_now(travel):
    before = clock.now()
    travel(days=14)
    assert clock.now() - before >= timedelta(days=14)
    assert clock.shift() == timedelta(days=14)


def test_today_is_the_zones_date(travel):
    assert clock.today("Pacific/Auckland") >= clock.today("Pacific/Honolulu")
