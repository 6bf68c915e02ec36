"""The frame's own URLs, the frame itself, and the error pages."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from prm import portal
from prm.portal.models import PortalSettings
from prm.ui import brand


@pytest.fixture
def green(db):
    """acme with a colour of its own."""
    PortalSettings.objects.update(brand_colour="#0f7b4f")
    from prm.portal.selectors import forget

    forget()
    yield "#0f7b4f"
    forget()


def test_the_default_colour_needs_no_sheet(browse):
    assert "/brand/" not in browse().get("/accounts/login/").content.decode()


def test_a_brand_colour_is_one_cached_sheet(browse, green):
    page = browse().get("/accounts/login/").content.decode()
    (url,) = re.findall(r'href="(/brand/[0-9a-f]{16}\.css)"', page)
    sheet = browse().get(url)
    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in sheet["Cache-Control"]
    assert sheet.content.decode() == brand.stylesheet(green)


def test_an_old_sheets_name_still_answers_but_is_not_kept(browse, green):
    sheet = browse().get("/brand/0000000000000000.css")
    assert sheet.status_code == 200
    assert sheet["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("sent", "cookie", "value"),
    [
        ({"theme": "dark"}, "theme", "dark"),
        ({"language": "de"}, "django_language", "de"),
        ({"theme": "pink"}, "theme", None),
        ({"language": "tlh"}, "django_language", None),
    ],
)
def test_quick_switches_set_a_cookie(browse, sent, cookie, value):
    client = browse()
    response = client.post(reverse("ui:preferences-quick"), {**sent, "next": "/help/"})
    assert (response.status_code, response["Location"]) == (303, "/help/")
    assert (client.cookies[cookie].value if cookie in client.cookies else None) == value


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""]
)
def test_quick_switches_stay_on_this_host(browse, back):
    response = browse().post(reverse("ui:preferences-quick"), {"theme": "dark", "next": back})
    assert response["Location"] == "/"


def test_a_signed_in_persons_switch_is_kept(browse, mia):
    browse(mia).post(reverse("ui:preferences-quick"), {"theme": "dark"})
    mia.refresh_from_db()
    assert mia.theme == "DARK"
    assert 'data-bs-theme="dark"' in browse(mia).get("/help/").content.decode()


def test_quick_switches_take_no_get(browse):
    assert browse().get(reverse("ui:preferences-quick")).status_code == 405


def test_help_is_there_for_everyone(browse, mia):
    assert "Who to ask" in browse().get("/help/").content.decode()
    page = browse(mia).get("/help/").content.decode()
    assert "Keys" in page
    assert 'aria-label="Main"' in page


@pytest.mark.parametrize(
    "query", ["", "?theme=dark", "?dir=rtl", "?width=320", "?only=button", "?only=x"]
)
def test_the_gallery_shows(browse, pat, query):
    response = browse(pat).get(f"/styleguide/{query}")
    assert response.status_code == 200


def test_the_gallery_lists_every_sample(browse, pat):
    from prm.ui.styleguide import SAMPLES, TITLES

    assert {file.stem for file in SAMPLES.glob("*.html")} == set(TITLES)
    page = browse(pat).get("/styleguide/").content.decode()
    assert all(f'id="{name}"' in page for name in TITLES)


def test_the_gallery_needs_a_sign_in(browse):
    assert browse().get("/styleguide/").status_code == 302


def test_the_gallerys_list_speaks_htmx_and_csv(browse, pat):
    fragment = browse(pat).get("/styleguide/?sort=value", headers={"HX-Request": "true"})
    assert fragment.content.decode().lstrip().startswith('<div id="list"')
    export = browse(pat).get("/styleguide/?export=csv")
    assert b"".join(export).decode().count("\r\n") == 32


def test_the_frame_has_its_landmarks_and_loads_at_most_seven_files(browse, mia):
    page = browse(mia).get("/help/").content.decode()
    for part in (
        'href="#main"',
        'id="main"',
        "<header",
        "<nav",
        'href="/help/"',
        "/accounts/logout/",
    ):
        assert part in page
    loaded = re.findall(r'<script src="([^"]+)"|<link rel="stylesheet" href="([^"]+)"', page)
    assert len(loaded) + len({"document", "icons.svg"}) <= 7


def test_a_page_says_error_in_its_title(browse):
    page = browse().post("/accounts/login/", {}).content.decode()
    assert re.search(r"<title>Error: Sign in – ", page)


def test_a_page_in_german_says_so(browse):
    page = browse().get("/help/", headers={"Accept-Language": "de"}).content.decode()
    assert re.search(r'<html lang="(de|en)" dir="ltr"', page)


@pytest.mark.parametrize("code", ["400", "403", "404", "405", "429", "503", "csrf"])
def test_error_pages_are_pages_for_a_browser_and_a_note_for_htmx(db, code):
    request = RequestFactory().get("/")
    request.htmx = False
    page = render_to_string(f"errors/{code}.html", {"portal": portal.current()}, request=request)
    assert "<!doctype html>" in page
    assert page.count("<h1>") == 1
    request.htmx = True
    note = render_to_string(f"errors/{code}.html", {}, request=request)
    assert note.lstrip().startswith('<div class="note note-danger" role="alert">')


@pytest.mark.parametrize("name", ["500", "unknown_host", "suspended"])
def test_bare_pages_need_nothing_and_name_nothing(name):
    page = render_to_string(f"errors/{name}.html")
    assert "<h1>" in page
    assert "acme" not in page.lower()
    assert "<form" not in page


def test_unknown_address_is_a_404_page(browse, mia):
    response = browse(mia).get("/nowhere/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


def test_a_form_address_opened_by_hand_says_so(browse, mia):
    response = browse(mia).get(reverse("ui:preferences-quick"))
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "This address only takes forms" in response.content.decode()
