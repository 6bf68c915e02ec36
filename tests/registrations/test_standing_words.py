"""Where a deal stands, as its partner reads it: the clock, the rules applied, what is next."""

from datetime import timedelta

import pytest
from django.urls import reverse

from prm import clock, rules
from registrations import engagement, reading, services
from registrations.engagement import DEFAULTS, KIND
from registrations.models import Registration

pytestmark = pytest.mark.django_db


def page(client, row):
    return client.get(reverse("registrations:detail", args=[row.reference])).content.decode()


def rule(code, title, when, **then):
    return {"code": code, "name": {"en": title}, "when": when, "then": then}


def publish(*these):
    body = {"rules": list(these), "defaults": DEFAULTS}
    return rules.publish(KIND, body, actor=None, note="For the test.")


def test_the_clock_is_told_in_the_readers_zone(browse, submitted, pat):
    pat.zone = "Asia/Tokyo"
    pat.save()
    text = page(browse(pat), submitted(pat, "Initech"))
    assert "your time (Asia/Tokyo)" in text
    assert "In line since" in text


def test_a_late_vendor_is_called_late(browse, submitted, pat):
    row = submitted(pat, "Initech")
    Registration.objects.filter(pk=row.pk).update(due_at=clock.now() - timedelta(hours=1))
    assert "and is late." in page(browse(pat), row)


def test_the_usual_rules_are_said_plainly(browse, submitted, pat):
    text = page(browse(pat), submitted(pat, "Initech"))
    assert "90 days" in text
    assert "as is usual here" in text
    assert "At most 1 × 60 days, with evidence" in text


def test_a_rule_is_named_unless_it_asks_about_others(submitted, pat):
    publish(
        rule(
            "big",
            "Large deals",
            {"field": "country", "op": "IS", "value": "US"},
            protection_days="120",
        ),
        rule(
            "hard",
            "Somebody else wants it",
            {"all": [{"field": "conflicts", "op": "AT_LEAST", "value": "0"}]},
            decision_days="5",
        ),
    )
    row = submitted(pat, "Initech")
    assert engagement.terms_for(row).protection_days == 120
    words = {one.what: one.rule for one in reading.applied(row)}
    assert words["120 days"] == "Large deals"
    assert words["Within 5 working days"] == ""


def test_who_is_next_is_told_and_how_it_goes_on(browse, approved, submitted, pat, sam, mia):
    approved(sam, "Initech", website="initech.example")
    row = submitted(pat, "Initech", website="initech.example")
    services.queue_registration(row, actor=mia)
    text = page(browse(pat), row)
    assert "You are next." in text
    assert "You need not do anything." in text
    assert "Summit" not in text
