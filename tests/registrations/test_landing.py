"""Links of reminder mails: GET shows, one POST acts, stale ones tell the truth."""

import pytest

from notifications.models import Notice
from prm import due, links
from prm.links.models import ActionLink
from prm.tenancy import context
from registrations import selectors, services
from registrations.enums import CloseCode, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def prodded(approved, pat, travel):
    """A deal with its reminder: the registration, and the path of each link by name."""
    row = approved(pat, "Initech")
    travel(days=30, hours=1)
    due.drain()
    notice = Notice.objects.get(subject_uid=row.uid, kind="registrations.prod")
    made = {
        name: links.path(ActionLink.objects.get(uid=uid))
        for name, uid in notice.context["links"].items()
    }
    row.refresh_from_db()
    return row, made


def test_looking_changes_nothing(browse, prodded):
    row, paths = prodded
    for path in paths.values():
        browse().get(path)
        browse().head(path)
    assert row.touches.count() == 0
    assert not ActionLink.objects.exclude(used_at=None).exists()


def test_one_button_says_still_active_without_sign_in(browse, prodded):
    row, paths = prodded
    end = selectors.protection_of(row).ends_at
    page = browse().get(paths["still_active"])
    assert page.status_code == 200
    assert "Initech" in page.content.decode()
    done = browse().post(paths["still_active"])
    assert "still active" in done.content.decode()
    assert row.touches.count() == 1
    assert selectors.protection_of(row).ends_at == end


def test_a_used_link_shows_how_it_stands(browse, prodded):
    row, paths = prodded
    browse().post(paths["still_active"])
    again = browse().post(paths["still_active"])
    assert again.status_code == 200
    assert "How it stands now" in again.content.decode()
    assert row.touches.count() == 1


def test_a_stale_link_shows_how_it_stands(browse, prodded, pat):
    row, paths = prodded
    services.close_registration(row, CloseCode.LOST, actor=pat)
    text = browse().post(paths["still_active"]).content.decode()
    assert "How it stands now" in text
    assert "Lost" in text


def test_the_stage_is_moved_from_the_mail(browse, prodded):
    row, paths = prodded
    browse().post(paths["stage"], {"stage": "NEGOTIATION"})
    row.refresh_from_db()
    assert row.stage == Stage.NEGOTIATION


def test_the_mail_cannot_win_or_lose(browse, prodded):
    row, paths = prodded
    browse().post(paths["stage"], {"stage": "WON"})
    row.refresh_from_db()
    assert row.stage != Stage.WON
    assert "/close/" in browse().get(paths["lost"]).url


def test_a_person_who_left_cannot_act(browse, prodded, pat):
    row, paths = prodded
    pat.is_active = False
    pat.save()
    browse().post(paths["still_active"])
    assert row.touches.count() == 0


def test_an_expired_link_does_not_act(browse, prodded, travel):
    row, paths = prodded
    travel(days=46)
    browse().post(paths["still_active"])
    assert row.touches.count() == 0


@pytest.mark.parametrize("broken", ["x", "x.y", "..", "AAAA.AAAA", "é" * 50])
def test_a_forged_link_is_not_found(browse, db, broken):
    assert browse().get(f"/a/{broken}/").status_code == 404


def test_a_token_of_acme_means_nothing_at_globex(browse, prodded):
    _row, paths = prodded
    assert browse(schema="globex").get(paths["still_active"]).status_code == 404
    with context.entered("globex"):
        assert not ActionLink.objects.exists()
