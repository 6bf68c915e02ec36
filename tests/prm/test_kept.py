"""What is read or parsed once and kept: it is forgotten as soon as it would be wrong."""

import datetime

import pytest

from prm import due, portal, rules
from prm.due.models import DueRow
from prm.portal import services
from registrations import engagement

pytestmark = pytest.mark.django_db


def test_calendar_is_read_once(queries):
    portal.calendar()
    with queries() as q:
        portal.calendar()
    assert q.sql == []


def test_calendar_follows_a_closure_at_once(ada):
    monday = datetime.datetime(2026, 12, 7, 15, tzinfo=portal.zone())
    assert portal.calendar().is_open(monday)
    closure = services.add_closure(day=monday.date(), name="Stocktaking", actor=ada)
    assert not portal.calendar().is_open(monday)
    services.remove_closure(closure, actor=ada)
    assert portal.calendar().is_open(monday)


def test_calendar_follows_the_hours_at_once(ada):
    monday = datetime.datetime(2026, 12, 7, 15, tzinfo=portal.zone())
    assert portal.calendar().is_open(monday)
    services.change_hours(week={}, actor=ada)
    assert not portal.calendar().is_open(monday)


def test_rules_of_one_version_are_parsed_once(monkeypatch):
    version = engagement.version_in_force()
    first = rules.ruleset(version)
    assert rules.ruleset(engagement.version_in_force()) is first


def test_rules_of_another_version_are_others():
    version = engagement.version_in_force()
    body = {"rules": [], "defaults": {**engagement.DEFAULTS, "protection_days": "60"}}
    newer = rules.publish(engagement.KIND, body, actor=None)
    assert rules.ruleset(version) is not rules.ruleset(newer)


def test_several_due_rows_take_one_statement(queries):
    from prm import clock

    now = clock.now()
    rows = [DueRow(kind="k", key=str(n), due_at=now, subject="s") for n in range(3)]
    with queries() as q:
        due.schedule_all(rows)
    assert len(q) == 1
    assert DueRow.objects.filter(subject="s").count() == 3
