"""Real SMTP to a server that does as told."""

import smtplib
import socket

import pytest

from notifications import breaker, delivery
from notifications.delivery import deliver
from notifications.enums import MessageState as State
from notifications.models import Message
from notifications.transitions import Outcome
from notifications.transport import outcome_of, words_of
from tests.notifications.support import only_message, tell


def states():
    return sorted(Message.objects.values_list("state", flat=True))


def test_accepted_mail_is_sent_with_its_message_id(pat, sink):
    tell(pat)
    assert deliver() == 1
    assert sink.message_ids == {only_message().message_id: 1}


def test_one_connection_serves_a_whole_run(pat, sink):
    for key in "abcde":
        tell(pat, key=key)
    assert deliver() == 5
    assert sink.sessions == 1


@pytest.mark.parametrize(
    ("answer", "strikes"), [("451 later", 0), ("452 full", 0), ("550 no", 1), ("554 spam", 1)]
)
@pytest.mark.parametrize("at_content", [True, False])
def test_refusals_queue_it_again(pat, sink, travel, answer, strikes, at_content):
    refuse = lambda *args: answer  # noqa: E731
    if at_content:
        sink.script = refuse
    else:
        sink.at_recipient = refuse
    tell(pat)
    assert deliver() == 0
    message = only_message()
    assert (message.state, message.strikes, message.last_error) == (State.QUEUED, strikes, answer)
    assert breaker.trouble() is None
    sink.script = sink.at_recipient = lambda *args: None
    travel(minutes=2)
    assert deliver() == 1
    assert sink.message_ids == {message.message_id: 1}


def test_one_refused_mail_does_not_hold_up_the_next(pat, sam, sink):
    sink.at_recipient = lambda address: "550 unknown" if address.startswith("pat") else None
    tell(pat)
    tell(sam)
    assert deliver() == 1
    assert [mail["To"].addresses[0].addr_spec for mail in sink.mails] == ["sam@summit.example"]


def test_five_permanent_refusals_fail(pat, sink, travel):
    sink.script = lambda n: "550 no"
    tell(pat)
    for _day in range(7):
        deliver()
        travel(days=1)
    message = only_message()
    assert (message.state, message.attempts, sink.contents) == (State.FAILED, 5, 5)


@pytest.mark.parametrize("kept", [True, False])
def test_a_cut_after_the_content_leaves_it_uncertain(pat, sink, travel, kept, monkeypatch):
    sink.script = lambda n: ("keep and cut" if kept else "cut") if n == 1 else None
    tell(pat)
    assert deliver() == 0
    message = only_message()
    assert (message.state, message.attempts) == (State.UNCERTAIN, 1)
    assert breaker.trouble() is None
    travel(minutes=2)
    deliver()
    assert sink.contents == 1  # nothing is sent again without evidence
    travel(hours=2)
    took = lambda self, message_id: sink.message_ids[message_id] > 0  # noqa: E731
    monkeypatch.setattr(delivery.Transport, "accepted", took)
    deliver()
    travel(hours=1)
    deliver()
    assert only_message().state == State.SENT
    assert sink.message_ids == {message.message_id: 1}


def test_a_server_that_is_down_costs_no_attempt_and_all_leaves_when_it_is_back(pat, sink, travel):
    sink.go_down()
    for key in "abc":
        tell(pat, key=key)
    for _try in range(3):
        assert deliver() == 0
        travel(minutes=10)
    assert set(Message.objects.values_list("attempts", "strikes")) == {(0, 0)}
    assert breaker.trouble().failures == 3
    sink.come_back()
    travel(minutes=10)
    assert deliver() == 3
    assert set(sink.message_ids.values()) == {1}


def test_an_idle_connection_that_was_closed_is_opened_again(pat, sink, monkeypatch):
    tell(pat, key="a")
    tell(pat, key="b")
    send = delivery.Transport.send

    def send_then_lose_the_connection(self, mail):
        answer = send(self, mail)
        self._backend.connection.sock.shutdown(socket.SHUT_RDWR)
        return answer

    monkeypatch.setattr(delivery.Transport, "send", send_then_lose_the_connection)
    assert deliver() == 2
    assert sink.sessions == 2
    assert set(sink.message_ids.values()) == {1}
    assert breaker.trouble() is None


def test_thirty_percent_refusals_and_cuts_lose_and_double_nothing(pat, sink, travel, monkeypatch):
    def moody(n):
        return "451 later" if n % 3 == 0 else {7: "keep and cut", 11: "cut"}.get(n)

    sink.script = moody
    took = lambda self, message_id: sink.message_ids[message_id] > 0  # noqa: E731
    monkeypatch.setattr(delivery.Transport, "accepted", took)
    for number in range(20):
        tell(pat, key=str(number))
    for _hour in range(12):
        deliver()
        travel(hours=1)
    assert states() == [State.SENT] * 20
    ids = Message.objects.values_list("message_id", flat=True)
    assert sink.message_ids == dict.fromkeys(ids, 1)


CUT = smtplib.SMTPServerDisconnected("gone")


@pytest.mark.parametrize(
    ("error", "begun", "outcome"),
    [
        (smtplib.SMTPDataError(451, b"x"), True, Outcome.REFUSED_FOR_NOW),
        (smtplib.SMTPDataError(550, b"x"), True, Outcome.REFUSED),
        (smtplib.SMTPDataError(-1, b"?"), True, Outcome.NO_ANSWER),
        (smtplib.SMTPDataError(299, b"?"), True, Outcome.NO_ANSWER),
        (smtplib.SMTPSenderRefused(452, b"x", "a@b"), False, Outcome.REFUSED_FOR_NOW),
        (smtplib.SMTPRecipientsRefused({"a@b": (550, b"x")}), False, Outcome.REFUSED),
        (CUT, False, Outcome.RELAY_DOWN),
        (CUT, True, Outcome.NO_ANSWER),
        (CUT, None, Outcome.NO_ANSWER),
        (TimeoutError(), False, Outcome.RELAY_DOWN),
        (TimeoutError(), True, Outcome.NO_ANSWER),
        (smtplib.SMTPHeloError(500, b"x"), False, Outcome.RELAY_DOWN),
        (smtplib.SMTPNotSupportedError("x"), False, Outcome.REFUSED),
        (ValueError("x"), False, Outcome.CRASHED),
        (ValueError("x"), None, Outcome.NO_ANSWER),
    ],
)
def test_what_an_error_proves(error, begun, outcome):
    assert outcome_of(error, begun) is outcome


def test_errors_are_one_line():
    refused = smtplib.SMTPRecipientsRefused({"a@b": (550, "5.1.1 näh\nno".encode())})
    assert words_of(refused) == "550 5.1.1 näh no"
    assert words_of(ValueError("a\nb")) == "ValueError: a b"


def test_both_kinds_of_connection_are_watched(settings):
    from notifications.smtp import SmtpBackend, _Plain, _Wrapped

    assert SmtpBackend(use_ssl=True).connection_class is _Wrapped
    assert SmtpBackend().connection_class is _Plain
