"""The states of a message, step by step; the relay is a mailbox on disk or a stand-in."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from notifications import breaker, capture, delivery
from notifications.delivery import LEASE, attempt, claim, deliver, hand_over, reap, reconcile
from notifications.enums import MessageState as State
from notifications.models import Message
from notifications.rendering import render
from notifications.transitions import MAX_STRIKES, QUIET, Outcome
from notifications.transport import Transport
from prm import clock
from tests.notifications.support import only_message, tell

MINUTE = timedelta(minutes=1)


@pytest.fixture
def bound(pat, captured):
    """A message that waits to be claimed."""
    tell(pat, text="Hello")
    from notifications.binding import bind

    bind()
    return only_message()


class Answers(Transport):
    """A transport whose relay answers as told."""

    def __init__(self, *outcomes, opens=True):
        self.outcomes, self.opens, self.sent = list(outcomes), opens, []

    def open(self):
        if not self.opens:
            raise ConnectionRefusedError("refused")

    def send(self, mail):
        self.sent.append(mail)
        return self.outcomes.pop(0), "words"


def test_deliver_binds_sends_and_marks(pat, captured):
    tell(pat, text="Grüße")
    assert deliver() == 1
    message = only_message()
    [mail] = capture.mailbox("acme", "pat@harbor.example")
    assert (message.state, message.attempts, message.strikes) == (State.SENT, 1, 0)
    assert message.sent_at == message.handed_at == clock.now()
    assert message.message_id == mail.message_id
    assert message.subject_line == mail.subject == "note: Grüße"
    assert message.body_hash == hashlib.sha256(capture.read("acme", mail.name).raw).hexdigest()
    assert deliver() == 0
    assert mail.duplicates == 0


def test_deliver_goes_on_after_a_poison_message(pat, captured, travel):
    tell(pat, "test.poison", key="bad")
    tell(pat, key="good")
    assert deliver() == 1
    bad = Message.objects.exclude(state=State.SENT).get()
    assert (bad.state, bad.strikes, bad.attempts) == (State.QUEUED, 1, 0)
    for _turn in range(MAX_STRIKES):
        travel(hours=3)
        assert deliver() == 0
    bad.refresh_from_db()
    assert (bad.state, bad.strikes, bad.next_at) == (State.FAILED, MAX_STRIKES, None)
    assert "TemplateDoesNotExist" in bad.last_error


def test_a_message_of_a_kind_that_is_gone_fails_and_says_so(pat, captured):
    notice = tell(pat)
    type(notice).objects.update(kind="no.such")
    deliver()
    assert "UnknownKind" in only_message().last_error


def test_claim_takes_the_oldest_once(bound):
    message = claim()
    assert message == bound
    assert (message.state, message.lease_until) == (State.SENDING, clock.now() + LEASE)
    assert claim() is None


def test_claim_leaves_what_waits(bound):
    Message.objects.update(next_at=clock.now() + MINUTE)
    assert claim() is None


@pytest.mark.parametrize(
    ("outcome", "state", "wait", "attempts", "strikes"),
    [
        (Outcome.REFUSED_FOR_NOW, State.QUEUED, MINUTE, 1, 0),
        (Outcome.REFUSED, State.QUEUED, MINUTE, 1, 1),
        (Outcome.NO_ANSWER, State.UNCERTAIN, QUIET, 1, 0),
        (Outcome.RELAY_DOWN, State.QUEUED, MINUTE, 0, 0),
    ],
)
def test_outcomes_are_marked(bound, outcome, state, wait, attempts, strikes):
    attempt(claim(), Answers(outcome))
    message = only_message()
    assert (message.state, message.attempts, message.strikes) == (state, attempts, strikes)
    assert (message.next_at, message.last_error) == (clock.now() + wait, "words")
    assert message.lease_until is None


def test_nobody_answers_before_anything_left(bound):
    transport = Answers(opens=False)
    assert attempt(claim(), transport) is Outcome.RELAY_DOWN
    message = only_message()
    assert (message.state, message.handed_at, message.attempts) == (State.QUEUED, None, 0)
    assert "refused" in message.last_error
    assert transport.sent == []


def test_lease_that_ran_out_before_the_hand_over_is_queued_again(bound, travel):
    message = claim()
    travel(minutes=5)
    assert hand_over(message, render(message)) is False
    assert reap() == 1
    message.refresh_from_db()
    assert (message.state, message.strikes, message.lease_token) == (State.QUEUED, 1, None)
    assert message.last_error == delivery.WORKER_GONE


def test_lease_that_ran_out_after_the_hand_over_leaves_it_uncertain(bound, travel):
    message = claim()
    assert hand_over(message, render(message))
    travel(minutes=5)
    assert reap() == 1
    assert reap() == 0
    message.refresh_from_db()
    assert (message.state, message.attempts, message.strikes) == (State.UNCERTAIN, 1, 0)
    assert message.next_at == clock.now() + QUIET


def test_a_worker_that_lost_its_lease_sends_nothing(bound, travel):
    message = claim()
    travel(minutes=5)
    reap()
    transport = Answers(Outcome.ACCEPTED)
    assert attempt(message, transport) is None
    assert transport.sent == []


def test_late_but_certain_knowledge_settles_what_was_given_up(bound, travel):
    message = claim()
    hand_over(message, render(message))
    travel(minutes=5)
    reap()
    delivery._finish(message, Outcome.ACCEPTED, "")
    assert only_message().state == State.SENT


def test_a_stale_worker_cannot_undo_what_was_settled(bound, travel):
    message = claim()
    hand_over(message, render(message))
    travel(minutes=5)
    reap()
    travel(minutes=2)
    assert reconcile(lambda message_id: True) == 1
    delivery._finish(message, Outcome.REFUSED, "late")
    assert only_message().state == State.SENT


@pytest.fixture
def uncertain(bound, travel):
    """A message that may have arrived, left quiet for long enough to ask."""
    attempt(claim(), Answers(Outcome.NO_ANSWER))
    travel(minutes=2)
    return only_message()


def test_evidence_of_arrival_settles_it_with_the_time_it_left(uncertain):
    assert reconcile(lambda message_id: message_id == uncertain.message_id) == 1
    message = only_message()
    assert (message.state, message.sent_at) == (State.SENT, uncertain.handed_at)


def test_evidence_of_loss_queues_it_again_and_counts(uncertain):
    assert reconcile(lambda message_id: False) == 1
    message = only_message()
    assert (message.state, message.strikes, message.lease_token) == (State.QUEUED, 1, None)
    assert message.message_id == uncertain.message_id


def test_without_evidence_it_is_asked_again_for_a_day_then_left_to_people(uncertain, travel):
    assert reconcile(lambda message_id: None) == 0
    assert only_message().next_at == clock.now() + timedelta(hours=1)
    travel(days=1)
    reconcile(lambda message_id: None)
    assert list(Message.objects.to_be_settled()) == [uncertain]
    assert only_message().state == State.UNCERTAIN


def test_a_source_of_evidence_that_fails_proves_nothing(uncertain):
    def broken(message_id):
        raise OSError

    assert reconcile(broken) == 0
    assert only_message().state == State.UNCERTAIN


def test_quiet_messages_are_not_asked_about_yet(bound):
    attempt(claim(), Answers(Outcome.NO_ANSWER))
    assert reconcile(lambda message_id: True) == 0


def test_captured_mails_settle_themselves(pat, captured, travel, monkeypatch):
    tell(pat)
    send = Transport.send
    monkeypatch.setattr(Transport, "send", lambda *args: (send(*args) and Outcome.NO_ANSWER, "cut"))
    deliver()
    assert only_message().state == State.UNCERTAIN
    travel(minutes=2)
    deliver()
    assert only_message().state == State.SENT
    assert [mail.duplicates for mail in capture.mailbox("acme")] == [0]


def test_dead_relay_is_left_alone_and_tried_by_one(pat, captured, travel, monkeypatch):
    for key in "abc":
        tell(pat, key=key)
    opened = []

    def refuse(self):
        opened.append(clock.now())
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(Transport, "open", refuse)
        for _second in range(5):
            assert deliver() == 0
        assert len(opened) == 1
        travel(seconds=61)
        assert breaker.admits() is True
        assert breaker.admits() is False
        travel(seconds=61)
        deliver()
    assert len(opened) == 2
    relay = breaker.trouble()
    assert (relay.failures, relay.since) == (2, clock.now() - timedelta(seconds=122))
    travel(minutes=5)
    assert deliver() == 3
    assert breaker.trouble() is None
    assert Message.objects.filter(state=State.SENT, attempts=1).count() == 3


def test_deliver_stops_at_its_limit(pat, captured):
    for key in "abc":
        tell(pat, key=key)
    assert deliver(limit=2) == 2
    assert deliver(limit=2) == 1


@pytest.mark.constraints
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("a message has a known state", {"state": "LOST"}),
        ("a message is sent when it has a time", {"sent_at": "now"}),
        ("a message is sent when it has a time", {"state": State.SENT, "handed_at": "now"}),
        ("a message has a lease while it is being sent", {"state": State.SENDING}),
        ("a message has a lease while it is being sent", {"lease_until": "now"}),
        ("a queued message has its next time", {"next_at": None}),
        ("what may have arrived was handed over", {"state": State.UNCERTAIN}),
        ("an account mail keeps no text", {"account": True, "body": "x"}),
    ],
)
def test_the_database_refuses_a_message_that_cannot_be(bound, name, values):
    values = {k: clock.now() if v == "now" else v for k, v in values.items()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Message.objects.update(**values)


@pytest.mark.constraints
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("a bound notice has its message", {"state": "LOST"}),
        ("a bound notice has its message", {"state": "WAITING"}),
        ("a bound notice has its message", {"message": None}),
        ("an overtaken notice says why", {"state": "SUPERSEDED"}),
        ("a notice goes to an address", {"email": ""}),
    ],
)
def test_the_database_refuses_a_notice_that_cannot_be(bound, name, values):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        bound.notices.update(**values)
