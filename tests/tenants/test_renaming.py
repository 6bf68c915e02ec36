"""A portal's host is renamed: the old name leads to the new one for a time, or to nothing."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from prm import clock, events, links
from prm.access import Audience
from prm.links.models import ActionLink
from prm.tenancy import context
from tenants import renaming, selectors, services, tasks
from tenants.models import Domain, Tenant
from tests.conftest import PortalClient
from users.services import invite

NEW = "partners.localhost"


def _acme():
    return Tenant.objects.get(schema_name="acme")


def _at(host):
    return Client(SERVER_NAME=host)


def _rename(host=NEW, actor=None, **more):
    return renaming.rename_host(_acme(), host=host, actor=actor, **more)


def test_the_new_host_answers_and_the_old_one_leads_there(olga):
    with context.entered("ops"):
        assert _rename(actor=olga).host == NEW
    assert _at(NEW).get("/accounts/login/").status_code == 200
    moved = _at("acme.localhost").get("/accounts/login/?next=/deals/")
    assert (moved.status_code, moved["Location"]) == (
        301,
        f"http://{NEW}:8000/accounts/login/?next=/deals/",
    )
    assert "max-age=3600" in moved["Cache-Control"]
    assert "Set-Cookie" not in moved
    with context.entered("ops"):
        event = events.timeline(_acme()).order_by("-pk").first()
        assert (event.code, event.data["redirect_days"]) == ("portal.renamed", 90)
        assert event.detail.private == {"from": "acme.localhost", "to": NEW}


def test_what_is_posted_to_the_old_host_keeps_its_method(db):
    _rename()
    assert _at("acme.localhost").post("/a/x/", {"a": "b"}).status_code == 308


def test_a_link_in_a_mail_that_was_sent_still_works(db):
    with context.entered("acme"):
        invite(
            email="new@harbor.example", name="New", audience=Audience.VENDOR, roles=[], actor=None
        )
        path = links.path(ActionLink.objects.get(email="new@harbor.example"))
    _rename()
    moved = _at("acme.localhost").get(path)
    assert moved["Location"] == f"http://{NEW}:8000{path}"
    assert _at(NEW).get(path).status_code == 200


def test_a_session_stays_at_the_host_where_it_began(browse, pat):
    client = browse(pat)
    client.get("/me/")
    _rename()
    cookie = client.cookies["sessionid"]
    assert not cookie["domain"]  # so a browser never sends it to the new host
    assert _at(NEW).get("/me/").status_code == 302


def test_after_its_time_the_old_host_is_nobodys_and_free(db, travel):
    _rename(redirect_days=30)
    travel(days=31)
    assert _at("acme.localhost").get("/").status_code == 404
    taken = services.reserve_tenant(services.NewTenant("", "Other", "acme.localhost"))
    assert taken.host == "acme.localhost"


def test_the_tick_forgets_names_whose_time_is_over(db, travel):
    _rename(redirect_days=30)
    tasks.tick()
    assert Domain.objects.filter(domain="acme.localhost").exists()
    travel(days=31)
    tasks.tick()
    assert not Domain.objects.filter(domain="acme.localhost").exists()


def test_without_a_redirect_the_old_host_stops_at_once(db):
    _rename(redirect_days=0)
    assert _at("acme.localhost").get("/").status_code == 404
    assert list(_acme().domains.values_list("domain", flat=True)) == [NEW]


def test_a_redirecting_name_is_not_free_for_another_portal(db):
    _rename()
    with pytest.raises(services.HostTaken):
        services.reserve_tenant(services.NewTenant("", "Other", "acme.localhost"))


def test_a_portal_may_take_its_old_name_back(db):
    _rename()
    assert _rename("acme.localhost").host == "acme.localhost"
    assert _at(NEW).get("/")["Location"] == "http://acme.localhost:8000/"
    assert selectors.portal_at(NEW) is None


def test_a_taken_host_changes_nothing(db):
    with pytest.raises(services.HostTaken):
        _rename("globex.localhost")
    assert _acme().host == "acme.localhost"
    with pytest.raises(services.NotPossibleNow):
        _rename("acme.localhost")


def test_a_suspended_portal_tells_nobody_its_new_name(db):
    _rename()
    services.suspend_portal(_acme(), reason="Unpaid", actor=None)
    answer = _at("acme.localhost").get("/")
    assert (answer.status_code, NEW in answer.content.decode()) == (503, False)


def test_only_an_operator_renames_and_never_the_console(ada, olga):
    with pytest.raises(PermissionDenied):
        _rename(actor=ada)
    ops = Tenant.objects.get(schema_name="ops")
    with context.entered("ops"), pytest.raises(PermissionDenied):
        renaming.rename_host(ops, host=NEW, actor=olga)


@pytest.mark.constraints
@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"retired_at": 1}, "a retired host name redirects until a time"),
        ({"retired_at": 1, "until": 1}, "a retired host name redirects until a time"),
    ],
)
def test_a_retired_name_is_not_the_main_one_and_ends(db, values, name):
    now = clock.now()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Domain.objects.filter(domain="acme.localhost").update(**dict.fromkeys(values, now))


@pytest.mark.constraints
def test_a_portal_has_one_main_host_name(db):
    other = Domain(tenant=_acme(), domain="x.localhost", is_primary=True)
    with (
        pytest.raises(IntegrityError, match="a portal has one main host name"),
        transaction.atomic(),
    ):
        Domain.objects.bulk_create([other])


def test_from_the_page(browse, olga):
    console, url = browse(olga, "ops"), f"/tenants/{_acme().uid}/"
    assert console.get(f"{url}rename/").status_code == 200
    for host, sentence in (("globex", "Another portal answers"), ("ops", "reserved"), ("", "")):
        refused = console.post(f"{url}rename/", {"host": host, "redirect_days": "90"})
        assert refused.status_code == 422
        assert sentence in refused.content.decode()
    assert console.post(f"{url}rename/", {"host": "partners", "redirect_days": "30"}).url == url
    page = console.get(url).content.decode()
    for word in (NEW, "Redirects here", "Host name changed", "acme.localhost"):
        assert word in page


def test_from_the_command_line(db, capsys):
    call_command("rename_host", "acme.localhost", "partners")
    assert f"answers at http://{NEW}:8000/" in capsys.readouterr().out
    for host, new in (("acme.localhost", "x"), ("ops.localhost", "x"), (NEW, "globex"), (NEW, "")):
        with pytest.raises(CommandError):
            call_command("rename_host", host, new)


def test_mails_name_the_new_host(db):
    _rename()
    with context.entered("acme"):
        assert context.base_url() == f"http://{NEW}:8000"
    assert PortalClient("globex").get("/accounts/login/").status_code == 200
