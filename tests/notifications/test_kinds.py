import pytest
from django.core.checks import run_checks

from notifications import kinds
from notifications.checks import kinds_have_wording, lease_is_long_enough
from notifications.kinds import Kind, UnknownKind


def test_every_kind_of_every_room_has_its_wording():
    assert kinds_have_wording() == []


def test_missing_wording_is_named():
    kinds.register(Kind("test.silent", "Silent"))
    assert [e.msg for e in kinds_have_wording() if "test.silent" in e.msg] == [
        f"The notice test.silent lacks templates/notifications/test_silent.{part}."
        for part in ("subject.txt", "txt", "html")
    ]


@pytest.mark.parametrize(("timeout", "errors"), [(20, 0), (30, 1), (None, 1)])
def test_the_relay_may_not_take_longer_than_a_lease(settings, timeout, errors):
    settings.EMAIL_TIMEOUT = timeout
    assert len(lease_is_long_enough()) == errors


def test_the_checks_are_registered():
    assert not [e for e in run_checks() if (e.id or "").startswith("notifications.")]


def test_get_raises_and_lookup_makes_do():
    with pytest.raises(UnknownKind):
        kinds.get("no.such")
    assert kinds.lookup("no.such").label == "no.such"


def test_covering_names_the_kinds_that_make_one_needless():
    assert kinds.covering("test.prod") == {"test.note"}
    assert kinds.covering("test.note") == frozenset()
