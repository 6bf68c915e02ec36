"""The console's jobs from the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from prm.tenancy import context
from tenants import rollout
from tenants.models import Opening, Tenant


def _run(*arguments, **options):
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def test_suspend_and_resume_by_host(db):
    assert "is suspended" in _run("suspend_portal", "acme.localhost", reason="Unpaid")
    assert Tenant.objects.get(schema_name="acme").suspended_because == "Unpaid"
    with pytest.raises(CommandError, match="Only a live portal"):
        _run("suspend_portal", "acme.localhost", reason="Unpaid")
    assert "answers again" in _run("resume_portal", "ACME.localhost")
    with pytest.raises(CommandError, match="not suspended"):
        _run("resume_portal", "acme.localhost")


@pytest.mark.parametrize("host", ["nobody.localhost", "ops.localhost"])
def test_suspend_refuses_what_it_must_not_touch(db, host):
    with pytest.raises(CommandError, match="No portal that can be suspended"):
        _run("suspend_portal", host, reason="Oops")


def test_create_portal_opens_and_answers_with_the_address(db, monkeypatch):
    monkeypatch.setattr("tenants.schemas.make", lambda tenant: None)
    monkeypatch.setattr("tenants.services._open", _open_without_a_schema)
    monkeypatch.setattr("tenants.services.set_up_portal", lambda **values: None)
    said = _run("create_portal", "Initech", "initech", administrator_email="ina@initech.example")
    assert "Initech is live at http://initech.localhost:8000/" in said


@pytest.mark.parametrize(
    ("name", "host", "sentence"),
    [
        ("Acme Software", "other", "Another portal is called"),
        ("Other", "acme", "Another portal answers"),
        ("Other", "http://x", "Type only the host name"),
    ],
)
def test_create_portal_refuses_with_the_consoles_sentences(db, name, host, sentence):
    with pytest.raises(CommandError, match=sentence):
        _run("create_portal", name, host)


def test_create_operator_invites_into_the_operators_tenant(db):
    from users.models import Invitation

    assert "on its way to omar@operator.example" in _run(
        "create_operator", "Omar", "omar@operator.example"
    )
    with context.entered("ops"):
        assert Invitation.objects.get().audience == "OPERATOR"
    with pytest.raises(CommandError, match="already"):
        _run("create_operator", "Olga", "olga@operator.example")


def test_prepare_has_nothing_to_do(db):
    assert _run("prepare") == ""
    assert _run("migrate_tenants", check=True) == "Nothing is behind.\n"


def test_prepare_tells_what_it_did_and_fails_with_a_schema(db, monkeypatch):
    said = [rollout.Outcome("acme", 1.26), rollout.Outcome("globex", 0, "DataError: no")]
    monkeypatch.setattr("tenants.rollout.run", lambda **_: iter(said))
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 of the schemas could not be migrated: globex"):
        call_command("prepare", stdout=out, stderr=err)
    assert out.getvalue() == "acme: up to date (1.3 s)\n"
    assert "globex: DataError: no" in err.getvalue()


def test_what_is_behind_is_named_public_first(db):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM globex.django_migrations WHERE app = 'registrations'")
        assert rollout.outdated() == ["globex"]
        cursor.execute("DELETE FROM public.django_migrations WHERE app = 'tenants'")
    with pytest.raises(CommandError, match=r"Behind: public\."):
        _run("migrate_tenants", check=True)
    with pytest.raises(CommandError, match="at least 1"):
        _run("migrate_tenants", "--jobs", "0")


def test_check_tenants_is_content_with_the_cast(db):
    assert "as they should be" in _run("check_tenants")


def test_check_tenants_names_schemas_that_are_behind(db):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM globex.django_migrations WHERE app = 'registrations'")
    err = StringIO()
    with pytest.raises(CommandError, match="1 of 4"):
        call_command("check_tenants", stderr=err)
    assert "globex has other migrations" in err.getvalue()


def _open_without_a_schema(tenant, opening):
    assert opening.administrator_email == "ina@initech.example"
    Opening.objects.filter(pk=opening.pk).delete()
