"""Which language and zone a request is answered in."""

import pytest
from django.utils import translation

from prm.portal.models import PortalSettings

WORDS = [
    # own, cookie, browser, expected
    ("de", "", "en", "de"),
    ("de", "en", "en", "de"),
    ("", "de", "en", "de"),
    ("", "", "de-AT, en;q=0.5", "de"),
    ("", "", "fr, de;q=0.8, en;q=0.5", "de"),
    ("", "", "fr", "en"),
    ("", "xx", "", "en"),
    ("", "", "", "en"),
]


@pytest.mark.parametrize(("own", "cookie", "browser", "expected"), WORDS)
def test_language_of_somebody_signed_in(browse, pat, own, cookie, browser, expected):
    pat.language = own
    pat.save()
    client = browse(pat)
    if cookie:
        client.cookies["django_language"] = cookie
    response = client.get("/me/", HTTP_ACCEPT_LANGUAGE=browser)
    assert response["Content-Language"] == expected
    assert f'<html lang="{expected}"' in response.content.decode()


def test_language_of_a_stranger_is_the_browsers_or_the_portals(browse):
    login = "/accounts/login/"
    assert browse().get(login, HTTP_ACCEPT_LANGUAGE="de")["Content-Language"] == "de"
    assert browse().get(login)["Content-Language"] == "en"
    assert browse(schema="globex").get(login)["Content-Language"] == "de"


def test_only_languages_of_the_portal_count(browse, pat):
    PortalSettings.objects.update(languages=["en"])
    pat.language = "de"
    pat.save()
    assert browse(pat).get("/me/")["Content-Language"] == "en"


def test_nothing_is_left_active_after_a_request(browse, pat):
    pat.language, pat.zone = "de", "Asia/Tokyo"
    pat.save()
    browse(pat).get("/me/")
    assert translation.get_language() == "en"


def test_times_are_told_in_ones_own_zone(browse, ada, mia):
    ada.zone = "Asia/Tokyo"
    ada.save()
    mia.last_login = mia.created_at.replace(year=2026, month=11, day=20, hour=20, minute=0)
    mia.save()
    page = browse(ada).get(f"/settings/people/{mia.uid}/").content.decode()
    assert "21 Nov 2026, 05:00" in page
