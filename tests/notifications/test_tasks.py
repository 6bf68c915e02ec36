import pytest

from notifications import delivery, tasks
from notifications.binding import bind
from notifications.models import Message
from prm import clock
from prm.tenancy import context
from tests.notifications.support import tell


@pytest.fixture
def rung(monkeypatch):
    """The schemas for which a run was queued."""
    schemas = []
    monkeypatch.setattr(tasks.deliver, "delay", lambda: schemas.append(context.schema()))
    return schemas


def test_tick_finds_tenants_with_waiting_notices(pat, rung):
    tasks.tick()
    assert rung == []
    tell(pat)
    with context.entered("globex"):
        from users.models import User

        tell(User.objects.get(email="gerd@globex.example"))
    tasks.tick()
    assert rung == ["acme", "globex"]


def test_tick_leaves_what_is_held(pat, rung, travel):
    from datetime import timedelta

    tell(pat, not_before=clock.now() + timedelta(seconds=30))
    tasks.tick()
    assert rung == []
    travel(seconds=31)
    tasks.tick()
    assert rung == ["acme"]


@pytest.mark.parametrize("what", ["queued", "expired lease", "to be asked about"])
def test_tick_finds_tenants_with_messages_to_see_to(pat, rung, travel, what):
    tell(pat)
    bind()
    if what != "queued":
        message = delivery.claim()
        if what == "to be asked about":
            from notifications.rendering import render

            delivery.hand_over(message, render(message))
            travel(minutes=5)
            delivery.reap()
        tasks.tick()
        assert rung == []
        travel(minutes=5)
    tasks.tick()
    assert rung == ["acme"]


def test_tick_asks_one_question_per_table_whatever_the_number_of_tenants(pat, rung, queries):
    with queries() as q:
        tasks.tick()
    assert sum("UNION ALL" in sql for sql in q.sql) == 2


def test_deliver_goes_on_in_a_new_task_when_there_is_much(pat, captured, rung, monkeypatch):
    monkeypatch.setattr(delivery, "LIMIT", 2)
    monkeypatch.setattr(delivery.deliver, "__defaults__", (2,))
    for key in "abc":
        tell(pat, key=key)
    tasks.deliver()
    assert rung == ["acme"]
    tasks.deliver()
    assert rung == ["acme"]
    assert Message.objects.filter(state="SENT").count() == 3


def test_an_urgent_notice_leaves_right_after_the_commit(
    pat, captured, django_capture_on_commit_callbacks
):
    from notifications import capture
    from prm.celery import app

    app.conf.task_always_eager = True
    try:
        with django_capture_on_commit_callbacks(execute=True):
            tell(pat)
    finally:
        app.conf.task_always_eager = False
    assert [mail.address for mail in capture.mailbox("acme")] == ["pat@harbor.example"]
