from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import binding
from notifications.enums import NoticeState, Overtaken
from notifications.models import Message, Notice
from prm import clock, due, locks
from tests.notifications.support import tell


def states():
    return dict(Notice.objects.values_list("key", "state"))


def reasons():
    return dict(
        Notice.objects.exclude(superseded_reason="").values_list("key", "superseded_reason")
    )


def test_routine_notices_of_one_person_share_a_mail(pat, sam):
    for key in "abc":
        tell(pat, "test.routine", key=key)
    tell(sam, "test.routine", key="d")
    assert binding.bind() == 4
    mails = {m.to: m.notices.count() for m in Message.objects.all()}
    assert mails == {"pat@harbor.example": 3, "sam@summit.example": 1}


def test_urgent_and_account_notices_go_alone(pat):
    for key, kind in [("a", "test.note"), ("b", "test.note"), ("c", "test.secret")]:
        tell(pat, kind, key=key)
    tell(pat, "test.routine", key="d")
    binding.bind()
    assert Message.objects.count() == 4
    assert Message.objects.filter(account=True).count() == 1


def test_no_mail_grows_without_end(pat):
    for number in range(binding.MOST_IN_ONE_MAIL + 1):
        tell(pat, "test.routine", key=str(number))
    binding.bind()
    assert sorted(m.notices.count() for m in Message.objects.all()) == [
        1,
        binding.MOST_IN_ONE_MAIL,
    ]


def test_held_notices_wait_for_the_clock(pat, travel):
    tell(pat, not_before=clock.now() + timedelta(seconds=30))
    assert binding.bind() == 0
    travel(seconds=31)
    assert binding.bind() == 1


def test_message_ids_are_unique_and_of_our_domain(pat, settings):
    settings.DEFAULT_FROM_EMAIL = "Portal <portal@mail.acme.example>"
    tell(pat, key="a")
    tell(pat, key="b")
    binding.bind()
    ids = set(Message.objects.values_list("message_id", flat=True))
    assert len(ids) == 2
    assert all(i.startswith("<") and i.endswith("@mail.acme.example>") for i in ids)


def test_a_notice_counts_as_the_days_prod(pat, harbor):
    tell(pat, "test.prod", key="prod", subject=harbor)
    tell(pat, "test.note", key="note", subject=harbor)
    binding.bind()
    assert states() == {"prod": NoticeState.SUPERSEDED, "note": NoticeState.BOUND}
    assert reasons() == {"prod": Overtaken.COVERED}


def test_a_notice_sent_earlier_that_day_counts_too(pat, harbor, travel):
    pat.zone = "Pacific/Kiritimati"
    pat.save()
    tell(pat, "test.note", key="note", subject=harbor)
    binding.bind()
    tell(pat, "test.prod", key="prod", subject=harbor)
    binding.bind()
    assert reasons() == {"prod": Overtaken.COVERED}


def test_another_record_person_or_day_does_not_count(pat, sam, harbor, summit, travel):
    tell(pat, "test.note", key="note", subject=harbor)
    tell(pat, "test.prod", key="other record", subject=summit)
    tell(sam, "test.prod", key="other person", subject=harbor)
    binding.bind()
    travel(days=1)
    tell(pat, "test.prod", key="other day", subject=harbor)
    binding.bind()
    assert reasons() == {}


def test_a_cancelled_notice_does_not_count(pat, harbor):
    from notifications.services import cancel

    tell(pat, "test.note", key="note", subject=harbor)
    cancel(key_prefix="note")
    tell(pat, "test.prod", key="prod", subject=harbor)
    binding.bind()
    assert states()["prod"] == NoticeState.BOUND


def test_a_prod_that_left_first_does_not_silence_the_notice(pat, harbor):
    tell(pat, "test.prod", key="prod", subject=harbor)
    binding.bind()
    tell(pat, "test.note", key="note", subject=harbor)
    binding.bind()
    assert reasons() == {}


def test_of_stacked_reminders_only_the_newest_goes(pat, harbor, summit, travel):
    for day in (60, 30, 14):
        tell(pat, "test.prod", key=f"harbor {day}", subject=harbor)
        travel(days=1)
    tell(pat, "test.prod", key="summit", subject=summit)
    binding.bind()
    assert reasons() == {"harbor 60": Overtaken.NEWER, "harbor 30": Overtaken.NEWER}


def test_who_can_no_longer_sign_in_is_not_written_to(pat):
    tell(pat, key="note")
    tell(pat, "test.secret", key="secret")
    pat.is_active = False
    pat.save()
    binding.bind()
    assert reasons() == {"note": Overtaken.LEFT}
    assert states()["secret"] == NoticeState.BOUND


def test_routine_notices_wait_until_due_work_is_done(pat, travel):
    due.schedule("test.work", "x", clock.now())
    tell(pat, "test.routine", key="routine")
    tell(pat, "test.note", key="urgent")
    binding.bind()
    assert states() == {"routine": NoticeState.WAITING, "urgent": NoticeState.BOUND}
    due.cancel("test.work", "x")
    binding.bind()
    assert states()["routine"] == NoticeState.BOUND


def test_routine_notices_do_not_wait_for_ever(pat, travel):
    tell(pat, "test.routine", key="routine")
    travel(minutes=6)
    due.schedule("test.work", "x", clock.now())
    binding.bind()
    assert states() == {"routine": NoticeState.BOUND}


def test_a_kind_that_no_longer_exists_does_not_stop_the_rest(pat):
    tell(pat, key="good")
    tell(pat, key="bad")
    Notice.objects.filter(key="bad").update(kind="no.such")
    assert binding.bind() == 2


def test_bind_leaves_it_to_a_binder_that_is_at_it(pat, monkeypatch):
    def busy(*keys):
        raise locks.Busy

    monkeypatch.setattr(binding, "hold", busy)
    tell(pat)
    assert binding.bind() == 0


def test_bind_asks_the_same_questions_whatever_the_number(pat, harbor):
    counts = set()
    for size in (1, 3, 30):
        for number in range(size):
            tell(pat, "test.prod", key=f"{size} {number}", subject=[pat, harbor][number % 2])
        with CaptureQueriesContext(connection) as queries:
            assert binding.bind() == size
        counts.add(len(queries))
    assert len(counts) == 1
