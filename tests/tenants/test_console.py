"""The operators' pages."""

import pytest

from tenants import services
from tenants.models import Tenant

ANSWERS = {
    "name": "Initech",
    "host": "initech",
    "language": "en",
    "currency": "USD",
    "zone": "America/New_York",
    "country": "US",
    "administrator_name": "Ina Initech",
    "administrator_email": "ina@initech.example",
}


@pytest.fixture
def console(browse, olga):
    return browse(olga, "ops")


@pytest.fixture
def queued(monkeypatch):
    names = []
    monkeypatch.setattr(
        "tenants.tasks.build_portal.apply_async", lambda args, **options: names.extend(args)
    )
    return names


def _acme():
    return Tenant.objects.get(schema_name="acme")


def test_an_operator_sees_every_portal(console):
    assert console.get("/").context["feed"].url == "/tenants/"
    page = console.get("/tenants/")
    assert page.status_code == 200
    for word in ("Acme Software", "acme.localhost", "globex.localhost", "Live"):
        assert word in page.content.decode()


def test_the_list_filters_searches_and_exports(console):
    services.suspend_portal(_acme(), reason="Unpaid", actor=None)
    suspended = console.get("/tenants/?state=SUSPENDED").content.decode()
    assert "Acme Software" in suspended
    assert "Globex Industrie" not in suspended
    found = console.get("/tenants/?q=globex").content.decode()
    assert "Globex Industrie" in found
    assert "Acme Software" not in found
    lines = b"".join(console.get("/tenants/?export=csv").streaming_content).decode()
    assert "acme.localhost" in lines


def test_the_list_costs_the_same_for_more_rows(console, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    console.get("/tenants/")
    with CaptureQueriesContext(connection) as few:
        console.get("/tenants/")
    for number in range(3):
        services.reserve_tenant(services.NewTenant("", f"More {number}", f"more{number}.localhost"))
    with CaptureQueriesContext(connection) as many:
        console.get("/tenants/")
    assert len(many) == len(few)


def test_new_reserves_at_once_and_shows_progress(
    console, queued, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = console.post("/tenants/new/", ANSWERS)
    tenant = Tenant.objects.get(name="Initech")
    assert response.status_code == 303
    assert response.url == f"/tenants/{tenant.uid}/"
    assert queued == ["initech"]
    page = console.get(response.url).content.decode()
    assert 'http-equiv="refresh"' in page
    assert 'hx-trigger="every 1s"' in page
    assert "ina@initech.example" in page


def test_the_fragment_is_what_the_page_includes(console, queued):
    console.post("/tenants/new/", ANSWERS)
    url = f"/tenants/{Tenant.objects.get(name='Initech').uid}/"
    fragment = console.get(url, headers={"HX-Request": "true"})
    assert fragment.content.decode().lstrip().startswith('<div id="portal"')
    assert fragment.content.decode().strip() in console.get(url).content.decode()
    assert "HX-Request" in fragment.headers["Vary"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": "acme software"}, "Another portal is called"),
        ({"host": "globex"}, "Another portal answers at globex.localhost"),
        ({"host": "http://x"}, "Type only the host name"),
        ({"host": "10.0.0.1"}, "not the number of a machine"),
        ({"host": "ops"}, "reserved"),
        ({"host": "-x-"}, "letters, digits and hyphens"),
        ({"administrator_email": "ina"}, "valid email"),
        ({"zone": "Mars/Base"}, "Select a valid choice"),
        ({"country": ""}, "required"),
        ({"name": "x" * 50_000}, "at most 80 characters"),
    ],
)
def test_new_says_what_is_wrong(console, queued, changed, sentence):
    response = console.post("/tenants/new/", {**ANSWERS, **changed})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Tenant.objects.filter(name="Initech").exists()
    assert queued == []


def test_suspend_and_resume_from_the_page(console):
    url = f"/tenants/{_acme().uid}/"
    assert console.get(f"{url}suspend/").status_code == 200
    assert console.post(f"{url}suspend/", {"reason": ""}).status_code == 422
    assert console.post(f"{url}suspend/", {"reason": "Unpaid"}).status_code == 303
    page = console.get(url).content.decode()
    assert "Unpaid" in page
    assert "Resume" in page
    assert console.post(f"{url}suspend/", {"reason": "Again"}).status_code == 422
    assert console.post(f"{url}resume/").status_code == 303
    assert _acme().suspended_at is None
    assert "Portal resumed" in console.get(url).content.decode()
    assert console.post(f"{url}resume/").status_code == 303


def test_ops_has_no_button_to_suspend_itself(console):
    ops = Tenant.objects.get(schema_name="ops")
    assert "/suspend/" not in console.get(f"/tenants/{ops.uid}/").content.decode()
    assert console.post(f"/tenants/{ops.uid}/suspend/", {"reason": "Oops"}).status_code == 403


def test_a_failed_opening_shows_why_and_can_be_tried_again(
    console, queued, django_capture_on_commit_callbacks
):
    tenant = services.reserve_tenant(services.NewTenant("", "Initech", "initech.localhost"))
    Tenant.objects.filter(pk=tenant.pk).update(failure="OSError: no space left")
    page = console.get(f"/tenants/{tenant.uid}/").content.decode()
    assert "OSError: no space left" in page
    assert "every 1s" not in page
    with django_capture_on_commit_callbacks(execute=True):
        assert console.post(f"/tenants/{tenant.uid}/retry/").status_code == 303
    assert queued == ["initech"]


@pytest.mark.parametrize("path", ["", "new/", "{uid}/", "{uid}/suspend/"])
def test_nobody_but_operators_has_these_pages(browse, ada, path):
    path = "/tenants/" + path.format(uid=_acme().uid)
    assert browse(ada).get(path).status_code == 404
    assert browse(None, "ops").get(path).status_code == 302


def test_actions_are_posts(console):
    uid = _acme().uid
    for action in ("resume", "retry"):
        assert console.get(f"/tenants/{uid}/{action}/").status_code == 405
