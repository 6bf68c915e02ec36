"""Icon, status, time and deadline as HTML: escaped, worded, in the reader's language."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from prm import clock
from prm.ui import html


def test_an_icon_is_decoration_unless_it_speaks():
    assert 'aria-hidden="true"' in html.icon("clock")
    assert 'role="img" aria-label="Late &amp; lost"' in html.icon("clock", "Late & lost")


def test_a_status_has_an_icon_a_word_and_a_tone():
    shown = html.status("<In review>", "info")
    assert 'class="status status-info"' in shown
    assert "#clock" in shown
    assert "&lt;In review&gt;" in shown


def test_times(db):
    now = clock.now()
    assert html.moment(None) == html.NOTHING
    assert html.moment(date(2027, 3, 14)) == '<time datetime="2027-03-14">14 Mar 2027</time>'
    both = html.moment(now + timedelta(days=3), "both")
    assert "in 3 days" in both
    assert 'data-tick="relative"' in both


@pytest.mark.parametrize(
    ("hours", "state", "words"),
    [(30, "ok", "30 hours left"), (3, "soon", "3 hours left"), (-2, "breached", "2 hours late")],
)
def test_a_deadline_says_how_it_stands(db, hours, state, words):
    now = clock.now()
    due = now + timedelta(hours=hours)
    assert html.sla_state(due, now - timedelta(hours=30)) == state
    shown = html.sla(due, started=now - timedelta(hours=30))
    assert words in shown
    assert "due " in shown


def test_a_paused_deadline_says_when_it_goes_on(db):
    now = clock.now()
    shown = html.sla(now, "paused", resumes=now + timedelta(days=2))
    assert "Paused" in shown
    assert "resumes" in shown
    assert "data-tick" not in shown


def test_money_is_written_in_the_readers_language():
    with translation.override("de"):
        assert (
            html.money(Decimal("1250000"), "EUR", whole=True).replace("\xa0", " ") == "1.250.000 €"
        )
    assert html.money(None, "EUR") == ""
