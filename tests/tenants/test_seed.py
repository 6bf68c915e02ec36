"""The demo's data: made once, through the services, the same story every time."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import capture
from prm import clock
from prm.celery import app as celery
from prm.tenancy import context
from tenants.demo import personas, plans, seed, trials
from tenants.enums import PortalState
from tenants.models import DemoSeed, Tenant

pytestmark = pytest.mark.concurrency

SMALL = replace(plans.ACME, partners=4, companies=88, registrations=34, conflicts=8)


@pytest.fixture(scope="module")
def demo(own_database, django_db_blocker, django_test_environment, tmp_path_factory):
    """A small demo of acme and the operators, in place of the cast."""
    from django.conf import settings

    patch = pytest.MonkeyPatch()
    patch.setattr(settings, "DEMO", True)
    patch.setattr(settings, "EMAIL_BACKEND", "notifications.capture.CaptureBackend")
    patch.setattr(settings, "PRM_MAIL_CAPTURE_DIR", tmp_path_factory.mktemp("mail"))
    patch.setattr(plans, "VENDORS", (SMALL,))
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        Tenant.objects.filter(schema_name="globex").delete()
        before = clock.now()
        seed.plant((), lambda what: None)
        yield before
    patch.undo()
    celery.conf.broker_url = settings.CELERY_BROKER_URL


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker, demo):
    with django_db_blocker.unblock():
        yield


def test_the_portals_are_complete_demos(demo):
    assert set(Tenant.objects.values_list("schema_name", "is_demo", "ready")) == {
        ("acme", True, True),
        ("ops", True, True),
        ("initech", True, True),
    }
    assert seed.missing() == []
    leaving = Tenant.objects.get(schema_name="initech")
    assert leaving.state == PortalState.LEAVING
    assert leaving.exports.get().size > 0
    assert leaving.domains.filter(until__isnull=False).count() == 1


def test_a_second_run_asks_one_question_and_changes_nothing(demo):
    with CaptureQueriesContext(connection) as queries:
        seed.plant((), lambda what: pytest.fail(what))
    asked = [q["sql"] for q in queries if "synchronous_commit" not in q["sql"]]
    assert len([sql for sql in asked if "search_path" not in sql]) == 1
    assert DemoSeed.objects.count() == 2


def test_every_persona_can_sign_in_with_the_demos_password(demo):
    from users.models import User

    for schema in ("acme", "ops"):
        with context.entered(schema):
            for persona in personas.at(schema):
                user = User.objects.get(email=persona.email)
                assert user.check_password(personas.PASSWORD)
                assert persona.role in user.roles
                assert user.audience == persona.audience


def test_there_are_deals_in_every_state_and_conflicts_of_every_kind(demo):
    from registrations.enums import State
    from registrations.models import Registration, RegistrationConflict

    with context.entered("acme"):
        states = set(Registration.objects.values_list("state", flat=True))
        kinds = set(
            RegistrationConflict.objects.filter(settled_at=None).values_list("kind", flat=True)
        )
    assert states == set(State.values)
    assert {
        "PROTECTED", "PENDING", "VENDOR_DIRECT", "RESTRICTED", "OWN_DUPLICATE", "LEAD",
    } <= kinds  # fmt: skip


def test_there_are_leads_in_every_state_and_offers_that_wait(demo):
    from leads import selectors
    from leads.enums import OfferState, State
    from leads.models import Distribution, Lead, Offer

    with context.entered("acme"):
        assert set(Lead.objects.values_list("state", flat=True)) == set(State.values)
        offers = set(Offer.objects.values_list("state", flat=True))
        assert offers >= {
            OfferState.OFFERED, OfferState.ACCEPTED, OfferState.DECLINED, OfferState.TIMED_OUT,
            OfferState.WITHDRAWN,
        }  # fmt: skip
        waiting = Offer.objects.filter(state=OfferState.OFFERED)
        sellers = set(waiting.values_list("seller__email", flat=True))
        assert {"pat@harbor.example", "sam@summit.example"} <= sellers
        assert all(selectors.replays(made) for made in Distribution.objects.all())


def test_the_story_lies_behind_us_and_the_clock_stands_at_now(demo):
    from prm.due.models import DueRow
    from prm.events import Event

    assert clock.shift().total_seconds() == 0
    now = clock.now()
    with context.entered("acme"):
        first, last = Event.objects.order_by("pk").first(), Event.objects.order_by("pk").last()
        assert (demo - first.at).days >= 90
        assert last.at <= now
        assert not Event.objects.filter(at__gt=now).exists()
        assert not DueRow.objects.filter(due_at__lt=demo).exists()
        assert not DueRow.objects.exclude(last_error="").exists()


def test_the_ledger_verifies(demo):
    call_command("verify_ledger")


def test_every_address_and_domain_is_an_example(demo):
    with context.entered("acme"), connection.cursor() as cursor:
        cursor.execute("SELECT email FROM users_user UNION SELECT email FROM notifications_notice")
        hosts = {email.rsplit("@", 1)[1] for (email,) in cursor.fetchall()}
        cursor.execute("SELECT domain FROM companies_companydomain")
        hosts |= {domain for (domain,) in cursor.fetchall()}
    assert not [host for host in hosts if not re.fullmatch(r"[a-z0-9-]+\.example", host)]


def test_mails_are_in_the_mailbox_once_each(demo):
    mails = capture.mailbox("acme")
    assert mails
    assert not [mail for mail in mails if mail.duplicates]
    assert min(mail.at for mail in mails) >= demo - timedelta(days=plans.MAIL_DAYS + 1)


def test_nothing_is_ticked_before_the_visitor_came(demo):
    for schema in ("acme", "ops"):
        with context.entered(schema):
            assert [trial.title for trial in trials.progress(schema) if trial.done] == []


def test_a_half_made_portal_starts_over(demo):
    DemoSeed.objects.filter(tenant__schema_name="ops").delete()
    assert seed.missing() == ["ops"]
    seed.plant((), lambda what: None)
    assert seed.missing() == []
    with context.entered("ops"):
        from users.models import User

        assert User.objects.count() == 1


def test_the_command_refuses_a_real_portal_and_a_real_installation(demo, settings):
    Tenant.objects.filter(schema_name="ops").update(is_demo=False)
    try:
        with pytest.raises(CommandError, match="not a demo"):
            call_command("seed_demo")
    finally:
        Tenant.objects.filter(schema_name="ops").update(is_demo=True)
    settings.DEMO = False
    with pytest.raises(CommandError, match="PRM_DEMO"):
        call_command("seed_demo")


def test_two_seeds_at_once_do_not_meet(demo, monkeypatch):
    from contextlib import contextmanager

    @contextmanager
    def taken(schema):
        yield False

    seed_row = DemoSeed.objects.get(tenant__schema_name="ops")
    seed_row.delete()
    monkeypatch.setattr("tenants.schemas.building", taken)
    with pytest.raises(CommandError, match="Another seed_demo is making ops"):
        call_command("seed_demo")
    seed_row.save(force_insert=True)
