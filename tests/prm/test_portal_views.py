"""The settings pages."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from prm import portal
from prm.portal.models import Closure, OpeningHours
from prm.portal.services import add_closure
from tests.prm.test_portal_services import picture

pytestmark = pytest.mark.django_db
PAGES = ["", "brand/", "brand/preview/", "languages/", "zone/", "hours/", "currency/", "sender/",
         "security/"]  # fmt: skip
AT_OPS = {"", "languages/", "zone/", "sender/", "security/"}


@pytest.mark.parametrize("where", PAGES)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("ada", 200),
        ("mia", 403),
        ("fin", 403),
        ("ana", 403),
        ("nadia", 403),
        ("pat", 404),
        ("lea", 404),
    ],
)
def test_only_administrators_open_the_settings(browse, request, where, who, status):
    assert browse(request.getfixturevalue(who)).get(f"/settings/{where}").status_code == status


@pytest.mark.parametrize("where", PAGES)
def test_operators_have_the_sensible_part(browse, olga, where):
    status = 200 if where in AT_OPS else 404
    assert browse(olga, "ops").get(f"/settings/{where}").status_code == status


def test_the_overview_shows_what_is_set(browse, ada):
    page = browse(ada).get("/settings/").content.decode()
    for words in ("Acme Software", "#1b57b8", "English (default), German", "Monday: 09:00-17:00",
                  "Public holidays: United States", "US Dollar (USD)"):  # fmt: skip
        assert words in page


@pytest.mark.parametrize(
    ("where", "values", "field", "stored"),
    [
        ("zone", {"zone": "Europe/Berlin"}, "zone", "Europe/Berlin"),
        ("currency", {"currency": "EUR"}, "currency", "EUR"),
        ("languages", {"languages": ["de"], "language": "de"}, "languages", ["de"]),
        ("security", {"require_staff_mfa": "on"}, "require_staff_mfa", True),
        (
            "sender",
            {"sender_name": "Acme", "reply_to": "Deals@acme.example", "help_text": "Call us"},
            "reply_to",
            "deals@acme.example",
        ),
    ],
)
def test_a_setting_is_saved_and_shown(browse, ada, where, values, field, stored):
    answer = browse(ada).post(f"/settings/{where}/", values)
    assert (answer.status_code, answer["Location"]) == (303, "/settings/")
    portal.selectors.forget()
    assert getattr(portal.current(), field) == stored


@pytest.mark.parametrize(
    ("where", "values", "words"),
    [
        ("zone", {"zone": "Mars/Olympus"}, "Select a valid choice."),
        ("zone", {}, "This field is required."),
        ("currency", {"currency": "DEM"}, "Select a valid choice."),
        ("languages", {"language": "en"}, "Choose at least one language."),
        ("languages", {"languages": ["de"], "language": "en"}, "Choose one of the languages"),
        ("sender", {"sender_name": "", "reply_to": ""}, "This field is required."),
        ("sender", {"sender_name": "A", "reply_to": "nobody"}, "Enter a valid email address."),
        ("sender", {"sender_name": "A\nBcc: x"}, "Use one line of text."),
        ("brand", {"name": "Acme", "colour": "red"}, "Enter a colour like"),
        ("brand", {"name": "x" * 50_000, "colour": "#aa0000"}, "at most 80 characters"),
        ("hours", {"day_0": "12-9"}, "09:00 is not after 12:00."),
        ("hours", {"day_3": "whenever"}, "Enter hours like"),
        ("hours/holidays", {"country": "ZZ"}, "Select a valid choice."),
        ("hours/closures", {"day": "yesterday", "name": "X"}, "Enter a valid date."),
        ("hours/closures", {"day": "2026-12-24", "name": ""}, "This field is required."),
    ],
)
def test_a_mistake_answers_422_beside_its_field(browse, ada, where, values, words):
    answer = browse(ada).post(f"/settings/{where}/", values)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_the_colour_is_previewed_without_saving(browse, ada):
    browser = browse(ada)
    answer = browser.post("/settings/brand/", {"name": "Beta", "colour": "#ffee00", "preview": "1"})
    assert answer["Location"] == "/settings/brand/?name=Beta&colour=%23ffee00"
    page = browser.get(answer["Location"]).content.decode()
    assert 'value="Beta"' in page
    assert 'fill="#ffee00"' in page
    assert "style=" not in page
    assert portal.current().brand_colour == "#1b57b8"
    fragment = browser.get("/settings/brand/preview/", {"colour": "#000000"}).content.decode()
    assert fragment.count("<svg") == 2
    assert "<svg" not in browser.get("/settings/brand/preview/?colour=red").content.decode()


def test_name_and_colour_are_saved(browse, ada):
    answer = browse(ada).post("/settings/brand/", {"name": "Acme Partners", "colour": "#AA0000"})
    assert answer.status_code == 303
    portal.selectors.forget()
    assert (portal.current().name, portal.current().brand_colour) == ("Acme Partners", "#aa0000")


def test_a_logo_is_uploaded_shown_to_everybody_and_removed(browse, ada, settings, tmp_path):
    settings.PRM_MEDIA_ROOT = tmp_path
    browser = browse(ada)
    assert browser.post("/settings/brand/logo/", {"logo": picture()}).status_code == 303
    portal.selectors.forget()
    address = portal.current().logo_url
    shown = browse().get(address)
    assert shown["Content-Type"] == "image/png"
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(shown).startswith(b"\x89PNG")
    assert address in browser.get("/settings/").content.decode()
    assert browse(None, "globex").get(address).status_code == 404
    assert browse().get("/logo/another.png").status_code == 404
    assert browser.post("/settings/brand/logo/remove/").status_code == 303
    assert browse().get(address).status_code == 404


def test_a_file_that_is_no_image_is_refused_beside_the_field(browse, ada, settings, tmp_path):
    settings.PRM_MEDIA_ROOT = tmp_path
    bad = SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>", "image/png")
    answer = browse(ada).post("/settings/brand/logo/", {"logo": bad})
    assert answer.status_code == 422
    assert "This file cannot be used here." in answer.content.decode()
    assert browse(ada).post("/settings/brand/logo/").status_code == 422


def test_hours_holidays_and_closed_days_share_a_page(browse, ada):
    browser = browse(ada)
    week = {"day_0": "9-12, 13-17", "day_6": "20:00-24:00"}
    assert browser.post("/settings/hours/", week)["Location"] == "/settings/hours/"
    assert OpeningHours.objects.count() == 3
    assert browser.post("/settings/hours/holidays/", {"country": "DE"}).status_code == 303
    closed = {"day": "2027-12-24", "name": "Christmas Eve"}
    assert browser.post("/settings/hours/closures/", closed).status_code == 303
    page = browser.get("/settings/hours/").content.decode()
    assert 'value="09:00-12:00, 13:00-17:00"' in page
    assert "Christmas Eve" in page
    again = browser.post("/settings/hours/closures/", closed)
    assert again.status_code == 422
    assert "This day is closed already." in again.content.decode()
    link = "/settings/hours/closures/2027-12-24/remove/"
    assert browser.post(link).status_code == 303
    assert browser.post(link).status_code == 303
    assert not Closure.objects.exists()
    assert browser.post("/settings/hours/closures/soon/remove/").status_code == 404


def test_closed_days_of_the_past_are_not_listed(browse, ada):
    add_closure(day=date(2020, 1, 1), name="Long ago", actor=ada)
    assert "Long ago" not in browse(ada).get("/settings/hours/").content.decode()


@pytest.mark.parametrize("where", ["brand/logo", "brand/logo/remove", "hours/holidays"])
def test_changes_need_a_post(browse, ada, where):
    assert browse(ada).get(f"/settings/{where}/").status_code == 405
