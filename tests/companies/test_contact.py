"""The vendor's own last contact: who may note it, what is recorded, and what a merge keeps."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from companies import services
from prm import clock, events, portal
from prm.events.entries import entries

pytestmark = pytest.mark.django_db
DAY = date(2020, 5, 4)


@pytest.fixture
def initech(mia):
    return services.add_company(name="Initech", country="US", actor=mia)


def noted(company):
    return events.timeline(company).filter(code="company.contacted").select_related("detail")


def test_a_day_is_noted_once(initech, mia):
    for _twice in range(2):
        company = services.note_contact(initech, DAY, actor=mia)
    assert company.contacted_on == DAY
    (event,) = noted(initech)
    assert event.data == {"changes": {"contacted_on": ["", "2020-05-04"]}}
    (change,) = entries([event])[0].changes
    assert (change.label, change.new) == ("Our last own contact", "4 May 2020")


def test_it_can_be_taken_back(initech, mia):
    services.note_contact(initech, DAY, actor=mia)
    assert services.note_contact(initech, None, actor=mia).contacted_on is None
    assert noted(initech).count() == 2


def test_a_day_ahead_is_refused_by_the_portals_own_calendar(initech, mia):
    today = clock.today(portal.zone())
    assert services.note_contact(initech, today, actor=mia).contacted_on == today
    with pytest.raises(services.ContactAhead):
        services.note_contact(initech, today + timedelta(days=1), actor=mia)


def test_only_who_manages_companies_may(initech, fin, pat):
    for actor in (fin, pat):
        with pytest.raises(PermissionDenied):
            services.note_contact(initech, DAY, actor=actor)


def test_a_merge_keeps_the_later_day_and_its_undo_gives_it_back(initech, mia):
    other = services.add_company(name="Initrode", country="US", actor=mia)
    services.note_contact(initech, DAY, actor=mia)
    services.note_contact(other, DAY + timedelta(days=9), actor=mia)
    winner = services.confirm_as(other, initech, actor=mia)
    assert winner.contacted_on == DAY + timedelta(days=9)
    services.undo_merge(other.merges_away.get(), actor=mia)
    initech.refresh_from_db()
    other.refresh_from_db()
    assert (initech.contacted_on, other.contacted_on) == (DAY, DAY + timedelta(days=9))


def test_the_page_edits_and_shows_it(browse, initech, mia):
    client, page = browse(mia), reverse("companies:edit", args=[initech.uid])
    form = {"name": "Initech", "country": "US", "contacted_on": "2020-05-04"}
    assert client.post(page, form).status_code == 303
    assert 'value="2020-05-04"' in client.get(page).content.decode()
    shown = client.get(reverse("companies:detail", args=[initech.uid])).content.decode()
    assert "Our last own contact" in shown
    assert "4 May 2020" in shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("2999-01-01", "This day is in the future"), ("soon", "This is no day")],
)
def test_what_is_no_past_day_comes_back_beside_its_field(browse, initech, mia, typed, sentence):
    page = reverse("companies:edit", args=[initech.uid])
    answer = browse(mia).post(page, {"name": "Renamed", "country": "US", "contacted_on": typed})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert f'value="{typed}"' in text
    initech.refresh_from_db()
    assert initech.name == "Initech"
