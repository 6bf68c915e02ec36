"""Counting keys: now and then, and only when the directory has grown."""

from datetime import timedelta

from companies import services, tasks
from companies.matching.candidates import TOTAL
from companies.matching.keys import word_key
from companies.models import KeyCount
from prm import clock, due
from prm.due.models import DueRow


def test_due_row_counts_and_comes_again(mia, travel):
    for number in range(5):
        services.add_company(name=f"Initech {number}x", actor=mia)
    assert not KeyCount.objects.exists()
    travel(minutes=3)
    assert due.drain() == 1
    assert KeyCount.objects.get(key=TOTAL).count == 5
    assert KeyCount.objects.get(key=word_key("initech")).count == 5
    assert not KeyCount.objects.filter(key=word_key("0x")).exists()
    row = DueRow.objects.get(kind=tasks.KIND)
    assert row.due_at - clock.now() == timedelta(hours=1)


def test_directory_that_did_not_grow_is_not_counted_again(mia, monkeypatch):
    services.add_company(name="Initech", actor=mia)
    row = DueRow.objects.get(kind=tasks.KIND)
    tasks.recount_when_grown(row)
    counted = []
    monkeypatch.setattr(tasks, "recount_keys", lambda: counted.append(1))
    tasks.recount_when_grown(row)
    assert counted == []
    services.add_company(name="Globex", actor=mia)
    tasks.recount_when_grown(row)
    assert counted == [1]
