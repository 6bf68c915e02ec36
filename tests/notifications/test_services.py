from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy

from notifications import binding, services
from notifications.enums import MessageState, NoticeState
from notifications.kinds import UnknownKind
from notifications.models import Message, Notice
from notifications.services import Address, cancel, confirm_arrived, notify, send_again, supersede
from notifications.transitions import MoveRefused
from prm import clock, events
from tests.notifications.support import only_message, tell

SOON = timedelta(seconds=30)


def test_notice_keeps_who_what_and_why(pat, harbor):
    pat.language, pat.zone = "de", "Europe/Berlin"
    pat.save()
    notice = tell(pat, subject=harbor, reason=gettext_lazy("Monday"), title="Deal D-1")
    assert (notice.email, notice.name, notice.language, notice.zone) == (
        "pat@harbor.example",
        "Pat Seller",
        "de",
        "Europe/Berlin",
    )
    assert (notice.subject_label, notice.subject_uid) == ("partners.partner", harbor.uid)
    assert (notice.subject_title, notice.reason) == ("Deal D-1", "Montag")
    assert (notice.recipient, notice.state, notice.not_before) == (
        pat,
        NoticeState.WAITING,
        clock.now(),
    )


def test_notify_twice_is_once(pat):
    assert tell(pat).pk == tell(pat, text="other").pk
    assert Notice.objects.count() == 1


def test_notify_again_for_more_people_reaches_the_new_ones_only(pat, paula):
    tell(pat)
    both = notify("test.note", recipients=[paula, pat], subject=pat, key="k", context={"text": ""})
    assert {notice.email for notice in both} == {"pat@harbor.example", "paula@harbor.example"}
    assert Notice.objects.count() == 2


def test_the_same_address_in_another_spelling_is_told_once(pat):
    twice = [pat, Address(" PAT@harbor.example ")]
    assert len(notify("test.note", recipients=twice, subject=pat, key="k", context={})) == 1


def test_address_speaks_the_portals_language_and_zone_unless_it_says_so(globex, db):
    from prm import portal

    sent = notify(
        "test.note",
        recipients=[Address("a@x.example"), Address("b@x.example", "B", "xx", "No/Where")],
        subject=portal.current(),
        key="k",
        context={},
    )
    assert [(n.language, n.zone, n.recipient) for n in sent] == [
        ("de", "Europe/Berlin", None),
        ("en", "Europe/Berlin", None),
    ]


def test_people_who_cannot_sign_in_are_left_out_except_of_account_mails(pat):
    pat.is_active = False
    assert notify("test.note", recipients=[pat], subject=pat, key="k", context={}) == []
    assert notify("test.secret", recipients=[pat], subject=pat, key="k", context={}) != []


def test_unknown_kind_is_refused(pat):
    with pytest.raises(UnknownKind):
        tell(pat, kind="no.such")


def test_a_hold_in_the_past_is_no_hold(pat):
    assert tell(pat, not_before=clock.now() - SOON).not_before == clock.now()


def test_urgent_and_due_rings_once_after_the_commit(pat, bells, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tell(pat, key="a")
        tell(pat, key="b")
        assert bells == []
    assert bells == [{"schema": "acme", "retry": False}]


def test_held_and_routine_notices_do_not_ring(pat, bells, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tell(pat, key="a", not_before=clock.now() + SOON)
        tell(pat, "test.routine", key="b")
    assert bells == []


def test_a_bell_is_hung_again_after_its_savepoint_is_undone(
    pat, bells, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        with suppress(ZeroDivisionError), transaction.atomic():
            tell(pat, key="a")
            raise ZeroDivisionError
        tell(pat, key="b")
    assert len(bells) == 1


def test_a_dead_broker_is_not_the_callers_trouble(
    pat, monkeypatch, django_capture_on_commit_callbacks
):
    def refuse(**options):
        raise services.OperationalError

    monkeypatch.setattr(services.deliver, "apply_async", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        tell(pat)
    assert Notice.objects.count() == 1


def test_cancel_takes_back_what_waits_and_the_key_is_free_again(pat, sam):
    tell(pat, key="deal:1:approved", not_before=clock.now() + SOON)
    kept = tell(sam, key="deal:2:approved")
    assert cancel(key_prefix="deal:1:") == 1
    assert list(Notice.objects.pending()) == [kept]
    assert tell(pat, key="deal:1:approved").state == NoticeState.WAITING


def test_superseded_keys_stay_taken(pat):
    tell(pat, key="deal:1")
    assert supersede(key_prefix="deal:1", reason="won meanwhile") == 1
    assert Notice.objects.get().why_superseded == "won meanwhile"
    assert tell(pat, key="deal:1").state == NoticeState.SUPERSEDED


def test_cancel_by_subject_and_kind(pat, harbor, summit):
    tell(pat, key="a", subject=harbor)
    tell(pat, "test.routine", key="b", subject=harbor)
    tell(pat, key="c", subject=summit)
    assert cancel(subject=harbor, kinds=["test.routine"]) == 1
    assert cancel(subject=harbor) == 1
    assert [n.key for n in Notice.objects.pending()] == ["c"]


def test_cancel_must_be_told_what(db):
    with pytest.raises(ValueError, match="which notices"):
        cancel()


def test_cancel_empties_a_queued_mail(pat):
    tell(pat)
    binding.bind()
    assert cancel(key_prefix="k") == 1
    assert only_message().state == MessageState.SUPERSEDED


def test_cancel_leaves_the_rest_of_a_shared_mail(pat):
    tell(pat, "test.routine", key="a")
    tell(pat, "test.routine", key="b")
    binding.bind()
    assert cancel(key_prefix="a") == 1
    assert only_message().state == MessageState.QUEUED


@pytest.mark.parametrize("state", [MessageState.SENDING, MessageState.SENT])
def test_what_is_leaving_stays(pat, state):
    from notifications.delivery import claim

    notice = tell(pat)
    binding.bind()
    claimed = claim()
    if state == MessageState.SENT:
        Message.objects.filter(pk=claimed.pk).update(
            state=state, lease_until=None, handed_at=clock.now(), sent_at=clock.now()
        )
    assert cancel(key_prefix="k") == 0
    notice.refresh_from_db()
    assert notice.state == NoticeState.BOUND


def in_state(user, state):
    """Return a message that was handed over and is in a state now."""
    tell(user, key=str(state))
    binding.bind()
    Message.objects.filter(handed_at=None).update(
        state=state, handed_at=clock.now(), next_at=None, strikes=5, last_error="x"
    )
    return Message.objects.get(state=state)


def test_confirm_arrived_settles_and_is_recorded(pat, ada):
    message = confirm_arrived(in_state(pat, MessageState.UNCERTAIN), actor=ada)
    assert (message.state, message.sent_at) == (MessageState.SENT, message.handed_at)
    assert [e.code for e in events.timeline(message)] == ["message.confirmed"]


@pytest.mark.parametrize("state", [MessageState.UNCERTAIN, MessageState.FAILED])
def test_send_again_starts_over_under_the_same_message_id(pat, ada, state):
    before = in_state(pat, state)
    message = send_again(before, actor=ada)
    message.refresh_from_db()
    assert (message.state, message.strikes, message.last_error) == (MessageState.QUEUED, 0, "")
    assert message.message_id == before.message_id
    assert [e.data for e in events.timeline(message)] == [{"from": state.value}]


def test_only_what_is_unknown_can_be_confirmed(pat, ada):
    with pytest.raises(MoveRefused):
        confirm_arrived(in_state(pat, MessageState.FAILED), actor=ada)


def test_what_was_sent_cannot_be_sent_again(pat, ada):
    message = confirm_arrived(in_state(pat, MessageState.UNCERTAIN), actor=ada)
    with pytest.raises(MoveRefused):
        send_again(message, actor=ada)


@pytest.mark.parametrize("service", [confirm_arrived, send_again])
def test_settling_is_for_administrators(pat, mia, service):
    message = in_state(pat, MessageState.UNCERTAIN)
    for person in (pat, mia):
        with pytest.raises(PermissionDenied):
            service(message, actor=person)
