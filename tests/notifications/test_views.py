import pytest
from django.urls import reverse

from notifications import binding
from notifications.delivery import deliver
from notifications.enums import MessageState
from notifications.models import Message, Relay
from prm import clock, events
from prm.tenancy import context
from tests.notifications.support import only_message, tell

LOG = "/settings/messages/"


def page(message, name="message"):
    return reverse(f"notifications:{name}", args=[message.uid])


@pytest.fixture
def sent(pat, harbor, captured):
    """A mail that was sent, about Harbor."""
    tell(pat, subject=harbor, title="Deal D-7KQ4", reason="You own it", text="Secret plan")
    deliver()
    return only_message()


@pytest.fixture
def uncertain(pat):
    tell(pat)
    binding.bind()
    Message.objects.update(state=MessageState.UNCERTAIN, handed_at=clock.now(), next_at=None)
    return only_message()


def test_log_says_to_whom_why_and_what_became_of_it(sent, ada, browse):
    html = browse(ada).get(LOG).content.decode()
    for text in ("note: Secret plan", "pat@harbor.example", "Note", "Deal D-7KQ4", "Sent"):
        assert text in html


@pytest.mark.parametrize("who", ["mia", "fin", "lex", "ana", "nadia"])
def test_log_is_for_administrators(sent, browse, request, who):
    browser = browse(request.getfixturevalue(who))
    assert browser.get(LOG).status_code == 403
    assert browser.get(page(sent)).status_code == 403
    assert browser.post(page(sent, "message-again")).status_code == 403


@pytest.mark.parametrize("who", ["pat", "paula", "lea"])
def test_log_does_not_exist_for_other_sides(sent, browse, request, who):
    assert browse(request.getfixturevalue(who)).get(LOG).status_code == 404


def test_operators_read_their_own_log(olga, browse):
    assert browse(olga, "ops").get(LOG).status_code == 200


def test_another_tenants_mail_does_not_exist(sent, browse, db):
    with context.entered("globex"):
        from users.models import User

        gerd = User.objects.get(email="gerd@globex.example")
    browser = browse(gerd, "globex")
    assert b"Secret plan" not in browser.get(LOG).content
    assert browser.get(page(sent)).status_code == 404


def test_log_asks_the_same_questions_whatever_the_number(pat, ada, browse, captured, queries):
    browser = browse(ada)
    browser.get(LOG)
    counts = []
    for rows in (1, 3):
        while Message.objects.count() < rows:
            tell(pat, key=f"another {Message.objects.count()}")
            deliver()
        with queries() as q:
            assert browser.get(LOG).status_code == 200
        counts.append(len(q))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=harbor", True),
        ("?q=summit", False),
        ("?state=SENT", True),
        ("?state=FAILED", False),
        ("?kind=test.note", True),
        ("?kind=account.invitation", False),
        ("?export=csv", True),
        ("?since=2026-01-01&until=9999-12-31", True),
        ("?since=0001-01-01&until=2026-01-01", False),
        ("?since=9999-12-31", False),
        ("?since=yesterday", True),
    ],
)
def test_log_can_be_searched_filtered_and_taken_along(sent, ada, browse, query, found):
    answer = browse(ada).get(LOG + query)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert (b"note: Secret plan" in content) is found


def test_detail_shows_text_reason_and_envelope(sent, ada, browse):
    html = browse(ada).get(page(sent)).content.decode()
    for text in ("Secret plan", "You own it", "Deal D-7KQ4", sent.message_id.strip("<>")):
        assert text in html
    assert "Send again" not in html


def test_detail_of_an_account_mail_has_no_text(pat, ada, browse, captured):
    tell(pat, "test.secret", text="hush")
    deliver()
    html = browse(ada).get(page(only_message())).content.decode()
    assert "https://x.example/key" not in html
    assert "is not kept" in html


def test_an_uncertain_mail_can_be_confirmed(uncertain, ada, browse):
    browser = browse(ada)
    assert b"It arrived" in browser.get(page(uncertain)).content
    answer = browser.post(page(uncertain, "message-arrived"))
    assert (answer.status_code, answer["Location"]) == (303, page(uncertain))
    assert only_message().state == MessageState.SENT
    assert b"Mail confirmed as arrived" in browser.get(page(uncertain)).content


def test_an_uncertain_mail_can_be_sent_again(uncertain, ada, browse):
    assert browse(ada).post(page(uncertain, "message-again")).status_code == 303
    assert only_message().state == MessageState.QUEUED
    assert [e.code for e in events.timeline(uncertain)] == ["message.requeued"]


def test_answers_that_come_late_change_nothing_and_say_so(sent, ada, browse):
    browser = browse(ada)
    for name in ("message-arrived", "message-again"):
        answer = browser.post(page(sent, name), follow=True)
        assert b"Meanwhile" in answer.content
    assert only_message().state == MessageState.SENT


def test_looking_changes_nothing(uncertain, ada, browse):
    browser = browse(ada)
    for name in ("message-arrived", "message-again"):
        assert browser.get(page(uncertain, name)).status_code == 405
    assert only_message().state == MessageState.UNCERTAIN


def test_log_says_when_the_relay_does_not_answer(ada, browse):
    now = clock.now()
    Relay.objects.create(pk=1, failures=2, next_try_at=now, since=now, last_error="refused")
    assert b"The mail server does not answer" in browse(ada).get(LOG).content
