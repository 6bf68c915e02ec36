"""Recording events, the timeline, and the doorbell that has them sealed."""

from enum import StrEnum
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import translation

from prm import clock, events
from prm.events import tasks
from prm.events.codes import named_codes
from prm.events.entries import entries
from prm.events.extract import NotCanonical
from prm.events.models import Event, EventDetail, PendingSeal, Seal
from prm.tenancy import context


class Size(StrEnum):
    SMALL = "SMALL"


@pytest.fixture
def named():
    """Two codes with names."""
    events.name_codes({"test.opened": "Opened", "test.closed": "Closed"})


def test_record_keeps_who_what_when(pat, mia):
    event = events.record(
        "test.opened", target=pat, actor=mia, data={"id": 7}, private={"name": "Initech GmbH"}
    )
    kept = Event.objects.select_related("detail").get(pk=event.pk)
    assert (kept.code, kept.target_label, kept.target_uid) == ("test.opened", "users.user", pat.uid)
    assert (kept.actor_uid, kept.at, kept.data) == (mia.uid, clock.now(), {"id": 7})
    assert kept.detail.private == {"name": "Initech GmbH"}
    assert len(kept.detail.salt) == 32
    assert PendingSeal.objects.filter(event=event).exists()


def test_record_without_private_part_commits_to_nothing(pat):
    event = events.record("test.opened", target=pat, actor=None)
    assert (event.commitment, event.actor_uid, event.data) == ("", None, {})
    assert not EventDetail.objects.filter(event=event).exists()


def test_equal_private_parts_have_different_commitments(pat):
    one, other = (
        events.record("test.opened", target=pat, actor=None, private={"name": "x"}) for _ in "ab"
    )
    assert one.commitment != other.commitment


def test_record_takes_enum_members_tuples_and_mappings(pat):
    event = events.record(
        "test.opened", target=pat, actor=None, data={"size": Size.SMALL, "ids": (1, 2)}
    )
    event.refresh_from_db()
    assert event.data == {"size": "SMALL", "ids": [1, 2]}


@pytest.mark.parametrize(
    "value", ["Initech GmbH", "pat@harbor.example", "a\nb", "x" * 201, {"a": ["two words"]}]
)
def test_record_refuses_words_in_the_chained_part(pat, value):
    with pytest.raises(events.NotACode, match="Use `private`"):
        events.record("test.opened", target=pat, actor=None, data={"value": value})


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-21T09:30:00+00:00",
        "12500.00",
        "D-7KQ4-M9TX",
        "a.b:c",
        "",
        "50%",
        "5abfa7ed-28f7-4aff-9339-952ff0fbb41a",
    ],
)
def test_record_takes_ids_codes_dates_and_numbers(pat, value):
    assert (
        events.record("test.opened", target=pat, actor=None, data={"v": value}).data["v"] == value
    )


@pytest.mark.parametrize("code", ["", "opened", "Test.opened", "test opened", "test."])
def test_record_refuses_what_is_not_an_event_code(pat, code):
    with pytest.raises(events.NotACode, match="not an event code"):
        events.record(code, target=pat, actor=None)


@pytest.mark.parametrize("value", [1.5, UUID(int=7), 2**60])
def test_record_refuses_values_without_one_form(pat, value):
    with pytest.raises(NotCanonical):
        events.record("test.opened", target=pat, actor=None, data={"value": value})


def test_record_refuses_a_record_as_a_value(pat):
    with pytest.raises(NotCanonical, match="str"):
        events.record("test.opened", target=pat, actor=None, private={"user": pat})


def test_record_takes_any_text_as_private(pat):
    text = "Ünïcode “quotes”\n{% now %} 😀 \u202e"
    event = events.record("test.opened", target=pat, actor=None, private={"text": text})
    assert EventDetail.objects.get(event=event).private == {"text": text}


def test_record_needs_one_query(pat, queries):
    clock.now()
    with queries() as asked:
        events.record("test.opened", target=pat, actor=pat, private={"a": "b"})
    assert len(asked) == 1


def test_record_goes_with_the_transaction_it_is_in(pat):
    before = Event.objects.count()
    with transaction.atomic():
        events.record("test.opened", target=pat, actor=None)
        transaction.set_rollback(True)
    assert Event.objects.count() == before


def test_event_recorded_is_sent_inside_the_transaction(pat):
    heard = []

    def listen(sender, event, **kwargs):
        heard.append((event, connection.in_atomic_block))

    events.event_recorded.connect(listen)
    try:
        event = events.record("test.opened", target=pat, actor=None)
    finally:
        events.event_recorded.disconnect(listen)
    assert heard == [(event, True)]


def test_digest_now_hides_and_differs(pat):
    one, other = (events.record("test.opened", target=pat, actor=None) for _ in "ab")
    assert len(events.digest_now(one)) == 64
    assert events.digest_now(one) != events.digest_now(other)


def test_timeline_has_the_records_events_in_order(pat, sam):
    first = events.record("test.opened", target=pat, actor=None)
    events.record("test.opened", target=sam, actor=None)
    second = events.record("test.closed", target=pat, actor=None)
    assert list(events.timeline(pat)) == [first, second]


def test_timeline_keeps_models_apart_that_share_a_uid(pat):
    stranger = type(pat)(uid=pat.uid)
    stranger._meta = type("Meta", (), {"label_lower": "other.model"})
    events.record("test.opened", target=pat, actor=None)
    assert not events.timeline(stranger).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_lines_need_two_queries(pat, mia, count, queries):
    for _number in range(count):
        events.record("test.opened", target=pat, actor=mia, private={"note": "x"})
    with queries() as asked:
        assert len(events.lines(events.timeline(pat))) == count
    assert len(asked) == 2


def test_lines_say_who_did_what(pat, mia, named):
    events.record("test.opened", target=pat, actor=mia, private={"note": "Hello"})
    events.record("test.closed", target=pat, actor=None)
    former = type(mia)(uid=uuid4())
    events.record("test.unnamed", target=pat, actor=former)
    shown = [
        (line.text, line.actor, dict(line.private)) for line in events.lines(events.timeline(pat))
    ]
    assert shown == [
        ("Opened", "Mia Manager", {"note": "Hello"}),
        ("Closed", "The portal", {}),
        ("Event “test.unnamed”", "A former user", {}),
    ]


def test_lines_tell_what_was_erased(pat, mia):
    event = events.record("test.opened", target=pat, actor=mia, private={"note": "Hello"})
    events.erase(event, actor=mia)
    [line] = events.lines(events.timeline(pat))
    assert (line.erased, line.private) == (True, {})


def test_named_codes_are_listed(named):
    assert {"test.closed", "test.opened"} <= set(named_codes())


def test_timeline_fragment_escapes_and_names(pat, mia, named):
    changes = {"note": ["", "<b>bold</b>"]}
    events.record("test.opened", target=pat, actor=mia, private={"changes": changes})
    with translation.override("en"):
        html = render_to_string("events/_timeline.html", {"entries": entries(events.timeline(pat))})
    assert "Opened" in html
    assert "Mia Manager" in html
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert "<b>bold</b>" not in html


def test_timeline_fragment_of_a_new_record_says_so():
    with translation.override("en"):
        html = render_to_string("events/_timeline.html", {"entries": []})
    assert "Nothing has happened yet." in html


def test_newest_first_is_the_order_of_the_audit_list(pat):
    older = events.record("test.opened", target=pat, actor=None)
    newer = events.record("test.closed", target=pat, actor=None)
    assert list(Event.objects.about(pat).newest_first()) == [newer, older]


def test_events_and_seals_name_themselves(pat):
    event = events.record("test.opened", target=pat, actor=None, private={"a": "b"})
    events.seal_pending()
    seal = Seal.objects.get(event=event)
    assert str(event) == f"test.opened users.user {pat.uid}"
    assert str(seal) == f"{seal.number} {seal.digest[:12]}"
    assert str(event.detail) == f"private part of event {event.pk}"


# --- the doorbell --------------------------------------------------------------------------------


def test_seal_queues_a_sealer_for_each_tenant_that_waits(pat, monkeypatch):
    for schema in ("acme", "globex", "ops"):
        with context.entered(schema):
            events.seal_pending()
    queued = []
    monkeypatch.setattr(tasks.seal_tenant, "delay", lambda: queued.append(context.schema()))
    tasks.seal()
    assert queued == []
    events.record("test.opened", target=pat, actor=None)
    tasks.seal()
    assert queued == ["acme"]


def test_seal_tenant_seals(pat):
    events.record("test.opened", target=pat, actor=None)
    tasks.seal_tenant()
    assert not PendingSeal.objects.exists()


@pytest.mark.django_db
def test_seal_tenant_refuses_to_run_without_a_tenant():
    connection.set_schema_to_public()
    with pytest.raises(context.NoTenant):
        tasks.seal_tenant()


@pytest.mark.concurrency
def test_a_second_sealer_leaves_at_once(own_database, django_db_blocker):
    import psycopg

    from prm import locks
    from users.models import User

    with django_db_blocker.unblock(), context.entered("acme"):
        events.record("test.opened", target=User.objects.first(), actor=None)
        [number] = locks.numbers(["prm.events.seal"])
        parameters = connection.get_connection_params()
        wanted = {
            k: parameters[k]
            for k in ("user", "password", "host", "port", "dbname")
            if k in parameters
        }
        with psycopg.connect(**wanted) as other:
            other.execute("SELECT pg_advisory_xact_lock(%s)", [number])
            assert events.seal_pending() == 0
        assert events.seal_pending() >= 1
