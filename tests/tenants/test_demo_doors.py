"""The demo's doors open without a password: each bolt has its test."""

import pytest
from django.conf import settings as live
from django.urls import NoReverseMatch, reverse

from prm import clock
from prm.tenancy import context
from tenants.demo import guard
from tenants.models import Tenant

CAPTURE = "notifications.capture.CaptureBackend"


@pytest.fixture
def demo(db, settings, tmp_path):
    """A demo installation, as the flag makes it."""
    settings.DEMO, settings.BIND, settings.DEMO_OPEN = True, "127.0.0.1", False
    settings.EMAIL_BACKEND = CAPTURE
    settings.ROOT_URLCONF = "tests.tenants.demo_urls"
    settings.PRM_MAIL_CAPTURE_DIR = tmp_path
    Tenant.objects.update(is_demo=True)
    return settings


def test_without_the_flag_there_are_no_routes(browse):
    assert not live.DEMO
    with pytest.raises(NoReverseMatch):
        reverse("demo:index")
    for path in ("/demo/", "/demo/mail/", "/demo/sign-in/"):
        assert browse().get(path).status_code == 404


def test_the_doors_are_open_in_a_demo(demo, browse):
    page = browse().get("/demo/")
    assert page.status_code == 200
    assert b"Sign in as Pat" in page.content
    assert browse().get("/demo/mail/").status_code == 200


@pytest.mark.parametrize(
    ("setting", "value"),
    [("DEMO", False), ("BIND", "0.0.0.0"), ("BIND", "192.168.1.5"), ("EMAIL_BACKEND", "smtp.X")],
)
def test_a_wrong_setting_shuts_them(demo, browse, setting, value):
    setattr(demo, setting, value)
    assert browse().get("/demo/").status_code == 404
    assert browse().post("/demo/sign-in/", {"email": "mia@acme.example"}).status_code == 404


@pytest.mark.parametrize("peer", ["10.0.0.9", "::ffff:10.0.0.9", "2001:db8::1", "", "nonsense"])
def test_a_peer_from_elsewhere_finds_them_shut_whatever_host_it_names(demo, browse, peer):
    assert browse().get("/demo/", REMOTE_ADDR=peer).status_code == 404
    client = browse()
    answer = client.post("/demo/sign-in/", {"email": "mia@acme.example"}, REMOTE_ADDR=peer)
    assert answer.status_code == 404
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"])
def test_a_peer_on_this_machine_finds_them_open(demo, browse, peer):
    assert browse().get("/demo/", REMOTE_ADDR=peer).status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_a_proxy_shuts_them(demo, browse, header):
    assert browse().get("/demo/", headers={header: "127.0.0.1"}).status_code == 404


def test_an_open_demo_is_open_on_purpose(demo, browse):
    demo.DEMO_OPEN, demo.BIND = True, "0.0.0.0"
    assert browse().get("/demo/", REMOTE_ADDR="10.0.0.9").status_code == 200


def test_one_real_portal_shuts_them_for_all(demo, browse):
    Tenant.objects.filter(schema_name="globex").update(is_demo=False)
    assert not guard.only_demo_tenants()
    assert browse().get("/demo/").status_code == 404


def test_one_click_signs_in(demo, browse, mia):
    client = browse()
    answer = client.post("/demo/sign-in/", {"email": "mia@acme.example"})
    assert (answer.status_code, answer.url) == (303, "/")
    assert client.session["_auth_user_id"] == str(mia.pk)


def test_another_click_is_somebody_else(demo, browse, pat, mia):
    client = browse(pat)
    client.post("/demo/sign-in/", {"email": "mia@acme.example"})
    assert client.session["_auth_user_id"] == str(mia.pk)


@pytest.mark.parametrize("email", ["", "nadia@acme.example", "greta@globex.example", "' OR 1=1"])
def test_only_a_persona_of_this_portal_can_be(demo, browse, email):
    assert browse().post("/demo/sign-in/", {"email": email}).status_code == 404


def test_get_changes_nothing(demo, browse):
    for path in ("/demo/sign-in/", "/demo/clock/"):
        assert browse().get(path).status_code == 405


def test_the_clock_moves_day_by_day_and_catches_up_each_time(demo, browse, monkeypatch):
    seen = []
    monkeypatch.setattr("tenants.demo.timewarp.catch_up", lambda: seen.append(clock.now()))
    before = clock.now()
    answer = browse().post("/demo/clock/", {"step": "fortnight", "next": "/help/?a=1"})
    assert (answer.status_code, answer.url) == (303, "/help/?a=1")
    assert [(at - before).days for at in seen] == list(range(1, 15))


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:1", ""])
def test_the_clock_sends_nobody_elsewhere(demo, browse, monkeypatch, wanted):
    monkeypatch.setattr("tenants.demo.timewarp.catch_up", lambda: None)
    assert browse().post("/demo/clock/", {"step": "hour", "next": wanted}).url == "/demo/"


def test_catching_up_works_for_every_live_portal(demo):
    from tenants.demo import timewarp

    timewarp.catch_up()
    assert context.schema() == "acme"


def test_a_clock_that_moves_already_is_left_alone(demo, browse, monkeypatch):
    from contextlib import contextmanager

    from tenants.demo import timewarp

    @contextmanager
    def taken():
        raise timewarp.ClockBusy
        yield

    monkeypatch.setattr("tenants.demo.timewarp._alone", taken)
    client = browse()
    assert client.post("/demo/clock/", {"step": "day"}).status_code == 303
    assert "moving already" in client.get("/demo/").content.decode()


def test_the_bar_is_on_every_page_of_a_demo_and_on_none_elsewhere(demo, browse, settings):
    assert b"demo-bar" in browse().get("/accounts/login/").content
    assert b"demo-bar" not in browse().get("/accounts/login/", REMOTE_ADDR="10.0.0.9").content
    settings.DEMO = False
    assert b"demo-bar" not in browse().get("/accounts/login/").content


def test_the_installations_host_lists_the_demos_portals(demo, browse):
    client = browse()
    page = client.get("/demo/", SERVER_NAME="localhost").content.decode()
    for host in ("acme.localhost", "globex.localhost", "ops.localhost"):
        assert f"http://{host}:{live.PORT}/demo/" in page
    assert client.get("/demo", SERVER_NAME="localhost").url == "/demo/"
    assert client.get("/demo/", SERVER_NAME="localhost", REMOTE_ADDR="10.0.0.9").status_code == 404


def test_check_refuses_a_demo_that_others_could_reach(demo):
    from tenants.checks import demo_is_harmless

    assert demo_is_harmless() == []
    demo.BIND, demo.EMAIL_BACKEND = "0.0.0.0", "django.core.mail.backends.smtp.EmailBackend"
    assert [error.id for error in demo_is_harmless()] == ["tenants.E001", "tenants.E002"]
    demo.DEMO_OPEN, demo.EMAIL_BACKEND = True, CAPTURE
    assert demo_is_harmless() == []
    demo.DEMO = False
    assert demo_is_harmless() == []


def test_the_operators_move_the_clock_and_vendors_keep_their_addresses(db, monkeypatch):
    """What falls due names pages that the console does not have."""
    from django.conf import settings
    from django.urls import get_urlconf, set_urlconf

    from tenants.demo import timewarp

    monkeypatch.setattr(timewarp, "live_tenants", lambda: ["acme", "ops"])
    seen = []
    monkeypatch.setattr(timewarp, "catch_up_here", lambda: seen.append(get_urlconf()))
    set_urlconf(settings.OPS_URLCONF)
    try:
        timewarp.catch_up()
        assert get_urlconf() == settings.OPS_URLCONF
    finally:
        set_urlconf(None)
    assert seen == [settings.ROOT_URLCONF, settings.OPS_URLCONF]
